//! Reference numbers by PyTorch, MONAI and SciPy in float64 against the GPU, the fast kernels of the processor, and the twins.
//!
//! The processor has kernels of its own for what a training step takes: layers, losses, networks and optimisers. Contours,
//! distances and metrics are those of the twins there too, so `distance`, `metrics` and `morphology` say nothing of it.
//!
//! Reads `tests/golden/data`, or the folder that `CONTOUR_LAB_GOLDEN` names (same schema, other seeds and
//! shapes). Ends with one line for each group read.

#![allow(unreachable_pub, reason = "a test has no outside to reach")]

mod distance;
mod layers;
mod losses;
mod metrics;
mod morphology;
mod report;
mod softmax;
mod store;
mod unet;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contour_lab::gpu::{Context, Request};
use contour_lab::loss::Kind;
use report::Report;
use store::Group;

type Check = fn(&Context, &Group, &mut Report);

/// Each group and what reads it.
const GROUPS: [(&str, Check); 8] = [
    ("compounds", losses::check),
    ("distance", distance::check),
    ("layers", layers::check),
    ("losses", losses::check),
    ("metrics", metrics::check),
    ("morphology", morphology::check),
    ("networks", unet::check),
    ("unet", unet::check),
];

/// A variant of each op that has some: together all of them that are not taken by default.
fn forced() -> Vec<Vec<[&'static str; 2]>> {
    let ops = contour_lab::ops::variants();
    let most = ops.iter().map(|(_, names)| names.len()).max().unwrap_or(0);
    let nth = |i: usize| {
        let one =
            |(stem, names): &(&'static str, &'static [&'static str])| [*stem, names[i.min(names.len() - 1)]];
        ops.iter().map(one).collect()
    };
    (1..most).map(nth).collect()
}

/// A group in which every op takes the forced variant for every shape.
fn under(folder: &Path, name: &str, forced: &[[&str; 2]]) -> Report {
    let context = pollster::block_on(Context::poisoned(Request::Software)).expect("a graphics adapter");
    for [stem, variant] in forced {
        context.choices().force(stem, variant);
    }
    let variants: Vec<_> = forced.iter().map(|[_, variant]| *variant).collect();
    let mut report = Report::of_gpu(&format!("{name}[{}]", variants.join(",")));
    match GROUPS.iter().find(|(known, _)| *known == name) {
        Some((_, check)) => check(&context, &Group::read(folder, name), &mut report),
        None => report.fail(format!("nothing reads the group {name}")),
    }
    if let Some(fault) = context.fault() {
        report.fail(format!("the device reported a fault: {fault}"));
    }
    report
}

/// Every loss of the menu has golden numbers.
fn every_loss(folder: &Path) -> Report {
    let groups = ["losses", "compounds"].map(|name| losses::kinds(&Group::read(folder, name)));
    let mut report = Report::new("every loss");
    for kind in Kind::ALL {
        report.case();
        report.term();
        if groups.iter().all(|kinds| !kinds.contains(kind)) {
            report.fail(format!(
                "{kind:?} has no golden numbers: add it to tests/golden/generate/gen_compounds.py and run it"
            ));
        }
    }
    report
}

fn main() -> ExitCode {
    let folder = std::env::var_os("CONTOUR_LAB_GOLDEN").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/data")),
        PathBuf::from,
    );
    let context = pollster::block_on(Context::poisoned(Request::Software)).expect("a graphics adapter");
    println!(
        "golden numbers from {} on {}",
        folder.display(),
        context.adapter_name()
    );
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the folder of golden numbers")
        .filter_map(|entry| {
            entry
                .ok()?
                .file_name()
                .to_str()?
                .strip_suffix(".json")
                .map(str::to_owned)
        })
        .collect();
    names.sort();
    let mut reports = Vec::new();
    for name in &names {
        let mut report = Report::new(name);
        match GROUPS.iter().find(|(known, _)| known == name) {
            Some((_, check)) => check(&context, &Group::read(&folder, name), &mut report),
            None => report.fail(format!("nothing reads the group {name}")),
        }
        if let Some(fault) = context.fault() {
            report.fail(format!("the device reported a fault: {fault}"));
        }
        reports.push(report);
    }
    reports.push(every_loss(&folder));
    for forced in forced() {
        reports.extend(["layers", "networks", "unet"].map(|name| under(&folder, name, &forced)));
    }
    let ok = !reports.is_empty() && reports.iter().all(Report::ok);
    for report in &reports {
        report.print_failures();
    }
    for report in &reports {
        report.print_details();
    }
    for report in &reports {
        println!("{}", report.line());
    }
    if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
