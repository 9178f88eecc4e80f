//! Images to logits.

use super::{Given, Spec};
use crate::cpu::for_each_image;
use crate::net::{Graph, ImageNetwork, ImageWeights};

pub(super) struct Inferred {
    values: Vec<f32>,
    network: ImageNetwork,
    sum: f64,
}

impl Inferred {
    pub(super) fn all(graph: &Graph, spec: &Spec, given: &Given) -> Vec<Self> {
        let of_image = given.values.chunks_exact(given.values.len() / spec.images);
        of_image
            .map(|values| Self {
                values: values.to_vec(),
                network: ImageNetwork::new(graph, false),
                sum: 0.0,
            })
            .collect()
    }
}

/// The sum of all logits.
pub(super) fn infer(images: &mut [Inferred], weights: &ImageWeights) -> f64 {
    for_each_image(images, |_, image| {
        image.network.input_mut().copy_from_slice(&image.values);
        image.network.forward(weights);
        image.sum = image.network.logits().iter().map(|logit| f64::from(*logit)).sum();
    });
    images.iter().map(|image| image.sum).sum()
}
