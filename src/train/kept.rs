//! A state of the training to come back to.

use crate::gpu::{self, Context, Tensor};

/// Tensors as they were.
pub(super) struct Kept(Vec<(Tensor, Tensor)>);

impl Kept {
    pub(super) fn new(context: &Context, tensors: &[&Tensor]) -> Result<Self, gpu::Error> {
        let keep = |tensor: &&Tensor| Ok(((*tensor).clone(), Tensor::new(context, "kept", tensor.len())?));
        let kept = Self(tensors.iter().map(keep).collect::<Result<_, gpu::Error>>()?);
        context.submit(|encoder| {
            for (tensor, copy) in &kept.0 {
                copy.copy_from(encoder, 0, tensor, 0, tensor.len());
            }
        });
        Ok(kept)
    }

    pub(super) fn restore(&self, context: &Context) {
        context.submit(|encoder| {
            for (tensor, copy) in &self.0 {
                tensor.copy_from(encoder, 0, copy, 0, tensor.len());
            }
        });
    }
}
