//! What is computed pixel by pixel: values, gradients, shares.

use super::{
    ALL_PIXELS, CLASSES, IMAGES, LEN, PAIRS, PIXELS, Probe, logits, pairs, probabilities, shares, tables,
};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;
use crate::reference::pixel_terms::Rule;

/// Every rule: the number that the shader knows it by, ε and γ, and what the twin calls it.
pub(super) const RULES: [(u32, f32, f32, Rule<f32>); 6] = [
    (ops::numbers::CROSS_ENTROPY, 0.0, 0.0, cross_entropy(0.0, 0.0)),
    (ops::numbers::CROSS_ENTROPY, 0.2, 0.7, cross_entropy(0.2, 0.7)),
    (ops::numbers::CROSS_ENTROPY, 0.1, 3.5, cross_entropy(0.1, 3.5)),
    (ops::numbers::SIGMOID, 0.0, 1.5, Rule::Sigmoid { gamma: 1.5 }),
    (ops::numbers::LINEAR, 0.0, 0.0, Rule::Linear),
    (ops::numbers::SQUARED, 0.0, 0.0, Rule::Squared),
];

const fn cross_entropy(smoothing: f32, gamma: f32) -> Rule<f32> {
    Rule::CrossEntropy { smoothing, gamma }
}

pub(super) async fn pixel_terms(p: &mut Probe) -> Result<(), Error> {
    // Sigmoids of 300 would drown the others.
    for (i, ((number, smoothing, gamma, rule), raised)) in RULES
        .into_iter()
        .zip([true, true, true, false, true, true])
        .enumerate()
    {
        let by_weight = i % 2 == 0;
        let logits = if raised { logits(p, true) } else { p.reals(LEN) };
        let (labels, field) = (p.labels(ALL_PIXELS, CLASSES as u32), p.reals(LEN));
        let (weight, tables) = (shares(p, ALL_PIXELS), tables(p));
        let mut values = vec![0.0; 2 * ALL_PIXELS];
        let (logits_gpu, labels_gpu) = (p.tensor(&logits)?, p.tensor(&labels)?);
        let (weight_gpu, tables_gpu) = (p.tensor(&weight)?, p.tensor(&tables)?);
        let (values_gpu, field_gpu) = (p.noise(2 * ALL_PIXELS)?, p.tensor(&field)?);
        let params = ops::pixel_terms::Params {
            count: ALL_PIXELS as u32,
            classes: CLASSES as u32,
            pixels: PIXELS as u32,
            rule: number,
            smoothing,
            gamma,
            by_weight: by_weight.into(),
        };
        let mut recording = p.recording();
        ops::pixel_terms::record(
            &mut recording,
            &values_gpu,
            &logits_gpu,
            &labels_gpu,
            &weight_gpu,
            &tables_gpu,
            &field_gpu,
            &params,
        );
        p.play(&recording);
        twin::pixel_terms::pixel_terms(
            &mut values,
            &logits,
            &labels,
            &weight,
            &tables[..CLASSES],
            &field,
            PIXELS,
            rule,
            by_weight,
        );
        p.close(&values_gpu, &values).await?;
    }
    Ok(())
}

pub(super) async fn logit_gradient(p: &mut Probe) -> Result<(), Error> {
    let logits = p.reals(LEN).iter().map(|logit| 3.0 * logit).collect::<Vec<_>>();
    let labels = p.labels(ALL_PIXELS, CLASSES as u32);
    let (contour, weight) = (p.naturals(ALL_PIXELS, 1 << CLASSES), shares(p, ALL_PIXELS));
    let (tables, field) = (tables(p), p.reals(LEN));
    let coefficients = p.reals(ops::region_terms::coefficients(IMAGES * CLASSES));
    let (logits_gpu, labels_gpu) = (p.tensor(&logits)?, p.tensor(&labels)?);
    let (contour_gpu, weight_gpu) = (p.tensor(&contour)?, p.tensor(&weight)?);
    let (tables_gpu, field_gpu) = (p.tensor(&tables)?, p.tensor(&field)?);
    let coefficients_gpu = p.tensor(&coefficients)?;
    for (i, (number, smoothing, gamma, rule)) in RULES.into_iter().enumerate() {
        let [split, costs] = PAIRS[i % PAIRS.len()];
        let mut dlogits = vec![0.0; LEN];
        twin::softmax::softmax_forward(&mut dlogits, &logits, CLASSES, PIXELS);
        let dlogits_gpu = p.tensor(&dlogits)?;
        let params = ops::logit_gradient::Params {
            count: ALL_PIXELS as u32,
            classes: CLASSES as u32,
            pixels: PIXELS as u32,
            rule: number,
            smoothing,
            gamma,
            split: split.into(),
            costs: costs.into(),
        };
        let mut recording = p.recording();
        ops::logit_gradient::record(
            &mut recording,
            &dlogits_gpu,
            &logits_gpu,
            &labels_gpu,
            &contour_gpu,
            &weight_gpu,
            &tables_gpu,
            &coefficients_gpu,
            &field_gpu,
            &params,
        );
        p.play(&recording);
        twin::logit_gradient::logit_gradient(
            &mut dlogits,
            &logits,
            &labels,
            &contour,
            &weight,
            &tables[..CLASSES],
            &coefficients,
            &field,
            pairs(&tables, [split, costs]),
            PIXELS,
            rule,
        );
        p.close(&dlogits_gpu, &dlogits).await?;
    }
    Ok(())
}

