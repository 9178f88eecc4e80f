//! The shapes of a network, and how a variant is tried on one.

use std::collections::BTreeSet;

use crate::gpu::{Context, Error, Recording, Tensor};
use crate::net::{Graph, Op};
use crate::ops::conv3x3::{
    Finish, NAMES, STEM, VARIANTS, Variant, WEIGHT_NAMES, WEIGHT_STEM, WEIGHT_VARIANTS, WeightVariant, key,
};

/// Enough work to tell variants apart: some 30 ms of a software adapter. Of a large batch only so many images are taken.
const ENOUGH_FLOPS: usize = 300_000_000;

/// A shape whose fastest variant is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Job {
    pub stem: &'static str,
    /// N, C, H, W of what is read.
    pub shape: [usize; 4],
    pub outputs: usize,
}

impl Job {
    /// A small one, which tells the variants of an adapter apart.
    pub(super) fn small(stem: &'static str) -> Self {
        Self {
            stem,
            shape: [2, 8, 32, 32],
            outputs: 8,
        }
    }

    /// Under which it stands among an adapter's choices.
    pub(super) fn key(&self) -> String {
        key(self.shape, self.outputs)
    }

    /// Records it, done by a variant.
    ///
    /// # Errors
    /// [`Error::TooLarge`] past the binding limit.
    pub(super) fn record(&self, context: &Context, name: &str) -> Result<Recording, Error> {
        let Self {
            stem,
            shape: [images, inputs, h, w],
            outputs,
        } = *self;
        let n = images.min(ENOUGH_FLOPS / (18 * inputs * outputs * h * w)).max(1);
        let shape = [n, inputs, h, w];
        let x = Tensor::new(context, "tuning x", n * inputs * h * w)?;
        let y = Tensor::new(context, "tuning y", n * outputs * h * w)?;
        let weight = Tensor::new(context, "tuning weight", 9 * inputs * outputs)?;
        let mut recording = Recording::new(context);
        let to = &mut recording;
        if stem == STEM {
            let variant = VARIANTS.iter().find(|variant| variant.name == name);
            let finish = Finish::default();
            let record =
                |variant: &Variant| variant.record_forward(to, &y, &x, &weight, finish, shape, outputs);
            variant.map(record).transpose()?;
        } else {
            let variant = WEIGHT_VARIANTS.iter().find(|variant| variant.name == name);
            let record = |variant: &WeightVariant| {
                variant.record_backward_weight(to, &weight, None, &x, &y, shape, outputs)
            };
            variant.map(record).transpose()?;
        }
        Ok(recording)
    }
}

/// Those of a network for so many images that this adapter has not been measured on.
pub(super) fn jobs(context: &Context, graph: &Graph, images: usize) -> Vec<Job> {
    let mut jobs = BTreeSet::new();
    for node in graph.nodes.iter().filter(|node| node.op == Op::Conv3x3) {
        let [c_in, h, w] = graph.shapes[node.inputs[0]];
        let c_out = graph.shapes[node.output][0];
        let job = |stem, inputs, outputs| Job {
            stem,
            shape: [images, inputs, h, w],
            outputs,
        };
        jobs.insert(job(STEM, c_in, c_out));
        jobs.insert(job(WEIGHT_STEM, c_in, c_out));
        if node.inputs[0] != graph.input {
            jobs.insert(job(STEM, c_out, c_in));
        }
    }
    jobs.retain(|job| context.choices().known(job.stem, &job.key()).is_none());
    jobs.into_iter().collect()
}

pub(super) fn names(stem: &str) -> &'static [&'static str] {
    if stem == STEM { &NAMES } else { &WEIGHT_NAMES }
}
