//! Every layer forward and backward, and every optimiser over five steps.

mod convolution;
mod elementwise;
mod normalisation;
mod optimiser;

use contour_lab::gpu::{Context, Recording, Tensor};
use convolution::{conv_transpose2d, conv2d};
use elementwise::{activation, avg_pool2d, concat, max_pool2d, upsample_bilinear, upsample_nearest};
use normalisation::norm;
use serde_json::Value;

use crate::report::{Path, Report};
use crate::softmax;
use crate::store::{Array, Group, number, widen};

/// A layer's output and the gradient of each of its inputs.
struct Outcome {
    output: Vec<f64>,
    grads: Vec<(&'static str, Vec<f64>)>,
}

/// What a case gives to a layer.
struct Case<'a> {
    group: &'a Group,
    manifest: &'a Value,
}

type Layer = fn(&Case, &Bench) -> [Outcome; 2];

/// Each op of the manifest and what computes it, on the GPU and by the twin.
const LAYERS: [(&str, Layer); 11] = [
    ("conv2d", conv2d),
    ("conv_transpose2d", conv_transpose2d),
    ("max_pool2d", max_pool2d),
    ("avg_pool2d", avg_pool2d),
    ("upsample_nearest", upsample_nearest),
    ("upsample_bilinear", upsample_bilinear),
    ("instance_norm", norm),
    ("group_norm", norm),
    ("relu", activation),
    ("leaky_relu", activation),
    ("concat", concat),
];

pub fn check(context: &Context, group: &Group, report: &mut Report) {
    for manifest in group.cases() {
        let op = manifest["op"].as_str().expect("an op");
        let case = Case { group, manifest };
        if op == "optimiser" {
            optimiser::optimiser(context, &case, report);
        } else if let Some((_, layer)) = LAYERS.iter().find(|(known, _)| *known == op) {
            let bench = Bench(context.clone());
            compare(&case, layer(&case, &bench), report);
        } else if ["softmax", "log_softmax"].contains(&op) {
            softmax::check(context, group, manifest, report);
        } else {
            report.fail(format!("no layer is called {op}"));
        }
        report.case();
    }
}

impl Case<'_> {
    fn id(&self) -> &str {
        self.manifest["id"].as_str().expect("an id")
    }

    fn input(&self, name: &str) -> Array {
        self.group.array(&self.manifest["inputs"][name])
    }

    fn has(&self, name: &str) -> bool {
        self.manifest["inputs"].get(name).is_some()
    }

    fn upstream(&self) -> Array {
        self.group.array(&self.manifest["upstream"])
    }

    fn param(&self, name: &str) -> Option<f64> {
        self.manifest["params"].get(name).map(number)
    }

    fn output_len(&self) -> usize {
        self.group.array(&self.manifest["output"]).values.len()
    }
}

fn compare(case: &Case, [gpu, twin]: [Outcome; 2], report: &mut Report) {
    let tolerances = &case.manifest["tol"];
    let output = case.group.array(&case.manifest["output"]);
    let what = format!("{} output", case.id());
    report.term();
    let tolerance = number(&tolerances["output"]["abs_wgsl"]);
    report.close(Path::Gpu, &what, &gpu.output, &output.values, tolerance);
    report.close_twin(&what, &twin.output, &output.values, output.is_f32);
    let expected = case.manifest["grads"].as_object().expect("gradients");
    if expected.len() != gpu.grads.len() || expected.len() != twin.grads.len() {
        report.fail(format!("{}: not every gradient was computed", case.id()));
    }
    for ((name, gpu), (_, twin)) in gpu.grads.iter().zip(&twin.grads) {
        let grad = case.group.array(&expected[*name]);
        let what = format!("{} d{name}", case.id());
        report.term();
        let tolerance = number(&tolerances["grads"][name]["abs_wgsl"]);
        report.close(Path::Gpu, &what, gpu, &grad.values, tolerance);
        report.close_twin(&what, twin, &grad.values, grad.is_f32);
    }
}

/// Where a layer is computed once on the GPU.
struct Bench(Context);

impl Bench {
    fn upload(&self, array: &Array) -> Tensor {
        Tensor::from_slice(&self.0, "golden", &array.f32()).expect("a small tensor")
    }

    /// Filled with NaN by the poisoned context.
    fn fresh(&self, len: usize) -> Tensor {
        Tensor::new(&self.0, "result", len).expect("a small tensor")
    }

    /// What parameter gradients are added to.
    fn zeros(&self, len: usize) -> Tensor {
        Tensor::from_slice(&self.0, "gradient", &vec![0.0_f32; len]).expect("a small tensor")
    }

    fn run(&self, record: impl FnOnce(&mut Recording)) {
        let mut recording = Recording::new(&self.0);
        record(&mut recording);
        self.0.submit(|encoder| recording.replay(encoder));
    }

    fn read(&self, tensor: &Tensor) -> Vec<f64> {
        widen(&pollster::block_on(tensor.read(&self.0)).expect("a readback"))
    }

    fn outcome(&self, output: &Tensor, grads: &[(&'static str, &Tensor)]) -> Outcome {
        Outcome {
            output: self.read(output),
            grads: grads
                .iter()
                .map(|(name, tensor)| (*name, self.read(tensor)))
                .collect(),
        }
    }
}
