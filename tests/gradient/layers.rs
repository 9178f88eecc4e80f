//! Every layer of a network: by its input, its weight and its bias.

use contour_lab::reference::{activation, channel_sum, concat, conv1x1, conv3x3, norm, pool, upsample};

use crate::{check, dot, noise};

/// Adding a number below 10 to another of the like and taking it off again: some roundings of 1e-15.
const ADDED: f64 = 1e-13;

/// Two images of odd sizes; a single row and a single pixel, where a window hangs over on all sides.
const SHAPES: [[usize; 4]; 3] = [[2, 3, 5, 7], [1, 2, 1, 4], [2, 2, 1, 1]];

/// The gradient of an activation, which `backward` writes over what is there (`false`) or adds to it (`true`).
fn of_activation(len: usize, backward: impl Fn(&mut [f64], bool)) -> Vec<f64> {
    let mut written = vec![f64::NAN; len];
    backward(&mut written, false);
    assert_adds(&written, |dx| backward(dx, true));
    written
}

/// The gradient of a parameter, which `backward` always adds to what is there.
fn of_parameter(len: usize, backward: impl Fn(&mut [f64])) -> Vec<f64> {
    let mut from_zero = vec![0.0; len];
    backward(&mut from_zero);
    assert_adds(&from_zero, backward);
    from_zero
}

fn assert_adds(gradient: &[f64], backward: impl Fn(&mut [f64])) {
    let before = noise(77, gradient.len());
    let mut after = before.clone();
    backward(&mut after);
    for i in 0..gradient.len() {
        assert!(
            (after[i] - before[i] - gradient[i]).abs() <= ADDED,
            "entry {i} is not added to"
        );
    }
}

/// The result of `forward` in a buffer that holds no zeros.
fn output(len: usize, forward: impl Fn(&mut [f64])) -> Vec<f64> {
    let mut y = vec![f64::NAN; len];
    forward(&mut y);
    y
}

type Forward = fn(&mut [f64], &[f64], &[f64], Option<&[f64]>, [usize; 4], usize);
type BackwardInput = fn(&mut [f64], &[f64], &[f64], [usize; 4], usize, bool);
type BackwardWeight = fn(&mut [f64], &[f64], &[f64], [usize; 4], usize);

/// A convolution with `taps` weights for each pair of channels.
fn convolution(
    name: &str,
    taps: usize,
    forward: Forward,
    backward_input: BackwardInput,
    backward_weight: BackwardWeight,
) {
    for shape in SHAPES {
        let [n, c_in, h, w] = shape;
        let c_out = 4;
        let (len, weights, out) = (n * c_in * h * w, c_in * c_out * taps, n * c_out * h * w);
        let (x, weight, bias, dy) = (noise(1, len), noise(2, weights), noise(3, c_out), noise(4, out));
        let total = |x: &[f64], weight: &[f64], bias: &[f64]| {
            dot(
                &output(out, |y| forward(y, x, weight, Some(bias), shape, c_out)),
                &dy,
            )
        };
        let dx = of_activation(len, |dx, add| backward_input(dx, &dy, &weight, shape, c_out, add));
        let dweight = of_parameter(weights, |dw| backward_weight(dw, &x, &dy, shape, c_out));
        let dbias = of_parameter(c_out, |db| {
            channel_sum::channel_sum(db, &dy, [n, c_out, h, w]);
        });
        let what = format!("{name} {shape:?}");
        check(&format!("{what} dx"), |x| total(x, &weight, &bias), &x, &dx);
        check(
            &format!("{what} dweight"),
            |weight| total(&x, weight, &bias),
            &weight,
            &dweight,
        );
        check(
            &format!("{what} dbias"),
            |bias| total(&x, &weight, bias),
            &bias,
            &dbias,
        );

        let zeros = [0.0; 4];
        let with = |bias| output(out, |y| forward(y, &x, &weight, bias, shape, c_out));
        let (unbiased, zero_bias) = (with(None), with(Some(&zeros)));
        assert_eq!(unbiased, zero_bias, "{what} without a bias");
    }
}

#[test]
fn conv_3x3() {
    use conv3x3::{conv3x3_backward_input, conv3x3_backward_weight, conv3x3_forward};
    convolution(
        "conv3x3",
        9,
        conv3x3_forward,
        conv3x3_backward_input,
        conv3x3_backward_weight,
    );
}

#[test]
fn conv_1x1() {
    use conv1x1::{conv1x1_backward_input, conv1x1_backward_weight, conv1x1_forward};
    convolution(
        "conv1x1",
        1,
        conv1x1_forward,
        conv1x1_backward_input,
        conv1x1_backward_weight,
    );
}

