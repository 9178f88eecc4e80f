//! Workloads that are no session, on the fast kernels of the processor: a step is worked out when it is submitted.

mod convolved;
mod inferred;
mod scored;

use std::collections::VecDeque;

use super::{Error, Given, Kind, Spec};
use crate::loss::Parts;
use crate::net::ImageWeights;
use convolved::{Convolved, Layer, convolve};
use inferred::{Inferred, infer};
use scored::{Scored, loss_of};

/// What is worked out, and the number of each step that nobody has asked for yet.
pub(super) struct Direct {
    what: What,
    done: VecDeque<f64>,
}

enum What {
    Infer(Vec<Inferred>, Box<ImageWeights>),
    Loss(Vec<Scored>, Box<Parts>),
    Convolve(Vec<Convolved>, Vec<Layer>),
}

impl Direct {
    pub(super) fn open(spec: &Spec, given: &Given) -> Result<Self, Error> {
        let what = match spec.kind {
            Kind::Loss => What::Loss(Scored::all(spec, given), Box::new(spec.parts())),
            Kind::Convolve => {
                let graph = spec.graph()?;
                let layers = Layer::all(&graph, &given.arena(&graph)?);
                What::Convolve(Convolved::all(&layers, spec, given), layers)
            }
            Kind::Infer | Kind::Train => {
                let graph = spec.graph()?;
                let mut weights = ImageWeights::new(&graph);
                weights.set(&graph, &given.arena(&graph)?, false);
                What::Infer(Inferred::all(&graph, spec, given), Box::new(weights))
            }
        };
        Ok(Self {
            what,
            done: VecDeque::new(),
        })
    }

    pub(super) fn submit(&mut self) {
        let answer = match &mut self.what {
            What::Infer(images, weights) => infer(images, weights),
            What::Loss(images, parts) => loss_of(images, parts),
            What::Convolve(images, layers) => convolve(images, layers),
        };
        self.done.push_back(answer);
    }

    pub(super) fn wait(&mut self) -> Result<f64, Error> {
        self.done.pop_front().ok_or(Error::Idle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{CpuNetwork, Op};
    use crate::{contour, loss};

    /// f32 against f64; sums of some hundred numbers.
    const TOLERANCE: f64 = 1e-4;

    /// Numbers between −1 and 1 that look like noise.
    fn noise(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    fn small(kind: &str) -> (Spec, Given) {
        let json = format!(
            r#"{{"kind": "{kind}", "N": 3, "H": 8, "W": 12, "cin": 1, "classes": 4, "widths": [2, 4], "norm": null, "contourWeight": 10}}"#
        );
        let spec = Spec::read(&json).unwrap();
        let graph = spec.graph().unwrap();
        let pixels = 3 * 8 * 12;
        let given = Given {
            labels: noise(pixels, 1)
                .iter()
                .map(|value| (value.abs() * 3.99) as u32)
                .collect(),
            values: noise(if kind == "loss" { 4 * pixels } else { pixels }, 2),
            names: graph
                .parameters
                .iter()
                .map(|parameter| parameter.name.clone())
                .collect(),
            weights: noise(graph.parameter_count(), 3),
        };
        (spec, given)
    }

    fn answer(spec: &Spec, given: &Given) -> f64 {
        let mut direct = Direct::open(spec, given).unwrap();
        assert!(direct.wait().is_err());
        direct.submit();
        direct.submit();
        let first = direct.wait().unwrap();
        assert_eq!(first.to_bits(), direct.wait().unwrap().to_bits());
        first
    }

    fn wide(values: &[f32]) -> Vec<f64> {
        values.iter().copied().map(f64::from).collect()
    }

    #[test]
    fn logits_are_those_of_the_twin() {
        let (spec, given) = small("infer");
        let graph = spec.graph().unwrap();
        let mut twin = CpuNetwork::<f64>::new(&graph, spec.images);
        twin.input_mut().copy_from_slice(&wide(&given.values));
        twin.forward(&wide(&given.arena(&graph).unwrap()));
        let [sum, wanted] = [answer(&spec, &given), twin.logits().iter().sum()];
        assert!((sum - wanted).abs() <= TOLERANCE, "{sum} instead of {wanted}");
    }

    #[test]
    fn loss_and_gradient_are_those_of_the_twin() {
        let (spec, given) = small("loss");
        let parts = spec.parts();
        let dims = [spec.images, spec.height, spec.width];
        let contour = contour::cpu::contour(&given.labels, dims, &contour::Choice::default());
        let weight = contour::cpu::weight_map(&given.labels, &contour, dims, &parts.weighting.cast());
        let inputs = loss::cpu::Inputs {
            logits: &wide(&given.values),
            labels: &given.labels,
            contour: &contour,
            weight: &weight,
            shape: [spec.images, spec.classes, spec.height, spec.width],
        };
        let (terms, gradient) = loss::cpu::evaluate::<f64>(&inputs, &parts);
        assert!((answer(&spec, &given) - terms.total).abs() <= TOLERANCE);
        let mut images = Scored::all(&spec, &given);
        loss_of(&mut images, &parts);
        let own = images.iter().flat_map(|image| &image.dlogits);
        let most = gradient.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        for (own, twin) in own.zip(&gradient) {
            assert!(
                (f64::from(*own) - twin).abs() <= TOLERANCE * most,
                "{own} instead of {twin}"
            );
        }
    }

    #[test]
    fn every_convolution_has_its_own_weights_and_passes_a_relu() {
        let (spec, mut given) = small("convolve");
        let graph = spec.graph().unwrap();
        let layers = Layer::all(&graph, &given.arena(&graph).unwrap());
        assert_eq!(layers.len(), 6);
        assert!(layers.iter().all(|layer| layer.bias.is_some()));
        // The last one copies its first input, whose first number is the first of all values.
        let last = graph.nodes.iter().rfind(|node| node.op == Op::Conv3x3).unwrap();
        let mut start = 0;
        for (index, parameter) in graph.parameters.iter().enumerate() {
            if last.parameters.contains(&index) {
                given.weights[start..start + parameter.len()].fill(0.0);
                if parameter.len() > 9 {
                    given.weights[start + 4] = 1.0;
                }
            }
            start += parameter.len();
        }
        given.values[0] = 0.625;
        assert_eq!(answer(&spec, &given), 0.625);
        given.values[0] = -0.625;
        assert_eq!(answer(&spec, &given), 0.0);
    }
}