pub(super) async fn pixel_shares(p: &mut Probe) -> Result<(), Error> {
    let (probabilities, dlogits) = (probabilities(p), p.reals(LEN));
    let (values, tables) = (p.reals(2 * ALL_PIXELS), tables(p));
    let (labels, contour) = (
        p.labels(ALL_PIXELS, CLASSES as u32),
        p.naturals(ALL_PIXELS, 1 << CLASSES),
    );
    let coefficients = p.reals(ops::region_terms::coefficients(IMAGES * CLASSES));
    let (p_gpu, dlogits_gpu) = (p.tensor(&probabilities)?, p.tensor(&dlogits)?);
    let (values_gpu, tables_gpu) = (p.tensor(&values)?, p.tensor(&tables)?);
    let (labels_gpu, contour_gpu) = (p.tensor(&labels)?, p.tensor(&contour)?);
    let coefficients_gpu = p.tensor(&coefficients)?;
    for [split, costs] in PAIRS {
        let mut shares = vec![0.0; 4 * ALL_PIXELS];
        let shares_gpu = p.noise(shares.len())?;
        let params = ops::pixel_shares::Params {
            count: ALL_PIXELS as u32,
            classes: CLASSES as u32,
            pixels: PIXELS as u32,
            split: split.into(),
            costs: costs.into(),
        };
        let mut recording = p.recording();
        ops::pixel_shares::record(
            &mut recording,
            &shares_gpu,
            &values_gpu,
            &p_gpu,
            &dlogits_gpu,
            &labels_gpu,
            &contour_gpu,
            &tables_gpu,
            &coefficients_gpu,
            &params,
        );
        p.play(&recording);
        twin::pixel_shares::pixel_shares(
            &mut shares,
            &values,
            &probabilities,
            &dlogits,
            &labels,
            &contour,
            &coefficients,
            pairs(&tables, [split, costs]),
            CLASSES,
            PIXELS,
        );
        p.close(&shares_gpu, &shares).await?;
    }
    Ok(())
}

/// All values apart, many alike, and an image in which no pixel counts.
pub(super) async fn worst_pixels(p: &mut Probe) -> Result<(), Error> {
    for (per_mille, levels, all) in [
        (100, 0.0, true),
        (333, 3.0, true),
        (1, 0.0, false),
        (1000, 5.0, false),
    ] {
        let mut values = vec![0.0; 2 * ALL_PIXELS];
        for (pixel, value) in shares(p, ALL_PIXELS).into_iter().enumerate() {
            let value = if levels > 0.0 {
                (levels * value).floor()
            } else {
                value
            };
            let counts = all || (pixel % 3 > 0 && pixel < PIXELS);
            values[2 * pixel] = if counts { value } else { 0.0 };
            values[2 * pixel + 1] = if counts { 1.0 } else { 0.0 };
        }
        let mut weight = vec![0.0; ALL_PIXELS];
        let weight_gpu = p.noise(ALL_PIXELS)?;
        let mut recording = p.recording();
        let params = ops::worst_pixels::Params {
            samples: IMAGES as u32,
            pixels: PIXELS as u32,
            per_mille,
            shift: 24,
        };
        ops::worst_pixels::record(&mut recording, &weight_gpu, &p.tensor(&values)?, params)?;
        p.play(&recording);
        twin::worst_pixels::worst_pixels(&mut weight, &values, PIXELS, per_mille as usize);
        p.close(&weight_gpu, &weight).await?;
    }
    Ok(())
}
