//! Shows that the cases bite: each is run with a fault in its shader, and has to notice.

use std::collections::BTreeMap;

mod contour;
mod convolution;
mod loss;
mod net;
mod other;

use pollster::block_on;

use super::{Case, Finding, Probe, cases};
use crate::gpu::{Context, Request, Spec, include};
use crate::ops;

/// Stem, what to look for, what to put in its place: one fault for every branch.
type Fault = (&'static str, &'static str, &'static str);

fn faults() -> Vec<Fault> {
    [
        contour::FAULTS,
        convolution::FAULTS,
        loss::FAULTS,
        net::FAULTS,
        other::FAULTS,
    ]
    .concat()
}

/// The entry points of a case's shader that it runs, in the variants that it runs.
fn used(case: Case) -> Vec<&'static Spec> {
    let context = block_on(Context::poisoned(Request::Software)).unwrap();
    let finding = block_on(case.run_on(Probe::brief(&context))).unwrap();
    assert!(finding.agrees(), "{finding:?} without a fault");
    let compiled = context.compiled();
    let is_used = |spec: &&Spec| compiled.contains(&(spec.stem, spec.entry_point, spec.constants, 0));
    ops::all()
        .into_iter()
        .filter(|spec| spec.stem == case.name)
        .filter(is_used)
        .collect()
}

/// The finding of `case` where its entry points are compiled from `text`.
fn run_faulty(case: Case, used: &[&Spec], text: &str) -> Finding {
    let context = block_on(Context::poisoned(Request::Software)).unwrap();
    for spec in used {
        // A context keeps what it compiled first under a stem, an entry point and constants.
        let faulty = context.kernel(&Spec {
            source: String::leak(text.to_owned()),
            ..**spec
        });
        faulty.compile(&context);
    }
    assert_eq!(
        context.fault(),
        None,
        "{}: the faulty shader does not compile",
        case.name
    );
    block_on(case.run_on(Probe::brief(&context))).unwrap()
}

/// A case's shader with its imports in front.
fn text(case: Case) -> String {
    let spec = ops::all().into_iter().find(|spec| spec.stem == case.name);
    let text = include(spec.unwrap().source);
    text.lines()
        .filter(|line| !line.starts_with("//#import"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn ops_cases() -> Vec<Case> {
    let is_op = |case: &Case| ops::all().iter().any(|spec| spec.stem == case.name);
    cases().into_iter().filter(is_op).collect()
}

#[test]
fn every_case_notices_a_fault_in_each_branch() {
    let mut unnoticed = Vec::new();
    let mut specs = BTreeMap::new();
    for (stem, from, to) in faults() {
        let case = ops_cases().into_iter().find(|case| case.name == stem).unwrap();
        let text = text(case);
        if !text.contains(from) {
            unnoticed.push(format!("{stem} has no `{from}`"));
            continue;
        }
        let used = specs.entry(stem).or_insert_with(|| used(case));
        if run_faulty(case, used, &text.replacen(from, to, 1)).agrees() {
            unnoticed.push(format!("{stem}: `{from}` → `{to}`"));
        }
    }
    assert!(unnoticed.is_empty(), "unnoticed:\n{}", unnoticed.join("\n"));
    for case in ops_cases() {
        assert!(
            faults().iter().any(|(stem, ..)| *stem == case.name),
            "no fault for {}",
            case.name
        );
    }
}

/// In each entry point alone, the first invocation is left out.
#[test]
fn every_case_notices_one_element_that_no_invocation_computes() {
    // A workgroup that works together counts for one.
    let indices = ["flat_index(id, groups);", "group_index(id, groups);"];
    for case in ops_cases() {
        let text = text(case);
        let places: Vec<(usize, &str)> = indices
            .iter()
            .flat_map(|index| text.match_indices(index))
            .collect();
        assert!(!places.is_empty(), "{} has no index", case.name);
        let used = used(case);
        for (place, index) in places {
            let faulty = [
                &text[..place],
                &index.replace(';', " + 1u;"),
                &text[place + index.len()..],
            ]
            .concat();
            let finding = run_faulty(case, &used, &faulty);
            assert!(!finding.agrees(), "{finding:?} at byte {place}");
        }
    }
}
