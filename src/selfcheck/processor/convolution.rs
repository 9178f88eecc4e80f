//! The convolutions, on shapes that no tile divides.

use super::{SLOPE, Trial, WAYS, close, fresh, wide};
use crate::cpu::conv3x3::Packed;
use crate::cpu::{self, Scratch, Sink};
use crate::reference as twin;

/// C, H, W and the channels made of them: every remainder of eight outputs; less than a vector of pixels, a row, a column, and
/// more pixels than are worked on at once.
const SHAPES: [([usize; 3], usize); 6] = [
    ([5, 7, 9], 6),
    ([3, 5, 8], 9),
    ([2, 19, 31], 3),
    ([9, 1, 9], 8),
    ([8, 9, 1], 15),
    ([15, 11, 36], 4),
];

/// What a convolution is given.
struct Given {
    x: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
    dy: Vec<f32>,
    /// What is in the gradient of the input.
    dx: Vec<f32>,
    batch: [usize; 4],
    added: bool,
    passed: bool,
}

impl Given {
    fn new(p: &mut Trial, [c_in, h, w]: [usize; 3], c_out: usize, taps: usize, way: [bool; 2]) -> Self {
        let [added, passed] = way;
        Self {
            x: p.reals(c_in * h * w),
            weight: p.reals(c_out * c_in * taps),
            bias: p.reals(c_out),
            dy: p.reals(c_out * h * w),
            dx: p.reals(c_in * h * w),
            batch: [1, c_in, h, w],
            added,
            passed,
        }
    }

    fn sink<'a>(&'a self, dx: &'a mut [f32]) -> Sink<'a> {
        let sink = Sink::new(dx, self.added);
        if self.passed {
            sink.through(&self.x, SLOPE)
        } else {
            sink
        }
    }

    /// The gradient of the input as the twin leaves it.
    fn passed_on(&self, mut dx: Vec<f64>) -> Vec<f64> {
        if self.passed {
            twin::activation::activation_through(&mut dx, &wide(&self.x), f64::from(SLOPE));
        }
        dx
    }

    fn dbias(&self, c_out: usize) -> Vec<f64> {
        let [n, _, h, w] = self.batch;
        let mut dbias = vec![0.0; c_out];
        twin::channel_sum::channel_sum(&mut dbias, &wide(&self.dy), [n, c_out, h, w]);
        dbias
    }
}

pub(super) fn conv3x3(p: &mut Trial) {
    let mut scratch = Scratch::default();
    let ways = WAYS.into_iter().cycle();
    for ((shape, c_out), way) in SHAPES.into_iter().zip(ways) {
        let given = Given::new(p, shape, c_out, 9, way);
        let [mut packed, mut turned] = [Packed::default(), Packed::default()];
        packed.pack(&given.weight, c_out, shape[0]);
        turned.pack_turned(&given.weight, c_out, shape[0]);
        let (mut y, mut dweight, mut dbias) =
            (fresh(given.dy.len()), fresh(given.weight.len()), fresh(c_out));
        let mut dx = given.dx.clone();
        // With a bias and an activation at its end, or with neither.
        let finish = given.passed.then_some((&given.bias[..], SLOPE));
        let (bias, slope) = (finish.map(|(bias, _)| bias), finish.map(|(_, slope)| slope));
        cpu::conv3x3::forward(&mut y, &given.x, &packed, bias, slope, shape, &mut scratch);
        cpu::conv3x3::backward(
            &mut dweight,
            Some(&mut dbias),
            Some(given.sink(&mut dx)),
            &given.x,
            &given.dy,
            &turned,
            shape,
            &mut scratch,
        );

        let [x, weight, dy, mut dx_twin] = [&given.x, &given.weight, &given.dy, &given.dx].map(|v| wide(v));
        let bias = bias.map(wide);
        let (mut y_twin, mut dweight_twin) = (vec![0.0; dy.len()], vec![0.0; weight.len()]);
        {
            use twin::conv3x3::{conv3x3_backward_input, conv3x3_backward_weight, conv3x3_forward};
            conv3x3_forward(&mut y_twin, &x, &weight, bias.as_deref(), given.batch, c_out);
            conv3x3_backward_input(&mut dx_twin, &dy, &weight, given.batch, c_out, given.added);
            conv3x3_backward_weight(&mut dweight_twin, &x, &dy, given.batch, c_out);
        }
        if let Some(slope) = slope {
            let before = y_twin.clone();
            twin::activation::activation_forward(&mut y_twin, &before, f64::from(slope));
        }
        close(p, &y, &y_twin);
        close(p, &dx, &given.passed_on(dx_twin));
        close(p, &dweight, &dweight_twin);
        close(p, &dbias, &given.dbias(c_out));
    }
}

pub(super) fn conv1x1(p: &mut Trial) {
    let mut scratch = Scratch::default();
    let ways = WAYS.into_iter().cycle();
    for ((shape, c_out), way) in SHAPES.into_iter().zip(ways) {
        let given = Given::new(p, shape, c_out, 1, way);
        let pixels = shape[1] * shape[2];
        let (mut y, mut dweight, mut dbias) =
            (fresh(given.dy.len()), fresh(given.weight.len()), fresh(c_out));
        let mut dx = given.dx.clone();
        let bias = given.passed.then_some(&given.bias[..]);
        cpu::conv1x1::forward(&mut y, &given.x, &given.weight, bias, pixels);
        cpu::conv1x1::backward(
            &mut dweight,
            Some(&mut dbias),
            Some(given.sink(&mut dx)),
            &given.x,
            &given.dy,
            &given.weight,
            pixels,
            &mut scratch,
        );

        let [x, weight, dy, mut dx_twin] = [&given.x, &given.weight, &given.dy, &given.dx].map(|v| wide(v));
        let bias = bias.map(wide);
        let (mut y_twin, mut dweight_twin) = (vec![0.0; dy.len()], vec![0.0; weight.len()]);
        {
            use twin::conv1x1::{conv1x1_backward_input, conv1x1_backward_weight, conv1x1_forward};
            conv1x1_forward(&mut y_twin, &x, &weight, bias.as_deref(), given.batch, c_out);
            conv1x1_backward_input(&mut dx_twin, &dy, &weight, given.batch, c_out, given.added);
            conv1x1_backward_weight(&mut dweight_twin, &x, &dy, given.batch, c_out);
        }
        close(p, &y, &y_twin);
        close(p, &dx, &given.passed_on(dx_twin));
        close(p, &dweight, &dweight_twin);
        close(p, &dbias, &given.dbias(c_out));
    }
}
