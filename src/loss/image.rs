//! A loss on the fast kernels of the processor: sums of each image, a meeting of all images, the gradient of each image.
//!
//! Only the sums of an image leave it, and only the coefficients that follow from all of them come back: images may be on
//! different threads. The meeting is that of the twins, in f64.

use serde::{Deserialize, Serialize};

use super::{Parts, Terms, field};
use crate::cpu::{exp, ln, vectorised};
use crate::ops::region_ratios::RATIOS;
use crate::ops::region_sums::SUMS;
use crate::ops::region_terms::coefficients;
use crate::reference::logit_gradient::{focal_slope, sigmoid_slope};
use crate::reference::pixel_terms::{Rule, pixel_term};
use crate::reference::{region_ratios, region_terms};

/// What the loss is given of an image: `logits` (K, pixels); `labels` (each below K, or of no class), `contour` (class k at
/// bit k) and `weight` (of [`Parts::weighting`]) have (pixels). `size` is H, W.
#[derive(Clone, Copy, Debug)]
pub struct ImageInputs<'a> {
    pub logits: &'a [f32],
    pub labels: &'a [u32],
    pub contour: &'a [u32],
    pub weight: &'a [f32],
    pub size: [usize; 2],
}

/// What an image adds to the sums of its batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImageSums {
    /// Of the pixel term, and what it is divided by.
    pub pixel: [f64; 2],
    /// (K, 2, 4): Σqt, Σq, Σt, Σq² on the contour and off it.
    pub regions: Vec<f64>,
}

/// What the gradient needs of the forward pass.
#[derive(Clone, Debug, Default)]
pub struct ImageLoss {
    /// Softmax (K, pixels).
    p: Vec<f32>,
    /// log Σ exp(z − max) and max of each pixel.
    log_sum: Vec<f32>,
    largest: Vec<f32>,
    /// (K, pixels), or empty.
    field: Vec<f32>,
}

/// Pixels that are worked on at once: all that is known of them stays in the first cache.
const CHUNK: usize = 128;
/// Sums side by side.
const LANES: usize = 16;

type Chunk = [f32; CHUNK];

/// The terms of a batch, and the coefficients of its gradient: (N, K, 2, 2, 4), then the scales of the pixel term.
#[must_use]
pub fn meet(sums: &[ImageSums], parts: &Parts, pixels: usize) -> (Terms<f64>, Vec<f32>) {
    let classes = parts.class_weight.len();
    let rows = sums.len() * classes;
    let regions: Vec<f64> = sums.iter().flat_map(|sums| &sums.regions).copied().collect();
    let pixel = [0, 1].map(|i| sums.iter().map(|sums| sums.pixel[i]).sum::<f64>());
    let ratio = parts.ratio::<f64>();
    let mut ratios = vec![0.0; RATIOS * rows];
    let mut members = vec![0.0; rows];
    let mut terms = vec![0.0; Terms::<f64>::LEN];
    let mut coefficients = vec![0.0; coefficients(rows)];
    region_ratios::region_ratios(&mut ratios, &mut members, &regions, classes, pixels, &ratio);
    region_terms::region_terms(
        &mut terms,
        &mut coefficients,
        &ratios,
        &members,
        &pixel,
        classes,
        &ratio,
        parts.weights(),
    );
    let narrow = coefficients.iter().map(|value| *value as f32).collect();
    (Terms::from_slice(&terms), narrow)
}

impl ImageLoss {
    /// What an image adds to its batch.
    pub fn sums(&mut self, inputs: &ImageInputs<'_>, parts: &Parts) -> ImageSums {
        let classes = parts.class_weight.len();
        let pixels = inputs.labels.len();
        self.p.resize(classes * pixels, 0.0);
        self.log_sum.resize(pixels, 0.0);
        self.largest.resize(pixels, 0.0);
        vectorised(
            #[inline(always)]
            || self.softmax(inputs.logits, pixels),
        );
        let [height, width] = inputs.size;
        let shape = [1, classes, height, width];
        self.field = field::field(parts.pixel.term, inputs.labels, &self.p, shape);
        let mut sums = ImageSums {
            pixel: self.pixel_sums(inputs, parts),
            regions: vec![0.0; SUMS * classes],
        };
        let costs: Vec<f32> = parts.costs();
        vectorised(
            #[inline(always)]
            || self.region_sums(&mut sums.regions, inputs, parts, &costs),
        );
        sums
    }

    /// ∂L/∂z (K, pixels) of the image of the last [`ImageLoss::sums`], number `image` of its batch, with the coefficients of
    /// [`meet`].
    pub fn gradient(
        &self,
        dlogits: &mut [f32],
        inputs: &ImageInputs<'_>,
        parts: &Parts,
        coefficients: &[f32],
        image: usize,
    ) {
        let classes = parts.class_weight.len();
        let costs: Vec<f32> = parts.costs();
        let scale = coefficients[coefficients.len() - 4];
        let own = &coefficients[SUMS * 2 * image * classes..][..SUMS * 2 * classes];
        vectorised(
            #[inline(always)]
            || self.all_gradients(dlogits, inputs, parts, &costs, own, scale),
        );
    }

