//! A whole UNet with the compound loss behind it: image → logits → loss → gradient of every parameter.

use contour_lab::contour::{Choice, cpu as contour_cpu};
use contour_lab::loss::{Facts, Params, Parts, Preset, cpu as loss_cpu};
use contour_lab::net::{CpuNetwork, Graph, Kind, Norm, Op, Unet, initial_weights};

use crate::{loss, noise, processor, rounded};

/// Half the distance between the two evaluations: small, so that few activations pass 0 in between; the rounding
/// of a loss of 1 over it is still only 1e-10.
const STEP: f64 = 1e-6;
/// Of the parameter's largest entry, with room for what the forward pass rounds itself.
const RELATIVE: f64 = 1e-6;
/// What the rounding of two losses, some 4e-15 with all their sums, makes of a difference over two steps. The largest
/// entry is 5e-4 at least, of which this is 4e-6.
const ROUNDED: f64 = 2e-9;
/// Entries of each parameter that are tried.
const TRIED: usize = 16;
const IMAGES: usize = 2;

pub(crate) struct Whole {
    pub(crate) graph: Graph,
    pub(crate) image: Vec<f64>,
    labels: Vec<u32>,
    contour: Vec<u32>,
    weight: Vec<f64>,
    pub(crate) parts: Parts,
    pub(crate) arena: Vec<f64>,
}

impl Whole {
    fn new(params: &Params, norm: Norm, kind: Kind, seed: u64) -> Self {
        let (classes, height, width) = (3, 8, 12);
        let unet = Unet {
            in_channels: 2,
            classes,
            width: 2,
            depth: 3,
            norm,
            kind,
            ..Unet::default()
        };
        let graph = unet.graph(height, width).expect("a UNet");
        let labels = loss::labels([IMAGES, classes, height, width]);
        let contour = contour_cpu::contour(&labels, [IMAGES, height, width], &Choice::default());
        // Off the norms' 1 and 0, which would hide a weight that is left out.
        let arena = initial_weights(&graph, seed)
            .iter()
            .zip(noise(11, graph.arena_len()))
            .map(|(weight, noise)| f64::from(*weight) + 0.3 * noise)
            .collect::<Vec<f64>>();
        let parts = params.parts(&Facts::of(classes));
        let dims = [IMAGES, height, width];
        Self {
            image: rounded(noise(12, IMAGES * 2 * height * width)),
            weight: contour_cpu::weight_map(&labels, &contour, dims, &parts.weighting.cast()),
            graph,
            labels,
            contour,
            parts,
            arena: rounded(arena),
        }
    }

    fn forward(&self, arena: &[f64]) -> CpuNetwork<f64> {
        let mut network = CpuNetwork::new(&self.graph, IMAGES);
        network.input_mut().copy_from_slice(&self.image);
        network.forward(arena);
        network
    }

    fn shape(&self) -> [usize; 4] {
        let [classes, height, width] = self.graph.shapes[self.graph.output];
        [IMAGES, classes, height, width]
    }

    pub(crate) fn inputs<'a>(&'a self, logits: &'a [f64]) -> loss_cpu::Inputs<'a, f64> {
        loss_cpu::Inputs {
            logits,
            labels: &self.labels,
            contour: &self.contour,
            weight: &self.weight,
            shape: self.shape(),
        }
    }

    /// The loss, and on which side of its kinks every activation and every maximum lies.
    fn evaluate(&self, arena: &[f64]) -> (f64, Vec<usize>) {
        let network = self.forward(arena);
        let terms = loss_cpu::terms(&self.inputs(network.logits()), &self.parts);
        (terms.total, self.sides(&network))
    }

    fn sides(&self, network: &CpuNetwork<f64>) -> Vec<usize> {
        let mut sides = Vec::new();
        for node in &self.graph.nodes {
            let input = node.inputs[0];
            let Some(before) = self.graph.nodes.iter().find(|other| other.output == input) else {
                continue;
            };
            let x = network.value(&before.name).expect("an activation");
            match node.op {
                Op::Activation { .. } => sides.extend(x.iter().map(|x| usize::from(*x > 0.0))),
                Op::MaxPool => {
                    let width = self.graph.shapes[input][2];
                    let corners = (0..x.len())
                        .filter(|i| (i % width).is_multiple_of(2) && (i / width).is_multiple_of(2));
                    sides.extend(corners.map(|i| {
                        let window = [i, i + 1, i + width, i + width + 1];
                        (0..4)
                            .max_by(|a, b| x[window[*a]].total_cmp(&x[window[*b]]))
                            .expect("a maximum")
                    }));
                }
                _ => {}
            }
        }
        sides
    }

