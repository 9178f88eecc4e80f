//! Whole chains: from the label to the gradient of the logits, and a UNet's step from image to weights.

use super::{Case, Probe, Run};
use crate::contour::{Choice, Plan, cpu as contour_cpu};
use crate::gpu::Error;
use crate::loss::{Facts, GpuLoss, GpuOverlap, Inputs, Kind, Params, cpu as loss_cpu, overlap};
use crate::net::{self, CpuNetwork, GpuNetwork, Graph, Norm, Unet, initial_weights};
use crate::optim::{Adam, CpuState, GpuState, Optimiser, Options};

/// Each op may be off by what it alone is allowed, and a norm over a few pixels passes on what it is given
/// divided by their deviation: ten ops' worth.
const RELATIVE: f64 = 2e-5;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "loss",
        run: Run::Gpu(|p| Box::pin(loss(p))),
    },
    Case {
        name: "net",
        run: Run::Gpu(|p| Box::pin(network(p))),
    },
];

/// N, K, H, W.
const SHAPE: [usize; 4] = [2, 4, 9, 11];

/// Patches of all classes but the last, which the first image lacks.
fn labels([n, k, h, w]: [usize; 4]) -> Vec<u32> {
    let label = |i: usize| {
        let (image, y, x) = (i / (h * w), i / w % h, i % w);
        let class = (x / 4 + 2 * (y / 3) + image) % k;
        if image == 0 && class == k - 1 {
            0
        } else {
            class as u32
        }
    };
    (0..n * h * w).map(label).collect()
}

/// Every loss with numbers that are none of its defaults where it matters.
pub(super) fn losses() -> Vec<Params> {
    let mut losses: Vec<Params> = Kind::ALL.iter().map(|kind| Params::new(*kind)).collect();
    for pool in ["joint", "joint_item", "per_class_batch", "per_class_item"] {
        for absent in ["include", "exclude"] {
            losses.push(
                Params::default()
                    .with("pool", pool)
                    .with("absent", absent)
                    .with("alpha", 0.7)
                    .with("beta", 1.3)
                    .with("lambda_w", 1.5)
                    .with("class_weight", vec![0.5, 2.0, 1.0, 3.0]),
            );
        }
    }
    losses
}

async fn loss(p: &mut Probe) -> Result<(), Error> {
    let [n, k, h, w] = SHAPE;
    let dims = [n, h, w];
    let (labels, logits) = (labels(SHAPE), p.reals(SHAPE.iter().product()));
    let logits: Vec<f32> = logits.iter().map(|logit| 3.0 * logit).collect();
    let (labels_gpu, logits_gpu) = (p.tensor(&labels)?, p.tensor(&logits)?);
    let choice = Choice::default();
    let mut recording = p.recording();
    let contour_gpu = Plan::record(&mut recording, &labels_gpu, dims, &choice)?.contour;
    let hard = GpuOverlap::record(&mut recording, &logits_gpu, &labels_gpu, SHAPE)?;
    p.play(&recording);
    let contour = contour_cpu::contour(&labels, dims, &choice);
    p.equal(&contour_gpu, &contour).await?;
    let (prediction, counts) = overlap(&logits, &labels, SHAPE);
    p.equal(&hard.prediction, &prediction).await?;
    p.equal(&hard.counts, &counts).await?;

    let facts = Facts::count(k, labels.iter().copied());
    for params in losses() {
        let parts = params.parts(&facts);
        let weight = contour_cpu::weight_map(&labels, &contour, dims, &parts.weighting.cast());
        let weight_gpu = p.tensor(&weight)?;
        let inputs = Inputs {
            logits: &logits_gpu,
            labels: &labels_gpu,
            contour: &contour_gpu,
            weight: &weight_gpu,
            shape: SHAPE,
        };
        let mut recording = p.recording();
        let (gpu, maps) = GpuLoss::record_maps(&mut recording, inputs, &parts)?;
        p.play(&recording);
        let inputs = loss_cpu::Inputs {
            logits: &logits,
            labels: &labels,
            contour: &contour,
            weight: &weight,
            shape: SHAPE,
        };
        let expected = loss_cpu::maps(&inputs, &parts);
        p.close_within(RELATIVE, &gpu.terms, &expected.terms.to_array())
            .await?;
        p.close_within(RELATIVE, &maps.dlogits, &expected.dlogits).await?;
        p.close_within(RELATIVE, &maps.shares, &expected.shares).await?;
    }
    Ok(())
}

/// Images in a batch.
const IMAGES: usize = 2;
/// Of the weights: what keeps all values off the kinks.
fn seed(norm: Norm) -> u64 {
    match norm {
        Norm::Instance => 5,
        Norm::None => 25,
    }
}

