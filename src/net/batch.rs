//! Batches from a study's slices: which slice, and what is done to it, is drawn by whoever trains.

use crate::gpu::{Context, Error, Recording, Tensor};
use crate::ops;
pub use crate::reference::batch::Draw;
/// By the twins.
pub use crate::reference::batch::{Slices, batch_images, batch_maps};

/// The images of a batch on the GPU, assembled anew by every replay.
#[derive(Clone, Debug)]
pub struct GpuBatch {
    draws: Tensor,
    shape: [usize; 4],
    extent: [usize; 2],
}

impl GpuBatch {
    /// `images` (N, C, H, W) and `labels` (N, H, W) are recorded from images (D, M, H', W'), labels (D, H', W') and scaling
    /// (D, M, 2) of the study; `shape` is (N, M, H, W), C = M·(2·`context` + 1), and `extent` is H', W'.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub fn record(
        recording: &mut Recording,
        to: [&Tensor; 2],
        study: [&Tensor; 3],
        shape: [usize; 4],
        extent: [usize; 2],
        context: usize,
    ) -> Result<Self, Error> {
        let draws = Tensor::new(recording.context(), "draws", shape[0] * ops::batch::Draw::WORDS)?;
        ops::batch::record_images(recording, to, &draws, study, shape, extent, context);
        Ok(Self { draws, shape, extent })
    }

    /// Records `contour` and `weight` (N, H, W) from those of the study, for draws that move nothing within their window.
    pub fn record_maps(&self, recording: &mut Recording, to: [&Tensor; 2], study: [&Tensor; 2]) {
        ops::batch::record_maps(recording, to, &self.draws, study, self.shape, self.extent);
    }

    /// Takes effect for whatever is submitted afterwards.
    pub fn set(&self, context: &Context, draws: &[Draw]) {
        let words = draws.iter().map(|draw| ops::batch::Draw {
            slice: draw.slice,
            seed: draw.seed,
            source: draw.source,
            gamma: draw.gamma,
            noise: draw.noise,
            first: draw.range[0],
            last: draw.range[1],
            elastic: draw.elastic,
            cell: draw.cell,
        });
        let words: Vec<_> = words.collect();
        self.draws.write(context, bytemuck::cast_slice::<_, u32>(&words));
    }
}
