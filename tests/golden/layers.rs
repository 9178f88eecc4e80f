//! Every layer forward and backward, and every optimiser over five steps.

use contour_lab::gpu::{Context, Recording, Tensor};
use contour_lab::optim::{Adam, CpuState, GpuState, Optimiser, Sgd};
use contour_lab::{ops, reference};
use serde_json::Value;

use crate::report::{Path, Report};
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

/// Ops that later work will cover; an op in neither list fails.
const LATER: [&str; 2] = ["softmax", "log_softmax"];

pub fn check(context: &Context, group: &Group, report: &mut Report) {
    for manifest in group.cases() {
        let op = manifest["op"].as_str().expect("an op");
        let case = Case { group, manifest };
        if op == "optimiser" {
            optimiser(context, &case, report);
        } else if let Some((_, layer)) = LAYERS.iter().find(|(known, _)| *known == op) {
            let bench = Bench(context.clone());
            compare(&case, layer(&case, &bench), report);
        } else if LATER.contains(&op) {
            report.not_covered(op);
            continue;
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

fn conv2d(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let [x, weight, upstream] = [case.input("x"), case.input("weight"), case.upstream()];
    let bias = case.has("bias").then(|| case.input("bias"));
    let [c_out, .., kernel] = weight.nchw();
    let shape = x.nchw();
    let [n, _, h, w] = shape;
    let is_3x3 = kernel == 3;

    let [gx, gw, gdy] = [&x, &weight, &upstream].map(|array| bench.upload(array));
    let gb = bias.as_ref().map(|bias| bench.upload(bias));
    let [y, dx] = [case.output_len(), x.values.len()].map(|len| bench.fresh(len));
    let [dw, db] = [weight.values.len(), c_out].map(|len| bench.zeros(len));
    bench.run(|r| {
        if is_3x3 {
            use ops::conv3x3::{record_backward_input, record_backward_weight, record_forward};
            record_forward(r, &y, &gx, &gw, gb.as_ref(), shape, c_out).unwrap();
            record_backward_input(r, &dx, &gdy, &gw, shape, c_out, false).unwrap();
            record_backward_weight(r, &dw, &gx, &gdy, shape, c_out).unwrap();
        } else {
            use ops::conv1x1::{record_backward_input, record_backward_weight, record_forward};
            record_forward(r, &y, &gx, &gw, gb.as_ref(), shape, c_out);
            record_backward_input(r, &dx, &gdy, &gw, shape, c_out, false);
            record_backward_weight(r, &dw, &gx, &gdy, shape, c_out).unwrap();
        }
        ops::channel_sum::record(r, &db, &gdy, [n, c_out, h, w]).unwrap();
    });
    let mut grads = vec![("x", &dx), ("weight", &dw)];
    grads.extend(bias.is_some().then_some(("bias", &db)));
    let gpu = bench.outcome(&y, &grads);

    let mut y = vec![0.0; case.output_len()];
    let [mut dx, mut dw, mut db] = [x.values.len(), weight.values.len(), c_out].map(|len| vec![0.0; len]);
    let b = bias.as_ref().map(|bias| bias.values.as_slice());
    let [x, weight, dy] = [&x.values, &weight.values, &upstream.values];
    if is_3x3 {
        use reference::conv3x3::{conv3x3_backward_input, conv3x3_backward_weight, conv3x3_forward};
        conv3x3_forward(&mut y, x, weight, b, shape, c_out);
        conv3x3_backward_input(&mut dx, dy, weight, shape, c_out, false);
        conv3x3_backward_weight(&mut dw, x, dy, shape, c_out);
    } else {
        use reference::conv1x1::{conv1x1_backward_input, conv1x1_backward_weight, conv1x1_forward};
        conv1x1_forward(&mut y, x, weight, b, shape, c_out);
        conv1x1_backward_input(&mut dx, dy, weight, shape, c_out, false);
        conv1x1_backward_weight(&mut dw, x, dy, shape, c_out);
    }
    reference::channel_sum::channel_sum(&mut db, dy, [n, c_out, h, w]);
    let mut grads = vec![("x", dx), ("weight", dw)];
    grads.extend(bias.is_some().then_some(("bias", db)));
    [gpu, Outcome { output: y, grads }]
}

fn conv_transpose2d(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let [x, weight, upstream] = [case.input("x"), case.input("weight"), case.upstream()];
    let bias = case.has("bias").then(|| case.input("bias"));
    let [_, c_out, ..] = weight.nchw();
    let shape = x.nchw();
    let [n, _, h, w] = shape;
    let outer = [n, c_out, 2 * h, 2 * w];

    let [gx, gw, gdy] = [&x, &weight, &upstream].map(|array| bench.upload(array));
    let gb = bias.as_ref().map(|bias| bench.upload(bias));
    let [y, dx] = [case.output_len(), x.values.len()].map(|len| bench.fresh(len));
    let [dw, db] = [weight.values.len(), c_out].map(|len| bench.zeros(len));
    bench.run(|r| {
        use ops::conv_transpose2x2::{record_backward_input, record_backward_weight, record_forward};
        record_forward(r, &y, &gx, &gw, gb.as_ref(), shape, c_out);
        record_backward_input(r, &dx, &gdy, &gw, shape, c_out, false);
        record_backward_weight(r, &dw, &gx, &gdy, shape, c_out).unwrap();
        ops::channel_sum::record(r, &db, &gdy, outer).unwrap();
    });
    let mut grads = vec![("x", &dx), ("weight", &dw)];
    grads.extend(bias.is_some().then_some(("bias", &db)));
    let gpu = bench.outcome(&y, &grads);

    let mut y = vec![0.0; case.output_len()];
    let [mut dx, mut dw, mut db] = [x.values.len(), weight.values.len(), c_out].map(|len| vec![0.0; len]);
    let b = bias.as_ref().map(|bias| bias.values.as_slice());
    let [x, weight, dy] = [&x.values, &weight.values, &upstream.values];
    {
        use reference::conv_transpose2x2 as twin;
        twin::conv_transpose2x2_forward(&mut y, x, weight, b, shape, c_out);
        twin::conv_transpose2x2_backward_input(&mut dx, dy, weight, shape, c_out, false);
        twin::conv_transpose2x2_backward_weight(&mut dw, x, dy, shape, c_out);
    }
    reference::channel_sum::channel_sum(&mut db, dy, outer);
    let mut grads = vec![("x", dx), ("weight", dw)];
    grads.extend(bias.is_some().then_some(("bias", db)));
    [gpu, Outcome { output: y, grads }]
}

/// A layer without parameters: `forward(y, x)` and `backward(dx, x, dy)` on both sides.
fn elementwise(
    case: &Case,
    bench: &Bench,
    record: impl FnOnce(&mut Recording, [&Tensor; 2], [&Tensor; 2]),
    twin: impl FnOnce([&mut [f64]; 2], [&[f64]; 2]),
) -> [Outcome; 2] {
    let [x, upstream] = [case.input("x"), case.upstream()];
    let [gx, gdy] = [&x, &upstream].map(|array| bench.upload(array));
    let lens = [case.output_len(), x.values.len()];
    let [y, dx] = lens.map(|len| bench.fresh(len));
    bench.run(|r| record(r, [&y, &dx], [&gx, &gdy]));
    let gpu = bench.outcome(&y, &[("x", &dx)]);

    let [mut y, mut dx] = lens.map(|len| vec![f64::NAN; len]);
    twin([&mut y, &mut dx], [&x.values, &upstream.values]);
    [
        gpu,
        Outcome {
            output: y,
            grads: vec![("x", dx)],
        },
    ]
}

fn max_pool2d(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let shape = case.input("x").nchw();
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::pool::record_max_forward(r, y, x, shape);
            ops::pool::record_max_backward(r, dx, x, dy, shape, false);
        },
        |[y, dx], [x, dy]| {
            reference::pool::pool_max_forward(y, x, shape);
            reference::pool::pool_max_backward(dx, x, dy, shape, false);
        },
    )
}

fn avg_pool2d(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let shape = case.input("x").nchw();
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::pool::record_average_forward(r, y, x, shape);
            ops::pool::record_average_backward(r, dx, dy, shape, false);
        },
        |[y, dx], [x, dy]| {
            reference::pool::pool_average_forward(y, x, shape);
            reference::pool::pool_average_backward(dx, dy, shape, false);
        },
    )
}

