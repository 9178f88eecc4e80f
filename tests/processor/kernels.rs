//! The convolutions on every remainder of a tile, and on images of one row and one column.

use contour_lab::cpu::conv3x3::Packed;
use contour_lab::cpu::{Scratch, Sink, conv1x1, conv3x3};
use contour_lab::reference::{activation, channel_sum, conv1x1 as twin1x1, conv3x3 as twin3x3};

use crate::{far, reals};

/// As a share of the largest: sums of some hundred numbers of size 1, which may all but cancel.
const CLOSE: f64 = 1e-5;
/// H and W: less than a vector, no multiple of one, and more pixels than are worked on at once.
const SIZES: [[usize; 2]; 6] = [[1, 1], [1, 9], [9, 1], [5, 7], [2, 50], [19, 31]];
/// Tiles are of 8, 4, 2 and 1 outputs: the first number of each remainder, then with two whole tiles before it.
const MOST: usize = 17;
const SLOPE: f32 = 0.1;

fn widen(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

/// Channels of input and output: all up to [`MOST`] on either side, since the gradient of the input has tiles of inputs.
fn channels() -> impl Iterator<Item = [usize; 2]> {
    (1..=MOST).flat_map(|count| [[3, count], [count, 2]])
}

/// What a convolution is given.
struct Given {
    x: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
    dy: Vec<f32>,
    /// What is in the gradient of the input.
    before: Vec<f32>,
    shape: [usize; 3],
    c_out: usize,
}

impl Given {
    fn new([c_in, c_out]: [usize; 2], [h, w]: [usize; 2], taps: usize) -> Self {
        let len = c_in * h * w;
        Self {
            x: reals(len, 1),
            weight: reals(c_out * c_in * taps, 2),
            bias: reals(c_out, 3),
            dy: reals(c_out * h * w, 4),
            before: reals(len, 5),
            shape: [c_in, h, w],
            c_out,
        }
    }

    fn batch(&self) -> [usize; 4] {
        let [c, h, w] = self.shape;
        [1, c, h, w]
    }
}

/// What a convolution gives: y, the gradients of weight and bias, of the input as it is written, and as it is added and passed
/// on.
type Outcome<T> = [Vec<T>; 5];

fn check(what: &str, given: &Given, got: &Outcome<f32>, mut expected: Outcome<f64>) {
    let [c, h, w] = given.shape;
    let dbias = &mut expected[2];
    channel_sum::channel_sum(dbias, &widen(&given.dy), [1, given.c_out, h, w]);
    for (i, (got, expected)) in got.iter().zip(&expected).enumerate() {
        let off = far(got, expected);
        let outputs = given.c_out;
        assert!(
            off <= CLOSE,
            "{what} {c} to {outputs} on {h} × {w}: {i} is off by {off}"
        );
    }
}

#[test]
fn a_3x3_convolution_on_every_remainder() {
    let mut scratch = Scratch::default();
    for size in SIZES {
        for channels in channels() {
            let given = Given::new(channels, size, 9);
            let (shape, c_out) = (given.shape, given.c_out);
            let [mut packed, mut turned] = [Packed::default(), Packed::default()];
            packed.pack(&given.weight, c_out, shape[0]);
            turned.pack_turned(&given.weight, c_out, shape[0]);
            let fresh = |len| vec![f32::NAN; len];
            let (mut y, mut dw, mut db) = (fresh(given.dy.len()), fresh(given.weight.len()), fresh(c_out));
            let (mut dx, mut added) = (fresh(given.x.len()), given.before.clone());
            let (bias, slope) = (Some(&given.bias[..]), Some(SLOPE));
            conv3x3::forward(&mut y, &given.x, &packed, bias, slope, shape, &mut scratch);
            for sink in [
                Sink::new(&mut dx, false),
                Sink::new(&mut added, true).through(&given.x, SLOPE),
            ] {
                let (x, dy, sink) = (&given.x, &given.dy, Some(sink));
                conv3x3::backward(&mut dw, Some(&mut db), sink, x, dy, &turned, shape, &mut scratch);
            }

            let [x, weight, bias, dy] = [&given.x, &given.weight, &given.bias, &given.dy].map(|v| widen(v));
            let mut before = vec![0.0; y.len()];
            twin3x3::conv3x3_forward(&mut before, &x, &weight, Some(&bias), given.batch(), c_out);
            let mut expected = vec![0.0; y.len()];
            activation::activation_forward(&mut expected, &before, f64::from(SLOPE));
            let mut wide_dw = vec![0.0; weight.len()];
            twin3x3::conv3x3_backward_weight(&mut wide_dw, &x, &dy, given.batch(), c_out);
            let (mut wide_dx, mut wide_added) = (vec![0.0; x.len()], widen(&given.before));
            twin3x3::conv3x3_backward_input(&mut wide_dx, &dy, &weight, given.batch(), c_out, false);
            twin3x3::conv3x3_backward_input(&mut wide_added, &dy, &weight, given.batch(), c_out, true);
            activation::activation_through(&mut wide_added, &x, f64::from(SLOPE));
            let expected = [expected, wide_dw, vec![0.0; c_out], wide_dx, wide_added];
            check("3 × 3", &given, &[y, dw, db, dx, added], expected);
        }
    }
}

#[test]
fn a_1x1_convolution_on_every_remainder() {
    let mut scratch = Scratch::default();
    for size in SIZES {
        for channels in channels() {
            let given = Given::new(channels, size, 1);
            let c_out = given.c_out;
            let pixels = size[0] * size[1];
            let fresh = |len| vec![f32::NAN; len];
            let (mut y, mut dw, mut db) = (fresh(given.dy.len()), fresh(given.weight.len()), fresh(c_out));
            let (mut dx, mut added) = (fresh(given.x.len()), given.before.clone());
            conv1x1::forward(&mut y, &given.x, &given.weight, Some(&given.bias), pixels);
            for sink in [
                Sink::new(&mut dx, false),
                Sink::new(&mut added, true).through(&given.x, SLOPE),
            ] {
                let (x, dy, weight) = (&given.x, &given.dy, &given.weight);
                conv1x1::backward(
                    &mut dw,
                    Some(&mut db),
                    Some(sink),
                    x,
                    dy,
                    weight,
                    pixels,
                    &mut scratch,
                );
            }

            let [x, weight, bias, dy] = [&given.x, &given.weight, &given.bias, &given.dy].map(|v| widen(v));
            let mut expected = vec![0.0; y.len()];
            twin1x1::conv1x1_forward(&mut expected, &x, &weight, Some(&bias), given.batch(), c_out);
            let mut wide_dw = vec![0.0; weight.len()];
            twin1x1::conv1x1_backward_weight(&mut wide_dw, &x, &dy, given.batch(), c_out);
            let (mut wide_dx, mut wide_added) = (vec![0.0; x.len()], widen(&given.before));
            twin1x1::conv1x1_backward_input(&mut wide_dx, &dy, &weight, given.batch(), c_out, false);
            twin1x1::conv1x1_backward_input(&mut wide_added, &dy, &weight, given.batch(), c_out, true);
            activation::activation_through(&mut wide_added, &x, f64::from(SLOPE));
            let expected = [expected, wide_dw, vec![0.0; c_out], wide_dx, wide_added];
            check("1 × 1", &given, &[y, dw, db, dx, added], expected);
        }
    }
}
