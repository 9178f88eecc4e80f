//! Softmax and its logarithm, which belong to the `layers` group.

use contour_lab::gpu::{Context, Recording, Tensor};
use contour_lab::{ops, reference};
use pollster::block_on;
use serde_json::Value;

use crate::report::{Path, Report};
use crate::store::{Group, number, widen};

/// One case whose `op` is `softmax` or `log_softmax`.
pub fn check(context: &Context, group: &Group, case: &Value, report: &mut Report) {
    let is_log = case["op"].as_str() == Some("log_softmax");
    let what = case["id"].as_str().expect("an id");
    let x = group.array(&case["inputs"]["x"]);
    let dy = group.array(&case["upstream"]);
    let y = group.array(&case["output"]);
    let dx = group.array(&case["grads"]["x"]);
    let shape @ [_, c, h, w] = x.nchw();
    for _ in ["output", "dx"] {
        report.term();
    }

    let (mut twin_y, mut twin_dx) = (vec![0.0; x.values.len()], vec![0.0; x.values.len()]);
    if is_log {
        reference::softmax::log_softmax_forward(&mut twin_y, &x.values, c, h * w);
        reference::softmax::log_softmax_backward(&mut twin_dx, &twin_y, &dy.values, c, h * w);
    } else {
        reference::softmax::softmax_forward(&mut twin_y, &x.values, c, h * w);
        reference::softmax::softmax_backward(&mut twin_dx, &twin_y, &dy.values, c, h * w);
    }
    report.close_twin(what, &twin_y, &y.values, y.is_f32);
    report.close_twin(&format!("{what} dx"), &twin_dx, &dx.values, dx.is_f32);

    let tensor = |values: &[f32]| Tensor::from_slice(context, "input", values).expect("a tensor");
    let fresh = || Tensor::new(context, "output", x.values.len()).expect("a tensor");
    let (gpu_x, gpu_dy, gpu_y, gpu_dx) = (tensor(&x.f32()), tensor(&dy.f32()), fresh(), fresh());
    let mut recording = Recording::new(context);
    if is_log {
        ops::softmax::record_log_forward(&mut recording, &gpu_y, &gpu_x, shape);
        ops::softmax::record_log_backward(&mut recording, &gpu_dx, &gpu_y, &gpu_dy, shape);
    } else {
        ops::softmax::record_forward(&mut recording, &gpu_y, &gpu_x, shape);
        ops::softmax::record_backward(&mut recording, &gpu_dx, &gpu_y, &gpu_dy, shape);
    }
    context.submit(|encoder| recording.replay(encoder));
    let read = |tensor: &Tensor| widen(&block_on(tensor.read(context)).expect("a result"));
    let tolerance = |tol: &Value| number(&tol["abs_wgsl"]);
    report.close(
        Path::Gpu,
        what,
        &read(&gpu_y),
        &y.values,
        tolerance(&case["tol"]["output"]),
    );
    let dx_tolerance = tolerance(&case["tol"]["grads"]["x"]);
    report.close(
        Path::Gpu,
        &format!("{what} dx"),
        &read(&gpu_dx),
        &dx.values,
        dx_tolerance,
    );
}
