//! Whole chains on the processor: every loss, and every network from image to gradients.

use super::super::chain::losses;
use super::{Trial, wide};
use crate::contour::{Choice, cpu as contour_cpu};
use crate::loss::image::{ImageInputs, ImageLoss, ImageSums, meet};
use crate::loss::{Facts, Parts, cpu as loss_cpu};
use crate::net::{CpuNetwork, Graph, ImageNetwork, ImageWeights, Kind, Norm, Unet, initial_weights};

/// Of the largest entry: exponentials, sums over all pixels, and ratios of these.
const LOSS: f64 = 2e-6;
/// Of the largest entry: some hundred roundings, and the products that the weight of a norm adds up all but cancel.
const NETWORK: f64 = 5e-5;
/// N, K, H, W: more pixels than the loss works on at once, and no multiple.
const SHAPE: [usize; 4] = [3, 4, 9, 17];
const PIXELS: usize = SHAPE[2] * SHAPE[3];

/// What the losses of a batch are given.
struct Given {
    logits: Vec<f32>,
    labels: Vec<u32>,
    contour: Vec<u32>,
}

impl Given {
    /// Labels of all classes but the last, which the first image lacks; some pixels are of no class.
    fn new(p: &mut Trial) -> Self {
        let [n, k, h, w] = SHAPE;
        let mut labels = p.labels(n * PIXELS, k as u32);
        for label in labels[..PIXELS]
            .iter_mut()
            .filter(|label| **label == k as u32 - 1)
        {
            *label = 0;
        }
        let mut logits = p.reals(n * k * PIXELS);
        for (i, logit) in logits.iter_mut().enumerate() {
            // Raised together the classes are as likely as before.
            *logit = 3.0 * *logit + if (i % PIXELS).is_multiple_of(5) { 30.0 } else { 0.0 };
        }
        Self {
            contour: contour_cpu::contour(&labels, [n, h, w], &Choice::default()),
            logits,
            labels,
        }
    }

    fn image<'a>(&'a self, i: usize, weight: &'a [f32]) -> ImageInputs<'a> {
        let [_, k, h, w] = SHAPE;
        ImageInputs {
            logits: &self.logits[i * k * PIXELS..][..k * PIXELS],
            labels: &self.labels[i * PIXELS..][..PIXELS],
            contour: &self.contour[i * PIXELS..][..PIXELS],
            weight: &weight[i * PIXELS..][..PIXELS],
            size: [h, w],
        }
    }

    /// Terms and gradient by the fast kernels, image by image.
    fn fast(&self, weight: &[f32], parts: &Parts) -> (Vec<f32>, Vec<f32>) {
        let mut losses = vec![ImageLoss::default(); SHAPE[0]];
        let sums: Vec<ImageSums> = losses
            .iter_mut()
            .enumerate()
            .map(|(i, loss)| loss.sums(&self.image(i, weight), parts))
            .collect();
        let (terms, coefficients) = meet(&sums, parts, PIXELS);
        let mut dlogits = vec![f32::NAN; self.logits.len()];
        let images = dlogits.chunks_exact_mut(SHAPE[1] * PIXELS);
        for (i, (loss, dlogits)) in losses.iter().zip(images).enumerate() {
            loss.gradient(dlogits, &self.image(i, weight), parts, &coefficients, i);
        }
        (terms.to_array().map(|term| term as f32).to_vec(), dlogits)
    }
}

pub(super) fn loss(p: &mut Trial) {
    let [n, k, h, w] = SHAPE;
    let given = Given::new(p);
    let facts = Facts::count(k, given.labels.iter().copied());
    let logits = wide(&given.logits);
    for params in losses() {
        let parts = params.parts(&facts);
        let weight: Vec<f32> =
            contour_cpu::weight_map(&given.labels, &given.contour, [n, h, w], &parts.weighting.cast());
        let (terms, dlogits) = given.fast(&weight, &parts);
        let inputs = loss_cpu::Inputs {
            logits: &logits,
            labels: &given.labels,
            contour: &given.contour,
            weight: &wide(&weight),
            shape: SHAPE,
        };
        let (terms_twin, dlogits_twin) = loss_cpu::evaluate(&inputs, &parts);
        p.compare(LOSS, &terms, &terms_twin.to_array());
        p.compare(LOSS, &dlogits, &dlogits_twin);
    }
}