/// Two levels; rows of 12 and 6 pixels, so that the convolutions run both with whole quads and without.
fn graph(norm: Norm) -> Option<Graph> {
    let unet = Unet {
        norm,
        in_channels: 1,
        classes: 3,
        width: 3,
        depth: 2,
        ..Unet::default()
    };
    unet.graph(10, 12).ok()
}

/// Its ε is large: with 1e-8 the first update is the sign of a gradient, which roundings turn where it is near 0.
fn optimiser() -> Optimiser {
    Optimiser::Adam(Adam {
        learning_rate: 0.05,
        eps: 1.0,
        ..Adam::default()
    })
}

/// Image and gradient of the logits of each step. The seed of the probe keeps what comes of them off the kinks of
/// maxima and activations, as the test below shows.
fn batches(p: &mut Probe, cpu: &mut CpuNetwork<f32>) -> Vec<[Vec<f32>; 2]> {
    let lens = [cpu.input_mut().len(), cpu.logits().len()];
    (0..2).map(|_| lens.map(|len| p.reals(len))).collect()
}

/// One step by the twins; gives the gradients.
fn step(
    cpu: &mut CpuNetwork<f32>,
    state: &mut CpuState<f32>,
    weights: &mut [f32],
    [image, dlogits]: &[Vec<f32>; 2],
) -> Vec<f32> {
    cpu.input_mut().copy_from_slice(image);
    cpu.forward(weights);
    cpu.dlogits_mut().copy_from_slice(dlogits);
    let mut gradients = vec![0.0; weights.len()];
    cpu.backward(weights, &mut gradients);
    state.update(weights, &gradients, optimiser().learning_rate());
    gradients
}

async fn network(p: &mut Probe) -> Result<(), Error> {
    for norm in [Norm::Instance, Norm::None] {
        steps(p, norm).await?;
    }
    Ok(())
}

async fn steps(p: &mut Probe, norm: Norm) -> Result<(), Error> {
    let Some(graph) = graph(norm) else { return Ok(()) };
    let mut cpu = CpuNetwork::new(&graph, IMAGES);
    let batches = batches(p, &mut cpu);
    let mut weights = initial_weights(&graph, seed(norm));
    let weights_gpu = p.tensor(&weights)?;
    let gradients_gpu = p.tensor(&vec![f32::NAN; weights.len()])?;
    let mut recording = p.recording();
    recording.clear(&gradients_gpu);
    let plan = net::Plan::training(&graph, IMAGES, recording.context().choices());
    let gpu = GpuNetwork::record_forward(&mut recording, &graph, plan, &weights_gpu)?;
    let dlogits_gpu = p.tensor(&batches[0][1])?;
    gpu.record_backward(&mut recording, &gradients_gpu, |recording, dlogits| {
        recording.copy(dlogits, 0, &dlogits_gpu, 0, dlogits.len());
        Ok(())
    })?;
    let mut gpu_state = GpuState::record(
        &mut recording,
        &weights_gpu,
        &gradients_gpu,
        optimiser(),
        Options::default(),
    )?;

    let mut cpu_state = CpuState::new(optimiser(), Options::default(), weights.len());
    for batch in &batches {
        let [image, dlogits] = batch;
        p.write(&gpu.input(), image);
        p.write(&dlogits_gpu, dlogits);
        gpu_state.advance(optimiser().learning_rate());
        p.play(&recording);
        let gradients = step(&mut cpu, &mut cpu_state, &mut weights, batch);
        p.close_within(RELATIVE, &gpu.logits(), cpu.logits()).await?;
        p.close_within(RELATIVE, &gradients_gpu, &gradients).await?;
        p.close_within(RELATIVE, &weights_gpu, &weights).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::kinks::nearest_kink;
    use super::*;
    use crate::gpu::{Context, Request};

    /// Values this near to a kink may fall on either side of it on another adapter, which is no fault of its.
    const CLEAR: f32 = 2e-5;

    #[test]
    fn what_the_net_is_given_keeps_off_the_kinks() {
        let context = pollster::block_on(Context::new(Request::Software)).unwrap();
        let mut probe = Probe::new(&context);
        for norm in [Norm::Instance, Norm::None] {
            keeps_off_the_kinks(&mut probe, norm);
        }
    }

    fn keeps_off_the_kinks(probe: &mut Probe, norm: Norm) {
        let graph = graph(norm).unwrap();
        let mut cpu = CpuNetwork::new(&graph, IMAGES);
        let batches = batches(probe, &mut cpu);
        let mut weights = initial_weights(&graph, seed(norm));
        let mut state = CpuState::new(optimiser(), Options::default(), weights.len());
        let mut nearest = f32::INFINITY;
        for batch in &batches {
            step(&mut cpu, &mut state, &mut weights, batch);
            nearest = nearest.min(nearest_kink(&graph, &cpu));
        }
        assert!(nearest >= CLEAR, "{nearest:e}");
    }
}
