//! What is done to the slices of a training batch, drawn anew for every step.

use rand::RngExt;
use rand_pcg::Pcg32;
use serde::{Deserialize, Serialize};

use super::Error;
use crate::net::Draw;

/// How far training slices are changed at random; all off by default. Image and label move together, and the contour is
/// that of the moved label. Validation and prediction see the slices as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Augmentation {
    /// Mirrored left to right and top to bottom, each in half of the draws.
    pub flips: bool,
    /// Turned about the centre by up to this to either side.
    pub rotation_degrees: f64,
    /// Larger or smaller by up to this share: 0.1 is ±10 %.
    pub scale: f64,
    /// Bent by a smooth random field that moves a pixel by up to this along either axis.
    pub elastic_pixels: f64,
    /// The image, 0 to 1, is raised to a power between 1 / (1 + this) and 1 + this.
    pub gamma: f64,
    /// Standard deviation of the noise added to the image, whose window is 0 to 1.
    pub noise: f64,
    /// Slices are not taken once an epoch each: a class is drawn, all alike, and then one of the slices that show it.
    pub class_balanced: bool,
}

/// Pixels between two nodes of the elastic field.
const ELASTIC_CELL: f64 = 24.0;
/// Beyond this the field would fold: its slope is at most 1.5 times the difference of two nodes, up to twice the reach,
/// over their distance.
pub const ELASTIC_MOST: f64 = ELASTIC_CELL / 3.0;

impl Augmentation {
    /// Whether labels move.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.flips || self.rotation_degrees != 0.0 || self.scale != 0.0 || self.elastic_pixels != 0.0
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        let ranges = [
            ("The rotation", self.rotation_degrees, 180.0),
            ("The change of scale", self.scale, 0.5),
            ("The elastic reach", self.elastic_pixels, ELASTIC_MOST),
            ("The change of gamma", self.gamma, 1.0),
            ("The noise", self.noise, 1.0),
        ];
        for (name, value, high) in ranges {
            if !(0.0..=high).contains(&value) {
                return Err(Error::Range {
                    name,
                    value,
                    low: 0.0,
                    high,
                });
            }
        }
        Ok(())
    }

    /// What becomes of the slices of a step, on a grid of `grid` pixels (width, height). The same seed and step give the
    /// same draws.
    #[must_use]
    pub fn draws(&self, seed: u64, step: u64, slices: &[u32], grid: [usize; 2]) -> Vec<Draw> {
        let mut random = Pcg32::new(seed, step);
        slices
            .iter()
            .map(|slice| self.draw(&mut random, *slice, grid))
            .collect()
    }

    fn draw(&self, random: &mut Pcg32, slice: u32, [width, height]: [usize; 2]) -> Draw {
        let mut within = |most: f64| most * (2.0 * random.random::<f64>() - 1.0);
        let (sin, cos) = within(self.rotation_degrees).to_radians().sin_cos();
        let size = 1.0 + within(self.scale);
        let gamma = (1.0 + self.gamma).powf(within(1.0));
        let [across, down] = [(); 2].map(|()| {
            if self.flips && within(1.0) < 0.0 {
                -1.0
            } else {
                1.0
            }
        });
        // Where a pixel comes from: turned and scaled the other way round, about the centre.
        let [xx, xy] = [cos * across / size, sin * down / size];
        let [yx, yy] = [-sin * across / size, cos * down / size];
        let [x, y] = [width, height].map(|extent| (extent as f64 - 1.0) / 2.0);
        Draw {
            slice,
            seed: random.random(),
            source: [xx, xy, x - xx * x - xy * y, yx, yy, y - yx * x - yy * y].map(|value| value as f32),
            gamma: gamma as f32,
            noise: self.noise as f32,
            elastic: self.elastic_pixels as f32,
            cell: ELASTIC_CELL as f32,
            ..Draw::plain(slice)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: [usize; 2] = [9, 6];

    #[test]
    fn switched_off_it_draws_plain_slices() {
        let draws = Augmentation::default().draws(3, 5, &[4, 1], GRID);
        let plain = |draw: &Draw| Draw {
            seed: 0,
            cell: 1.0,
            ..*draw
        };
        assert_eq!(
            draws.iter().map(plain).collect::<Vec<_>>(),
            [4, 1].map(Draw::plain)
        );
    }

    #[test]
    fn seed_and_step_decide_the_draws() {
        let all = Augmentation {
            flips: true,
            rotation_degrees: 20.0,
            scale: 0.1,
            gamma: 0.2,
            noise: 0.05,
            elastic_pixels: 3.0,
            class_balanced: true,
        };
        let draws = all.draws(3, 5, &[4, 1], GRID);
        assert_eq!(draws, all.draws(3, 5, &[4, 1], GRID));
        assert_ne!(draws, all.draws(3, 6, &[4, 1], GRID));
        assert_ne!(draws, all.draws(4, 5, &[4, 1], GRID));
        for draw in all.draws(1, 1, &[0; 200], GRID) {
            let [xx, xy, x0, yx, yy, y0] = draw.source;
            let area = 1.0 / (xx * yy - xy * yx).abs();
            assert!(
                (0.8..=1.22).contains(&area) && (0.83..=1.2).contains(&draw.gamma),
                "{draw:?}"
            );
            assert!((4.0 * xx + 2.5 * xy + x0 - 4.0).abs() <= 1e-5, "the centre stays");
            assert!((4.0 * yx + 2.5 * yy + y0 - 2.5).abs() <= 1e-5, "the centre stays");
        }
    }

    #[test]
    fn flips_alone_take_whole_pixels() {
        let flips = Augmentation {
            flips: true,
            ..Augmentation::default()
        };
        let draws = flips.draws(1, 1, &[0; 64], GRID);
        for mirrored in [[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]] {
            let [x, y] = mirrored;
            let [x0, y0] = [if x < 0.0 { 8.0 } else { 0.0 }, if y < 0.0 { 5.0 } else { 0.0 }];
            let source = [x, 0.0, x0, 0.0, y, y0];
            assert!(draws.iter().any(|draw| draw.source == source), "{source:?}");
        }
    }
}
