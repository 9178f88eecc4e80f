//! The gradient of an image, chunk by chunk.

use super::{CHUNK, Chunk, ImageLoss, NO_CLASS, Numbers, Shared, on_contour, target};
use crate::ops::region_sums::SUMS;
use crate::reference::logit_gradient::{focal_slope, sigmoid_slope};
use crate::reference::pixel_terms::Rule;

impl ImageLoss {
    /// Writes ∂L/∂z of a chunk. `coefficients` are the image's, (K, 2, 2, 4); `scale` is that of the pixel term.
    #[inline(always)]
    pub(super) fn gradient_of(
        &self,
        dlogits: &mut [f32],
        shared: &Shared<'_>,
        coefficients: &[f32],
        scale: f32,
        chunk: Chunk,
    ) {
        let classes = shared.classes();
        let (mut spare, mut spare_labels, mut spare_contour) = ([0.0; CHUNK], [0; CHUNK], [0; CHUNK]);
        let labels = chunk.of(shared.inputs.labels, NO_CLASS, &mut spare_labels);
        let contour = chunk.of(shared.inputs.contour, 0, &mut spare_contour);
        let mut scales = *chunk.of(self.weight(shared), 0.0, &mut spare);
        for weight in &mut scales {
            *weight *= scale;
        }
        // What a pixel's own class is missing, added up: 1 − p of it would lose its digits.
        let [mut mean, mut missed]: [Numbers; 2] = [[0.0; CHUNK]; 2];
        for k in 0..classes {
            let p = chunk.of_class(&self.p, k, &mut spare);
            let (t, on) = (target(labels, shared, k), on_contour(contour, shared, k));
            chunk.change(dlogits, k, |slope| {
                if shared.costs.is_empty() {
                    region_slopes(slope, &coefficients[2 * SUMS * k..], p, &t, &on);
                } else {
                    let mut costs = [0.0; CHUNK];
                    let mut q = *p;
                    for i in 0..CHUNK {
                        costs[i] = shared.cost(labels[i], k);
                        q[i] *= costs[i];
                    }
                    region_slopes(slope, &coefficients[2 * SUMS * k..], &q, &t, &on);
                    for i in 0..CHUNK {
                        slope[i] *= costs[i];
                    }
                }
                if let Rule::Linear | Rule::Squared = shared.rule {
                    let mut spare = [0.0; CHUNK];
                    let field = chunk.of_class(&self.field, k, &mut spare);
                    for i in 0..CHUNK {
                        let miss = p[i] - if labels[i] == k as u32 { 1.0 } else { 0.0 };
                        let of_p = if shared.rule == Rule::Linear {
                            1.0
                        } else {
                            2.0 * miss
                        };
                        slope[i] += scales[i] * shared.class_weight[k] * field[i] * of_p;
                    }
                }
                for i in 0..CHUNK {
                    mean[i] += p[i] * slope[i];
                    missed[i] += if labels[i] == k as u32 { 0.0 } else { p[i] };
                }
            });
        }
        let [towards, uniform] = self.pulls(shared, labels, &scales, &missed, chunk);
        let is_smoothed = matches!(shared.rule, Rule::CrossEntropy { smoothing, .. } if smoothing != 0.0);
        let even = 1.0 / classes as f32;
        for k in 0..classes {
            let p = chunk.of_class(&self.p, k, &mut spare);
            chunk.change(dlogits, k, |slope| {
                // Read first and chosen afterwards: a read that hangs on a condition makes no vectors.
                for i in 0..CHUNK {
                    let (label, p, missed) = (labels[i], p[i], missed[i]);
                    let direction = if label == k as u32 { missed } else { -p };
                    let value = p * (slope[i] - mean[i]) + towards[i] * direction;
                    slope[i] = if label < classes as u32 { value } else { 0.0 };
                }
                if is_smoothed {
                    for i in 0..CHUNK {
                        slope[i] += uniform[i] * (p[i] - even);
                    }
                }
                if let Rule::Sigmoid { gamma } = shared.rule {
                    let mut spare = [0.0; CHUNK];
                    let z = chunk.of_class(shared.inputs.logits, k, &mut spare);
                    for i in 0..chunk.count {
                        if labels[i] < classes as u32 {
                            let sign = if labels[i] == k as u32 { 1.0 } else { -1.0 };
                            let steep = sigmoid_slope(sign * z[i], gamma);
                            slope[i] += scales[i] * shared.class_weight[k] * sign * steep;
                        }
                    }
                }
            });
        }
    }

    /// How far cross-entropy pulls the logits of each pixel towards its class, and towards all alike.
    #[inline(always)]
    fn pulls(
        &self,
        shared: &Shared<'_>,
        labels: &[u32; CHUNK],
        scales: &Numbers,
        missed: &Numbers,
        chunk: Chunk,
    ) -> [Numbers; 2] {
        let mut pulls: [Numbers; 2] = [[0.0; CHUNK]; 2];
        let Rule::CrossEntropy { smoothing, gamma } = shared.rule else {
            return pulls;
        };
        let own = chunk.class_weights(shared, labels);
        let [towards, uniform] = &mut pulls;
        for i in 0..CHUNK {
            towards[i] = -scales[i] * own[i] * (1.0 - smoothing);
            uniform[i] = scales[i] * own[i] * smoothing;
        }
        if gamma != 0.0 {
            for i in 0..chunk.count {
                if labels[i] < shared.classes() as u32 {
                    let p = self.p[labels[i] as usize * chunk.pixels + chunk.first + i];
                    towards[i] *= -focal_slope(p, missed[i], gamma);
                }
            }
        }
        pulls
    }
}

/// ∂(region terms)/∂q of a class: a + b t + c q, with its coefficients (2, 2, 4) on the contour and off it.
#[inline(always)]
fn region_slopes(slope: &mut Numbers, coefficients: &[f32], q: &Numbers, t: &Numbers, on: &Numbers) {
    let [a_on, b_on, c_on] = [0, 1, 2].map(|i| coefficients[i]);
    let [a_off, b_off, c_off] = [8, 9, 10].map(|i| coefficients[i]);
    for i in 0..CHUNK {
        let is_on = on[i] > 0.0;
        let a = if is_on { a_on } else { a_off };
        let b = if is_on { b_on } else { b_off };
        let c = if is_on { c_on } else { c_off };
        slope[i] = a + b * t[i] + c * q[i];
    }
}
