//! The kernels of the compound loss, each with inputs of odd sizes.

use super::{Case, Probe};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;
use crate::reference::region_terms::Weights;

/// N, K, H, W.
const SHAPE: [usize; 4] = [2, 5, 7, 9];
const K: usize = SHAPE[1];
/// Pixels of an image.
const PIXELS: usize = 7 * 9;
/// Pixels of the batch.
const COUNT: usize = 2 * PIXELS;
/// Logits of the batch.
const LEN: usize = K * COUNT;
/// Classes of all images.
const ROWS: usize = 2 * K;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "loss/softmax",
        run: |p| Box::pin(softmax(p)),
    },
    Case {
        name: "loss/pixel_terms",
        run: |p| Box::pin(pixel_terms(p)),
    },
    Case {
        name: "loss/sum",
        run: |p| Box::pin(sum(p)),
    },
    Case {
        name: "loss/region_sums",
        run: |p| Box::pin(region_sums(p)),
    },
    Case {
        name: "loss/region_ratios",
        run: |p| Box::pin(region_ratios(p)),
    },
    Case {
        name: "loss/region_terms",
        run: |p| Box::pin(region_terms(p)),
    },
    Case {
        name: "loss/logit_gradient",
        run: |p| Box::pin(logit_gradient(p)),
    },
    Case {
        name: "loss/argmax",
        run: |p| Box::pin(argmax(p)),
    },
    Case {
        name: "loss/confusion",
        run: |p| Box::pin(confusion(p)),
    },
];

/// `len` numbers within 0 and 1.
fn shares(p: &mut Probe, len: usize) -> Vec<f32> {
    p.reals(len).iter().map(|value| value.abs()).collect()
}

async fn softmax(p: &mut Probe) -> Result<(), Error> {
    let (x, dy) = (p.reals(LEN), p.reals(LEN));
    let (x_gpu, dy_gpu) = (p.tensor(&x)?, p.tensor(&dy)?);
    let (y_gpu, dx_gpu, log_gpu, dlog_gpu) = (p.noise(LEN)?, p.noise(LEN)?, p.noise(LEN)?, p.noise(LEN)?);
    let mut recording = p.recording();
    ops::softmax::record_forward(&mut recording, &y_gpu, &x_gpu, SHAPE);
    ops::softmax::record_backward(&mut recording, &dx_gpu, &y_gpu, &dy_gpu, SHAPE);
    ops::softmax::record_log_forward(&mut recording, &log_gpu, &x_gpu, SHAPE);
    ops::softmax::record_log_backward(&mut recording, &dlog_gpu, &log_gpu, &dy_gpu, SHAPE);
    p.play(&recording);
    let (mut y, mut dx, mut log, mut dlog) = (vec![0.0; LEN], vec![0.0; LEN], vec![0.0; LEN], vec![0.0; LEN]);
    twin::softmax::softmax_forward(&mut y, &x, K, PIXELS);
    twin::softmax::softmax_backward(&mut dx, &y, &dy, K, PIXELS);
    twin::softmax::log_softmax_forward(&mut log, &x, K, PIXELS);
    twin::softmax::log_softmax_backward(&mut dlog, &log, &dy, K, PIXELS);
    p.close(&y_gpu, &y).await?;
    p.close(&dx_gpu, &dx).await?;
    p.close(&log_gpu, &log).await?;
    p.close(&dlog_gpu, &dlog).await
}

async fn pixel_terms(p: &mut Probe) -> Result<(), Error> {
    let (logits, weight, class_weight) = (p.reals(LEN), p.reals(COUNT), p.reals(K));
    let labels = p.naturals(COUNT, K as u32);
    let mut values = vec![0.0; COUNT];
    let values_gpu = p.noise(COUNT)?;
    let (logits_gpu, labels_gpu) = (p.tensor(&logits)?, p.tensor(&labels)?);
    let (weight_gpu, class_weight_gpu) = (p.tensor(&weight)?, p.tensor(&class_weight)?);
    let mut recording = p.recording();
    ops::pixel_terms::record(
        &mut recording,
        &values_gpu,
        &logits_gpu,
        &labels_gpu,
        &weight_gpu,
        &class_weight_gpu,
        SHAPE,
    );
    p.play(&recording);
    twin::pixel_terms::pixel_terms(&mut values, &logits, &labels, &weight, &class_weight, PIXELS);
    p.close(&values_gpu, &values).await
}

