//! What is drawn over the image, and how strongly.

use super::Convention;
use crate::view::ColorMap;

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
    pub image_colors: ColorMap,
    pub weight: Layer,
    /// What each pixel costs; hides the weight map.
    pub loss: Layer,
    /// How probable the network finds a class; hides the loss.
    pub probability: Layer,
    pub probability_of: u8,
    /// Of the weight, the loss and the probability.
    pub heat_colors: ColorMap,
    pub labels: Layer,
    pub contour: Layer,
    /// Where prediction and reference agree.
    pub agreement: Layer,
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
            image_colors: ColorMap::Grey,
            weight: layer(false, 0.8),
            loss: layer(false, 0.8),
            probability: layer(false, 0.8),
            probability_of: 1,
            heat_colors: ColorMap::Inferno,
            labels: layer(true, 0.25),
            contour: layer(true, 1.0),
            agreement: layer(false, 0.8),
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
