//! What the network sees of a voxel's value: clipped, brought to 0…1, and standardised where that is asked for.

use serde::{Deserialize, Serialize};

use super::Error;

/// Of one channel. Everything that it says of an image is worked out for each subject by itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Normalisation {
    /// Clipped to two values in the file's units, which become 0 and 1: the way of CT, whose units mean the same in
    /// every scan.
    Window { low: f64, high: f64 },
    /// Clipped to two percentiles of all voxels, which become 0 and 1.
    Percentiles { low: f64, high: f64 },
    /// Clipped to two percentiles of the foreground, whose mean then becomes 0 and whose standard deviation 1. Foreground
    /// are the voxels that are not 0: the inside of a mask, where the image has one.
    ZScore { low: f64, high: f64 },
}

/// A normalisation worked out for one image: a value v becomes (clip(v, low, high) − zero) / (one − zero).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intensity {
    /// What is below is raised to this.
    pub low: f32,
    /// What is above is lowered to this.
    pub high: f32,
    /// The value that becomes 0.
    pub zero: f32,
    /// The value that becomes 1.
    pub one: f32,
}

impl Normalisation {
    /// The usual cut of MR: 0.5 to 99.5 %.
    pub const USUAL_PERCENT: [f64; 2] = [0.5, 99.5];

    /// # Errors
    /// [`Error::Window`] where the lower limit is not below the upper one, or percentiles are no percentages.
    pub fn resolve(&self, values: &[f32]) -> Result<Intensity, Error> {
        let (Self::Window { low, high } | Self::Percentiles { low, high } | Self::ZScore { low, high }) =
            *self;
        let is_percent = !matches!(self, Self::Window { .. });
        if !(low < high) || is_percent && !(low >= 0.0 && high <= 100.0) {
            let (low, high) = (low as f32, high as f32);
            return Err(Error::Window { low, high });
        }
        Ok(match self {
            Self::Window { .. } => Intensity::between(low as f32, high as f32),
            Self::Percentiles { .. } => {
                let [low, high] = percentiles(values.iter().copied(), [low, high]);
                Intensity::between(low, high)
            }
            Self::ZScore { .. } => {
                let foreground = || values.iter().copied().filter(|value| *value != 0.0);
                let [low, high] = percentiles(foreground(), [low, high]);
                let clipped = Intensity::between(low, high);
                let [mean, deviation] = moments(foreground().map(|value| clipped.clip(value)));
                Intensity {
                    zero: mean as f32,
                    one: (mean + deviation.max(f64::from(clipped.high - clipped.low) * 1e-6)) as f32,
                    ..clipped
                }
            }
        })
    }
}

impl Intensity {
    /// `low` becomes 0 and `high` 1; of an image with a single value, all becomes 0.
    #[must_use]
    pub fn between(low: f32, high: f32) -> Self {
        let high = if low < high {
            high
        } else {
            low + low.abs().max(1.0)
        };
        Self {
            low,
            high,
            zero: low,
            one: high,
        }
    }

    fn clip(&self, value: f32) -> f32 {
        if value.is_finite() {
            value.clamp(self.low, self.high)
        } else {
            self.low
        }
    }

    /// 0 at the lower cut and 1 at the upper one; what is no number lies at the lower one.
    #[must_use]
    pub fn share(&self, value: f32) -> f32 {
        (self.clip(value) - self.low) / (self.high - self.low)
    }

    /// Factor and summand that make what the network sees of a share.
    #[must_use]
    pub fn scaling(&self) -> [f32; 2] {
        if (self.zero, self.one) == (self.low, self.high) {
            return [1.0, 0.0];
        }
        let unit = self.one - self.zero;
        [(self.high - self.low) / unit, (self.low - self.zero) / unit]
    }

    /// What the network sees of a value.
    #[must_use]
    pub fn seen(&self, value: f32) -> f32 {
        let [factor, summand] = self.scaling();
        factor * self.share(value) + summand
    }
}

/// Some 100,000 values give percentiles to a fraction of a grey level.
const ENOUGH: usize = 100_000;

