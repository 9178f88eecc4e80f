//! Every loss: values and gradients with respect to the logits, and the shares of the pixels.

mod params;
mod processor;

use std::collections::BTreeSet;

use contour_lab::contour::{Frame, Mapper, SignedDistance, cpu as contour_cpu};
use contour_lab::gpu::{Context, Recording, Tensor};
use contour_lab::loss::{Facts, GpuLoss, GpuMaps, Inputs as GpuInputs, Kind, Parts, Terms, cpu};
pub use params::params;
use pollster::block_on;
use serde_json::Value;

use crate::morphology::{choice, planes};
use crate::report::{Path, Report};
use crate::store::{Array, Group, number, widen};

/// Entries below this share of the largest one could pass as zeros; a gradient must have one above it.
const NON_ZERO: f64 = 1e-3;

pub fn check(context: &Context, group: &Group, report: &mut Report) {
    let mut mapper = Mapper::gpu(context);
    for case in group.cases() {
        report.case();
        let inputs = Inputs::read(group, case);
        contour_again(&mut mapper, case, &inputs, report);
        signed_again(context, group, case, &inputs, report);
        compare(context, group, case, &inputs, report);
    }
    if let Some(case) = group.cases().first() {
        bites(context, group, case, report);
    }
}

/// The losses that a group has numbers of.
pub fn kinds(group: &Group) -> BTreeSet<Kind> {
    let of_term = |case: &Value, term: &Value| {
        let class_weight = group.array(&case["inputs"]["class_weight"]).values;
        Some(params(term["op"].as_str()?, &term["params"], &class_weight)?.kind())
    };
    let of_case = |case: &Value| -> Vec<Kind> {
        let terms = case["terms"].as_array().into_iter().flatten();
        terms.filter_map(|term| of_term(case, term)).collect()
    };
    group.cases().iter().flat_map(of_case).collect()
}

/// A square root in WGSL may be off by three units in the last place, and two roundings come before it.
const SQUARE_ROOT: f64 = 5e-7;

type Change = fn(&mut Inputs);

/// One changed logit, one changed label, one changed contour bit: each must be noticed, whoever computes.
fn bites(context: &Context, group: &Group, case: &Value, report: &mut Report) {
    let changes: [(&str, Change); 3] = [
        ("logit", |inputs| inputs.logits.values[0] += 0.01),
        ("label", |inputs| inputs.labels[0] ^= 1),
        // Of the pixel's own class: a boundary DoU asks of no other.
        ("contour bit", |inputs| inputs.contour[0] ^= 1 << inputs.labels[0]),
    ];
    for (what, change) in changes {
        let mut inputs = Inputs::read(group, case);
        change(&mut inputs);
        let mut scratch = Report::new("bites");
        compare(context, group, case, &inputs, &mut scratch);
        for path in Path::ALL {
            if !scratch.has_failed(path) {
                report.fail(format!("a changed {what} went unnoticed on the {path}"));
            }
        }
    }
}

