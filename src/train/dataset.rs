//! The slices of one study on the grid that the network sees.

use super::{Error, Fit, Recipe, Split};
use crate::loss::Facts;

/// Images and reference labels, ready for the network.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// (D, C, H, W), scaled so that the window is 0 to 1 and clipped to it.
    pub images: Vec<f32>,
    /// (D, H, W), class numbers.
    pub labels: Vec<u32>,
    /// D.
    pub slices: usize,
    /// C.
    pub channels: usize,
    /// Background included.
    pub classes: usize,
    pub fit: Fit,
    pub split: Split,
}

/// What a data set is made of: axial slices in the order of the volume.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// (D, H, W) in the file's units.
    pub image: &'a [f32],
    /// (D, H, W), class numbers.
    pub labels: &'a [u8],
    /// W, H, D.
    pub shape: [usize; 3],
    /// Background included.
    pub classes: usize,
    /// The intensities that become 0 and 1.
    pub window: [f32; 2],
}

impl Dataset {
    /// Fits every slice to a grid of `grid` pixels (width, height). Without a `split`, slabs are made.
    ///
    /// # Errors
    /// When image and labels differ in shape, the window is empty, a class number is out of range, the split
    /// names a slice that is not there, or no slice is left to train on.
    pub fn new(source: Source<'_>, grid: [usize; 2], split: Option<Split>) -> Result<Self, Error> {
        let [width, height, slices] = source.shape;
        let area = width * height;
        if source.image.len() != area * slices || source.labels.len() != area * slices {
            return Err(Error::Shape {
                image: source.image.len(),
                labels: source.labels.len(),
                shape: source.shape,
            });
        }
        if let Some(label) = source
            .labels
            .iter()
            .find(|label| usize::from(**label) >= source.classes)
        {
            return Err(Error::Label {
                label: *label,
                classes: source.classes,
            });
        }
        let [low, high] = source.window;
        if !(low < high) {
            return Err(Error::Window { low, high });
        }
        let planes = || source.labels.chunks_exact(area.max(1));
        let split = split.unwrap_or_else(|| {
            Split::slabs(
                &planes()
                    .map(|plane| plane.iter().any(|label| *label > 0))
                    .collect::<Vec<_>>(),
            )
        });
        if split.train.is_empty() {
            return Err(Error::NothingToTrain);
        }
        if let Some(slice) = split
            .train
            .iter()
            .chain(&split.validation)
            .find(|slice| **slice as usize >= slices)
        {
            return Err(Error::Slice {
                slice: *slice,
                slices,
            });
        }
        let fit = Fit::new([width, height], grid);
        let scale = |value: &f32| {
            if value.is_finite() {
                ((value - low) / (high - low)).clamp(0.0, 1.0)
            } else {
                0.0
            }
        };
        let scaled = |plane: &[f32]| plane.iter().map(scale).collect::<Vec<_>>();
        let len = grid[0] * grid[1] * slices;
        let (mut images, mut labels) = (Vec::with_capacity(len), Vec::with_capacity(len));
        for plane in source.image.chunks_exact(area) {
            images.extend(fit.image(&scaled(plane), 0.0));
        }
        for plane in planes() {
            labels.extend(fit.labels(plane));
        }
        Ok(Self {
            images,
            labels,
            slices,
            channels: 1,
            classes: source.classes,
            fit,
            split,
        })
    }

    /// Whether a recipe's network takes these images and gives these classes.
    pub(super) fn fits(&self, recipe: &Recipe) -> Result<(), Error> {
        let pairs = [
            (
                "The number of input channels",
                recipe.network.in_channels,
                self.channels,
            ),
            ("The number of classes", recipe.network.classes, self.classes),
        ];
        for (name, value, wanted) in pairs {
            if value != wanted {
                let (value, wanted) = (value as f64, wanted as f64);
                return Err(Error::Range {
                    name,
                    value,
                    low: wanted,
                    high: wanted,
                });
            }
        }
        Ok(())
    }

    /// What the training slices say to a loss.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let area = self.area();
        let slices = self.split.train.iter();
        let labels = slices.flat_map(|slice| &self.labels[*slice as usize * area..][..area]);
        Facts::count(self.classes, labels.copied())
    }

    /// Pixels of one slice on the grid.
    #[must_use]
    pub fn area(&self) -> usize {
        self.fit.grid[0] * self.fit.grid[1]
    }
}
