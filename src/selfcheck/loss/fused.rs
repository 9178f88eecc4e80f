//! The two passes over the pixels, in every form.

use super::pixel::RULES;
use super::{ALL_PIXELS, CLASSES, IMAGES, LEN, PIXELS, Probe, logits, pairs, shares, tables};
use crate::gpu::Error;
use crate::ops;
use crate::ops::fused::{Form, Params, Variant};
use crate::reference as twin;
use crate::reference::fused_sums::{Pixels, Weight};
use crate::reference::pixel_terms::Rule;
use crate::reference::region_sums::Pairs;

/// Every form, as one of [`RULES`].
const FORMS: [(Form, usize); 7] = [
    (Form::Plain, 0),
    (Form::Focused, 1),
    (Form::Focused, 2),
    (Form::Sigmoid, 3),
    (Form::Linear, 4),
    (Form::Squared, 5),
    (Form::Costs, 0),
];
/// Classes whose contour raises the weight, and the weights.
const COUNTED: (u32, f32, f32) = (0b10110, 0.7, 1.9);

/// What both kernels are given.
struct Given {
    logits: Vec<f32>,
    marks: Vec<u32>,
    weight: Vec<f32>,
    tables: Vec<f32>,
    field: Vec<f32>,
}

/// One way to run them.
struct Way {
    variant: Variant,
    params: Params,
    rule: Rule<f32>,
}

impl Given {
    /// Sigmoids of 300, and their slopes, would drown the others.
    fn new(p: &mut Probe, raised: bool) -> Self {
        let labels = p.labels(ALL_PIXELS, CLASSES as u32);
        let contour = p.naturals(ALL_PIXELS, 1 << CLASSES);
        let mut marks = vec![0; ALL_PIXELS];
        twin::marks::marks(&mut marks, &labels, &contour);
        Self {
            logits: if raised { logits(p, true) } else { p.reals(LEN) },
            marks,
            weight: shares(p, ALL_PIXELS),
            tables: tables(p),
            field: p.reals(LEN),
        }
    }

    fn pixels(&self, way: &Way) -> Pixels<'_, f32> {
        let (counted, base, lambda) = COUNTED;
        Pixels {
            marks: &self.marks,
            weight: if way.variant.given {
                Weight::Given(&self.weight)
            } else {
                Weight::Contour {
                    counted,
                    base,
                    lambda,
                }
            },
            field: &self.field,
        }
    }

    fn pairs(&self, variant: Variant) -> Pairs<'_, f32> {
        pairs(&self.tables, [variant.split, variant.form == Form::Costs])
    }
}

/// Split or not and with a weight of either kind, in turn.
fn ways(strips: usize) -> Vec<Way> {
    let (counted, base, lambda) = COUNTED;
    let way = |(i, (form, rule)): (usize, (Form, usize))| {
        let (_, smoothing, gamma, rule) = RULES[rule];
        Way {
            variant: Variant {
                classes: CLASSES,
                form,
                split: i % 2 == 0,
                given: i % 3 == 1,
            },
            params: Params {
                samples: IMAGES as u32,
                pixels: PIXELS as u32,
                strips: strips as u32,
                counted,
                base,
                lambda,
                smoothing,
                gamma,
                by_weight: u32::from(i % 4 < 2),
            },
            rule,
        }
    };
    FORMS.into_iter().enumerate().map(way).collect()
}

pub(super) async fn fused_sums(p: &mut Probe) -> Result<(), Error> {
    let strips = ops::fused_sums::strips(PIXELS);
    for way in ways(strips) {
        let given = Given::new(p, way.variant.form != Form::Sigmoid);
        let rows = strips * IMAGES;
        let (mut partials, mut pixel_partials) = (vec![0.0; rows * CLASSES * 8], vec![0.0; rows * 2]);
        let (partials_gpu, pixel_partials_gpu) = (p.noise(partials.len())?, p.noise(pixel_partials.len())?);
        let mut recording = p.recording();
        ops::fused_sums::record(
            &mut recording,
            &partials_gpu,
            &pixel_partials_gpu,
            &p.tensor(&given.logits)?,
            &p.tensor(&given.marks)?,
            &p.tensor(&given.weight)?,
            &p.tensor(&given.tables)?,
            &p.tensor(&given.field)?,
            way.variant,
            &way.params,
        );
        p.play(&recording);
        twin::fused_sums::fused_sums(
            &mut partials,
            &mut pixel_partials,
            &given.logits,
            given.pixels(&way),
            &given.tables[..CLASSES],
            given.pairs(way.variant),
            PIXELS,
            way.rule,
            way.params.by_weight != 0,
        );
        p.close(&partials_gpu, &partials).await?;
        p.close(&pixel_partials_gpu, &pixel_partials).await?;
    }
    Ok(())
}

pub(super) async fn fused_gradient(p: &mut Probe) -> Result<(), Error> {
    // Not every strip is as long as the others.
    for way in ways(5) {
        let mut given = Given::new(p, false);
        for logit in &mut given.logits {
            *logit *= 3.0;
        }
        let coefficients = p.reals(ops::region_terms::coefficients(IMAGES * CLASSES));
        let mut dlogits = vec![0.0; LEN];
        let dlogits_gpu = p.noise(LEN)?;
        let mut recording = p.recording();
        ops::fused_gradient::record(
            &mut recording,
            &dlogits_gpu,
            &p.tensor(&given.logits)?,
            &p.tensor(&given.marks)?,
            &p.tensor(&given.weight)?,
            &p.tensor(&given.tables)?,
            &p.tensor(&coefficients)?,
            &p.tensor(&given.field)?,
            way.variant,
            &way.params,
        );
        p.play(&recording);
        twin::fused_gradient::fused_gradient(
            &mut dlogits,
            &given.logits,
            given.pixels(&way),
            &given.tables[..CLASSES],
            &coefficients,
            given.pairs(way.variant),
            PIXELS,
            way.rule,
        );
        p.close(&dlogits_gpu, &dlogits).await?;
    }
    Ok(())
}