    fn gradient(&self) -> Vec<f64> {
        let mut network = self.forward(&self.arena);
        let (_, dlogits) = loss_cpu::evaluate(&self.inputs(network.logits()), &self.parts);
        network.dlogits_mut().copy_from_slice(&dlogits);
        let mut gradient = vec![0.0; self.arena.len()];
        network.backward(&self.arena, &mut gradient);
        gradient
    }

    /// Holds some entries of a parameter's `gradient` against central differences.
    fn differs(&self, range: std::ops::Range<usize>, gradient: &[f64]) -> Result<(), String> {
        let entries = entries(range.len());
        let largest = gradient.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let has_slope = largest > 5e-4;
        if !has_slope {
            return Err(format!("the gradient is almost zero: {largest:e}"));
        }
        let mut compared = 0;
        for &entry in &entries {
            let mut arena = self.arena.clone();
            let mut at = |step: f64| {
                arena[range.start + entry] = self.arena[range.start + entry] + step;
                self.evaluate(&arena)
            };
            let ((above, sides), (below, other_sides)) = (at(STEP), at(-STEP));
            // Across a kink there is no derivative.
            if sides != other_sides {
                continue;
            }
            compared += 1;
            let numeric = (above - below) / (2.0 * STEP);
            let is_close = (numeric - gradient[entry]).abs() <= RELATIVE * largest + ROUNDED;
            if !is_close {
                return Err(format!(
                    "entry {entry} is {:e}, the difference says {numeric:e}; the largest is {largest:e}",
                    gradient[entry]
                ));
            }
        }
        if 2 * compared < entries.len() {
            return Err(format!(
                "only {compared} of {} entries are off the kinks",
                entries.len()
            ));
        }
        Ok(())
    }
}

/// All entries, or [`TRIED`] of them that look random, the first among them.
fn entries(len: usize) -> Vec<usize> {
    if len <= TRIED {
        return (0..len).collect();
    }
    let random = |value: f64| ((value + 1.0) / 2.0 * len as f64) as usize % len;
    std::iter::once(0)
        .chain(noise(len as u64, TRIED - 1).into_iter().map(random))
        .collect()
}

#[test]
fn every_parameter_of_a_unet_with_every_preset() {
    let item = Params::default()
        .with("pool", "per_class_item")
        .with("class_weight", vec![0.5, 2.0, 1.0]);
    for params in [Preset::Paper.params(), Preset::AuthorsCode.params(), item] {
        every_parameter(&Whole::new(&params, Norm::Instance, Kind::Plain, 3), 32);
    }
}

/// Without norms the convolutions have biases.
#[test]
fn every_parameter_of_a_unet_without_norms() {
    every_parameter(
        &Whole::new(&Preset::AuthorsCode.params(), Norm::None, Kind::Plain, 3),
        22,
    );
}

/// Shortcuts, gates, and a map that is enlarged; parameters and the seed of their values, with norms and without: one with
/// which no gate is shut, behind which there is no gradient to compare.
#[test]
fn every_parameter_of_the_other_networks() {
    let counts = [
        (Kind::Residual, [(36, 7), (26, 87)]),
        (Kind::Attention, [(42, 244), (32, 12)]),
        (Kind::PartialDecoder, [(37, 169), (26, 359)]),
    ];
    for (kind, counts) in counts {
        let params = Preset::AuthorsCode.params();
        for (norm, (parameters, seed)) in [Norm::Instance, Norm::None].into_iter().zip(counts) {
            every_parameter(&Whole::new(&params, norm, kind, seed), parameters);
        }
    }
}

fn every_parameter(whole: &Whole, parameters: usize) {
    let gradient = whole.gradient();
    assert_eq!(whole.graph.parameters.len(), parameters);
    for parameter in &whole.graph.parameters {
        let of_parameter = &gradient[parameter.range()];
        if let Err(difference) = whole.differs(parameter.range(), of_parameter) {
            panic!("{}: {difference}", parameter.name);
        }
    }
    processor::check_network(whole, &gradient);
}

#[test]
fn one_wrong_entry_of_each_parameter_is_noticed() {
    let whole = Whole::new(&Preset::AuthorsCode.params(), Norm::Instance, Kind::Plain, 3);
    let gradient = whole.gradient();
    for parameter in &whole.graph.parameters {
        let mut wrong = gradient[parameter.range()].to_vec();
        let largest = wrong.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        wrong[0] += 1e-3 * largest;
        assert!(
            whole.differs(parameter.range(), &wrong).is_err(),
            "{}: a wrong entry went unnoticed",
            parameter.name
        );
    }
}
