//! A state of the training to come back to.

use crate::gpu::{self, Context, Encoder, Tensor};

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

/// Other values that take the place of a tensor's for a while.
pub(super) struct Stead {
    tensor: Tensor,
    values: Tensor,
    kept: Tensor,
}

impl Stead {
    /// `values`: as many as the tensor has.
    pub(super) fn new(context: &Context, tensor: &Tensor, values: &[f32]) -> Result<Self, gpu::Error> {
        Ok(Self {
            tensor: tensor.clone(),
            values: Tensor::from_slice(context, "in its stead", values)?,
            kept: Tensor::new(context, "kept", tensor.len())?,
        })
    }

    /// Whatever `record` writes finds the other values; what comes behind it finds the tensor's own.
    pub(super) fn during(&self, encoder: &mut Encoder, record: impl FnOnce(&mut Encoder)) {
        let copy = |encoder: &mut Encoder, to: &Tensor, from: &Tensor| {
            to.copy_from(encoder, 0, from, 0, from.len());
        };
        copy(encoder, &self.kept, &self.tensor);
        copy(encoder, &self.tensor, &self.values);
        record(encoder);
        copy(encoder, &self.tensor, &self.kept);
    }
}