#[test]
fn norm_of_every_number_of_groups() {
    let shape = [2, 6, 5, 3];
    let (len, channels) = (2 * 6 * 5 * 3, 6);
    let (x, weight, bias, dy) = (
        noise(1, len),
        noise(2, channels),
        noise(3, channels),
        noise(4, len),
    );
    for groups in [1, 2, 3, 6] {
        let statistics = |x: &[f64]| {
            output(2 * 2 * groups, |s| {
                norm::norm_statistics(s, x, shape, groups, 1e-5);
            })
        };
        let total = |x: &[f64], weight: &[f64], bias: &[f64]| {
            let y = output(len, |y| {
                norm::norm_forward(y, x, &statistics(x), weight, bias, shape, groups);
            });
            dot(&y, &dy)
        };
        let saved = statistics(&x);
        let dx = of_activation(len, |dx, add| {
            norm::norm_backward_input(dx, &x, &saved, &weight, &dy, shape, groups, add);
        });
        let other = || vec![0.0; channels];
        let dweight = of_parameter(channels, |dw| {
            norm::norm_backward_weight(dw, &mut other(), &x, &saved, &dy, shape, groups);
        });
        let dbias = of_parameter(channels, |db| {
            norm::norm_backward_weight(&mut other(), db, &x, &saved, &dy, shape, groups);
        });
        let what = format!("norm in {groups} groups");
        check(&format!("{what} dx"), |x| total(x, &weight, &bias), &x, &dx);
        check(
            &format!("{what} dweight"),
            |weight| total(&x, weight, &bias),
            &weight,
            &dweight,
        );
        check(
            &format!("{what} dbias"),
            |bias| total(&x, &weight, bias),
            &bias,
            &dbias,
        );
    }
}

/// A layer of one input and no parameter.
fn plain(
    name: &str,
    [len, out]: [usize; 2],
    forward: impl Fn(&mut [f64], &[f64]),
    backward: impl Fn(&mut [f64], &[f64], &[f64], bool),
) {
    let (x, dy) = (noise(1, len), noise(2, out));
    let dx = of_activation(len, |dx, add| backward(dx, &x, &dy, add));
    check(name, |x| dot(&output(out, |y| forward(y, x)), &dy), &x, &dx);
}

#[test]
fn activations() {
    for slope in [0.0, 0.01, 0.3] {
        plain(
            &format!("leaky ReLU {slope}"),
            [210, 210],
            |y, x| activation::activation_forward(y, x, slope),
            |dx, x, dy, add| activation::activation_backward(dx, x, dy, slope, add),
        );
    }
}

#[test]
fn pools() {
    // Even, and odd in rows and columns: what hangs over has no gradient.
    for shape in [[2, 3, 6, 4], [2, 3, 5, 7]] {
        let [n, c, h, w] = shape;
        let lens = [n * c * h * w, n * c * (h / 2) * (w / 2)];
        plain(
            &format!("max pool {shape:?}"),
            lens,
            |y, x| pool::pool_max_forward(y, x, shape),
            |dx, x, dy, add| pool::pool_max_backward(dx, x, dy, shape, add),
        );
    }
}

#[test]
fn upsampling() {
    for shape in SHAPES {
        let len = shape.iter().product();
        plain(
            &format!("nearest {shape:?}"),
            [len, 4 * len],
            |y, x| upsample::upsample_nearest_forward(y, x, shape),
            |dx, _, dy, add| upsample::upsample_nearest_backward(dx, dy, shape, add),
        );
        plain(
            &format!("bilinear {shape:?}"),
            [len, 4 * len],
            |y, x| upsample::upsample_bilinear_forward(y, x, shape),
            |dx, _, dy, add| upsample::upsample_bilinear_backward(dx, dy, shape, add),
        );
    }
}

#[test]
fn concatenation() {
    let (images, first, second) = (3, 2 * 15, 15);
    let (x1, x2) = (noise(1, images * first), noise(2, images * second));
    let dy = noise(3, images * (first + second));
    let total = |x1: &[f64], x2: &[f64]| {
        dot(
            &output(dy.len(), |y| concat::concat_forward(y, x1, x2, images)),
            &dy,
        )
    };
    let d1 = of_activation(x1.len(), |d1, add| {
        concat::concat_backward(d1, &mut vec![0.0; x2.len()], &dy, images, [add, false]);
    });
    let d2 = of_activation(x2.len(), |d2, add| {
        concat::concat_backward(&mut vec![0.0; x1.len()], d2, &dy, images, [false, add]);
    });
    check("concat dx1", |x1| total(x1, &x2), &x1, &d1);
    check("concat dx2", |x2| total(&x1, x2), &x2, &d2);
}

#[test]
fn channel_sums() {
    let shape = [3, 4, 5, 3];
    let [n, c, h, w] = shape;
    let (bias, dy) = (noise(1, c), noise(2, n * c * h * w));
    let total = |bias: &[f64]| (0..dy.len()).map(|i| bias[i / (h * w) % c] * dy[i]).sum();
    let dbias = of_parameter(c, |db| channel_sum::channel_sum(db, &dy, shape));
    check("channel_sum", total, &bias, &dbias);
}
