//! `shaders/net/batch.wgsl`: a batch from a study's slices.

use crate::gpu::{Binding, Recording, Spec, Tensor, Uniform, uniform};

uniform! {
    /// What the kernels are told.
    pub struct Params {
        images: u32,
        modalities: u32,
        height: u32,
        width: u32,
        study_height: u32,
        study_width: u32,
        context: u32,
    }
}

/// One image of the batch, as it stands in the tensor of draws: fourteen words.
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
    /// First and last slice of the subject.
    pub first: u32,
    pub last: u32,
    /// Furthest that the elastic field moves a pixel, and the distance of its nodes, in pixels.
    pub elastic: f32,
    pub cell: f32,
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
        Binding::Read,
    ],
    uniform: Params::FIELDS,
    constants: &[],
};

/// Contours and weights from draws and those of the study.
pub static MAPS: Spec = Spec {
    entry_point: "batch_maps",
    bindings: &[
        Binding::Uniform,
        Binding::Write,
        Binding::Write,
        Binding::Read,
        Binding::Read,
        Binding::Read,
    ],
    ..IMAGES
};

/// Records `images` (N, C, H, W) and `labels` (N, H, W) from those of the study (D, …, H', W') and its scaling (D, M, 2);
/// `draws` holds N draws. `shape` is (N, M, H, W): C = M·(2·`context` + 1); `extent` is H', W'.
pub fn record_images(
    recording: &mut Recording,
    [images, labels]: [&Tensor; 2],
    draws: &Tensor,
    [study_images, study_labels, study_scaling]: [&Tensor; 3],
    shape: [usize; 4],
    extent: [usize; 2],
    context: usize,
) {
    let tensors = [images, labels, draws, study_images, study_labels, study_scaling];
    recording.dispatch(&IMAGES, &params(shape, extent, context), &tensors, labels.len());
}

/// Records `contour` and `weight` (N, H, W) from those of the study: windows of slices that do not move.
pub fn record_maps(
    recording: &mut Recording,
    [contour, weight]: [&Tensor; 2],
    draws: &Tensor,
    [study_contour, study_weight]: [&Tensor; 2],
    shape: [usize; 4],
    extent: [usize; 2],
) {
    let tensors = [contour, weight, draws, study_contour, study_weight];
    recording.dispatch(&MAPS, &params(shape, extent, 0), &tensors, contour.len());
}

fn params(shape: [usize; 4], extent: [usize; 2], context: usize) -> Params {
    let [images, modalities, height, width] = shape.map(|extent| extent as u32);
    let [study_height, study_width] = extent.map(|extent| extent as u32);
    Params {
        images,
        modalities,
        height,
        width,
        study_height,
        study_width,
        context: context as u32,
    }
}
