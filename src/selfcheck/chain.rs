//! Whole chains: from the label to the gradient of the logits, and a UNet's step from image to weights.

use super::{Case, Probe};
use crate::contour::{Choice, Plan, WeightMap, cpu as contour_cpu};
use crate::gpu::Error;
use crate::loss::{Absent, GpuLoss, GpuOverlap, Params, Pool, Preset, cpu as loss_cpu, overlap};
use crate::net::{CpuNetwork, GpuNetwork, Graph, Unet, initial_weights};
use crate::optim::{Adam, CpuState, GpuState, Optimiser};

/// Each op may be off by what it alone is allowed, and a norm over a few pixels passes on what it is given
/// divided by their deviation: ten ops' worth.
const RELATIVE: f64 = 2e-5;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "loss",
        run: |p| Box::pin(loss(p)),
    },
    Case {
        name: "net",
        run: |p| Box::pin(net(p)),
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

async fn loss(p: &mut Probe) -> Result<(), Error> {
    let [n, _, h, w] = SHAPE;
    let (labels, logits) = (labels(SHAPE), p.reals(SHAPE.iter().product()));
    let logits: Vec<f32> = logits.iter().map(|logit| 3.0 * logit).collect();
    let (labels_gpu, logits_gpu) = (p.tensor(&labels)?, p.tensor(&logits)?);
    let dlogits_gpu = p.noise(logits.len())?;
    let preset = Preset::Paper.params();
    let choice = Choice::default();

    let mut recording = p.recording();
    let contour_gpu = Plan::record(&mut recording, &labels_gpu, [n, h, w], &choice)?.contour;
    let map = WeightMap::record(&mut recording, &contour_gpu, &preset.weighting())?;
    let gpu = GpuLoss::record(
        &mut recording,
        &logits_gpu,
        &labels_gpu,
        &contour_gpu,
        &map.weight,
        &dlogits_gpu,
        SHAPE,
        &preset,
    )?;
    let hard = GpuOverlap::record(&mut recording, &logits_gpu, &labels_gpu, SHAPE)?;

    let contour = contour_cpu::contour(&labels, [n, h, w], &choice);
    for pool in [
        Pool::Joint,
        Pool::JointItem,
        Pool::PerClassBatch,
        Pool::PerClassItem,
    ] {
        for absent in [Absent::Include, Absent::Exclude] {
            let params = Params {
                pool,
                absent,
                alpha: 0.7,
                beta: 1.3,
                lambda_w: 1.5,
                class_weight: vec![0.5, 2.0, 1.0, 3.0],
                ..preset.clone()
            };
            gpu.set_params(&params);
            map.set(&params.weighting());
            p.play(&recording);
            let weight = contour_cpu::weight_map(&contour, &params.weighting());
            let (terms, dlogits) = loss_cpu::evaluate(&logits, &labels, &contour, &weight, SHAPE, &params);
            p.close_within(RELATIVE, &gpu.terms, &terms.to_array()).await?;
            p.close_within(RELATIVE, &dlogits_gpu, &dlogits).await?;
        }
    }
    p.equal(&contour_gpu, &contour).await?;
    let (prediction, counts) = overlap(&logits, &labels, SHAPE);
    p.equal(&hard.prediction, &prediction).await?;
    p.equal(&hard.counts, &counts).await
}

/// Images in a batch.
const IMAGES: usize = 2;

/// Two levels; rows of 12 and 6 pixels, so that the convolutions run both with whole quads and without.
fn graph() -> Option<Graph> {
    let unet = Unet {
        in_channels: 1,
        classes: 3,
        width: 3,
        depth: 2,
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

async fn net(p: &mut Probe) -> Result<(), Error> {
    let Some(graph) = graph() else { return Ok(()) };
    let mut weights = initial_weights(&graph, 5);
    let (weights_gpu, gradients_gpu) = (p.tensor(&weights)?, p.noise(weights.len())?);
    let mut recording = p.recording();
    recording.clear(&gradients_gpu);
    let gpu = GpuNetwork::record_forward(&mut recording, &graph, IMAGES, &weights_gpu)?;
    let dlogits_gpu =
        gpu.record_backward(&mut recording, &gradients_gpu, |_, dlogits| Ok(dlogits.clone()))?;
    let mut gpu_state = GpuState::record(&mut recording, &weights_gpu, &gradients_gpu, optimiser())?;

    let mut cpu = CpuNetwork::<f32>::new(&graph, IMAGES);
    let mut cpu_state = CpuState::new(optimiser(), weights.len());
    let learning_rate = optimiser().learning_rate();
    for _ in 0..2 {
        let (image, dlogits) = (p.reals(cpu.input_mut().len()), p.reals(cpu.logits().len()));
        p.write(gpu.input(), &image);
        p.write(&dlogits_gpu, &dlogits);
        gpu_state.advance(learning_rate);
        p.play(&recording);

        cpu.input_mut().copy_from_slice(&image);
        cpu.forward(&weights);
        cpu.dlogits_mut().copy_from_slice(&dlogits);
        let mut gradients = vec![0.0; weights.len()];
        cpu.backward(&weights, &mut gradients);
        cpu_state.update(&mut weights, &gradients, learning_rate);

        p.close_within(RELATIVE, gpu.logits(), cpu.logits()).await?;
        p.close_within(RELATIVE, &gradients_gpu, &gradients).await?;
        p.close_within(RELATIVE, &weights_gpu, &weights).await?;
    }
    Ok(())
}