fn upsample_nearest(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let shape = case.input("x").nchw();
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::upsample::record_nearest_forward(r, y, x, shape);
            ops::upsample::record_nearest_backward(r, dx, dy, shape, false);
        },
        |[y, dx], [x, dy]| {
            reference::upsample::upsample_nearest_forward(y, x, shape);
            reference::upsample::upsample_nearest_backward(dx, dy, shape, false);
        },
    )
}

fn upsample_bilinear(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let shape = case.input("x").nchw();
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::upsample::record_bilinear_forward(r, y, x, shape);
            ops::upsample::record_bilinear_backward(r, dx, dy, shape, false);
        },
        |[y, dx], [x, dy]| {
            reference::upsample::upsample_bilinear_forward(y, x, shape);
            reference::upsample::upsample_bilinear_backward(dx, dy, shape, false);
        },
    )
}

/// ReLU is the leaky one with slope 0.
fn activation(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let slope = case.param("slope").unwrap_or(0.0);
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::activation::record_forward(r, y, x, slope as f32);
            ops::activation::record_backward(r, dx, x, dy, slope as f32, false);
        },
        |[y, dx], [x, dy]| {
            reference::activation::activation_forward(y, x, slope);
            reference::activation::activation_backward(dx, x, dy, slope, false);
        },
    )
}

