//! Parts of the losses, each alone.

mod fused;
mod pixel;
mod region;

use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;
use crate::reference::region_sums::Pairs;

/// N, K, H, W.
const SHAPE: [usize; 4] = [2, 5, 7, 9];
const IMAGES: usize = SHAPE[0];
const CLASSES: usize = SHAPE[1];
/// Of one image.
const PIXELS: usize = SHAPE[2] * SHAPE[3];
/// Of all images.
const ALL_PIXELS: usize = IMAGES * PIXELS;
/// Elements of the logits.
const LEN: usize = CLASSES * ALL_PIXELS;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "loss/softmax",
        run: Run::Gpu(|p| Box::pin(softmax(p))),
    },
    Case {
        name: "loss/pixel_terms",
        run: Run::Gpu(|p| Box::pin(pixel::pixel_terms(p))),
    },
    Case {
        name: "loss/sum",
        run: Run::Gpu(|p| Box::pin(sum(p))),
    },
    Case {
        name: "loss/region_sums",
        run: Run::Gpu(|p| Box::pin(region::region_sums(p))),
    },
    Case {
        name: "loss/region_ratios",
        run: Run::Gpu(|p| Box::pin(region::region_ratios(p))),
    },
    Case {
        name: "loss/region_terms",
        run: Run::Gpu(|p| Box::pin(region::region_terms(p))),
    },
    Case {
        name: "loss/logit_gradient",
        run: Run::Gpu(|p| Box::pin(pixel::logit_gradient(p))),
    },
    Case {
        name: "loss/fused_sums",
        run: Run::Gpu(|p| Box::pin(fused::fused_sums(p))),
    },
    Case {
        name: "loss/fused_gradient",
        run: Run::Gpu(|p| Box::pin(fused::fused_gradient(p))),
    },
    Case {
        name: "loss/pixel_shares",
        run: Run::Gpu(|p| Box::pin(pixel::pixel_shares(p))),
    },
    Case {
        name: "loss/threshold",
        run: Run::Gpu(|p| Box::pin(threshold(p))),
    },
    Case {
        name: "loss/worst_pixels",
        run: Run::Gpu(|p| Box::pin(pixel::worst_pixels(p))),
    },
    Case {
        name: "loss/distance_powers",
        run: Run::Gpu(|p| Box::pin(distance_powers(p))),
    },
    Case {
        name: "loss/argmax",
        run: Run::Gpu(|p| Box::pin(argmax(p))),
    },
    Case {
        name: "loss/confusion",
        run: Run::Gpu(|p| Box::pin(confusion(p))),
    },
];

/// Within ±2, but every third pixel's raised by 300, all of them or those of one class: e³⁰⁰ is no f32, so the
/// maximum has to be taken off.
fn logits(p: &mut Probe, all: bool) -> Vec<f32> {
    let mut logits = p.reals(LEN);
    for (i, logit) in logits.iter_mut().enumerate() {
        let (class, pixel) = (i / PIXELS % CLASSES, i % PIXELS);
        let raised = pixel % 3 == 0 && (all || class == pixel % CLASSES);
        *logit = 2.0 * *logit + if raised { 300.0 } else { 0.0 };
    }
    logits
}

/// Above 0, below 1.
fn shares(p: &mut Probe, len: usize) -> Vec<f32> {
    p.reals(len).iter().map(|value| 0.5 + 0.49 * value).collect()
}

/// A softmax of [`SHAPE`].
fn probabilities(p: &mut Probe) -> Vec<f32> {
    let (logits, mut y) = (logits(p, true), vec![0.0; LEN]);
    twin::softmax::softmax_forward(&mut y, &logits, CLASSES, PIXELS);
    y
}

async fn softmax(p: &mut Probe) -> Result<(), Error> {
    for all in [true, false] {
        let (x, mut y) = (logits(p, all), vec![0.0; LEN]);
        let (x_gpu, y_gpu) = (p.tensor(&x)?, p.noise(LEN)?);
        let mut recording = p.recording();
        ops::softmax::record_forward(&mut recording, &y_gpu, &x_gpu, SHAPE);
        p.play(&recording);
        twin::softmax::softmax_forward(&mut y, &x, CLASSES, PIXELS);
        p.close(&y_gpu, &y).await?;
    }
    Ok(())
}

/// Whether the contour splits the pairs, and whether they have costs.
const PAIRS: [[bool; 2]; 3] = [[true, false], [false, false], [true, true]];

