//! The softmax, which belongs to the `layers` group. Its gradient is a part of every loss's, so `losses` checks it.

use contour_lab::gpu::{Context, Recording, Tensor};
use contour_lab::{ops, reference};
use pollster::block_on;
use serde_json::Value;

use crate::report::{Path, Report};
use crate::store::{Group, number, widen};

/// One case whose `op` is `softmax`.
pub fn check(context: &Context, group: &Group, case: &Value, report: &mut Report) {
    let what = case["id"].as_str().expect("an id");
    let x = group.array(&case["inputs"]["x"]);
    let y = group.array(&case["output"]);
    let shape @ [_, c, h, w] = x.nchw();
    report.term();

    let mut twin_y = vec![0.0; x.values.len()];
    reference::softmax::softmax_forward(&mut twin_y, &x.values, c, h * w);
    report.close_twin(what, &twin_y, &y.values, y.is_f32);

    let gpu_x = Tensor::from_slice(context, "input", &x.f32()).expect("a tensor");
    let gpu_y = Tensor::new(context, "output", x.values.len()).expect("a tensor");
    let mut recording = Recording::new(context);
    ops::softmax::record_forward(&mut recording, &gpu_y, &gpu_x, shape);
    context.submit(|encoder| recording.replay(encoder));
    let got = widen(&block_on(gpu_y.read(context)).expect("a result"));
    let tolerance = number(&case["tol"]["output"]["abs_wgsl"]);
    report.close(Path::Gpu, what, &got, &y.values, tolerance);
}