/// Instance norm is group norm with as many groups as channels.
fn norm(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let [x, weight, bias, upstream] = [
        case.input("x"),
        case.input("weight"),
        case.input("bias"),
        case.upstream(),
    ];
    let shape = x.nchw();
    let [n, c, ..] = shape;
    let groups = case.param("groups").map_or(c, |groups| groups as usize);
    let eps = case.param("eps").expect("eps");

    let [gx, gw, gb, gdy] = [&x, &weight, &bias, &upstream].map(|array| bench.upload(array));
    let [y, dx, statistics] = [x.values.len(), x.values.len(), 2 * n * groups].map(|len| bench.fresh(len));
    let [dw, db] = [c, c].map(|len| bench.zeros(len));
    bench.run(|r| {
        ops::norm::record_forward(r, &y, &statistics, &gx, &gw, &gb, shape, groups, eps as f32).unwrap();
        ops::norm::record_backward(
            r,
            &dx,
            &dw,
            &db,
            &gx,
            &statistics,
            &gw,
            &gdy,
            shape,
            groups,
            false,
        )
        .unwrap();
    });
    let gpu = bench.outcome(&y, &[("x", &dx), ("weight", &dw), ("bias", &db)]);

    let [mut y, mut dx] = [x.values.len(); 2].map(|len| vec![f64::NAN; len]);
    let mut statistics = vec![f64::NAN; 2 * n * groups];
    let [mut dw, mut db] = [c, c].map(|len| vec![0.0; len]);
    let [x, weight, bias, dy] = [&x.values, &weight.values, &bias.values, &upstream.values];
    {
        use reference::norm as twin;
        twin::norm_statistics(&mut statistics, x, shape, groups, eps);
        twin::norm_forward(&mut y, x, &statistics, weight, bias, shape, groups);
        twin::norm_backward_input(&mut dx, x, &statistics, weight, dy, shape, groups, false);
        twin::norm_backward_weight(&mut dw, &mut db, x, &statistics, dy, shape, groups);
    }
    let grads = vec![("x", dx), ("weight", dw), ("bias", db)];
    [gpu, Outcome { output: y, grads }]
}