async fn sum(p: &mut Probe) -> Result<(), Error> {
    let x = shares(p, 10_007);
    let (mut strips, mut total) = (vec![0.0; ops::sum::strips(x.len())], vec![0.0]);
    let (x_gpu, strips_gpu, total_gpu) = (p.tensor(&x)?, p.noise(strips.len())?, p.noise(1)?);
    let mut recording = p.recording();
    ops::sum::record(&mut recording, &strips_gpu, &x_gpu);
    ops::sum::record(&mut recording, &total_gpu, &strips_gpu);
    p.play(&recording);
    twin::sum::sum(&mut strips, &x);
    twin::sum::sum(&mut total, &strips);
    p.close(&strips_gpu, &strips).await?;
    p.close(&total_gpu, &total).await
}

async fn region_sums(p: &mut Probe) -> Result<(), Error> {
    let probabilities = shares(p, LEN);
    let (labels, contour) = (p.naturals(COUNT, K as u32), p.naturals(COUNT, 1 << K));
    let strips = ops::sum::strips(PIXELS);
    let mut partials = vec![0.0; strips * ops::region_sums::SUMS * ROWS];
    let (partials_gpu, p_gpu) = (p.noise(partials.len())?, p.tensor(&probabilities)?);
    let (labels_gpu, contour_gpu) = (p.tensor(&labels)?, p.tensor(&contour)?);
    let mut recording = p.recording();
    ops::region_sums::record(
        &mut recording,
        &partials_gpu,
        &p_gpu,
        &labels_gpu,
        &contour_gpu,
        SHAPE,
    );
    p.play(&recording);
    twin::region_sums::region_sums(
        &mut partials,
        &probabilities,
        &labels,
        &contour,
        K,
        PIXELS,
        strips,
    );
    p.close(&partials_gpu, &partials).await
}

async fn region_ratios(p: &mut Probe) -> Result<(), Error> {
    let mut sums = shares(p, ops::region_sums::SUMS * ROWS);
    // Class 2 is absent from both images.
    for image in 0..SHAPE[0] {
        sums[(image * K + 2) * 6 + 2] = 0.0;
        sums[(image * K + 2) * 6 + 5] = 0.0;
    }
    let sums_gpu = p.tensor(&sums)?;
    for [by_sample, by_class, exclude] in [
        [false, false, false],
        [true, false, false],
        [false, true, true],
        [true, true, true],
    ] {
        // The kernel leaves alone what no pool fills.
        let mut ratios = p.reals(ops::region_ratios::RATIOS * ROWS);
        let ratios_gpu = p.tensor(&ratios)?;
        let params = ops::region_ratios::Params {
            samples: SHAPE[0] as u32,
            classes: K as u32,
            by_sample: by_sample.into(),
            by_class: by_class.into(),
            exclude: exclude.into(),
            epsilon: 0.1,
        };
        let mut recording = p.recording();
        ops::region_ratios::record(&mut recording, &ratios_gpu, &sums_gpu, &params);
        p.play(&recording);
        twin::region_ratios::region_ratios(
            &mut ratios,
            &sums,
            K,
            by_sample,
            by_class,
            exclude,
            params.epsilon,
        );
        p.close(&ratios_gpu, &ratios).await?;
    }
    Ok(())
}

