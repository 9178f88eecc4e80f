//! An encoder that may be cut into several submissions.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};

use super::Context;
use super::clock::now_ms;
use super::pacing::Pacing;

/// Commands on their way to the queue. Behaves as wgpu's own encoder; a long recording that is replayed into it
/// sends what has gathered so far, see [`Recording::replay`](super::Recording::replay).
#[derive(Debug)]
pub struct Encoder {
    context: Context,
    encoder: wgpu::CommandEncoder,
    replayed: Vec<Replayed>,
    /// When the first submission was sent.
    sent_ms: Option<f64>,
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
            sent_ms: None,
        }
    }

    /// Submits what has gathered so far.
    pub(super) fn cut(&mut self) {
        let full = std::mem::replace(&mut self.encoder, fresh(&self.context));
        self.sent_ms.get_or_insert_with(now_ms);
        self.context.send(full);
    }

    pub(super) fn note(&mut self, replayed: Replayed) {
        self.replayed.push(replayed);
    }

    /// Submits the rest, and says what was replayed and when the first of it was sent: a driver that is busy may take
    /// the last only when it is nearly done.
    pub(super) fn finish(self) -> (Vec<Replayed>, f64) {
        let sent_ms = self.sent_ms.unwrap_or_else(now_ms);
        self.context.send(self.encoder);
        (self.replayed, sent_ms)
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
