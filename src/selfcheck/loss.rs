//! Parts of the compound loss, each alone.

use super::{Case, Probe};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;
use crate::reference::region_terms::Weights;

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
        let (x, dy) = (logits(p, all), p.reals(LEN));
        let [mut y, mut dx, mut log_y, mut log_dx] = [(); 4].map(|()| vec![0.0; LEN]);
        let (x_gpu, dy_gpu) = (p.tensor(&x)?, p.tensor(&dy)?);
        let (y_gpu, dx_gpu) = (p.noise(LEN)?, p.noise(LEN)?);
        let (log_y_gpu, log_dx_gpu) = (p.noise(LEN)?, p.noise(LEN)?);
        let mut recording = p.recording();
        ops::softmax::record_forward(&mut recording, &y_gpu, &x_gpu, SHAPE);
        ops::softmax::record_backward(&mut recording, &dx_gpu, &y_gpu, &dy_gpu, SHAPE);
        ops::softmax::record_log_forward(&mut recording, &log_y_gpu, &x_gpu, SHAPE);
        ops::softmax::record_log_backward(&mut recording, &log_dx_gpu, &log_y_gpu, &dy_gpu, SHAPE);
        p.play(&recording);
        twin::softmax::softmax_forward(&mut y, &x, CLASSES, PIXELS);
        twin::softmax::softmax_backward(&mut dx, &y, &dy, CLASSES, PIXELS);
        twin::softmax::log_softmax_forward(&mut log_y, &x, CLASSES, PIXELS);
        twin::softmax::log_softmax_backward(&mut log_dx, &log_y, &dy, CLASSES, PIXELS);
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
        p.close(&log_y_gpu, &log_y).await?;
        p.close(&log_dx_gpu, &log_dx).await?;
    }
    Ok(())
}

async fn pixel_terms(p: &mut Probe) -> Result<(), Error> {
    let (logits, labels) = (logits(p, true), p.naturals(ALL_PIXELS, CLASSES as u32));
    let (weight, class_weight) = (shares(p, ALL_PIXELS), shares(p, CLASSES));
    let mut values = vec![0.0; ALL_PIXELS];
    let (logits_gpu, labels_gpu) = (p.tensor(&logits)?, p.tensor(&labels)?);
    let (weight_gpu, class_weight_gpu) = (p.tensor(&weight)?, p.tensor(&class_weight)?);
    let values_gpu = p.noise(ALL_PIXELS)?;
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

async fn region_sums(p: &mut Probe) -> Result<(), Error> {
    let (probabilities, labels) = (probabilities(p), p.naturals(ALL_PIXELS, CLASSES as u32));
    let contour = p.naturals(ALL_PIXELS, 1 << CLASSES);
    let p_gpu = p.tensor(&probabilities)?;
    let (labels_gpu, contour_gpu) = (p.tensor(&labels)?, p.tensor(&contour)?);
    // One strip has more pixels than a block of 32.
    for strips in [1, 11] {
        let mut partials = vec![0.0; strips * 6 * IMAGES * CLASSES];
        let partials_gpu = p.noise(partials.len())?;
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
            CLASSES,
            PIXELS,
            strips,
        );
        p.close(&partials_gpu, &partials).await?;
    }
    Ok(())
}

/// Every pooling: by sample, by class.
const POOLS: [[bool; 2]; 4] = [[false, false], [false, true], [true, false], [true, true]];

