//! What is done to the slices of a training batch, drawn anew for every step.

use rand::RngExt;
use rand_pcg::Pcg32;
use serde::{Deserialize, Deserializer, Serialize};

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
    /// Moved along either axis by up to this share of the extent.
    pub shift: f64,
    /// Bent by a smooth random field that moves a pixel by up to this along either axis.
    pub elastic_pixels: f64,
    /// The image, 0 to 1, is raised to a power between 1 / (1 + this) and 1 + this.
    pub gamma: f64,
    /// Standard deviation of the noise added to the image, whose window is 0 to 1.
    pub noise: f64,
    /// This share of a batch's slices is drawn by class: a class at random, all alike, and then one of the slices that show
    /// it. The others come once an epoch each. Older records say all or nothing.
    #[serde(alias = "class_balanced", deserialize_with = "share")]
    pub by_class: f64,
}

/// A share, or what there was before: all or nothing.
fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Whole(bool),
        Share(f64),
    }
    // A format that does not say what it holds is none that anybody keeps.
    if !deserializer.is_human_readable() {
        return f64::deserialize(deserializer);
    }
    Ok(match Written::deserialize(deserializer)? {
        Written::Whole(whole) => f64::from(u8::from(whole)),
        Written::Share(share) => share,
    })
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
        let reaches = [self.rotation_degrees, self.scale, self.shift, self.elastic_pixels];
        self.flips || reaches.iter().any(|reach| *reach != 0.0)
    }

    /// How many of `batch` slices are drawn by class: at least one, if any is to be.
    #[must_use]
    pub fn drawn_by_class(&self, batch: usize) -> usize {
        if self.by_class == 0.0 {
            return 0;
        }
        let drawn = (self.by_class * batch as f64).round() as usize;
        drawn.clamp(batch.min(1), batch)
    }

    /// Whether and how, each part behind a dot; empty where slices come in turn and stay as they are.
    #[must_use]
    pub fn summary(&self) -> String {
        let unchanged = Self {
            by_class: self.by_class,
            ..Self::default()
        };
        let changed = if *self == unchanged { "" } else { " · augmented" };
        let balanced = if self.by_class > 0.0 {
            " · class-balanced"
        } else {
            ""
        };
        format!("{changed}{balanced}")
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        let ranges = [
            ("The rotation", self.rotation_degrees, 180.0),
            ("The change of scale", self.scale, 0.5),
            ("The shift", self.shift, 0.5),
            ("The elastic reach", self.elastic_pixels, ELASTIC_MOST),
            ("The change of gamma", self.gamma, 1.0),
            ("The noise", self.noise, 1.0),
            ("The share of slices drawn by class", self.by_class, 1.0),
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
        let seed = random.random();
        // Drawn only where it is asked for, so that runs without it go on as they did.
        let [right, below] = [width, height].map(|extent| {
            if self.shift == 0.0 {
                return 0.0;
            }
            self.shift * extent as f64 * (2.0 * random.random::<f64>() - 1.0)
        });
        // Where a pixel comes from: turned and scaled the other way round, about the centre.
        let [xx, xy] = [cos * across / size, sin * down / size];
        let [yx, yy] = [-sin * across / size, cos * down / size];
        let [x, y] = [width, height].map(|extent| (extent as f64 - 1.0) / 2.0);
        Draw {
            slice,
            seed,
            source: [
                xx,
                xy,
                x - xx * x - xy * y + right,
                yx,
                yy,
                y - yx * x - yy * y + below,
            ]
            .map(|value| value as f32),
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
    fn drawing_by_class_is_no_augmentation() {
        let plain = Augmentation::default();
        let by_class = Augmentation {
            by_class: 1.0,
            ..plain
        };
        let both = Augmentation {
            noise: 0.1,
            ..by_class
        };
        let summaries = [plain, by_class, both].map(|augmentation| augmentation.summary());
        assert_eq!(
            summaries,
            ["", " · class-balanced", " · augmented · class-balanced"]
        );
    }

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
            ..Augmentation::default()
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
    #[test]
    fn a_shift_moves_whole_slices_within_its_reach_and_changes_no_other_draw() {
        let turned = Augmentation {
            rotation_degrees: 20.0,
            noise: 0.1,
            ..Augmentation::default()
        };
        let shifted = Augmentation {
            shift: 0.25,
            ..turned
        };
        assert!(
            shifted.moves()
                && Augmentation {
                    shift: 0.1,
                    ..Augmentation::default()
                }
                .moves()
        );
        let [first, moved] = [turned, shifted].map(|one| one.draws(3, 5, &[4], GRID)[0]);
        assert_eq!((first.seed, first.gamma), (moved.seed, moved.gamma));
        let alone = Augmentation {
            shift: 0.25,
            ..Augmentation::default()
        };
        let (mut across, mut down) = (Vec::new(), Vec::new());
        for draw in alone.draws(1, 1, &[0; 400], GRID) {
            let [xx, xy, x0, yx, yy, y0] = draw.source;
            assert_eq!([xx, xy, yx, yy], [1.0, 0.0, 0.0, 1.0]);
            across.push(x0);
            down.push(y0);
        }
        // A quarter of 9 and of 6 pixels.
        for (places, most) in [(across, 2.25), (down, 1.5)] {
            let ends = places.iter().fold([f32::MAX, f32::MIN], |[low, high], place| {
                [low.min(*place), high.max(*place)]
            });
            assert!(ends[0] >= -most && ends[1] <= most, "{ends:?}");
            assert!(ends[0] < -0.9 * most && ends[1] > 0.9 * most, "{ends:?}");
        }
        assert!(Augmentation { shift: 0.6, ..turned }.validate().is_err());
    }

    #[test]
    fn a_share_of_the_batch_is_drawn_by_class_and_old_records_say_all_or_none() {
        let of = |by_class| Augmentation {
            by_class,
            ..Augmentation::default()
        };
        let drawn = [0.0, 0.1, 0.5, 1.0].map(|share| [1, 3, 4].map(|batch| of(share).drawn_by_class(batch)));
        assert_eq!(drawn, [[0, 0, 0], [1, 1, 1], [1, 2, 2], [1, 3, 4]]);
        let read = |json| serde_json::from_str::<Augmentation>(json).unwrap().by_class;
        assert_eq!(read("{}"), 0.0);
        assert_eq!(read(r#"{"class_balanced": true}"#), 1.0);
        assert_eq!(read(r#"{"class_balanced": false}"#), 0.0);
        assert_eq!(read(r#"{"by_class": 0.25}"#), 0.25);
        let half = of(0.5);
        let json = serde_json::to_string(&half).unwrap();
        assert_eq!(serde_json::from_str::<Augmentation>(&json).unwrap(), half);
        let bytes = postcard::to_stdvec(&half).unwrap();
        assert_eq!(postcard::from_bytes::<Augmentation>(&bytes).unwrap(), half);
        assert!(of(1.5).validate().is_err() && of(f64::NAN).validate().is_err());
    }
}
