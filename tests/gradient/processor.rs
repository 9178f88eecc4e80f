//! The backward passes of the fast kernels, in f32, against those of the twins, in f64: on every graph and loss of which the
//! twins' are held against central differences.

use contour_lab::loss::image::{ImageInputs, ImageLoss, ImageSums, meet};
use contour_lab::loss::{Parts, cpu};
use contour_lab::net::{ImageNetwork, ImageWeights};

use crate::unet::Whole;

/// Of the largest entry of a loss's gradient: some ten roundings of f32 in a row.
const LOSS: f64 = 2e-6;
/// Of the largest entry of a parameter's gradient: some hundred roundings, and the products that the weight of a norm adds up
/// all but cancel (by 1e-4 the twins themselves are off in f32).
const NETWORK: f64 = 1e-4;

fn differs(got: &[f32], expected: &[f64], relative: f64) -> Result<(), String> {
    assert_eq!(got.len(), expected.len());
    let largest = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let is_close = (f64::from(*got) - expected).abs() <= relative * largest;
        if !is_close {
            return Err(format!("entry {i} is {got:e}, the twin says {expected:e}"));
        }
    }
    Ok(())
}

/// Holds a gradient of the fast kernels against the twin's, and shows that it bites: with one entry changed by a thousandth of
/// the largest it fails.
fn check(name: &str, got: &[f32], expected: &[f64], relative: f64) {
    if let Err(difference) = differs(got, expected, relative) {
        panic!("{name} on the processor: {difference}");
    }
    let largest = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let mut wrong = expected.to_vec();
    wrong[expected.len() / 2] += 1e-3 * largest;
    assert!(
        differs(got, &wrong, relative).is_err(),
        "{name}: a wrong entry went unnoticed on the processor"
    );
}

/// As f32, which they are exactly.
fn narrow(values: &[f64]) -> Vec<f32> {
    values.iter().map(|value| *value as f32).collect()
}

/// ∂L/∂z by the fast kernels, one image after the other.
fn dlogits(inputs: &cpu::Inputs<'_, f64>, parts: &Parts) -> Vec<f32> {
    let [n, k, h, w] = inputs.shape;
    let pixels = h * w;
    let [logits, weight] = [inputs.logits, inputs.weight].map(narrow);
    let image = |i: usize| ImageInputs {
        logits: &logits[i * k * pixels..][..k * pixels],
        labels: &inputs.labels[i * pixels..][..pixels],
        contour: &inputs.contour[i * pixels..][..pixels],
        weight: &weight[i * pixels..][..pixels],
        size: [h, w],
    };
    let mut losses = vec![ImageLoss::default(); n];
    let sums: Vec<ImageSums> = losses
        .iter_mut()
        .enumerate()
        .map(|(i, loss)| loss.sums(&image(i), parts))
        .collect();
    let (_, coefficients) = meet(&sums, parts, pixels);
    let mut dlogits = vec![f32::NAN; logits.len()];
    for (i, (loss, dlogits)) in losses
        .iter()
        .zip(dlogits.chunks_exact_mut(k * pixels))
        .enumerate()
    {
        loss.gradient(dlogits, &image(i), parts, &coefficients, i);
    }
    dlogits
}

/// The gradient of a loss, of which `expected` is the twin's.
pub(crate) fn check_loss(name: &str, inputs: &cpu::Inputs<'_, f64>, parts: &Parts, expected: &[f64]) {
    check(name, &dlogits(inputs, parts), expected, LOSS);
}

/// The gradient of every parameter of a whole network with its loss, of which the arena `expected` is the twins'.
pub(crate) fn check_network(whole: &Whole, expected: &[f64]) {
    let graph = &whole.graph;
    let mut weights = ImageWeights::new(graph);
    weights.set(graph, &narrow(&whole.arena), true);
    let image = narrow(&whole.image);
    let images = image.chunks_exact(graph.image_len(graph.input));
    let mut networks: Vec<ImageNetwork> = images
        .map(|image| {
            let mut network = ImageNetwork::new(graph, true);
            network.input_mut().copy_from_slice(image);
            network.forward(&weights);
            network
        })
        .collect();
    let logits: Vec<&[f32]> = networks.iter().map(ImageNetwork::logits).collect();
    let logits: Vec<f64> = logits.concat().into_iter().map(f64::from).collect();
    let dlogits = dlogits(&whole.inputs(&logits), &whole.parts);
    let mut total = vec![0.0; graph.arena_len()];
    let len = graph.image_len(graph.output);
    for (network, dlogits) in networks.iter_mut().zip(dlogits.chunks_exact(len)) {
        network.dlogits_mut().copy_from_slice(dlogits);
        let mut own = vec![0.0; total.len()];
        network.backward(&weights, &mut own);
        total.iter_mut().zip(&own).for_each(|(total, own)| *total += own);
    }
    for parameter in &graph.parameters {
        let range = parameter.range();
        check(&parameter.name, &total[range.clone()], &expected[range], NETWORK);
    }
}