async fn region_ratios(p: &mut Probe) -> Result<(), Error> {
    // Large enough not to drown the other ratios in those of an empty set.
    let epsilon = 0.5;
    let mut sums = shares(p, 6 * IMAGES * CLASSES);
    // The first image is all background; in the second, class 2 is off its contour, class 3 on it, class 4 nowhere.
    for row in 1..IMAGES * CLASSES {
        let class = if row < CLASSES { 4 } else { row % CLASSES };
        for (empty, at) in [
            ([2, 4].contains(&class), 6 * row),
            ([3, 4].contains(&class), 6 * row + 3),
        ] {
            if empty {
                sums[at] = 0.0;
                sums[at + 2] = 0.0;
            }
        }
    }
    let sums_gpu = p.tensor(&sums)?;
    for [by_sample, by_class] in POOLS {
        for exclude in [false, true] {
            // There is room for every class of every image; what no pool takes stays as it is.
            let mut ratios = p.reals(8 * IMAGES * CLASSES);
            let ratios_gpu = p.tensor(&ratios)?;
            let params = ops::region_ratios::Params {
                samples: IMAGES as u32,
                classes: CLASSES as u32,
                by_sample: by_sample.into(),
                by_class: by_class.into(),
                exclude: exclude.into(),
                epsilon,
            };
            let mut recording = p.recording();
            ops::region_ratios::record(&mut recording, &ratios_gpu, &sums_gpu, &params);
            p.play(&recording);
            twin::region_ratios::region_ratios(
                &mut ratios,
                &sums,
                CLASSES,
                by_sample,
                by_class,
                exclude,
                epsilon,
            );
            p.close(&ratios_gpu, &ratios).await?;
        }
    }
    Ok(())
}

async fn region_terms(p: &mut Probe) -> Result<(), Error> {
    let weights = Weights {
        alpha: 0.7,
        beta: 1.3,
        lambda_contour: 0.6,
        lambda_noncontour: 0.9,
    };
    for [by_sample, by_class] in POOLS {
        // All pools count, or every other one, or none.
        for counting in 0..3 {
            let mut ratios = p.reals(8 * IMAGES * CLASSES);
            for (set, ratio) in ratios.chunks_mut(4).enumerate() {
                ratio[3] = [1.0, (set / 2 % 2) as f32, 0.0][counting];
            }
            let cross_entropy_sum = p.reals(1);
            let (mut terms, mut coefficients) = (vec![0.0; 5], vec![0.0; 4 * IMAGES * CLASSES]);
            let (ratios_gpu, sum_gpu) = (p.tensor(&ratios)?, p.tensor(&cross_entropy_sum)?);
            let (terms_gpu, coefficients_gpu) = (p.noise(5)?, p.noise(coefficients.len())?);
            let params = ops::region_terms::Params {
                samples: IMAGES as u32,
                classes: CLASSES as u32,
                by_sample: by_sample.into(),
                by_class: by_class.into(),
                pixels: ALL_PIXELS as f32,
                alpha: weights.alpha,
                beta: weights.beta,
                lambda_contour: weights.lambda_contour,
                lambda_noncontour: weights.lambda_noncontour,
            };
            let mut recording = p.recording();
            let tensors = (&terms_gpu, &coefficients_gpu, &ratios_gpu, &sum_gpu);
            let (terms_to, coefficients_to, from, sum) = tensors;
            ops::region_terms::record(&mut recording, terms_to, coefficients_to, from, sum, &params);
            p.play(&recording);
            twin::region_terms::region_terms(
                &mut terms,
                &mut coefficients,
                &ratios,
                cross_entropy_sum[0],
                CLASSES,
                by_sample,
                by_class,
                ALL_PIXELS,
                weights,
            );
            p.close(&terms_gpu, &terms).await?;
            p.close(&coefficients_gpu, &coefficients).await?;
        }
    }
    Ok(())
}

async fn logit_gradient(p: &mut Probe) -> Result<(), Error> {
    let (mut dlogits, labels) = (probabilities(p), p.naturals(ALL_PIXELS, CLASSES as u32));
    let contour = p.naturals(ALL_PIXELS, 1 << CLASSES);
    let (weight, class_weight) = (shares(p, ALL_PIXELS), shares(p, CLASSES));
    let coefficients = p.reals(4 * IMAGES * CLASSES);
    let (dlogits_gpu, labels_gpu, contour_gpu) =
        (p.tensor(&dlogits)?, p.tensor(&labels)?, p.tensor(&contour)?);
    let (weight_gpu, class_weight_gpu) = (p.tensor(&weight)?, p.tensor(&class_weight)?);
    let coefficients_gpu = p.tensor(&coefficients)?;
    let scale = 0.8;
    let params = ops::logit_gradient::Params {
        count: ALL_PIXELS as u32,
        classes: CLASSES as u32,
        pixels: PIXELS as u32,
        scale,
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
        scale,
    );
    p.close(&dlogits_gpu, &dlogits).await
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
    let [prediction, labels] = [(); 2].map(|()| p.naturals(ALL_PIXELS, CLASSES as u32));
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
