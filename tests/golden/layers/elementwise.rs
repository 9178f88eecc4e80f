//! Layers without parameters.

use contour_lab::gpu::{Recording, Tensor};
use contour_lab::ops::{self, Sink};
use contour_lab::reference;

use super::{Bench, Case, Outcome};

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

pub(crate) fn max_pool2d(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let shape = case.input("x").nchw();
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::pool::record_max_forward(r, y, x, shape);
            ops::pool::record_max_backward(r, Sink::write(dx), x, dy, shape);
        },
        |[y, dx], [x, dy]| {
            reference::pool::pool_max_forward(y, x, shape);
            reference::pool::pool_max_backward(dx, x, dy, shape, false);
        },
    )
}

pub(crate) fn upsample_nearest(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let shape = case.input("x").nchw();
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::upsample::record_nearest_forward(r, y, x, shape);
            ops::upsample::record_nearest_backward(r, Sink::write(dx), dy, shape);
        },
        |[y, dx], [x, dy]| {
            reference::upsample::upsample_nearest_forward(y, x, shape);
            reference::upsample::upsample_nearest_backward(dx, dy, shape, false);
        },
    )
}

pub(crate) fn upsample_bilinear(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let shape = case.input("x").nchw();
    elementwise(
        case,
        bench,
        |r, [y, dx], [x, dy]| {
            ops::upsample::record_bilinear_forward(r, y, x, shape);
            ops::upsample::record_bilinear_backward(r, Sink::write(dx), dy, shape);
        },
        |[y, dx], [x, dy]| {
            reference::upsample::upsample_bilinear_forward(y, x, shape);
            reference::upsample::upsample_bilinear_backward(dx, dy, shape, false);
        },
    )
}

/// ReLU is the leaky one with slope 0.
pub(crate) fn activation(case: &Case, bench: &Bench) -> [Outcome; 2] {
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

pub(crate) fn concat(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let [x1, x2, upstream] = [case.input("x"), case.input("x2"), case.upstream()];
    let [images, ..] = x1.nchw();
    let [g1, g2, gdy] = [&x1, &x2, &upstream].map(|array| bench.upload(array));
    let lens = [upstream.values.len(), x1.values.len(), x2.values.len()];
    let [y, d1, d2] = lens.map(|len| bench.fresh(len));
    bench.run(|r| {
        ops::concat::record_forward(r, &y, &g1, &g2, images);
        ops::concat::record_backward(
            r,
            [Some(&d1), Some(&d2)],
            &gdy,
            [x1.values.len(), x2.values.len()].map(|len| len / images),
        );
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
