//! The compound loss and what it is made of: values and gradients with respect to the logits.

use contour_lab::contour::{Mapper, WeightMap, cpu as contour_cpu};
use contour_lab::gpu::{Context, Recording, Tensor};
use contour_lab::loss::{Absent, GpuLoss, Params, Pool, Terms, Union, cpu};
use pollster::block_on;
use serde_json::Value;

use crate::morphology::{choice, planes};
use crate::report::{Path, Report};
use crate::store::{Array, Group, number, widen};

/// The baselines: later work. An op that is neither here nor known to [`params`] fails.
const NOT_YET: &[&str] = &[
    "boundary",
    "ce_class_weighted",
    "ce_label_smoothing",
    "ce_pixel_map",
    "dice",
    "dice_ce",
    "dice_focal",
    "dice_focal_softmax",
    "dice_joint",
    "focal",
    "focal_tversky",
    "generalized_dice",
    "generalized_dice_authors",
    "generalized_wasserstein_dice",
    "hausdorff_dt",
    "log_hausdorff_dt",
    "tversky",
];

/// Entries below this share of the largest one could pass as zeros; a gradient must have one above it.
const NON_ZERO: f64 = 1e-3;

pub fn check(context: &Context, group: &Group, report: &mut Report) {
    let mut mapper = Mapper::gpu(context);
    for case in group.cases() {
        report.case();
        let inputs = Inputs::read(group, case);
        contour_again(&mut mapper, case, &inputs, report);
        compare(context, group, case, &inputs, report);
    }
    if let Some(case) = group.cases().first() {
        bites(context, group, case, report);
    }
}

type Change = fn(&mut Inputs);

/// One changed logit, one changed label, one changed contour bit: each must be noticed.
fn bites(context: &Context, group: &Group, case: &Value, report: &mut Report) {
    let changes: [(&str, Change); 3] = [
        ("logit", |inputs| inputs.logits.values[0] += 0.01),
        ("label", |inputs| inputs.labels[0] ^= 1),
        ("contour bit", |inputs| inputs.contour[0] ^= 0b10),
    ];
    for (what, change) in changes {
        let mut inputs = Inputs::read(group, case);
        change(&mut inputs);
        let mut scratch = Report::new("bites");
        compare(context, group, case, &inputs, &mut scratch);
        if !scratch.has_failures() {
            report.fail(format!("a changed {what} went unnoticed"));
        }
    }
}

/// All terms of a case, on the GPU and by the twins.
fn compare(context: &Context, group: &Group, case: &Value, inputs: &Inputs, report: &mut Report) {
    let gpu = Gpu::record(context, inputs);
    for term in case["terms"].as_array().expect("terms") {
        let op = term["op"].as_str().expect("an op");
        if NOT_YET.contains(&op) {
            report.not_covered(op);
            continue;
        }
        let what = format!("{} {op} {}", inputs.id, term["params"]);
        let Some(params) = params(op, &term["params"], &inputs.class_weight) else {
            report.fail(format!("{what}: nothing computes this op"));
            continue;
        };
        report.term();
        let expected = Expected {
            op,
            value: number(&term["value"]),
            grad: group.array(&term["grad"]),
        };
        let weight = contour_cpu::weight_map(
            &inputs.labels,
            &inputs.contour,
            inputs.dims(),
            &params.weighting(),
        );
        let (logits, labels, contour) = (&inputs.logits.values, &inputs.labels, &inputs.contour);
        let (terms, grad) = cpu::evaluate(logits, labels, contour, &weight, inputs.shape, &params);
        let values = [value(op, &terms), terms.total];
        report.close_twin(&what, &values, &[expected.value; 2], false);
        report.close_twin(
            &format!("{what} grad"),
            &grad,
            &expected.grad.values,
            expected.grad.is_f32,
        );

        let (terms, grad) = gpu.evaluate(&params.cast());
        let tol = |name| number(&term["tol"][name]);
        expected.compare_gpu(
            &what,
            &terms,
            &grad,
            tol("value_abs_wgsl"),
            tol("grad_abs_wgsl"),
            report,
        );
    }
}

struct Expected<'a> {
    op: &'a str,
    value: f64,
    grad: Array,
}

