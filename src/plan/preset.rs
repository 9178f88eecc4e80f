//! What a run may be asked for: the sooner, the smaller.

use serde::{Deserialize, Serialize};

/// How much a run is to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Preset {
    Quick,
    Standard,
    Thorough,
}

/// Sizes of a run. Those of a preset stand in falling order: the first whose time the preset grants is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The most pixels along both axes; larger slices are shrunk.
    pub size: usize,
    /// Channels of the first level.
    pub width: usize,
    /// Slices of a batch.
    pub batch: usize,
    pub steps: u64,
}

const fn rung(size: usize, width: usize, batch: usize, steps: u64) -> Rung {
    Rung {
        size,
        width,
        batch,
        steps,
    }
}

/// On the sample that the page opens with, half of its 14 organs are found after 100 steps at 64 × 64 pixels, and ten after
/// 400; at 128 × 128 that takes 600 steps of four times the work, but 1000 steps find more. With a width of 8, few small
/// organs are found at all.
const QUICK: [Rung; 4] = [
    rung(64, 16, 4, 400),
    rung(64, 16, 4, 200),
    rung(64, 16, 4, 100),
    rung(64, 8, 4, 100),
];
const STANDARD: [Rung; 6] = [
    rung(128, 16, 4, 1000),
    rung(128, 16, 4, 600),
    rung(64, 16, 4, 600),
    rung(64, 16, 4, 400),
    rung(64, 16, 4, 200),
    rung(64, 8, 4, 200),
];
const THOROUGH: [Rung; 6] = [
    rung(256, 32, 8, 2000),
    rung(256, 16, 8, 2000),
    rung(128, 16, 4, 2000),
    rung(128, 16, 4, 1000),
    rung(64, 16, 4, 1000),
    rung(64, 16, 4, 400),
];

impl Preset {
    /// In rising order.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Standard, Self::Thorough];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quick => "Quick",
            Self::Standard => "Standard",
            Self::Thorough => "Thorough",
        }
    }

    /// What it is for, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Quick => "Small images and few steps: large classes are found within seconds.",
            Self::Standard => "As large a run as ends within about two minutes.",
            Self::Thorough => "As large a run as ends within about a quarter of an hour.",
        }
    }

    /// Seconds that it grants a run.
    #[must_use]
    pub fn budget_seconds(self) -> f64 {
        match self {
            Self::Quick => 45.0,
            Self::Standard => 120.0,
            Self::Thorough => 900.0,
        }
    }

    #[must_use]
    pub fn rungs(self) -> &'static [Rung] {
        match self {
            Self::Quick => &QUICK,
            Self::Standard => &STANDARD,
            Self::Thorough => &THOROUGH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SIZES, WIDTHS};
    use super::*;

    #[test]
    fn rungs_fall_and_the_page_offers_what_they_ask_for() {
        let work =
            |rung: &Rung| (rung.size * rung.size * rung.width * rung.width * rung.batch) as u64 * rung.steps;
        for preset in Preset::ALL {
            let rungs = preset.rungs();
            assert!(
                rungs.windows(2).all(|pair| work(&pair[1]) < work(&pair[0])),
                "{preset:?}"
            );
            for rung in rungs {
                assert!(
                    SIZES.contains(&rung.size) && WIDTHS.contains(&rung.width),
                    "{rung:?}"
                );
            }
        }
        let budgets = Preset::ALL.map(Preset::budget_seconds);
        assert!(budgets.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
