//! A loss on the fast kernels of the processor: sums of each image, a meeting of all images, the gradient of each image.
//!
//! Only the sums of an image leave it, and only the coefficients that follow from all of them come back: images may be on
//! different threads. The meeting is that of the twins, in f64.

mod backward;
mod forward;

use serde::{Deserialize, Serialize};

use super::{Parts, Terms, field};
use crate::cpu::vectorised;
use crate::ops::region_ratios::RATIOS;
use crate::ops::region_sums::SUMS;
use crate::ops::region_terms::coefficients;
use crate::reference::pixel_terms::Rule;
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
    /// (K, pixels), or empty.
    field: Vec<f32>,
    /// (pixels) of the worst ones, or empty: then that of the inputs counts.
    worst: Vec<f32>,
}

/// Pixels that are worked on at once: all that is known of them stays in the first cache.
const CHUNK: usize = 128;
/// The label of what is past the last pixel.
const NO_CLASS: u32 = u32::MAX;
/// Sums side by side: as many as the registers hold of all [`SUMS`].
const LANES: usize = if cfg!(target_arch = "wasm32") { 4 } else { 16 };

type Numbers = [f32; CHUNK];

/// What all chunks of an image share.
struct Shared<'a> {
    inputs: &'a ImageInputs<'a>,
    class_weight: Vec<f32>,
    /// (K, K), or empty.
    costs: Vec<f32>,
    rule: Rule<f32>,
    splits: bool,
    by_weight: bool,
    worst: Option<u32>,
}

impl<'a> Shared<'a> {
    fn new(inputs: &'a ImageInputs<'a>, parts: &Parts) -> Self {
        Self {
            inputs,
            class_weight: parts.class_weights(),
            costs: parts.costs(),
            rule: parts.pixel.term.rule(),
            splits: parts.region.split,
            by_weight: parts.pixel.by_weight,
            worst: parts.pixel.worst,
        }
    }

    fn classes(&self) -> usize {
        self.class_weight.len()
    }

    fn pixels(&self) -> usize {
        self.inputs.labels.len()
    }

    /// Cross-entropy of all pixels needs no more than the logit of the label's class.
    fn is_cross_entropy(&self) -> bool {
        let plain =
            matches!(self.rule, Rule::CrossEntropy { smoothing, gamma } if smoothing == 0.0 && gamma == 0.0);
        plain && self.worst.is_none()
    }

    fn cost(&self, label: u32, k: usize) -> f32 {
        let at = label as usize * self.classes() + k;
        self.costs.get(at).copied().unwrap_or(0.0)
    }

    fn chunks(&self) -> impl Iterator<Item = Chunk> + use<> {
        let pixels = self.pixels();
        (0..pixels).step_by(CHUNK).map(move |first| Chunk {
            first,
            count: CHUNK.min(pixels - first),
            pixels,
        })
    }
}

/// Some pixels: [`CHUNK`] of them, but for the last of an image. What is known of them is an array of a length that the compiler
/// knows: only so it turns each loop over them into vectors.
#[derive(Clone, Copy)]
struct Chunk {
    first: usize,
    count: usize,
    /// Of the image.
    pixels: usize,
}

impl Chunk {
    /// Of (pixels); a short chunk is copied to `spare`, and filled up.
    #[inline(always)]
    fn of<'a, T: Copy>(self, all: &'a [T], fill: T, spare: &'a mut [T; CHUNK]) -> &'a [T; CHUNK] {
        let own = &all[self.first..][..self.count];
        if let Ok(whole) = own.try_into() {
            return whole;
        }
        *spare = [fill; CHUNK];
        spare[..self.count].copy_from_slice(own);
        spare
    }

    /// Of class k of (K, pixels).
    #[inline(always)]
    fn of_class<'a>(self, all: &'a [f32], k: usize, spare: &'a mut Numbers) -> &'a Numbers {
        self.of(&all[k * self.pixels..][..self.pixels], 0.0, spare)
    }

    /// Changes that of class k of (K, pixels).
    #[inline(always)]
    fn change(self, all: &mut [f32], k: usize, mut by: impl FnMut(&mut Numbers)) {
        let own = &mut all[k * self.pixels + self.first..][..self.count];
        if let Ok(whole) = own.try_into() {
            by(whole);
            return;
        }
        let mut spare = [0.0; CHUNK];
        spare[..self.count].copy_from_slice(own);
        by(&mut spare);
        own.copy_from_slice(&spare[..self.count]);
    }

    /// The weight of each pixel's class; 0 where it is of none.
    #[inline(always)]
    fn class_weights(self, shared: &Shared<'_>, labels: &[u32; CHUNK]) -> Numbers {
        let mut own = [0.0; CHUNK];
        for (k, weight) in shared.class_weight.iter().enumerate() {
            let (k, weight) = (k as u32, *weight);
            for i in 0..CHUNK {
                own[i] = if labels[i] == k { weight } else { own[i] };
            }
        }
        own
    }
}

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
        let shared = Shared::new(inputs, parts);
        let (classes, pixels) = (shared.classes(), shared.pixels());
        self.p.resize(classes * pixels, 0.0);
        let mut sums = ImageSums {
            pixel: [0.0; 2],
            regions: vec![0.0; SUMS * classes],
        };
        vectorised(
            #[inline(always)]
            || {
                for chunk in shared.chunks() {
                    self.softmax(&mut sums.pixel, &shared, chunk);
                    self.region_sums(&mut sums.regions, &shared, chunk);
                }
            },
        );
        let [height, width] = inputs.size;
        let shape = [1, classes, height, width];
        self.field = field::field(parts.pixel.term, inputs.labels, &self.p, shape);
        self.worst.clear();
        if let Some(per_mille) = parts.pixel.worst {
            self.worst = self.worst_pixels(&shared, per_mille as usize);
        }
        if !shared.is_cross_entropy() {
            sums.pixel = self.pixel_sums(&shared);
        }
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
        let shared = Shared::new(inputs, parts);
        let scale = coefficients[coefficients.len() - 4];
        let classes = shared.classes();
        let own = &coefficients[SUMS * 2 * image * classes..][..SUMS * 2 * classes];
        vectorised(
            #[inline(always)]
            || {
                for chunk in shared.chunks() {
                    self.gradient_of(dlogits, &shared, own, scale, chunk);
                }
            },
        );
    }
}

/// t of class k: with costs the foreground, else the class itself; nothing where the label is of no class.
#[inline(always)]
fn target(labels: &[u32; CHUNK], shared: &Shared<'_>, k: usize) -> Numbers {
    let mut t = [0.0; CHUNK];
    let (k, classes) = (k as u32, shared.classes() as u32);
    if shared.costs.is_empty() {
        for i in 0..CHUNK {
            t[i] = if labels[i] == k { 1.0 } else { 0.0 };
        }
    } else {
        for i in 0..CHUNK {
            t[i] = if labels[i] > 0 && labels[i] < classes {
                1.0
            } else {
                0.0
            };
        }
    }
    t
}

/// 1 on the contour of class k, else 0; 0 everywhere if the loss does not treat the contour apart.
#[inline(always)]
fn on_contour(contour: &[u32; CHUNK], shared: &Shared<'_>, k: usize) -> Numbers {
    let mut on = [0.0; CHUNK];
    if shared.splits {
        for i in 0..CHUNK {
            on[i] = if contour[i] & 1 << k != 0 { 1.0 } else { 0.0 };
        }
    }
    on
}
