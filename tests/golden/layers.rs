//! Every layer forward and backward, and every optimiser over five steps.

mod convolution;
mod elementwise;
mod normalisation;
mod optimiser;
mod processor;

use contour_lab::gpu::{Context, Recording, Tensor};
use convolution::conv2d;
use elementwise::{activation, concat, max_pool2d, upsample_bilinear, upsample_nearest};
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
const LAYERS: [(&str, Layer); 9] = [
    ("conv2d", conv2d),
    ("max_pool2d", max_pool2d),
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
            let [gpu, twin] = layer(&case, &bench);
            let fast = processor::outcome(op, &case);
            if fast.is_none() {
                report.missing(Path::Processor, op);
            }
            let fast = fast.map(|fast| (Path::Processor, fast));
            let all = [(Path::Gpu, gpu), (Path::Twin, twin)].into_iter().chain(fast);
            compare(&case, &all.collect::<Vec<_>>(), report);
        } else if op == "softmax" {
            softmax::check(context, group, manifest, report);
            // Part of the loss.
            report.missing(Path::Processor, op);
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

/// The tolerance of an executor: both compute in f32, but WGSL's divisions, roots and powers may be off by some units in the
/// last place, and the processor's are rounded correctly.
fn tolerance(path: Path, tolerances: &Value) -> f64 {
    number(&tolerances[if path == Path::Gpu { "abs_wgsl" } else { "abs" }])
}

fn compare(case: &Case, outcomes: &[(Path, Outcome)], report: &mut Report) {
    let tolerances = &case.manifest["tol"];
    let expected = case.manifest["grads"].as_object().expect("gradients");
    let output = case.group.array(&case.manifest["output"]);
    let mut close = |path, what: &str, got: &[f64], array: &Array, tolerances: &Value| {
        if path == Path::Twin {
            report.close_twin(what, got, &array.values, array.is_f32);
        } else {
            report.close(path, what, got, &array.values, tolerance(path, tolerances));
        }
    };
    let mut is_whole = true;
    for (path, outcome) in outcomes {
        let what = format!("{} output", case.id());
        close(*path, &what, &outcome.output, &output, &tolerances["output"]);
        is_whole &= expected.len() == outcome.grads.len();
        for (name, got) in &outcome.grads {
            let what = format!("{} d{name}", case.id());
            let grad = case.group.array(&expected[*name]);
            close(*path, &what, got, &grad, &tolerances["grads"][name]);
        }
    }
    if !is_whole {
        report.fail(format!("{}: not every gradient was computed", case.id()));
    }
    for _ in 0..=expected.len() {
        report.term();
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