    #[inline(always)]
    fn softmax(&mut self, logits: &[f32], pixels: usize) {
        let classes = logits.len() / pixels;
        for first in (0..pixels).step_by(CHUNK) {
            let count = CHUNK.min(pixels - first);
            let (mut largest, mut total): (Chunk, Chunk) = ([f32::NEG_INFINITY; CHUNK], [0.0; CHUNK]);
            for k in 0..classes {
                let z = &logits[k * pixels + first..][..count];
                for (largest, z) in largest.iter_mut().zip(z) {
                    *largest = if *z > *largest { *z } else { *largest };
                }
            }
            for k in 0..classes {
                let z = &logits[k * pixels + first..][..count];
                let p = &mut self.p[k * pixels + first..][..count];
                for i in 0..count {
                    p[i] = exp(z[i] - largest[i]);
                    total[i] += p[i];
                }
            }
            for k in 0..classes {
                let p = &mut self.p[k * pixels + first..][..count];
                for (p, total) in p.iter_mut().zip(&total) {
                    *p /= total;
                }
            }
            self.largest[first..first + count].copy_from_slice(&largest[..count]);
            for (to, total) in self.log_sum[first..first + count].iter_mut().zip(&total) {
                *to = ln(*total);
            }
        }
    }

    /// Σ of the pixel term, and of what each pixel counts.
    fn pixel_sums(&self, inputs: &ImageInputs<'_>, parts: &Parts) -> [f64; 2] {
        let pixels = inputs.labels.len();
        let class_weight: Vec<f32> = parts.class_weights();
        let classes = class_weight.len();
        let rule: Rule<f32> = parts.pixel.term.rule();
        let [mut values, mut counted] = [0.0_f64; 2];
        let (mut logits, mut field) = (vec![0.0; classes], vec![0.0; classes]);
        for pixel in 0..pixels {
            let label = inputs.labels[pixel] as usize;
            let Some(own_weight) = class_weight.get(label) else {
                continue;
            };
            let weight = inputs.weight[pixel];
            counted += f64::from(if parts.pixel.by_weight {
                weight * own_weight
            } else {
                1.0
            });
            let value = match rule {
                Rule::CrossEntropy { smoothing, gamma } if smoothing == 0.0 && gamma == 0.0 => {
                    let z = inputs.logits[label * pixels + pixel];
                    own_weight * (self.log_sum[pixel] - (z - self.largest[pixel]))
                }
                _ => {
                    for k in 0..classes {
                        logits[k] = inputs.logits[k * pixels + pixel];
                        field[k] = self.field.get(k * pixels + pixel).copied().unwrap_or(0.0);
                    }
                    pixel_term(&logits, &field, label, &class_weight, rule)
                }
            };
            values += f64::from(weight * value);
        }
        [values, counted]
    }

    #[inline(always)]
    fn region_sums(&self, regions: &mut [f64], inputs: &ImageInputs<'_>, parts: &Parts, costs: &[f32]) {
        let pixels = inputs.labels.len();
        let classes = parts.class_weight.len();
        for first in (0..pixels).step_by(CHUNK) {
            let count = CHUNK.min(pixels - first);
            let labels = &inputs.labels[first..first + count];
            let contour = &inputs.contour[first..first + count];
            for k in 0..classes {
                let p = &self.p[k * pixels + first..][..count];
                let [mut q, mut t, mut on]: [Chunk; 3] = [[0.0; CHUNK]; 3];
                for i in 0..count {
                    q[i] = if labels[i] < classes as u32 { p[i] } else { 0.0 };
                    t[i] = target(labels[i], k as u32, classes as u32, costs.is_empty());
                    on[i] = if parts.region.split && contour[i] >> k & 1 != 0 {
                        1.0
                    } else {
                        0.0
                    };
                }
                if !costs.is_empty() {
                    for i in 0..count {
                        q[i] *= costs
                            .get(labels[i] as usize * classes + k)
                            .copied()
                            .unwrap_or(0.0);
                    }
                }
                let mut sums = [[0.0_f32; LANES]; SUMS];
                for start in (0..CHUNK).step_by(LANES) {
                    for lane in 0..LANES {
                        let (q, t, on) = (q[start + lane], t[start + lane], on[start + lane]);
                        for (set, part) in [on, 1.0 - on].into_iter().enumerate() {
                            let of_set = q * part;
                            sums[4 * set][lane] += of_set * t;
                            sums[4 * set + 1][lane] += of_set;
                            sums[4 * set + 2][lane] += t * part;
                            sums[4 * set + 3][lane] += of_set * q;
                        }
                    }
                }
                for (to, sums) in regions[SUMS * k..].iter_mut().zip(&sums) {
                    *to += f64::from(sums.iter().sum::<f32>());
                }
            }
        }
    }

