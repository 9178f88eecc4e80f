//! The weights that come with the page.

use super::Settings;
use crate::net::{Kind, Unet};

/// A file of pretrained weights, and what they were trained for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Relative to the page.
    pub file: &'static str,
    /// Pixels along both axes of the slices that they were trained on.
    pub size: usize,
    pub width: usize,
    pub depth: usize,
    pub classes: usize,
}

/// Their card, relative to the page.
pub const SHIPPED_CARD: &str = "weights/README.md";

/// In rising order of size. All are plain UNets for one channel.
pub const SHIPPED: [Shipped; 2] = [
    Shipped {
        file: "weights/unet_w16_d4_64_abdomen_ct_a.safetensors",
        size: 64,
        width: 16,
        depth: 4,
        classes: 15,
    },
    Shipped {
        file: "weights/unet_w16_d4_128_abdomen_ct_a.safetensors",
        size: 128,
        width: 16,
        depth: 4,
        classes: 15,
    },
];

impl Shipped {
    /// The file for slices of `size` pixels: that of the nearest size, of two as near the larger. A network fits any size, but
    /// what it has learnt of organs belongs to pixels of one.
    #[must_use]
    pub fn nearest(size: usize) -> &'static Self {
        let ratio = |one: &&Self| {
            let [small, large] = [size.min(one.size), size.max(one.size)];
            large as f64 / small.max(1) as f64
        };
        let far = |one: &&Self, other: &&Self| ratio(one).total_cmp(&ratio(other));
        SHIPPED.iter().rev().min_by(far).unwrap_or(&SHIPPED[0])
    }

    /// In words.
    #[must_use]
    pub fn about(&self) -> String {
        let Self {
            size, width, depth, ..
        } = *self;
        format!(
            "A UNet {width} wide and {depth} deep, trained on the training slices of Abdomen CT A at {size} × {size} pixels."
        )
    }

    /// The network that they belong to.
    #[must_use]
    pub fn network(&self) -> Unet {
        Unet {
            classes: self.classes,
            width: self.width,
            depth: self.depth,
            ..Unet::default()
        }
    }

    /// The settings with its network.
    #[must_use]
    pub fn take(&self, settings: &Settings) -> Settings {
        Settings {
            kind: Kind::Plain,
            width: self.width,
            depth: self.depth,
            ..settings.clone()
        }
    }

    /// Whether they go with these settings, for so many input channels and classes.
    ///
    /// # Errors
    /// In words, what would have to be different.
    pub fn fit(&self, settings: &Settings, channels: usize, classes: usize) -> Result<(), String> {
        let Self { width, depth, .. } = *self;
        if classes != self.classes {
            Err(format!(
                "The shipped weights tell {} classes apart, and this study has {classes}. Start from random weights, or open the sample \
                 Abdomen CT A.",
                self.classes
            ))
        } else if channels != 1 {
            Err(format!(
                "The shipped weights take one channel, and here are {channels}. Start from random weights."
            ))
        } else if self.take(settings) != *settings {
            Err(format!(
                "The shipped weights belong to a UNet {width} wide and {depth} deep. Choose that network, width and depth, or start from \
                 random weights."
            ))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::SIZES;
    use super::*;
    use crate::net::read_safetensors;

    #[test]
    fn a_run_gets_the_file_of_the_nearest_size() {
        let sizes = SIZES.map(|size| Shipped::nearest(size).size);
        assert_eq!(sizes, [64, 64, 64, 128, 128, 128, 128]);
    }

    #[test]
    fn each_file_is_there_and_fits_its_network() {
        for shipped in &SHIPPED {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("www")
                .join(shipped.file);
            let graph = shipped.network().graph(shipped.size, shipped.size).unwrap();
            let arena = read_safetensors(&graph, &std::fs::read(path).unwrap()).unwrap();
            assert_eq!(arena.len(), graph.arena_len());
            assert!(arena.iter().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let shipped = &SHIPPED[0];
        let settings = shipped.take(&Settings {
            width: 8,
            kind: Kind::Residual,
            size: 64,
            ..Settings::default()
        });
        assert_eq!(shipped.fit(&settings, 1, 15), Ok(()));
        let fault =
            |settings: &Settings, channels, classes| shipped.fit(settings, channels, classes).unwrap_err();
        assert!(fault(&settings, 1, 3).contains("15 classes"));
        assert!(fault(&settings, 4, 15).contains("here are 4"));
        let deeper = Settings {
            depth: 5,
            ..settings.clone()
        };
        assert!(fault(&deeper, 1, 15).contains("16 wide and 4 deep"));
        let residual = Settings {
            kind: Kind::Residual,
            ..settings
        };
        assert!(shipped.fit(&residual, 1, 15).is_err());
    }
}
