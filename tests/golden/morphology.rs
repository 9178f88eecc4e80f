//! Contour maps: every pixel of every class, 2D and 3D.

use contour_lab::contour::{Border, Choice, Frame, Mapper, Operator, Plan, Shape, WeightMap, Weighting, cpu};
use contour_lab::gpu::{Context, Recording, Tensor};
use pollster::block_on;
use serde_json::Value;

use crate::report::{Path, Report};
use crate::store::Group;

pub fn check(context: &Context, group: &Group, report: &mut Report) {
    let mut mapper = Mapper::gpu(context);
    for case in group.cases() {
        report.case();
        let labels = group.array(&case["label"]);
        let dims = dims(&labels.shape);
        let labels = labels.u32();
        let classes = case["n_classes"].as_u64().expect("n_classes") as usize;
        for (i, variant) in case["variants"].as_array().expect("variants").iter().enumerate() {
            report.term();
            let what = format!("{} v{i:03}", case["id"].as_str().expect("an id"));
            let choice = choice(variant, case["shape"].as_array().map_or(0, Vec::len));
            let per_class = group.array(&variant["per_class"]).u32();
            let union = group.array(&variant["union"]).u32();
            let gpu = block_on(mapper.map(&labels, dims, &choice)).expect("a contour map");
            let twin = cpu::contour(&labels, dims, &choice);
            for (path, bits) in [(Path::Gpu, &gpu), (Path::Twin, &twin)] {
                report.equal(path, &what, &planes(bits, classes), &per_class);
            }
            let mut changed = per_class.clone();
            changed[0] ^= 1;
            let mut scratch = Report::new("bites");
            scratch.equal(Path::Gpu, &what, &planes(&gpu, classes), &changed);
            if !scratch.has_failures() {
                report.fail(format!("{what}: a changed pixel went unnoticed"));
            }
            let what = format!("{what} union");
            let all: Vec<f32> = union.iter().map(|on| *on as f32).collect();
            report.equal(
                Path::Gpu,
                &what,
                &gpu_union(context, &labels, dims, &choice),
                &all,
            );
            report.equal(
                Path::Twin,
                &what,
                &cpu::weight_map(&labels, &twin, dims, &Weighting::union()),
                &all,
            );
        }
    }
}

/// The union as the training session makes it: label → contour → weight in one recording.
fn gpu_union(context: &Context, labels: &[u32], dims: [usize; 3], choice: &Choice) -> Vec<f32> {
    let mut recording = Recording::new(context);
    let tensor = Tensor::from_slice(context, "labels", labels).expect("labels");
    let plan = Plan::record(&mut recording, &tensor, dims, choice).expect("a plan");
    let map = WeightMap::record(&mut recording, labels, &plan.contour, dims, &Weighting::union())
        .expect("a weight map");
    context.submit(|encoder| recording.replay(encoder));
    block_on(map.weight.read(context)).expect("a weight map")
}

/// A slice, or a batch of slices, or a volume.
pub fn dims(shape: &[usize]) -> [usize; 3] {
    match *shape {
        [height, width] => [1, height, width],
        [depth, height, width] => [depth, height, width],
        _ => panic!("a label of shape {shape:?}"),
    }
}

/// Class sets (D, H, W) as one plane for each class (C, D, H, W).
pub fn planes(bits: &[u32], classes: usize) -> Vec<u32> {
    (0..classes)
        .flat_map(|class| bits.iter().map(move |bits| bits >> class & 1))
        .collect()
}

/// What a manifest says of a contour; `axes` of the label decide whether it is made in 2D or 3D.
pub fn choice(entry: &Value, axes: usize) -> Choice {
    let radius = entry
        .get("radius")
        .or(entry.get("r"))
        .and_then(Value::as_u64)
        .expect("a radius");
    Choice {
        operator: match entry["op"].as_str() {
            Some("inner_contour") => Operator::Erode,
            Some("outer_contour") => Operator::Dilate,
            Some("gradient") => Operator::Gradient,
            other => panic!("no contour operator is called {other:?}"),
        },
        shape: match entry["se"].as_str() {
            Some("square") => Shape::Square,
            Some("cross") => Shape::Cross,
            Some("disk") => Shape::Disk,
            Some("square_even") => Shape::SquareEven,
            other => panic!("no structuring element is called {other:?}"),
        },
        // The even square has no radius, and the manifest says 0.
        radius: radius.max(1) as u32,
        iterations: entry["iterations"].as_u64().expect("iterations") as u32,
        border: match entry["border"].as_str() {
            Some("outside_is_background") => Border::Background,
            Some("outside_is_ignored") => Border::Ignore,
            other => panic!("no border rule is called {other:?}"),
        },
        frame: if axes == 3 { Frame::Volume } else { Frame::Slice },
    }
}
