//! Labels to contour and weight, and the loss with its gradient from given logits.

use super::{Given, Spec};
use crate::contour;
use crate::cpu::for_each_image;
use crate::loss::Parts;
use crate::loss::image::{ImageInputs, ImageLoss, ImageSums, meet};

pub(super) struct Scored {
    labels: Vec<u32>,
    logits: Vec<f32>,
    contour: Vec<u32>,
    weight: Vec<f32>,
    size: [usize; 2],
    loss: ImageLoss,
    sums: ImageSums,
    pub(super) dlogits: Vec<f32>,
}

impl Scored {
    pub(super) fn all(spec: &Spec, given: &Given) -> Vec<Self> {
        let pixels = spec.height * spec.width;
        let of_image = given
            .labels
            .chunks_exact(pixels)
            .zip(given.values.chunks_exact(spec.classes * pixels));
        of_image
            .map(|(labels, logits)| Self {
                labels: labels.to_vec(),
                logits: logits.to_vec(),
                contour: Vec::new(),
                weight: Vec::new(),
                size: [spec.height, spec.width],
                loss: ImageLoss::default(),
                sums: ImageSums::default(),
                dlogits: vec![0.0; logits.len()],
            })
            .collect()
    }

    fn inputs(&self) -> ImageInputs<'_> {
        ImageInputs {
            logits: &self.logits,
            labels: &self.labels,
            contour: &self.contour,
            weight: &self.weight,
            size: self.size,
        }
    }
}

/// The loss, whose gradient is there too afterwards.
pub(super) fn loss_of(images: &mut [Scored], parts: &Parts) -> f64 {
    let choice = contour::Choice::default();
    for_each_image(images, |_, image| {
        let dims = [1, image.size[0], image.size[1]];
        image.contour = contour::cpu::fast_contour(&image.labels, dims, &choice);
        image.weight = contour::cpu::weight_map(&image.labels, &image.contour, dims, &parts.weighting.cast());
        let mut loss = std::mem::take(&mut image.loss);
        image.sums = loss.sums(&image.inputs(), parts);
        image.loss = loss;
    });
    let sums: Vec<ImageSums> = images.iter().map(|image| image.sums.clone()).collect();
    let pixels = images.first().map_or(0, |image| image.labels.len());
    let (terms, coefficients) = meet(&sums, parts, pixels);
    for_each_image(images, |number, image| {
        let mut dlogits = std::mem::take(&mut image.dlogits);
        image
            .loss
            .gradient(&mut dlogits, &image.inputs(), parts, &coefficients, number);
        image.dlogits = dlogits;
    });
    terms.total
}