/// Three levels, or two where nothing keeps the activations as large as they are; channels that leave a remainder.
fn graph(kind: Kind, norm: Norm) -> Option<Graph> {
    let unet = Unet {
        kind,
        norm,
        in_channels: 2,
        classes: 3,
        width: 3,
        depth: if norm == Norm::Instance { 3 } else { 2 },
        slope: 0.1,
    };
    unet.graph(12, 20).ok()
}

/// Of the weights: what keeps all values off the kinks and shuts no gate, as the tests show.
fn seed(kind: Kind, norm: Norm) -> u64 {
    let [with, without] = match kind {
        Kind::Plain => [20, 1278],
        Kind::Residual => [12, 196],
        Kind::Attention => [15, 181],
        Kind::PartialDecoder => [14, 196],
    };
    match norm {
        Norm::Instance => with,
        Norm::None => without,
    }
}

/// The network by the twins, after forward and backward, its weights and its gradients.
struct Twin {
    network: CpuNetwork<f64>,
    image: Vec<f32>,
    dlogits: Vec<f32>,
    weights: Vec<f32>,
    gradients: Vec<f64>,
}

impl Twin {
    fn new(p: &mut Trial, graph: &Graph, seed: u64) -> Self {
        let (image, dlogits) = (
            p.reals(graph.image_len(graph.input)),
            p.reals(graph.image_len(graph.output)),
        );
        let weights = initial_weights(graph, seed);
        let mut network = CpuNetwork::new(graph, 1);
        network.input_mut().copy_from_slice(&wide(&image));
        network.forward(&wide(&weights));
        network.dlogits_mut().copy_from_slice(&wide(&dlogits));
        let mut gradients = vec![0.0; graph.arena_len()];
        network.backward(&wide(&weights), &mut gradients);
        Self {
            network,
            image,
            dlogits,
            weights,
            gradients,
        }
    }
}

pub(super) fn network(p: &mut Trial) {
    for kind in Kind::ALL {
        for norm in [Norm::Instance, Norm::None] {
            let Some(graph) = graph(kind, norm) else { continue };
            let twin = Twin::new(p, &graph, seed(kind, norm));
            let mut weights = ImageWeights::new(&graph);
            weights.set(&graph, &twin.weights, true);
            let mut network = ImageNetwork::new(&graph, true);
            network.input_mut().copy_from_slice(&twin.image);
            network.forward(&weights);
            p.compare(NETWORK, network.logits(), twin.network.logits());
            network.dlogits_mut().copy_from_slice(&twin.dlogits);
            let mut gradients = vec![0.0; graph.arena_len()];
            network.backward(&weights, &mut gradients);
            for parameter in &graph.parameters {
                let range = parameter.range();
                p.compare(NETWORK, &gradients[range.clone()], &twin.gradients[range]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::kinks::nearest_kink;
    use super::*;

    /// Some ten times what an activation may be off by.
    const CLEAR: f64 = 1e-4;

    #[test]
    fn what_the_networks_are_given_keeps_off_the_kinks() {
        let mut trial = Trial::new();
        for kind in Kind::ALL {
            for norm in [Norm::Instance, Norm::None] {
                let graph = graph(kind, norm).unwrap();
                let twin = Twin::new(&mut trial, &graph, seed(kind, norm));
                let nearest = nearest_kink(&graph, &twin.network);
                assert!(nearest >= CLEAR, "{kind:?} {norm:?}: {nearest:e}");
            }
        }
    }
}
