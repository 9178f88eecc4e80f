//! What the members of a crew are asked to do, and what they answer: plain data.

use serde::{Deserialize, Serialize};

use crate::bulk;
use crate::loss::image::ImageSums;
use crate::net::Draw;

/// Something to do with some images of a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Task {
    /// Training images, number and draw each, forwards with these weights. Answered by [`Share::Sums`].
    Forward {
        #[serde(with = "bulk")]
        weights: Vec<f32>,
        step: u64,
        images: Vec<(usize, Draw)>,
    },
    /// The same images backwards, with the coefficients that follow from the sums of all. Answered by [`Share::Gradients`].
    Backward {
        #[serde(with = "bulk")]
        coefficients: Vec<f32>,
    },
    /// Whole slices, forwards; with these weights from now on, if there are any. Answered by [`Share::Judged`].
    Judge {
        #[serde(with = "bulk")]
        weights: Vec<f32>,
        step: u64,
        images: Vec<(usize, Draw)>,
    },
}

/// What a member answers, in the order of its images.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Share {
    Sums(Vec<ImageSums>),
    /// An arena each.
    Gradients(Vec<Gradient>),
    Judged(Vec<Judged>),
}

/// Of all parameters, by one image.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Gradient(#[serde(with = "bulk")] pub Vec<f32>);

/// What a whole slice says of the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub sums: ImageSums,
    /// (K, 3): pixels of the prediction, of the reference, of both.
    pub counts: Vec<u32>,
}
