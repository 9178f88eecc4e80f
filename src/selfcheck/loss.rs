//! Parts of the losses, each alone.

use super::{Case, Probe};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;
use crate::reference::pixel_terms::Rule;
use crate::reference::region_ratios::{ClassWeighting, Ratio};
use crate::reference::region_sums::Pairs;
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
        name: "loss/pixel_shares",
        run: |p| Box::pin(pixel_shares(p)),
    },
    Case {
        name: "loss/threshold",
        run: |p| Box::pin(threshold(p)),
    },
    Case {
        name: "loss/distance_powers",
        run: |p| Box::pin(distance_powers(p)),
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

/// Every rule: the number that the shader knows it by, ε and γ, and what the twin calls it.
const RULES: [(u32, f32, f32, Rule<f32>); 6] = [
    (ops::pixel_terms::CROSS_ENTROPY, 0.0, 0.0, cross_entropy(0.0, 0.0)),
    (ops::pixel_terms::CROSS_ENTROPY, 0.2, 0.7, cross_entropy(0.2, 0.7)),
    (ops::pixel_terms::CROSS_ENTROPY, 0.1, 3.5, cross_entropy(0.1, 3.5)),
    (ops::pixel_terms::SIGMOID, 0.0, 1.5, Rule::Sigmoid { gamma: 1.5 }),
    (ops::pixel_terms::LINEAR, 0.0, 0.0, Rule::Linear),
    (ops::pixel_terms::SQUARED, 0.0, 0.0, Rule::Squared),
];

const fn cross_entropy(smoothing: f32, gamma: f32) -> Rule<f32> {
    Rule::CrossEntropy { smoothing, gamma }
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

async fn pixel_terms(p: &mut Probe) -> Result<(), Error> {
    // Sigmoids of 300 would drown the others.
    for ((number, smoothing, gamma, rule), raised) in
        RULES.into_iter().zip([true, true, true, false, true, true])
    {
        let logits = if raised { logits(p, true) } else { p.reals(LEN) };
        let (labels, field) = (p.naturals(ALL_PIXELS, CLASSES as u32), p.reals(LEN));
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
        );
        p.close(&values_gpu, &values).await?;
    }
    Ok(())
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
    let (contour, tables) = (p.naturals(ALL_PIXELS, 1 << CLASSES), tables(p));
    let (p_gpu, tables_gpu) = (p.tensor(&probabilities)?, p.tensor(&tables)?);
    let (labels_gpu, contour_gpu) = (p.tensor(&labels)?, p.tensor(&contour)?);
    // One strip has more pixels than a block of 32.
    for (strips, [split, costs]) in [1, 11, 7].into_iter().zip(PAIRS) {
        let mut partials = vec![0.0; strips * 8 * IMAGES * CLASSES];
        let partials_gpu = p.noise(partials.len())?;
        let params = ops::region_sums::Params {
            rows: (IMAGES * CLASSES) as u32,
            classes: CLASSES as u32,
            pixels: PIXELS as u32,
            strips: strips as u32,
            split: split.into(),
            costs: costs.into(),
        };
        let mut recording = p.recording();
        ops::region_sums::record(
            &mut recording,
            &partials_gpu,
            &p_gpu,
            &labels_gpu,
            &contour_gpu,
            &tables_gpu,
            &params,
        );
        p.play(&recording);
        twin::region_sums::region_sums(
            &mut partials,
            &probabilities,
            &labels,
            &contour,
            pairs(&tables, [split, costs]),
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

/// No two factors alike, and sums large enough not to be drowned in ε.
fn ratio([by_sample, by_class]: [bool; 2]) -> Ratio<f32> {
    Ratio {
        numerator: [0.6, 0.0, 0.05, 0.0],
        denominator: [0.2, 0.9, 1.1, 0.4],
        smooth: [0.3, 0.5],
        exponent: 1.0,
        weighting: ClassWeighting::Equal,
        background: false,
        by_sample,
        by_class,
        exclude: false,
    }
}

/// Sums of classes that are there, and of some that are not: the first image is all background; in the second, class
/// 2 is off its contour, class 3 on it, class 4 nowhere.
fn sums(p: &mut Probe) -> Vec<f32> {
    let mut sums = shares(p, 8 * IMAGES * CLASSES);
    for row in 0..IMAGES * CLASSES {
        // No more is hit than there is.
        for set in 0..2 {
            let at = 8 * row + 4 * set;
            sums[at] *= sums[at + 1].min(sums[at + 2]);
            sums[at + 3] *= sums[at + 1];
        }
    }
    for row in 1..IMAGES * CLASSES {
        let class = if row < CLASSES { 4 } else { row % CLASSES };
        for (empty, at) in [
            ([2, 4].contains(&class), 8 * row),
            ([3, 4].contains(&class), 8 * row + 4),
        ] {
            if empty {
                sums[at] = 0.0;
                sums[at + 2] = 0.0;
            }
        }
    }
    sums
}

async fn region_ratios(p: &mut Probe) -> Result<(), Error> {
    let sums = sums(p);
    let sums_gpu = p.tensor(&sums)?;
    let weightings = [
        ClassWeighting::Equal,
        ClassWeighting::Simple,
        ClassWeighting::Square,
        ClassWeighting::Softened,
    ];
    for pool in POOLS {
        for (number, weighting) in (0..).zip(weightings) {
            for (exclude, background, exponent) in
                [(false, false, 1.0), (true, false, 0.75), (false, true, 2.0)]
            {
                let ratio = Ratio {
                    exclude,
                    background,
                    exponent,
                    weighting,
                    ..ratio(pool)
                };
                // There is room for every class of every image; what no pool takes stays as it is.
                let (mut ratios, mut members) = (p.reals(24 * IMAGES * CLASSES), p.reals(IMAGES * CLASSES));
                let (ratios_gpu, members_gpu) = (p.tensor(&ratios)?, p.tensor(&members)?);
                let params = ops::region_ratios::Params {
                    samples: IMAGES as u32,
                    classes: CLASSES as u32,
                    first: (!background).into(),
                    by_sample: ratio.by_sample.into(),
                    by_class: ratio.by_class.into(),
                    exclude: exclude.into(),
                    weighting: number,
                    pixels: PIXELS as f32,
                    numerator_qt: ratio.numerator[0],
                    numerator_t: ratio.numerator[2],
                    denominator_qt: ratio.denominator[0],
                    denominator_q: ratio.denominator[1],
                    denominator_t: ratio.denominator[2],
                    denominator_qq: ratio.denominator[3],
                    smooth_numerator: ratio.smooth[0],
                    smooth_denominator: ratio.smooth[1],
                    exponent,
                };
                let mut recording = p.recording();
                ops::region_ratios::record(&mut recording, &ratios_gpu, &members_gpu, &sums_gpu, &params);
                p.play(&recording);
                twin::region_ratios::region_ratios(&mut ratios, &mut members, &sums, CLASSES, PIXELS, &ratio);
                p.close(&ratios_gpu, &ratios).await?;
                p.close(&members_gpu, &members).await?;
            }
        }
    }
    Ok(())
}

async fn region_terms(p: &mut Probe) -> Result<(), Error> {
    for pool in POOLS {
        // All pools count, or every other one, or none.
        for (counting, background, by_weight, logarithm) in [
            (0, false, false, false),
            (1, true, true, true),
            (2, false, false, true),
            (0, true, true, false),
        ] {
            let mut ratios = p.reals(24 * IMAGES * CLASSES);
            for (set, ratio) in ratios.chunks_mut(12).enumerate() {
                ratio[9] = [1.0, (set / 2 % 2) as f32, 0.0][counting];
            }
            let (members, pixel_sums) = (shares(p, IMAGES * CLASSES), shares(p, 2));
            let ratio = Ratio {
                background,
                ..ratio(pool)
            };
            let weights = Weights {
                alpha: 0.7,
                beta: 1.3,
                lambda_contour: 0.6,
                lambda_rest: 0.9,
                by_weight,
                divisor: 1.7,
                logarithm,
            };
            let mut terms = vec![0.0; 5];
            let mut coefficients = vec![0.0; ops::region_terms::coefficients(IMAGES * CLASSES)];
            let (ratios_gpu, members_gpu) = (p.tensor(&ratios)?, p.tensor(&members)?);
            let sums_gpu = p.tensor(&pixel_sums)?;
            let (terms_gpu, coefficients_gpu) = (p.noise(5)?, p.noise(coefficients.len())?);
            let params = ops::region_terms::Params {
                samples: IMAGES as u32,
                classes: CLASSES as u32,
                first: (!background).into(),
                by_sample: ratio.by_sample.into(),
                by_class: ratio.by_class.into(),
                by_weight: by_weight.into(),
                logarithm: logarithm.into(),
                divisor: weights.divisor,
                alpha: weights.alpha,
                beta: weights.beta,
                lambda_contour: weights.lambda_contour,
                lambda_rest: weights.lambda_rest,
            };
            let mut recording = p.recording();
            ops::region_terms::record(
                &mut recording,
                &terms_gpu,
                &coefficients_gpu,
                &ratios_gpu,
                &members_gpu,
                &sums_gpu,
                &params,
            );
            p.play(&recording);
            twin::region_terms::region_terms(
                &mut terms,
                &mut coefficients,
                &ratios,
                &members,
                &pixel_sums,
                CLASSES,
                &ratio,
                weights,
            );
            p.close(&terms_gpu, &terms).await?;
            p.close(&coefficients_gpu, &coefficients).await?;
        }
    }
    Ok(())
}

async fn logit_gradient(p: &mut Probe) -> Result<(), Error> {
    let logits = p.reals(LEN).iter().map(|logit| 3.0 * logit).collect::<Vec<_>>();
    let labels = p.naturals(ALL_PIXELS, CLASSES as u32);
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

async fn pixel_shares(p: &mut Probe) -> Result<(), Error> {
    let (probabilities, dlogits) = (probabilities(p), p.reals(LEN));
    let (values, tables) = (p.reals(2 * ALL_PIXELS), tables(p));
    let (labels, contour) = (
        p.naturals(ALL_PIXELS, CLASSES as u32),
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