/// All terms of a case, on the GPU, by the fast kernels and by the twins.
fn compare(context: &Context, group: &Group, case: &Value, inputs: &Inputs, report: &mut Report) {
    for term in case["terms"].as_array().expect("terms") {
        let op = term["op"].as_str().expect("an op");
        let what = format!("{} {op} {}", inputs.id, term["params"]);
        let Some(params) = params(op, &term["params"], &inputs.class_weight) else {
            report.fail(format!("{what}: nothing computes this op"));
            continue;
        };
        if let Err(error) = params.validate(inputs.shape[1]) {
            report.fail(format!("{what}: {error}"));
            continue;
        }
        report.term();
        let expected = Expected {
            value: number(&term["value"]),
            grad: group.array(&term["grad"]),
        };
        let parts = params.parts(&Facts::of(inputs.shape[1]));
        let [n, _, h, w] = inputs.shape;
        let weight: Vec<f64> = if op == "ce_pixel_map" {
            inputs.pixel_map.clone()
        } else {
            contour_cpu::weight_map(
                &inputs.labels,
                &inputs.contour,
                [n, h, w],
                &parts.weighting.cast(),
            )
        };
        let maps = cpu::maps(
            &cpu::Inputs {
                logits: &inputs.logits.values,
                labels: &inputs.labels,
                contour: &inputs.contour,
                weight: &weight,
                shape: inputs.shape,
            },
            &parts,
        );
        // The expectations of the boundary loss rest on a map that was stored as f32.
        let rounded = op == "boundary";
        let values = [value(op, &maps.terms), maps.terms.total];
        report.close_twin(&what, &values, &[expected.value; 2], rounded);
        let (grad, is_f32) = (&expected.grad.values, expected.grad.is_f32 || rounded);
        report.close_twin(&format!("{what} grad"), &maps.dlogits, grad, is_f32);
        let shared = added_up(&maps.shares, inputs.shape);
        report.close_twin(&format!("{what} shares"), &[shared], &[expected.value], rounded);

        let (terms, grad, shared) = evaluate(context, inputs, &weight, &parts);
        let values = [value(op, &terms), terms.total, shared];
        let tol = |names: [&str; 2]| names.map(|name| number(&term["tol"][name]));
        let tolerances = tol(["value_abs_wgsl", "grad_abs_wgsl"]);
        expected.compare(Path::Gpu, &what, &values, &grad, tolerances, report);
        let (terms, grad) = processor::evaluate(inputs, &weight, &parts);
        let values = [value(op, &terms), terms.total];
        // Its divisions and roots are rounded correctly, and its exponential is as good as the one in PyTorch. Where every
        // pixel is right, no f32 has the ratio's distance from 1, of whose power the slope is: PyTorch's is not a number.
        let tolerances = if op == "focal_tversky" {
            tolerances
        } else {
            tol(["value_abs", "grad_abs"])
        };
        expected.compare(Path::Processor, &what, &values, &grad, tolerances, report);
    }
}

/// What all pixels add to the loss, but for the size of the gradient.
fn added_up(shares: &[f64], [_, _, h, w]: [usize; 4]) -> f64 {
    shares
        .chunks(4 * h * w)
        .flat_map(|image| &image[..3 * h * w])
        .sum()
}

struct Expected {
    value: f64,
    grad: Array,
}

impl Expected {
    fn compare(
        &self,
        path: Path,
        what: &str,
        values: &[f64],
        grad: &[f64],
        [value_tolerance, grad_tolerance]: [f64; 2],
        report: &mut Report,
    ) {
        let wanted = vec![self.value; values.len()];
        report.close(path, what, values, &wanted, value_tolerance);
        let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let expected = largest(&self.grad.values);
        if expected > grad_tolerance && largest(grad) < NON_ZERO * expected {
            report.fail(format!("{what}: the gradient is zero on the {path}"));
        }
        let what = format!("{what} grad");
        report.close(path, &what, grad, &self.grad.values, grad_tolerance);
    }
}

struct Inputs {
    id: String,
    shape: [usize; 4],
    logits: Array,
    labels: Vec<u32>,
    contour: Vec<u32>,
    /// As stored: (N, C, H, W).
    planes: Vec<u32>,
    class_weight: Vec<f64>,
    pixel_map: Vec<f64>,
}

impl Inputs {
    fn read(group: &Group, case: &Value) -> Self {
        let input = |name: &str| group.array(&case["inputs"][name]);
        let logits = input("logits");
        let shape = logits.nchw();
        let planes = input("contour").u32();
        Self {
            id: case["id"].as_str().expect("an id").into(),
            shape,
            labels: input("labels").u32(),
            contour: bits(&planes, shape),
            planes,
            class_weight: input("class_weight").values,
            pixel_map: input("pixel_map").values,
            logits,
        }
    }
}

/// Planes (N, C, H, W) of 0 and 1 as class sets (N, H, W).
pub fn bits(planes: &[u32], [n, c, h, w]: [usize; 4]) -> Vec<u32> {
    let mut bits = vec![0; n * h * w];
    for (i, on) in planes.iter().enumerate() {
        let (image, class, pixel) = (i / (c * h * w), i / (h * w) % c, i % (h * w));
        bits[image * h * w + pixel] |= on << class;
    }
    bits
}

