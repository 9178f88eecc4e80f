//! An encoder that may be cut into several submissions.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};

use super::Context;
use super::pacing::Pacing;

/// Commands on their way to the queue. Behaves as wgpu's own encoder; a long recording that is replayed into it
/// sends what has gathered so far, see [`Recording::replay`](super::Recording::replay).
#[derive(Debug)]
pub struct Encoder {
    context: Context,
    encoder: wgpu::CommandEncoder,
    replayed: Vec<Replayed>,
}

/// A recording that was replayed, to be told how long it took.
#[derive(Clone, Debug)]
pub(super) struct Replayed {
    pub pacing: Arc<Mutex<Pacing>>,
    pub cost: f64,
}

impl Encoder {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            encoder: fresh(context),
            context: context.clone(),
            replayed: Vec::new(),
        }
    }

    /// Submits what has gathered so far.
    pub(super) fn cut(&mut self) {
        let full = std::mem::replace(&mut self.encoder, fresh(&self.context));
        self.context.send(full);
    }

    pub(super) fn note(&mut self, replayed: Replayed) {
        self.replayed.push(replayed);
    }

    /// Submits the rest.
    pub(super) fn finish(self) -> Vec<Replayed> {
        self.context.send(self.encoder);
        self.replayed
    }
}

fn fresh(context: &Context) -> wgpu::CommandEncoder {
    context
        .device()
        .create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
}

impl Deref for Encoder {
    type Target = wgpu::CommandEncoder;

    fn deref(&self) -> &Self::Target {
        &self.encoder
    }
}

impl DerefMut for Encoder {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.encoder
    }
}
