//! Softmax and sums of an image, chunk by chunk.

use super::{CHUNK, Chunk, ImageLoss, LANES, NO_CLASS, Numbers, Shared, on_contour, target};
use crate::cpu::{exp, ln};
use crate::ops::region_sums::SUMS;
use crate::reference::pixel_terms::{pixel_term, pixel_terms};
use crate::reference::worst_pixels::worst_pixels;

impl ImageLoss {
    /// The softmax of a chunk, and its share of the sums of cross-entropy.
    #[inline(always)]
    pub(super) fn softmax(&mut self, pixel: &mut [f64; 2], shared: &Shared<'_>, chunk: Chunk) {
        let classes = shared.classes();
        let logits = shared.inputs.logits;
        let (mut spare, mut spare_labels) = ([0.0; CHUNK], [0; CHUNK]);
        let labels = chunk.of(shared.inputs.labels, NO_CLASS, &mut spare_labels);
        let mut largest: Numbers = [f32::NEG_INFINITY; CHUNK];
        for k in 0..classes {
            let z = chunk.of_class(logits, k, &mut spare);
            for i in 0..CHUNK {
                largest[i] = if z[i] > largest[i] { z[i] } else { largest[i] };
            }
        }
        // `own` is the logit of the label's class, below the largest.
        let [mut total, mut own]: [Numbers; 2] = [[0.0; CHUNK]; 2];
        for k in 0..classes {
            let z = chunk.of_class(logits, k, &mut spare);
            chunk.change(&mut self.p, k, |p| {
                for i in 0..CHUNK {
                    let below = z[i] - largest[i];
                    own[i] = if labels[i] == k as u32 { below } else { own[i] };
                    p[i] = exp(below);
                    total[i] += p[i];
                }
            });
        }
        for k in 0..classes {
            chunk.change(&mut self.p, k, |p| {
                for i in 0..CHUNK {
                    p[i] /= total[i];
                }
            });
        }
        if shared.is_cross_entropy() {
            let weight = chunk.of(shared.inputs.weight, 0.0, &mut spare);
            let class_weights = chunk.class_weights(shared, labels);
            let [mut values, mut counted]: [Numbers; 2] = [[0.0; CHUNK]; 2];
            for i in 0..CHUNK {
                counted[i] = weight[i] * class_weights[i];
                let value = counted[i] * (ln(total[i]) - own[i]);
                values[i] = if labels[i] < classes as u32 { value } else { 0.0 };
            }
            if !shared.by_weight {
                for i in 0..CHUNK {
                    counted[i] = if labels[i] < classes as u32 { 1.0 } else { 0.0 };
                }
            }
            pixel[0] += f64::from(lane_sum(&values));
            pixel[1] += f64::from(lane_sum(&counted));
        }
    }

    /// Σ of the pixel term, and of what each pixel counts.
    pub(super) fn pixel_sums(&self, shared: &Shared<'_>) -> [f64; 2] {
        let (classes, pixels) = (shared.classes(), shared.pixels());
        let inputs = shared.inputs;
        let all = self.weight(shared);
        let [mut values, mut counted] = [0.0_f64; 2];
        let (mut logits, mut field) = (vec![0.0; classes], vec![0.0; classes]);
        for pixel in 0..pixels {
            let label = inputs.labels[pixel] as usize;
            let Some(own_weight) = shared.class_weight.get(label) else {
                continue;
            };
            let weight = all[pixel];
            counted += f64::from(if shared.by_weight {
                weight * own_weight
            } else {
                1.0
            });
            for k in 0..classes {
                logits[k] = inputs.logits[k * pixels + pixel];
                field[k] = self.field.get(k * pixels + pixel).copied().unwrap_or(0.0);
            }
            let value = pixel_term(&logits, &field, label, &shared.class_weight, shared.rule);
            values += f64::from(weight * value);
        }
        [values, counted]
    }

    /// w of the pixel term.
    pub(super) fn weight<'a>(&'a self, shared: &Shared<'a>) -> &'a [f32] {
        if self.worst.is_empty() {
            shared.inputs.weight
        } else {
            &self.worst
        }
    }

    /// The weight of the worst pixels.
    pub(super) fn worst_pixels(&self, shared: &Shared<'_>, per_mille: usize) -> Vec<f32> {
        let inputs = shared.inputs;
        let mut weight = vec![1.0; shared.pixels()];
        let mut values = vec![0.0; 2 * weight.len()];
        pixel_terms(
            &mut values,
            inputs.logits,
            inputs.labels,
            &weight,
            &shared.class_weight,
            &self.field,
            shared.pixels(),
            shared.rule,
            false,
        );
        worst_pixels(&mut weight, &values, shared.pixels(), per_mille);
        weight
    }

    /// Adds the sums of a chunk's regions to (K, 2, 4).
    #[inline(always)]
    pub(super) fn region_sums(&self, regions: &mut [f64], shared: &Shared<'_>, chunk: Chunk) {
        let classes = shared.classes();
        let (mut spare, mut spare_labels, mut spare_contour) = ([0.0; CHUNK], [0; CHUNK], [0; CHUNK]);
        let labels = chunk.of(shared.inputs.labels, NO_CLASS, &mut spare_labels);
        let contour = chunk.of(shared.inputs.contour, 0, &mut spare_contour);
        for k in 0..classes {
            let p = chunk.of_class(&self.p, k, &mut spare);
            let mut q: Numbers = [0.0; CHUNK];
            for i in 0..CHUNK {
                let p = p[i];
                q[i] = if labels[i] < classes as u32 { p } else { 0.0 };
            }
            if !shared.costs.is_empty() {
                for i in 0..CHUNK {
                    q[i] *= shared.cost(labels[i], k);
                }
            }
            let t = target(labels, shared, k);
            let on = on_contour(contour, shared, k);
            let mut sums = [[0.0_f32; LANES]; SUMS];
            for start in (0..CHUNK).step_by(LANES) {
                for lane in 0..LANES {
                    let (q, t, on) = (q[start + lane], t[start + lane], on[start + lane]);
                    // A factor of 0 or 1 takes all of a number or nothing: what is left is exact.
                    let (q_on, t_on) = (q * on, t * on);
                    let (q_off, t_off) = (q - q_on, t - t_on);
                    let of_lane = [q_on * t, q_on, t_on, q_on * q, q_off * t, q_off, t_off, q_off * q];
                    for (sums, value) in sums.iter_mut().zip(of_lane) {
                        sums[lane] += value;
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
fn lane_sum(values: &Numbers) -> f32 {
    let mut sums = [0.0_f32; LANES];
    for block in values.chunks_exact(LANES) {
        for (sum, value) in sums.iter_mut().zip(block) {
            *sum += value;
        }
    }
    sums.iter().sum()
}