/// Values below which so many percent of the finite ones lie, by the nearest rank among an even sample of them.
#[must_use]
pub fn percentiles(values: impl Iterator<Item = f32> + Clone, percent: [f64; 2]) -> [f32; 2] {
    let finite = values.filter(|value| value.is_finite());
    let stride = (finite.clone().count() / ENOUGH).max(1);
    let mut some: Vec<f32> = finite.step_by(stride).collect();
    some.sort_by(f32::total_cmp);
    percent.map(|percent| {
        let rank = percent / 100.0 * some.len().saturating_sub(1) as f64;
        some.get(rank.round() as usize).copied().unwrap_or(0.0)
    })
}

/// Mean and standard deviation.
fn moments(values: impl Iterator<Item = f32>) -> [f64; 2] {
    let (mut count, mut sum, mut squares) = (0.0_f64, 0.0, 0.0);
    for value in values.map(f64::from) {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    let mean = sum / count.max(1.0);
    [mean, (squares / count.max(1.0) - mean * mean).max(0.0).sqrt()]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half of it lies outside of the mask; the other half runs from 1 to 1000.
    fn masked() -> Vec<f32> {
        (1..=1000_u16).flat_map(|value| [0.0, f32::from(value)]).collect()
    }

    #[test]
    fn a_window_is_clipped_to_zero_and_one() {
        let window = Normalisation::Window {
            low: -160.0,
            high: 240.0,
        };
        let seen = window.resolve(&[]).unwrap();
        for (value, expected) in [
            (-1000.0, 0.0),
            (-160.0, 0.0),
            (40.0, 0.5),
            (240.0, 1.0),
            (f32::NAN, 0.0),
        ] {
            assert!((seen.seen(value) - expected).abs() <= f32::EPSILON, "{value}");
        }
    }

    #[test]
    fn percentiles_are_of_all_voxels_and_the_z_score_of_those_within_the_mask() {
        let (low, high) = (0.5, 99.5);
        let all = Normalisation::Percentiles { low, high }
            .resolve(&masked())
            .unwrap();
        // Of 2000 values, rank 10 from below is outside of the mask, and ten lie above rank 1989.
        assert_eq!([all.low, all.high], [0.0, 990.0]);
        let within = Normalisation::ZScore { low, high }.resolve(&masked()).unwrap();
        assert_eq!([within.low, within.high], [6.0, 995.0]);
        let seen: Vec<f64> = masked()
            .iter()
            .filter(|value| **value != 0.0)
            .map(|value| f64::from(within.seen(*value)))
            .collect();
        let mean = seen.iter().sum::<f64>() / 1000.0;
        let variance = seen.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 1000.0;
        // 32-bit values near 1, a thousand of them.
        assert!(
            mean.abs() <= 1e-5 && (variance - 1.0).abs() <= 1e-5,
            "{mean} {variance}"
        );
    }

    #[test]
    fn the_share_and_its_scaling_give_what_is_seen() {
        let intensity = Intensity {
            low: -3.0,
            high: 9.0,
            zero: 2.0,
            one: 6.0,
        };
        assert_eq!(intensity.scaling(), [3.0, -1.25]);
        assert_eq!(
            [-9.0, 2.0, 6.0, 20.0].map(|value| intensity.seen(value)),
            [-1.25, 0.0, 1.0, 1.75]
        );
    }

    #[test]
    fn limits_that_mean_nothing_are_refused_and_a_flat_image_is_not() {
        for wrong in [
            Normalisation::Window { low: 1.0, high: 1.0 },
            Normalisation::Percentiles {
                low: -1.0,
                high: 50.0,
            },
            Normalisation::ZScore {
                low: 0.0,
                high: 101.0,
            },
            Normalisation::ZScore {
                low: f64::NAN,
                high: 99.0,
            },
        ] {
            assert!(
                matches!(wrong.resolve(&[1.0]), Err(Error::Window { .. })),
                "{wrong:?}"
            );
        }
        for values in [vec![7.0; 9], vec![0.0; 9], Vec::new()] {
            let (low, high) = (0.5, 99.5);
            let z = Normalisation::ZScore { low, high }.resolve(&values).unwrap();
            assert!(z.seen(7.0).is_finite() && z.seen(0.0).is_finite());
        }
    }
}
