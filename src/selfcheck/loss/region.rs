//! What is summed over regions, and what follows from the sums.

use super::{ALL_PIXELS, CLASSES, IMAGES, PAIRS, PIXELS, Probe, pairs, probabilities, shares, tables};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;
use crate::reference::region_ratios::{ClassWeighting, Ratio};
use crate::reference::region_terms::Weights;

pub(super) async fn region_sums(p: &mut Probe) -> Result<(), Error> {
    let (probabilities, labels) = (probabilities(p), p.labels(ALL_PIXELS, CLASSES as u32));
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
        boundary: None,
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

pub(super) async fn region_ratios(p: &mut Probe) -> Result<(), Error> {
    let sums = sums(p);
    let sums_gpu = p.tensor(&sums)?;
    let weightings = [
        (ops::numbers::EQUAL, ClassWeighting::Equal),
        (ops::numbers::SIMPLE, ClassWeighting::Simple),
        (ops::numbers::SQUARE, ClassWeighting::Square),
        (ops::numbers::SOFTENED, ClassWeighting::Softened),
    ];
    for pool in POOLS {
        for (number, weighting) in weightings {
            for (exclude, background, exponent, boundary) in [
                (false, false, 1.0, None),
                (true, false, 0.75, None),
                (false, true, 2.0, None),
                (false, true, 1.0, Some(0.3)),
                (true, false, 1.0, Some(-0.2)),
            ] {
                let ratio = Ratio {
                    exclude,
                    background,
                    exponent,
                    weighting,
                    boundary,
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
                    boundary: boundary.is_some().into(),
                    limit: boundary.unwrap_or(0.0),
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

pub(super) async fn region_terms(p: &mut Probe) -> Result<(), Error> {
    for pool in POOLS {
        // All pools count, or every other one, or none.
        for (counting, background, logarithm) in [
            (0, false, false),
            (1, true, true),
            (2, false, true),
            (0, true, false),
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
