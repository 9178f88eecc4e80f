//! What is drawn over the image, and how strongly.

use super::orientation::Convention;

/// A layer and its opacity from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer {
    pub shown: bool,
    pub opacity: f32,
}

/// The layers from the bottom up, and how the picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layers {
    pub image: bool,
    pub weight: Layer,
    /// What each pixel costs; hides the weight map.
    pub loss: Layer,
    pub labels: Layer,
    pub contour: Layer,
    /// The outline of the reference labels.
    pub outline: Layer,
    /// The outline of the prediction, dashed.
    pub prediction: Layer,
    /// Of both outlines, in CSS pixels.
    pub line_px: u32,
    /// Linear interpolation instead of the nearest voxel.
    pub smooth: bool,
    pub crosshair: bool,
    pub convention: Convention,
    /// The heat map's colours run over the weights that occur, instead of from 0.
    pub stretch: bool,
}

impl Default for Layers {
    fn default() -> Self {
        let layer = |shown, opacity| Layer { shown, opacity };
        Self {
            image: true,
            weight: layer(false, 0.8),
            loss: layer(false, 0.8),
            labels: layer(true, 0.25),
            contour: layer(true, 1.0),
            outline: layer(false, 1.0),
            prediction: layer(true, 1.0),
            line_px: 2,
            smooth: true,
            crosshair: true,
            convention: Convention::Radiological,
            stretch: false,
        }
    }
}