    #[inline(always)]
    fn all_gradients(
        &self,
        dlogits: &mut [f32],
        inputs: &ImageInputs<'_>,
        parts: &Parts,
        costs: &[f32],
        coefficients: &[f32],
        scale: f32,
    ) {
        let pixels = inputs.labels.len();
        let class_weight: Vec<f32> = parts.class_weights();
        let classes = class_weight.len();
        let rule: Rule<f32> = parts.pixel.term.rule();
        for first in (0..pixels).step_by(CHUNK) {
            let count = CHUNK.min(pixels - first);
            let labels = &inputs.labels[first..first + count];
            let contour = &inputs.contour[first..first + count];
            let mut scales: Chunk = [0.0; CHUNK];
            for i in 0..count {
                scales[i] = scale * inputs.weight[first + i];
            }
            let mut mean: Chunk = [0.0; CHUNK];
            for k in 0..classes {
                let p = &self.p[k * pixels + first..][..count];
                let slope = &mut dlogits[k * pixels + first..][..count];
                let [a_on, b_on, c_on] = [0, 1, 2].map(|i| coefficients[16 * k + i]);
                let [a_off, b_off, c_off] = [8, 9, 10].map(|i| coefficients[16 * k + i]);
                for i in 0..count {
                    let is_on = parts.region.split && contour[i] >> k & 1 != 0;
                    let a = if is_on { a_on } else { a_off };
                    let b = if is_on { b_on } else { b_off };
                    let c = if is_on { c_on } else { c_off };
                    let t = target(labels[i], k as u32, classes as u32, costs.is_empty());
                    // With costs the rest follows below.
                    slope[i] = if costs.is_empty() {
                        a + b * t + c * p[i]
                    } else {
                        a + b * t
                    };
                    if !costs.is_empty() {
                        let cost = costs
                            .get(labels[i] as usize * classes + k)
                            .copied()
                            .unwrap_or(0.0);
                        slope[i] = cost * (slope[i] + c * cost * p[i]);
                    }
                }
                if let Rule::Linear | Rule::Squared = rule {
                    let field = &self.field[k * pixels + first..][..count];
                    for i in 0..count {
                        let miss = p[i] - if labels[i] == k as u32 { 1.0 } else { 0.0 };
                        let of_p = if rule == Rule::Linear { 1.0 } else { 2.0 * miss };
                        slope[i] += scales[i] * class_weight[k] * field[i] * of_p;
                    }
                }
                for i in 0..count {
                    mean[i] += p[i] * slope[i];
                }
            }
            for k in 0..classes {
                let p = &self.p[k * pixels + first..][..count];
                let slope = &mut dlogits[k * pixels + first..][..count];
                for i in 0..count {
                    let value = p[i] * (slope[i] - mean[i]);
                    slope[i] = if labels[i] < classes as u32 { value } else { 0.0 };
                }
            }
            match rule {
                Rule::CrossEntropy { smoothing, gamma } => {
                    // What a pixel's own class is missing, added up: 1 − p of it would lose its digits.
                    let [mut missed, mut towards, mut uniform]: [Chunk; 3] = [[0.0; CHUNK]; 3];
                    for k in 0..classes {
                        let p = &self.p[k * pixels + first..][..count];
                        for i in 0..count {
                            missed[i] += if labels[i] == k as u32 { 0.0 } else { p[i] };
                        }
                    }
                    for i in 0..count {
                        let Some(own) = class_weight.get(labels[i] as usize) else {
                            continue;
                        };
                        let focal = if gamma == 0.0 {
                            -1.0
                        } else {
                            focal_slope(self.p[labels[i] as usize * pixels + first + i], missed[i], gamma)
                        };
                        towards[i] = scales[i] * own * (1.0 - smoothing) * focal;
                        uniform[i] = scales[i] * own * smoothing;
                    }
                    let share = 1.0 / classes as f32;
                    for k in 0..classes {
                        let p = &self.p[k * pixels + first..][..count];
                        let to = &mut dlogits[k * pixels + first..][..count];
                        for i in 0..count {
                            let direction = if labels[i] == k as u32 { missed[i] } else { -p[i] };
                            to[i] += towards[i] * direction + uniform[i] * (p[i] - share);
                        }
                    }
                }
                Rule::Sigmoid { gamma } => {
                    for k in 0..classes {
                        for i in 0..count {
                            if labels[i] >= classes as u32 {
                                continue;
                            }
                            let at = k * pixels + first + i;
                            let sign = if labels[i] == k as u32 { 1.0 } else { -1.0 };
                            let slope = sigmoid_slope(sign * inputs.logits[at], gamma);
                            dlogits[at] += scales[i] * class_weight[k] * sign * slope;
                        }
                    }
                }
                Rule::Linear | Rule::Squared => {}
            }
        }
    }
}

/// t of a pair of pixel and class: with costs the foreground, else the class itself; nothing where the label is of no class.
#[inline(always)]
fn target(label: u32, k: u32, classes: u32, is_plain: bool) -> f32 {
    let is_target = if is_plain {
        label == k
    } else {
        label > 0 && label < classes
    };
    if is_target { 1.0 } else { 0.0 }
}
