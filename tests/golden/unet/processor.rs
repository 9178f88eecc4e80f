//! The networks by the fast kernels of the processor: each image by itself, but for the sums of the loss.

use contour_lab::loss::image::{ImageInputs, ImageLoss, ImageSums, meet};
use contour_lab::net::{ImageNetwork, ImageWeights};

use super::Case;
use crate::report::{Path, Report};
use crate::store::widen;

impl Case<'_> {
    /// Logits, activations and gradients.
    pub(super) fn processor(&self, report: &mut Report) {
        let mut weights = ImageWeights::new(&self.graph);
        weights.set(&self.graph, &self.weights, true);
        let mut networks = vec![ImageNetwork::new(&self.graph, true); self.shape[0]];
        let len = self.graph.image_len(self.graph.input);
        for (network, image) in networks.iter_mut().zip(self.image.chunks_exact(len)) {
            network.input_mut().copy_from_slice(image);
            network.forward(&weights);
        }
        let tolerance = self.plain_tolerance("logits_abs");
        let logits: Vec<&[f32]> = networks.iter().map(ImageNetwork::logits).collect();
        let what = self.what("logits");
        let expected = self.array("logits0");
        report.close(
            Path::Processor,
            &what,
            &widen(&logits.concat()),
            &expected.values,
            tolerance,
        );
        self.activations(&networks, tolerance, report);

        let gradients = self.gradients_of(&mut networks, &weights);
        for (name, expected, got) in self.gradients(&widen(&gradients)) {
            let largest = expected
                .values
                .iter()
                .fold(0.0_f64, |largest, value| largest.max(value.abs()));
            let tolerance = self.plain_tolerance("grad_rel") * largest;
            let what = self.what(&name);
            report.close(Path::Processor, &what, &got, &expected.values, tolerance);
        }
    }

    /// What the plan keeps for the backward pass; the numbers of the last layers are of the size of the logits.
    fn activations(&self, networks: &[ImageNetwork], tolerance: f64, report: &mut Report) {
        for (block, expected) in self.blocks() {
            let of = |name: &str| -> Option<Vec<&[f32]>> {
                networks.iter().map(|network| network.left_by(name)).collect()
            };
            let Some(got) = of(&block).or_else(|| of(&format!("{block}.act2"))) else {
                report.missing(Path::Processor, &format!("{block}, not kept"));
                continue;
            };
            let got = widen(&got.concat());
            report.close(
                Path::Processor,
                &self.what(&block),
                &got,
                &expected.values,
                tolerance,
            );
        }
    }

    /// The arena of the gradients of all weights, by the whole batch.
    fn gradients_of(&self, networks: &mut [ImageNetwork], weights: &ImageWeights) -> Vec<f32> {
        let [_, _, h, w] = self.shape;
        let pixels = h * w;
        let (parts, weight) = (self.parts(), self.weight::<f32>());
        let logits: Vec<Vec<f32>> = networks.iter().map(|network| network.logits().to_vec()).collect();
        let image = |i: usize| ImageInputs {
            logits: &logits[i],
            labels: &self.labels[i * pixels..][..pixels],
            contour: &self.contour[i * pixels..][..pixels],
            weight: &weight[i * pixels..][..pixels],
            size: [h, w],
        };
        let mut losses = vec![ImageLoss::default(); networks.len()];
        let sums: Vec<ImageSums> = losses
            .iter_mut()
            .enumerate()
            .map(|(i, loss)| loss.sums(&image(i), &parts))
            .collect();
        let (_, coefficients) = meet(&sums, &parts, pixels);
        let mut total = vec![0.0; self.graph.arena_len()];
        for (i, (network, loss)) in networks.iter_mut().zip(&losses).enumerate() {
            loss.gradient(network.dlogits_mut(), &image(i), &parts, &coefficients, i);
            // What is between the parameters stays as it is.
            let mut own = vec![0.0; total.len()];
            network.backward(weights, &mut own);
            for (total, own) in total.iter_mut().zip(&own) {
                *total += own;
            }
        }
        total
    }
}
