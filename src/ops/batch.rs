//! `shaders/net/batch.wgsl`: a batch from a study's slices.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        images: u32,
        channels: u32,
        height: u32,
        width: u32,
    }
}

/// One image of the batch, as it stands in the tensor of draws: ten words.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Draw {
    pub slice: u32,
    /// Of the noise.
    pub seed: u32,
    /// xx, xy, x0, yx, yy, y0: where in the slice a pixel of the image is taken.
    pub source: [f32; 6],
    pub gamma: f32,
    /// Standard deviation.
    pub noise: f32,
}

impl Draw {
    /// Words of four bytes.
    pub const WORDS: usize = size_of::<Self>() / 4;
}

/// Images and labels from draws and those of the study.
pub static IMAGES: Spec = Spec {
    stem: "net/batch",
    source: include_str!("../../shaders/net/batch.wgsl"),
    entry_point: "batch_images",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Contours and weights from draws and those of the study.
pub static MAPS: Spec = Spec {
    entry_point: "batch_maps",
    ..IMAGES
};

/// Records `images` (N, C, H, W) and `labels` (N, H, W) from those of the study (D, …); `draws` holds N draws.
pub fn record_images(
    recording: &mut Recording,
    [images, labels]: [&Tensor; 2],
    draws: &Tensor,
    [study_images, study_labels]: [&Tensor; 2],
    shape: [usize; 4],
) {
    let tensors = [images, labels, draws, study_images, study_labels];
    recording.dispatch(&IMAGES, &params(shape), &tensors, labels.len());
}

/// Records `contour` and `weight` (N, H, W) from those of the study, unmoved.
pub fn record_maps(
    recording: &mut Recording,
    [contour, weight]: [&Tensor; 2],
    draws: &Tensor,
    [study_contour, study_weight]: [&Tensor; 2],
    shape: [usize; 4],
) {
    let tensors = [contour, weight, draws, study_contour, study_weight];
    recording.dispatch(&MAPS, &params(shape), &tensors, contour.len());
}

fn params(shape: [usize; 4]) -> Params {
    let [images, channels, height, width] = shape.map(|extent| extent as u32);
    Params {
        images,
        channels,
        height,
        width,
    }
}