async fn region_terms(p: &mut Probe) -> Result<(), Error> {
    let mut ratios = p.reals(ops::region_ratios::RATIOS * ROWS);
    // A pool counts or it does not.
    for counts in ratios.iter_mut().skip(3).step_by(4) {
        *counts = f32::from(*counts > 0.0);
    }
    let weights = Weights {
        alpha: 0.7,
        beta: 1.3,
        lambda_contour: 0.6,
        lambda_noncontour: 0.9,
    };
    let (ratios_gpu, sum_gpu) = (p.tensor(&ratios)?, p.tensor(&[12.0_f32])?);
    for [by_sample, by_class] in [[false, false], [true, false], [false, true], [true, true]] {
        let (mut terms, mut coefficients) = (vec![0.0; ops::region_terms::TERMS], vec![0.0; 4 * ROWS]);
        let (terms_gpu, coefficients_gpu) = (p.noise(terms.len())?, p.noise(coefficients.len())?);
        let params = ops::region_terms::Params {
            samples: SHAPE[0] as u32,
            classes: K as u32,
            by_sample: by_sample.into(),
            by_class: by_class.into(),
            pixels: COUNT as f32,
            alpha: weights.alpha,
            beta: weights.beta,
            lambda_contour: weights.lambda_contour,
            lambda_noncontour: weights.lambda_noncontour,
        };
        let mut recording = p.recording();
        ops::region_terms::record(
            &mut recording,
            &terms_gpu,
            &coefficients_gpu,
            &ratios_gpu,
            &sum_gpu,
            &params,
        );
        p.play(&recording);
        twin::region_terms::region_terms(
            &mut terms,
            &mut coefficients,
            &ratios,
            12.0,
            K,
            by_sample,
            by_class,
            COUNT,
            weights,
        );
        p.close(&terms_gpu, &terms).await?;
        p.close(&coefficients_gpu, &coefficients).await?;
    }
    Ok(())
}

async fn logit_gradient(p: &mut Probe) -> Result<(), Error> {
    let mut dlogits = shares(p, LEN);
    let (labels, contour) = (p.naturals(COUNT, K as u32), p.naturals(COUNT, 1 << K));
    let (weight, class_weight, coefficients) = (p.reals(COUNT), p.reals(K), p.reals(4 * ROWS));
    let dlogits_gpu = p.tensor(&dlogits)?;
    let (labels_gpu, contour_gpu, weight_gpu) = (p.tensor(&labels)?, p.tensor(&contour)?, p.tensor(&weight)?);
    let (class_weight_gpu, coefficients_gpu) = (p.tensor(&class_weight)?, p.tensor(&coefficients)?);
    let params = ops::logit_gradient::Params {
        count: COUNT as u32,
        classes: K as u32,
        pixels: PIXELS as u32,
        scale: 0.3,
    };
    let mut recording = p.recording();
    ops::logit_gradient::record(
        &mut recording,
        &dlogits_gpu,
        &labels_gpu,
        &contour_gpu,
        &weight_gpu,
        &class_weight_gpu,
        &coefficients_gpu,
        &params,
    );
    p.play(&recording);
    twin::logit_gradient::logit_gradient(
        &mut dlogits,
        &labels,
        &contour,
        &weight,
        &class_weight,
        &coefficients,
        PIXELS,
        params.scale,
    );
    p.close(&dlogits_gpu, &dlogits).await
}

async fn argmax(p: &mut Probe) -> Result<(), Error> {
    // Whole numbers, so that there are ties.
    let logits: Vec<f32> = p.naturals(LEN, 4).iter().map(|value| *value as f32).collect();
    let mut prediction = vec![0; COUNT];
    let (prediction_gpu, logits_gpu) = (p.noise(COUNT)?, p.tensor(&logits)?);
    let mut recording = p.recording();
    ops::argmax::record(&mut recording, &prediction_gpu, &logits_gpu, SHAPE);
    p.play(&recording);
    twin::argmax::argmax(&mut prediction, &logits, K, PIXELS);
    p.equal(&prediction_gpu, &prediction).await
}

async fn confusion(p: &mut Probe) -> Result<(), Error> {
    let (prediction, labels) = (p.naturals(COUNT, K as u32), p.naturals(COUNT, K as u32));
    let mut counts = vec![0; ops::confusion::COUNTS * ROWS];
    let (counts_gpu, prediction_gpu) = (p.noise(counts.len())?, p.tensor(&prediction)?);
    let labels_gpu = p.tensor(&labels)?;
    let mut recording = p.recording();
    ops::confusion::record(&mut recording, &counts_gpu, &prediction_gpu, &labels_gpu, SHAPE);
    p.play(&recording);
    twin::confusion::confusion(&mut counts, &prediction, &labels, K, PIXELS);
    p.equal(&counts_gpu, &counts).await
}