/// The stored contour, made again from the label, with its union.
fn contour_again(mapper: &mut Mapper, case: &Value, inputs: &Inputs, report: &mut Report) {
    let [n, c, h, w] = inputs.shape;
    let choice = choice(&case["contour_params"], 2);
    let dims = [n, h, w];
    let what = format!("{} contour", inputs.id);
    let gpu = block_on(mapper.map(&inputs.labels, dims, &choice)).expect("a contour map");
    let twin = contour_cpu::contour(&inputs.labels, dims, &choice);
    for (path, bits) in [(Path::Gpu, gpu), (Path::Twin, twin)] {
        let images = bits
            .chunks(h * w)
            .flat_map(|image| planes(image, c))
            .collect::<Vec<_>>();
        report.equal(path, &what, &images, &inputs.planes);
    }
}

/// Terms, gradient, and what all pixels add to the loss. The forward pass alone has to give the same bits.
fn evaluate(
    context: &Context,
    inputs: &Inputs,
    weight: &[f64],
    parts: &Parts,
) -> (Terms<f64>, Vec<f64>, f64) {
    let u32s = |values: &[u32]| Tensor::from_slice(context, "input", values).expect("a tensor");
    let f32s = |values: &[f64]| {
        let narrow: Vec<f32> = values.iter().map(|value| *value as f32).collect();
        Tensor::from_slice(context, "input", &narrow).expect("a tensor")
    };
    let (labels, contour) = (u32s(&inputs.labels), u32s(&inputs.contour));
    let (logits, weight) = (f32s(&inputs.logits.values), f32s(weight));
    let given = GpuInputs {
        logits: &logits,
        labels: &labels,
        contour: &contour,
        weight: &weight,
        shape: inputs.shape,
    };
    let mut recording = Recording::new(context);
    let to = &mut recording;
    let (loss, GpuMaps { dlogits, shares, .. }) =
        GpuLoss::record_maps(to, given, parts).expect("a loss that fits");
    let forward = GpuLoss::record_forward(to, given, parts).expect("a loss that fits");
    context.submit(|encoder| recording.replay(encoder));
    let read = |tensor: &Tensor| block_on(tensor.read::<f32>(context)).expect("a result");
    let terms = read(&loss.terms);
    assert_eq!(terms, read(&forward.terms), "forward alone gives the same bits");
    (
        Terms::from_slice(&widen(&terms)),
        widen(&read(&dlogits)),
        added_up(&widen(&read(&shares)), inputs.shape),
    )
}

/// The signed map of the boundary loss, made again from the label.
fn signed_again(context: &Context, group: &Group, case: &Value, inputs: &Inputs, report: &mut Report) {
    let Some(name) = case["inputs"].get("signed_map") else {
        return;
    };
    let stored = group.array(name);
    let [n, k, h, w] = inputs.shape;
    let bits: Vec<u32> = inputs.labels.iter().map(|label| 1 << label).collect();
    let twin = contour_cpu::signed_distance::<f64>(&bits, [n, h, w], k, [1.0; 3], Frame::Slice);
    let what = format!("{} signed map", inputs.id);
    report.close_twin(&what, &twin, &stored.values, stored.is_f32);
    let bits = Tensor::from_slice(context, "bits", &bits).expect("a tensor");
    let mut recording = Recording::new(context);
    let map = SignedDistance::record(&mut recording, &bits, [n, h, w], k, [1.0; 3], Frame::Slice);
    let map = map.expect("a map that fits");
    context.submit(|encoder| recording.replay(encoder));
    let got: Vec<f32> = block_on(map.signed.read(context)).expect("a result");
    let largest = stored
        .values
        .iter()
        .fold(1.0_f64, |most, value| most.max(value.abs()));
    report.close(
        Path::Gpu,
        &what,
        &widen(&got),
        &stored.values,
        SQUARE_ROOT * largest,
    );
}

/// The term that an op is, as the loss reports it beside its total.
fn value(op: &str, terms: &Terms<f64>) -> f64 {
    match op {
        "ce" | "cwce" => terms.pixel,
        "sdl_contour" => terms.contour,
        "sdl_noncontour" => terms.rest,
        "sdl" | "dice" => terms.region,
        _ => terms.total,
    }
}