/// (K) class weights and (K, K) costs.
fn tables(p: &mut Probe) -> Vec<f32> {
    shares(p, CLASSES + CLASSES * CLASSES)
}

fn pairs(tables: &[f32], [split, costs]: [bool; 2]) -> Pairs<'_, f32> {
    let costs = if costs { &tables[CLASSES..] } else { &[] };
    Pairs { split, costs }
}

async fn sum(p: &mut Probe) -> Result<(), Error> {
    // More rows than a block of 32 and a short last one; more columns than a workgroup has invocations.
    for (len, columns) in [(110, 3), (1001, 1), (200, 77)] {
        let (x, mut sums) = (p.reals(len), vec![0.0; columns]);
        let (x_gpu, sums_gpu) = (p.tensor(&x)?, p.noise(columns)?);
        let mut recording = p.recording();
        ops::sum::record(&mut recording, &sums_gpu, &x_gpu);
        p.play(&recording);
        twin::sum::sum(&mut sums, &x);
        p.close(&sums_gpu, &sums).await?;
    }
    Ok(())
}

async fn threshold(p: &mut Probe) -> Result<(), Error> {
    let probabilities = shares(p, LEN);
    let mut bits = vec![0; ALL_PIXELS];
    let (p_gpu, bits_gpu) = (p.tensor(&probabilities)?, p.noise(ALL_PIXELS)?);
    let mut recording = p.recording();
    ops::threshold::record(&mut recording, &bits_gpu, &p_gpu, SHAPE);
    p.play(&recording);
    twin::threshold::threshold(&mut bits, &probabilities, CLASSES, PIXELS);
    p.equal(&bits_gpu, &bits).await
}

async fn distance_powers(p: &mut Probe) -> Result<(), Error> {
    let distances = |p: &mut Probe| -> Vec<f32> {
        let whole = p.naturals(LEN, 9);
        whole.iter().map(|squared| (*squared as f32).sqrt()).collect()
    };
    let (of_prediction, of_reference) = (distances(p), distances(p));
    let (prediction_gpu, reference_gpu) = (p.tensor(&of_prediction)?, p.tensor(&of_reference)?);
    for alpha in [0.5, 1.0, 2.0] {
        let mut field = vec![0.0; LEN];
        let field_gpu = p.noise(LEN)?;
        let mut recording = p.recording();
        ops::distance_powers::record(&mut recording, &field_gpu, &prediction_gpu, &reference_gpu, alpha);
        p.play(&recording);
        twin::distance_powers::distance_powers(&mut field, &of_prediction, &of_reference, alpha);
        p.close(&field_gpu, &field).await?;
    }
    Ok(())
}

async fn argmax(p: &mut Probe) -> Result<(), Error> {
    // Few enough values that most pixels have a tie.
    let logits: Vec<f32> = p
        .naturals(LEN, 4)
        .iter()
        .map(|value| *value as f32 - 3.0)
        .collect();
    let mut prediction = vec![0; ALL_PIXELS];
    let (logits_gpu, prediction_gpu) = (p.tensor(&logits)?, p.noise(ALL_PIXELS)?);
    let mut recording = p.recording();
    ops::argmax::record(&mut recording, &prediction_gpu, &logits_gpu, SHAPE);
    p.play(&recording);
    twin::argmax::argmax(&mut prediction, &logits, CLASSES, PIXELS);
    p.equal(&prediction_gpu, &prediction).await
}

async fn confusion(p: &mut Probe) -> Result<(), Error> {
    let prediction = p.naturals(ALL_PIXELS, CLASSES as u32);
    let labels = p.labels(ALL_PIXELS, CLASSES as u32);
    let mut counts = vec![0; 3 * IMAGES * CLASSES];
    let (prediction_gpu, labels_gpu) = (p.tensor(&prediction)?, p.tensor(&labels)?);
    let counts_gpu = p.noise(counts.len())?;
    let mut recording = p.recording();
    ops::confusion::record(&mut recording, &counts_gpu, &prediction_gpu, &labels_gpu, SHAPE);
    // Twice: the counts of the first time must not stay.
    p.play(&recording);
    p.play(&recording);
    twin::confusion::confusion(&mut counts, &prediction, &labels, CLASSES, PIXELS);
    p.equal(&counts_gpu, &counts).await
}
