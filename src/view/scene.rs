//! Everything that decides what a canvas shows.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::bulk::named::Slot;

/// How the slice lies on the canvas: slice coordinate = `origin + step · canvas coordinate`, where pixel (i, j)
/// and voxel (i, j) both cover `[i, i + 1) × [j, j + 1)`. A negative step mirrors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    pub origin: [f32; 2],
    pub step: [f32; 2],
}

/// The slice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Image {
    /// `(rows, columns)`
    #[serde(skip)]
    pub values: Arc<[f32]>,
    /// 256 of them, packed rgba8.
    #[serde(skip)]
    pub colors: Arc<[u32]>,
    /// The value of the first colour.
    pub low: f32,
    /// The value of the last colour.
    pub high: f32,
    /// Linear between voxel centres instead of the nearest voxel.
    pub smooth: bool,
}

/// A map of numbers over the slice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Heat {
    /// `(rows, columns)`
    #[serde(skip)]
    pub values: Arc<[f32]>,
    /// 256 of them, packed rgba8.
    #[serde(skip)]
    pub colors: Arc<[u32]>,
    pub low: f32,
    pub high: f32,
    pub opacity: f32,
}

/// Sets of classes as colours.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Classes {
    /// `(rows, columns)`, bit k: class k is here.
    #[serde(skip)]
    pub sets: Arc<[u32]>,
    /// Bit k: class k is drawn.
    pub visible: u32,
    pub opacity: f32,
}

/// The borders of sets of classes as lines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outline {
    pub classes: Classes,
    /// In canvas pixels.
    pub width: u32,
    /// Length of dashes in canvas pixels, 0 for a solid line.
    pub dash: u32,
}

/// Where prediction and reference agree, in the colours of [`VERDICTS`](super::VERDICTS) and their patterns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Agreement {
    /// `(rows, columns)`, bit k: class k is here.
    #[serde(skip)]
    pub reference: Arc<[u32]>,
    /// As the reference; 0 where nothing has been predicted.
    #[serde(skip)]
    pub predicted: Arc<[u32]>,
    /// Bit k: class k is compared.
    pub visible: u32,
    pub opacity: f32,
    /// Width of the patterns' stripes in canvas pixels.
    pub stripe: u32,
}

/// What a canvas shows, from the bottom up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scene {
    /// Width and height of the canvas in pixels.
    pub canvas: [u32; 2],
    /// Columns and rows of the slice.
    pub slice: [u32; 2],
    pub fit: Fit,
    /// Packed rgba8, outside the slice and where no image is drawn.
    pub background: u32,
    /// Packed rgba8 of class k at k, whose alpha is its opacity; 32 of them.
    #[serde(skip)]
    pub colors: Arc<[u32]>,
    pub image: Option<Image>,
    pub heat: Option<Heat>,
    pub fill: Option<Classes>,
    pub contour: Option<Classes>,
    pub agreement: Option<Agreement>,
    /// The reference.
    pub outline: Option<Outline>,
    pub prediction: Option<Outline>,
}

impl Scene {
    /// Every array of the scene, in an order that only the layers decide. They travel apart from it.
    pub(super) fn slots(&mut self) -> Vec<Slot<'_>> {
        let mut slots = vec![Slot::Words(&mut self.colors)];
        if let Some(image) = &mut self.image {
            slots.extend([Slot::Numbers(&mut image.values), Slot::Words(&mut image.colors)]);
        }
        if let Some(heat) = &mut self.heat {
            slots.extend([Slot::Numbers(&mut heat.values), Slot::Words(&mut heat.colors)]);
        }
        for classes in [&mut self.fill, &mut self.contour].into_iter().flatten() {
            slots.push(Slot::Words(&mut classes.sets));
        }
        if let Some(map) = &mut self.agreement {
            slots.extend([Slot::Words(&mut map.reference), Slot::Words(&mut map.predicted)]);
        }
        for outline in [&mut self.outline, &mut self.prediction].into_iter().flatten() {
            slots.push(Slot::Words(&mut outline.classes.sets));
        }
        slots
    }
}

impl Fit {
    /// The slice as large as it fits, in its true proportions, in the middle of the canvas.
    ///
    /// `spacing` is the size of a voxel along columns and rows, `mirror` says which of them run backwards;
    /// `zoom` of 1 fits, and `pan` moves the slice by a share of the canvas.
    #[must_use]
    pub fn contain(
        canvas: [u32; 2],
        slice: [u32; 2],
        spacing: [f32; 2],
        mirror: [bool; 2],
        zoom: f32,
        pan: [f32; 2],
    ) -> Self {
        let extent = [0, 1].map(|axis| slice[axis] as f32 * spacing[axis]);
        let pixels_per_mm = (canvas[0] as f32 / extent[0]).min(canvas[1] as f32 / extent[1]) * zoom;
        let along = |axis: usize| {
            let step = 1.0 / (pixels_per_mm * spacing[axis]);
            let step = if mirror[axis] { -step } else { step };
            let middle = canvas[axis] as f32 * (0.5 + pan[axis]);
            (slice[axis] as f32 / 2.0 - step * middle, step)
        };
        let ((x, dx), (y, dy)) = (along(0), along(1));
        Self {
            origin: [x, y],
            step: [dx, dy],
        }
    }

    /// The voxel under a canvas coordinate; may lie outside the slice.
    #[must_use]
    pub fn voxel(&self, canvas: [f32; 2]) -> [i32; 2] {
        [0, 1].map(|axis| (self.origin[axis] + self.step[axis] * canvas[axis]).floor() as i32)
    }

    /// The canvas coordinate of a voxel's centre.
    #[must_use]
    pub fn canvas(&self, voxel: [usize; 2]) -> [f32; 2] {
        [0, 1].map(|axis| (voxel[axis] as f32 + 0.5 - self.origin[axis]) / self.step[axis])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_fits_in_its_true_proportions() {
        let fit = Fit::contain([200, 100], [10, 10], [1.0, 2.0], [true, false], 1.0, [0.0; 2]);
        assert_eq!(fit.voxel([100.0, 50.0]), [5, 5]);
        assert_eq!(fit.voxel([79.0, 1.0]), [9, 0], "mirrored along x");
        assert_eq!(fit.voxel([100.0, 101.0])[1], 10, "below the slice");
        for voxel in [[0, 0], [9, 4]] {
            assert_eq!(fit.voxel(fit.canvas(voxel)), voxel.map(|v| v as i32));
        }
    }
}