fn concat(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let [x1, x2, upstream] = [case.input("x"), case.input("x2"), case.upstream()];
    let [images, ..] = x1.nchw();
    let [g1, g2, gdy] = [&x1, &x2, &upstream].map(|array| bench.upload(array));
    let lens = [upstream.values.len(), x1.values.len(), x2.values.len()];
    let [y, d1, d2] = lens.map(|len| bench.fresh(len));
    bench.run(|r| {
        ops::concat::record_forward(r, &y, &g1, &g2, images);
        ops::concat::record_backward(r, &d1, &d2, &gdy, images, [false; 2]);
    });
    let gpu = bench.outcome(&y, &[("x", &d1), ("x2", &d2)]);

    let [mut y, mut d1, mut d2] = lens.map(|len| vec![f64::NAN; len]);
    reference::concat::concat_forward(&mut y, &x1.values, &x2.values, images);
    reference::concat::concat_backward(&mut d1, &mut d2, &upstream.values, images, [false; 2]);
    [
        gpu,
        Outcome {
            output: y,
            grads: vec![("x", d1), ("x2", d2)],
        },
    ]
}

fn optimiser(context: &Context, case: &Case, report: &mut Report) {
    let params = &case.manifest["params"];
    let setting = |name: &str| params.get(name).map_or(0.0, number);
    let adam = || Adam {
        learning_rate: setting("lr"),
        beta1: number(&params["betas"][0]),
        beta2: number(&params["betas"][1]),
        eps: setting("eps"),
        weight_decay: setting("weight_decay"),
    };
    let optimiser = match case.manifest["optimiser"].as_str() {
        Some("Adam") => Optimiser::Adam(adam()),
        Some("AdamW") => Optimiser::AdamW(adam()),
        Some("SGD") => Optimiser::Sgd(Sgd {
            learning_rate: setting("lr"),
            momentum: setting("momentum"),
            nesterov: params.get("nesterov").is_some_and(|value| value == true),
            weight_decay: setting("weight_decay"),
        }),
        other => return report.fail(format!("no optimiser is called {other:?}")),
    };
    let tensors = &case.manifest["tensors"];
    let [start, slopes, after] =
        ["start", "grads", "params_after"].map(|name| case.group.array(&tensors[name]));
    let moments: Vec<Array> = ["first_moment", "second_moment", "momentum_buffer"]
        .iter()
        .filter_map(|name| tensors.get(name))
        .map(|name| case.group.array(name))
        .collect();
    let count = start.values.len();
    let tolerance = number(&case.manifest["tol"]["params_after"]["abs"]);

    let bench = Bench(context.clone());
    let [parameters, gradients] = [bench.upload(&start), bench.fresh(count)];
    let mut recording = Recording::new(context);
    let mut gpu = GpuState::record(&mut recording, &parameters, &gradients, optimiser).unwrap();
    let mut twin = start.values;
    let mut cpu = CpuState::new(optimiser, count);
    for step in 0..slopes.shape[0] {
        let row = step * count..(step + 1) * count;
        let what = format!("{} step {}", case.id(), step + 1);
        gradients.write(context, &slopes.f32()[row.clone()]);
        gpu.advance(optimiser.learning_rate());
        context.submit(|encoder| recording.replay(encoder));
        cpu.update(&mut twin, &slopes.values[row.clone()], optimiser.learning_rate());
        report.term();
        let expected = &after.values[row.clone()];
        report.close(Path::Gpu, &what, &bench.read(&parameters), expected, tolerance);
        report.close_twin(&what, &twin, expected, after.is_f32);
        for (moment, expected) in cpu.moments().iter().zip(&moments) {
            let expected_row = &expected.values[row.clone()];
            report.close_twin(&format!("{what} moment"), moment, expected_row, expected.is_f32);
        }
    }
}
