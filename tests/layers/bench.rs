//! Inputs and results on both sides, and their comparison.

use contour_lab::gpu::{Context, Recording, Request, Tensor};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

/// Sums of up to some thousand terms of size 1 in f32 against f64, as a share of the largest result: random
/// roundings grow with the root of the number of terms, 60 × 6e-8.
pub(crate) const RELATIVE: f64 = 4e-6;

/// Batch, channels, height and width: tiles cut on every side, quads of a row that are whole, one pixel, one
/// row, one column, and enough pixels for many strips.
pub(crate) const SHAPES: [[usize; 4]; 7] = [
    [2, 5, 7, 9],
    [1, 3, 5, 8],
    [3, 4, 6, 4],
    [1, 1, 1, 1],
    [2, 2, 1, 6],
    [2, 7, 3, 1],
    [2, 9, 34, 40],
];

pub(crate) struct Bench {
    pub(crate) context: Context,
    random: Pcg32,
}

/// What a tensor starts with, on both sides.
#[derive(Clone)]
pub(crate) struct Numbers {
    pub(crate) gpu: Tensor,
    pub(crate) twin: Vec<f64>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            context: pollster::block_on(Context::poisoned(Request::Software)).unwrap(),
            random: Pcg32::seed_from_u64(7),
        }
    }

    pub(crate) fn numbers(&mut self, len: usize) -> Numbers {
        let values: Vec<f32> = (0..len)
            .map(|_| 2.0 * self.random.random::<f32>() - 1.0)
            .collect();
        let gpu = Tensor::from_slice(&self.context, "numbers", &values).unwrap();
        let twin = values.into_iter().map(f64::from).collect();
        Numbers { gpu, twin }
    }

    /// A result: NaN where it is written, numbers where it is added to.
    pub(crate) fn result(&mut self, len: usize, accumulate: bool) -> Numbers {
        if accumulate {
            return self.numbers(len);
        }
        let gpu = Tensor::new(&self.context, "result", len).unwrap();
        Numbers {
            gpu,
            twin: vec![f64::NAN; len],
        }
    }

    pub(crate) fn play(&self, record: impl FnOnce(&mut Recording)) {
        let mut recording = Recording::new(&self.context);
        record(&mut recording);
        self.context.submit(|encoder| recording.replay(encoder));
    }

    pub(crate) fn agree(&self, what: &str, numbers: &Numbers) {
        let mut got: Vec<f32> = pollster::block_on(numbers.gpu.read(&self.context)).unwrap();
        assert!(numbers.twin.iter().any(|value| *value != 0.0), "{what}: all zero");
        let difference = |got: &[f32]| difference(got, &numbers.twin);
        assert!(
            difference(&got) <= RELATIVE,
            "{what}: off by {}",
            difference(&got)
        );
        let last = got.len() - 1;
        got[last] += 1e-4 + got[last].abs() * 1e-4;
        assert!(
            difference(&got) > RELATIVE,
            "{what}: a wrong element went unnoticed"
        );
        assert_eq!(self.context.fault(), None, "{what}");
    }
}

/// The largest difference as a share of the largest expectation, or of 1; NaN counts as infinite.
fn difference(got: &[f32], expected: &[f64]) -> f64 {
    let scale = expected
        .iter()
        .fold(1.0_f64, |scale, value| scale.max(value.abs()));
    let pairs = got.iter().zip(expected);
    let largest = pairs.fold(0.0_f64, |largest, (got, expected)| {
        let difference = (f64::from(*got) - expected).abs();
        if difference.is_nan() {
            f64::INFINITY
        } else {
            largest.max(difference)
        }
    });
    largest / scale
}