impl Expected<'_> {
    fn compare_gpu(
        &self,
        what: &str,
        terms: &Terms<f64>,
        grad: &[f64],
        value_tolerance: f64,
        grad_tolerance: f64,
        report: &mut Report,
    ) {
        let values = [value(self.op, terms), terms.total];
        report.close(Path::Gpu, what, &values, &[self.value; 2], value_tolerance);
        let largest = |values: &[f64]| values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let expected = largest(&self.grad.values);
        if expected > grad_tolerance && largest(grad) < NON_ZERO * expected {
            report.fail(format!("{what}: the gradient is zero"));
        }
        report.close(
            Path::Gpu,
            &format!("{what} grad"),
            grad,
            &self.grad.values,
            grad_tolerance,
        );
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
            logits,
        }
    }

    fn dims(&self) -> [usize; 3] {
        let [n, _, h, w] = self.shape;
        [n, h, w]
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

/// One recording for all terms of a case: the parameters are rewritten, as the page does it.
struct Gpu<'a> {
    context: &'a Context,
    recording: Recording,
    weight: WeightMap,
    loss: GpuLoss,
    forward: GpuLoss,
    dlogits: Tensor,
}

impl<'a> Gpu<'a> {
    fn record(context: &'a Context, inputs: &Inputs) -> Self {
        let u32s = |values: &[u32]| Tensor::from_slice(context, "input", values).expect("a tensor");
        let logits = Tensor::from_slice(context, "logits", &inputs.logits.f32()).expect("logits");
        let (labels, contour) = (u32s(&inputs.labels), u32s(&inputs.contour));
        let dlogits = Tensor::new(context, "dlogits", logits.len()).expect("dlogits");
        let params = Params::default();
        let mut recording = Recording::new(context);
        let to = &mut recording;
        let weight = WeightMap::record(to, &inputs.labels, &contour, inputs.dims(), &params.weighting())
            .expect("a weight map");
        let map = &weight.weight;
        let loss = GpuLoss::record(
            to,
            &logits,
            &labels,
            &contour,
            map,
            &dlogits,
            inputs.shape,
            &params,
        );
        let forward = GpuLoss::record_forward(to, &logits, &labels, &contour, map, inputs.shape, &params);
        Self {
            context,
            recording,
            weight,
            loss: loss.expect("a loss"),
            forward: forward.expect("a loss"),
            dlogits,
        }
    }

    fn evaluate(&self, params: &Params) -> (Terms<f64>, Vec<f64>) {
        self.weight.set(&params.weighting());
        self.loss.set_params(params);
        self.forward.set_params(params);
        self.context.submit(|encoder| self.recording.replay(encoder));
        let read = |tensor: &Tensor| block_on(tensor.read::<f32>(self.context)).expect("a result");
        let terms = read(&self.loss.terms);
        assert_eq!(
            terms,
            read(&self.forward.terms),
            "forward alone gives the same bits"
        );
        (Terms::from_slice(&widen(&terms)), widen(&read(&self.dlogits)))
    }
}

/// The term that an op is, as the loss reports it beside its total.
fn value(op: &str, terms: &Terms<f64>) -> f64 {
    match op {
        "ce" | "cwce" => terms.cross_entropy,
        "sdl_contour" => terms.dice_contour,
        "sdl_noncontour" => terms.dice_noncontour,
        "sdl" => terms.dice,
        _ => terms.total,
    }
}

/// An op as a choice of parameters of the compound loss.
/// The parameters of a term; `None` for an op that is none of ours.
pub fn params(op: &str, given: &Value, class_weight: &[f64]) -> Option<Params<f64>> {
    let number = |name: &str| given.get(name).map_or(0.0, number);
    let class_weighted = given.get("class_weight").and_then(Value::as_bool) == Some(true);
    let (alpha, beta, lambda_contour, lambda_noncontour) = match op {
        "ce" | "cwce" => (1.0, 0.0, 0.0, 0.0),
        "sdl_contour" => (0.0, 1.0, 1.0, 0.0),
        "sdl_noncontour" => (0.0, 1.0, 0.0, 1.0),
        "sdl" => (0.0, 1.0, number("lambda_c"), number("lambda_noc")),
        "cwcd" => (
            number("alpha"),
            number("beta"),
            number("lambda_c"),
            number("lambda_noc"),
        ),
        _ => return None,
    };
    Some(Params {
        alpha,
        beta,
        lambda_w: number("w"),
        plain: number("plain"),
        union: Union::All,
        lambda_contour,
        lambda_noncontour,
        smooth: given.get("smooth").map_or(1e-3, crate::store::number),
        pool: match given.get("pool").and_then(Value::as_str) {
            Some("joint") | None => Pool::Joint,
            Some("joint_item") => Pool::JointItem,
            Some("per_class_batch") => Pool::PerClassBatch,
            Some("per_class_item") => Pool::PerClassItem,
            Some(_) => return None,
        },
        absent: Absent::Include,
        class_weight: if class_weighted {
            class_weight.to_vec()
        } else {
            Vec::new()
        },
    })
}
