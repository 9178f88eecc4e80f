//! Data and initial weights of a workload, to the last bit what `www/bench/workloads.js` and `given.js` make: the
//! other libraries are given those.

use super::workloads::Convolution;
use super::{Given, Kind, Spec};

const WEIGHTS: u32 = 1234;
const DATA: u32 = 77;
const LOGITS: u32 = 99;

/// Numbers from 0 to 1, the same everywhere.
struct Mulberry32(u32);

impl Mulberry32 {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x6d2b_79f5);
        let a = self.0;
        let mut t = (a ^ (a >> 15)).wrapping_mul(a | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 61));
        f64::from(t ^ (t >> 14)) / 4_294_967_296.0
    }
}

impl Given {
    /// What the workload is given.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        let (images, labels) = discs(spec);
        let (names, weights) = weights(spec).into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        Self {
            labels,
            values: if spec.kind == Kind::Loss {
                logits(spec)
            } else {
                images
            },
            names,
            weights: weights.concat(),
        }
    }
}

/// Images (N, 1, H, W) of discs and noise; labels (N, H, W), the disc's class.
fn discs(spec: &Spec) -> (Vec<f32>, Vec<u32>) {
    let mut random = Mulberry32(DATA);
    let [height, width] = [spec.height as f64, spec.width as f64];
    let (mut images, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..spec.images {
        let mut discs = Vec::new();
        for class in 1..spec.classes as u32 {
            for _ in 0..2 {
                let (row, column) = (random.next() * height, random.next() * width);
                discs.push((class, row, column, (0.06 + 0.1 * random.next()) * height));
            }
        }
        for i in 0..spec.height {
            for j in 0..spec.width {
                let holds = |&&(_, row, column, radius): &&(u32, f64, f64, f64)| {
                    let [down, right] = [i as f64 - row, j as f64 - column];
                    down * down + right * right < radius * radius
                };
                // A later disc covers an earlier one.
                let class = discs.iter().rfind(holds).map_or(0, |disc| disc.0);
                labels.push(class);
                images.push((0.3 * f64::from(class) - 0.4 + (random.next() - 0.5)) as f32);
            }
        }
    }
    (images, labels)
}

/// (N, K, H, W), between −2 and 2; drawn with the class as the last axis.
fn logits(spec: &Spec) -> Vec<f32> {
    let mut random = Mulberry32(LOGITS);
    let (pixels, classes) = (spec.height * spec.width, spec.classes);
    let mut logits = vec![0.0; spec.images * classes * pixels];
    for image in logits.chunks_exact_mut(classes * pixels) {
        for pixel in 0..pixels {
            for class in 0..classes {
                image[class * pixels + pixel] = ((random.next() - 0.5) * 4.0) as f32;
            }
        }
    }
    logits
}

/// Each parameter's name and values. Weights are He-uniform, biases and shifts 0, scales 1. A convolution before an
/// instance norm has no bias with us, because the norm takes it out again.
fn weights(spec: &Spec) -> Vec<(String, Vec<f32>)> {
    let mut random = Mulberry32(WEIGHTS);
    let mut all = Vec::new();
    for conv in spec.convolutions() {
        let Convolution { name, outputs, .. } = &conv;
        all.push((format!("{name}.weight"), he_uniform(&conv, &mut random)));
        if let (Some(half), Some(_)) = (conv.half, &spec.norm) {
            let norm = name.replace(&format!("conv{half}"), &format!("norm{half}"));
            all.push((format!("{norm}.weight"), vec![1.0; *outputs]));
            all.push((format!("{norm}.bias"), vec![0.0; *outputs]));
        } else {
            all.push((format!("{name}.bias"), vec![0.0; *outputs]));
        }
    }
    all
}

/// (`C_out`, `C_in`, rows, columns). Drawn as (rows, columns, `C_in`, `C_out`) with what comes up before the skip;
/// our decoder has the skip first.
fn he_uniform(conv: &Convolution, random: &mut Mulberry32) -> Vec<f32> {
    let Convolution {
        inputs,
        outputs,
        joins,
        ..
    } = *conv;
    let taps = conv.kernel * conv.kernel;
    let limit = (6.0 / (taps * inputs) as f64).sqrt();
    let up = inputs.saturating_sub(outputs);
    let place = |input: usize| match joins {
        true if input < up => outputs + input,
        true => input - up,
        false => input,
    };
    let mut weights = vec![0.0; taps * inputs * outputs];
    for tap in 0..taps {
        for input in 0..inputs {
            for output in 0..outputs {
                let value = (random.next() * 2.0 - 1.0) * limit;
                weights[(output * inputs + place(input)) * taps + tap] = value as f32;
            }
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tells orders apart, too.
    fn weighted_sum(values: impl Iterator<Item = f64>) -> f64 {
        values
            .zip((1..=1000).cycle())
            .map(|(value, weight)| value * f64::from(weight))
            .sum()
    }

    fn sums(given: &Given) -> [f64; 3] {
        let wide = |values: &[f32]| weighted_sum(values.iter().map(|value| f64::from(*value)));
        let labels = weighted_sum(given.labels.iter().map(|class| f64::from(*class)));
        [labels, wide(&given.values), wide(&given.weights)]
    }

    /// The sums are those of `given(spec)` in www/bench/given.js, added in the same order: equal to the last bit.
    #[test]
    fn numbers_are_those_of_the_page() {
        for (name, expected) in [
            (
                "U-4-tiny",
                [504_553.0, -244_783.682_353_613_3, -2_700.009_838_287_282],
            ),
            (
                "U-8-64",
                [1_764_414.0, -1_048_003.946_128_790_7, -5_500.753_626_680_02],
            ),
            (
                "U-8-64-IN",
                [1_764_414.0, -1_048_003.946_128_790_7, 61_439.482_728_699_375],
            ),
            (
                "U-16",
                [13_423_497.0, -8_980_164.581_069_984, 6_954.234_388_245_495],
            ),
            (
                "C-16",
                [13_423_497.0, -8_980_164.581_069_984, 6_954.234_388_245_495],
            ),
            (
                "U-32-256",
                [27_956_802.0, -17_775_346.718_594_734, 84_703.642_449_108_84],
            ),
            ("L-64", [6_749_586.0, 192_126.399_188_488_72, 0.0]),
            ("L-256", [110_445_423.0, -660_126.114_710_402_7, 0.0]),
        ] {
            let given = Given::of(&Spec::named(name).unwrap());
            assert_eq!(sums(&given), expected, "{name}");
        }
    }

    /// Printed by `bench/dump-init.mjs`.
    #[test]
    fn first_numbers_are_those_that_are_dumped() {
        let given = Given::of(&Spec::named("U-8-64").unwrap());
        let images = [
            -0.483_416_169_881_820_7,
            -0.393_412_977_457_046_5,
            0.076_548_278_331_756_59,
            -0.842_476_546_764_373_8,
        ];
        let wide = |values: &[f32]| {
            values[..4]
                .iter()
                .map(|value| f64::from(*value))
                .collect::<Vec<_>>()
        };
        assert_eq!(wide(&given.values), images);
        let weights = [
            -0.696_806_371_212_005_6,
            -0.165_047_138_929_367_07,
            -0.005_808_318_499_475_717_5,
            0.225_423_201_918_602,
        ];
        assert_eq!(wide(&given.weights), weights);
        assert_eq!(given.labels.iter().position(|class| *class > 0), Some(6));
        let logits = Given::of(&Spec::named("L-64").unwrap()).values;
        let dumped = [
            -0.958_136_737_346_649_2,
            -1.995_445_132_255_554_2,
            -0.413_685_977_458_953_86,
            -0.644_569_277_763_366_7,
        ];
        assert_eq!(wide(&logits), dumped);
    }

    #[test]
    fn names_are_those_of_the_network() {
        for name in ["U-4-tiny", "U-8-64-IN", "U-32-256"] {
            let spec = Spec::named(name).unwrap();
            let arena = Given::of(&spec).arena(&spec.graph().unwrap());
            assert!(arena.is_ok(), "{name}: {arena:?}");
        }
    }
}
