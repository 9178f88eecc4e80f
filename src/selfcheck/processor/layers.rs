//! The layers without a kernel of weights, each with inputs that no vector divides.

use super::{SLOPE, Trial, WAYS, close, fresh, wide};
use crate::cpu::{self, Scratch, Sink};
use crate::reference as twin;

/// C, H, W: odd in every axis.
const SHAPE: [usize; 3] = [5, 7, 9];
const BATCH: [usize; 4] = [1, SHAPE[0], SHAPE[1], SHAPE[2]];
const PIXELS: usize = SHAPE[1] * SHAPE[2];
const LEN: usize = SHAPE[0] * PIXELS;
/// Elements of a halved [`SHAPE`]: the last odd row and column are dropped.
const HALF: usize = 5 * 3 * 4;
/// More pixels than a sum adds up in one block.
const LONG: [usize; 3] = [3, 50, 47];
/// What a variance is kept above.
const EPSILON: f32 = 1e-5;

/// A layer with one input, forwards, and backwards in every way.
fn one_input(
    p: &mut Trial,
    (x, dy): (&[f32], &[f32]),
    forward: impl FnOnce(&mut [f32], &[f32]),
    backward: impl Fn(Sink<'_>, &[f32], &[f32]),
    twin_forward: impl FnOnce(&mut [f64], &[f64]),
    twin_backward: impl Fn(&mut [f64], &[f64], &[f64], bool),
) {
    let (wide_x, wide_dy) = (wide(x), wide(dy));
    let (mut y, mut expected) = (fresh(dy.len()), vec![0.0; dy.len()]);
    forward(&mut y, x);
    twin_forward(&mut expected, &wide_x);
    close(p, &y, &expected);
    for [added, passed] in WAYS {
        let mut dx = p.reals(x.len());
        let mut expected = wide(&dx);
        let sink = Sink::new(&mut dx, added);
        backward(if passed { sink.through(x, SLOPE) } else { sink }, x, dy);
        twin_backward(&mut expected, &wide_x, &wide_dy, added);
        if passed {
            twin::activation::activation_through(&mut expected, &wide_x, f64::from(SLOPE));
        }
        close(p, &dx, &expected);
    }
}

pub(super) fn norm(p: &mut Trial) {
    for (shape @ [channels, ..], [added, passed]) in [SHAPE, LONG, SHAPE, LONG].into_iter().zip(WAYS) {
        let len = shape.iter().product();
        let batch = [1, channels, shape[1], shape[2]];
        let (x, weight, bias, dy) = (p.reals(len), p.reals(channels), p.reals(channels), p.reals(len));
        let (mut y, mut statistics, mut dx) = (fresh(len), fresh(2 * channels), p.reals(len));
        let (mut dweight, mut dbias) = (fresh(channels), fresh(channels));
        let [x_twin, weight_twin, bias_twin, dy_twin, mut dx_twin] =
            [&x, &weight, &bias, &dy, &dx].map(|values| wide(values));
        let slope = passed.then_some(SLOPE);
        cpu::norm::forward(&mut y, &mut statistics, &x, &weight, &bias, EPSILON, slope);
        let sink = Sink::new(&mut dx, added);
        let sink = if passed { sink.through(&x, SLOPE) } else { sink };
        cpu::norm::backward(&mut dweight, &mut dbias, sink, &x, &statistics, &weight, &dy);

        use twin::norm::{norm_backward_input, norm_backward_weight, norm_forward, norm_statistics};
        let mut y_twin = vec![0.0; len];
        let [mut statistics_twin, mut dweight_twin, mut dbias_twin] =
            [2 * channels, channels, channels].map(|len| vec![0.0; len]);
        let groups = channels;
        let s = &mut statistics_twin;
        norm_statistics(s, &x_twin, batch, groups, f64::from(EPSILON));
        norm_forward(&mut y_twin, &x_twin, s, &weight_twin, &bias_twin, batch, groups);
        norm_backward_input(
            &mut dx_twin,
            &x_twin,
            s,
            &weight_twin,
            &dy_twin,
            batch,
            groups,
            added,
        );
        norm_backward_weight(
            &mut dweight_twin,
            &mut dbias_twin,
            &x_twin,
            s,
            &dy_twin,
            batch,
            groups,
        );
        if passed {
            let before = y_twin.clone();
            twin::activation::activation_forward(&mut y_twin, &before, f64::from(SLOPE));
            twin::activation::activation_through(&mut dx_twin, &x_twin, f64::from(SLOPE));
        }
        close(p, &statistics, &statistics_twin);
        close(p, &y, &y_twin);
        close(p, &dx, &dx_twin);
        close(p, &dweight, &dweight_twin);
        close(p, &dbias, &dbias_twin);
    }
}

pub(super) fn activation(p: &mut Trial) {
    for slope in [0.0, 0.01] {
        let (x, dy) = (p.coarse(LEN), p.reals(LEN));
        let wide_slope = f64::from(slope);
        one_input(
            p,
            (&x, &dy),
            |y, x| cpu::activation::forward(y, x, slope),
            |sink, x, dy| cpu::activation::backward(sink, x, dy, slope),
            |y, x| twin::activation::activation_forward(y, x, wide_slope),
            |dx, x, dy, added| twin::activation::activation_backward(dx, x, dy, wide_slope, added),
        );
    }
}

pub(super) fn pool(p: &mut Trial) {
    let (x, dy) = (p.coarse(LEN), p.reals(HALF));
    one_input(
        p,
        (&x, &dy),
        |y, x| cpu::pool::forward(y, x, SHAPE),
        |sink, x, dy| cpu::pool::backward(sink, x, dy, SHAPE, &mut Scratch::default()),
        |y, x| twin::pool::pool_max_forward(y, x, BATCH),
        |dx, x, dy, added| twin::pool::pool_max_backward(dx, x, dy, BATCH, added),
    );
}

pub(super) fn upsample(p: &mut Trial) {
    use cpu::upsample::{bilinear_backward, bilinear_forward, nearest_backward, nearest_forward};
    use twin::upsample as twins;
    let (x, dy) = (p.coarse(LEN), p.reals(4 * LEN));
    one_input(
        p,
        (&x, &dy),
        |y, x| nearest_forward(y, x, SHAPE),
        |sink, _, dy| nearest_backward(sink, dy, SHAPE),
        |y, x| twins::upsample_nearest_forward(y, x, BATCH),
        |dx, _, dy, added| twins::upsample_nearest_backward(dx, dy, BATCH, added),
    );
    one_input(
        p,
        (&x, &dy),
        |y, x| bilinear_forward(y, x, SHAPE, &mut Scratch::default()),
        |sink, _, dy| bilinear_backward(sink, dy, SHAPE, &mut Scratch::default()),
        |y, x| twins::upsample_bilinear_forward(y, x, BATCH),
        |dx, _, dy, added| twins::upsample_bilinear_backward(dx, dy, BATCH, added),
    );
}

pub(super) fn sigmoid(p: &mut Trial) {
    // Up to where e^x passes the largest f32, on either side.
    let reals = p.reals(LEN);
    let x: Vec<f32> = reals
        .iter()
        .enumerate()
        .map(|(i, x)| x * [1.0, 8.0, 128.0][i % 3])
        .collect();
    let dy = p.reals(LEN);
    one_input(
        p,
        (&x, &dy),
        cpu::sigmoid::forward,
        cpu::sigmoid::backward,
        twin::sigmoid::sigmoid_forward,
        twin::sigmoid::sigmoid_backward,
    );
}

pub(super) fn concat(p: &mut Trial) {
    let (first, second) = (2 * PIXELS, 3 * PIXELS);
    let (x1, x2, dy) = (p.reals(first), p.reals(second), p.reals(LEN));
    let [x1_twin, x2_twin, dy_twin] = [&x1, &x2, &dy].map(|values| wide(values));
    let mut y = fresh(LEN);
    let [mut y_twin, mut dx1_twin, mut dx2_twin] = [LEN, first, second].map(|len| vec![0.0; len]);
    cpu::concat::forward(&mut y, &x1, &x2);
    twin::concat::concat_forward(&mut y_twin, &x1_twin, &x2_twin, 1);
    twin::concat::concat_backward(&mut dx1_twin, &mut dx2_twin, &dy_twin, 1, [false; 2]);
    close(p, &y, &y_twin);
    // Both, and each alone.
    for wanted in [[true, true], [true, false], [false, true]] {
        let (mut dx1, mut dx2) = (fresh(first), fresh(second));
        let targets = [
            wanted[0].then_some(&mut dx1[..]),
            wanted[1].then_some(&mut dx2[..]),
        ];
        cpu::concat::backward(targets, &dy, first);
        if wanted[0] {
            close(p, &dx1, &dx1_twin);
        }
        if wanted[1] {
            close(p, &dx2, &dx2_twin);
        }
    }
}

pub(super) fn add(p: &mut Trial) {
    let (x1, x2, dy) = (p.coarse(LEN), p.reals(LEN), p.reals(LEN));
    let wide_x2 = wide(&x2);
    one_input(
        p,
        (&x1, &dy),
        |y, x| cpu::add::forward(y, x, &x2),
        |sink, _, dy| cpu::add::backward(sink, dy),
        |y, x| twin::add::add_forward(y, x, &wide_x2),
        |dx, _, dy, added| twin::add::add_backward(dx, dy, added),
    );
}

pub(super) fn attend(p: &mut Trial) {
    let (x, map, dy) = (p.coarse(LEN), p.reals(PIXELS), p.reals(LEN));
    let wide_map = wide(&map);
    one_input(
        p,
        (&x, &dy),
        |y, x| cpu::attend::forward(y, x, &map),
        |sink, _, dy| cpu::attend::backward_input(sink, &map, dy),
        |y, x| twin::attend::attend_forward(y, x, &wide_map, BATCH),
        |dx, _, dy, added| twin::attend::attend_backward_input(dx, &wide_map, dy, BATCH, added),
    );
    for added in [true, false] {
        let mut dmap = p.reals(PIXELS);
        let mut expected = wide(&dmap);
        cpu::attend::backward_map(&mut dmap, &x, &dy, added);
        twin::attend::attend_backward_map(&mut expected, &wide(&x), &wide(&dy), BATCH, added);
        close(p, &dmap, &expected);
    }
}
