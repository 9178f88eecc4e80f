//! A graph as what the GPU runs: steps, and memory that tensors share.
//!
//! A leaky ReLU behind a convolution or a norm ends that step. Its backward pass is no step either: whoever writes
//! the last share of the gradient of its output passes the sum through (see [`ops::Sink`](crate::ops::Sink)).

use super::memory::{Layout, Life, share};
use super::{Graph, Op, TensorId};
use crate::gpu::{Choices, Tensor};
use crate::ops::{conv1x1, conv3x3, norm};

/// One node, with the activation behind it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Index in [`Graph::nodes`].
    pub node: usize,
    /// Of the leaky ReLU that ends the step.
    pub slope: Option<f64>,
    /// What the step leaves.
    pub output: TensorId,
    /// Where the gradient of each input goes.
    pub ways: Vec<Way>,
}

/// How a step writes the gradient of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Way {
    /// Nobody asks for that of the network's input, or of what is frozen.
    pub wanted: bool,
    /// Added to what a later step left there.
    pub accumulate: bool,
    /// Passed through the leaky ReLU that made the input, of this slope.
    pub through: Option<f64>,
}

/// Steps and memory of a network for one batch size.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) images: usize,
    pub(super) steps: Vec<Step>,
    pub(super) trains: bool,
    /// Elements of each buffer, of four bytes.
    pub(super) buffers: Vec<usize>,
    /// The buffer of each activation, of its gradient, and of the statistics of each step.
    pub(super) values: Vec<Option<usize>>,
    pub(super) gradients: Vec<Option<usize>>,
    pub(super) statistics: Vec<Option<usize>>,
    /// Elements of the scratch tensors that one step needs at most, largest first.
    pub(super) scratch: Vec<usize>,
}

impl Plan {
    /// Forward and backward.
    ///
    /// # Panics
    /// If an input of a concatenation is read by a node behind it: its gradient is a copy, so it has to be the first.
    #[must_use]
    pub fn training(graph: &Graph, images: usize, choices: &Choices) -> Self {
        Self::new(graph, images, true, choices)
    }

    /// Forward only.
    #[must_use]
    pub fn inference(graph: &Graph, images: usize, choices: &Choices) -> Self {
        Self::new(graph, images, false, choices)
    }

    /// Bytes of activations, gradients, statistics and scratch, as they are allocated.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let sizes = self.buffers.iter().chain(&self.scratch);
        sizes.map(|len| Tensor::bytes_of(*len)).sum()
    }

    fn new(graph: &Graph, images: usize, trains: bool, choices: &Choices) -> Self {
        let steps = steps(graph);
        let lives = Lives::of(graph, &steps, images, trains);
        let Layout { buffers, places } = share(&lives.all);
        let placed = |ids: Vec<Option<usize>>| ids.into_iter().map(|id| id.map(|id| places[id])).collect();
        Self {
            scratch: scratch(graph, &steps, images, trains, choices),
            values: placed(lives.values),
            gradients: placed(lives.gradients),
            statistics: placed(lives.statistics),
            buffers,
            images,
            steps,
            trains,
        }
    }
}

/// The nodes that read a tensor, in order.
fn readers(graph: &Graph, tensor: TensorId) -> Vec<usize> {
    (0..graph.nodes.len())
        .filter(|node| graph.nodes[*node].inputs.contains(&tensor))
        .collect()
}

/// Whether the activation `index` ends the step before it.
fn ends_a_step(graph: &Graph, index: usize) -> bool {
    let (input, output) = (graph.nodes[index].inputs[0], graph.nodes[index].output);
    let before = graph.nodes.iter().find(|node| node.output == input);
    let ends = before.is_some_and(|node| matches!(node.op, Op::Conv3x3 | Op::InstanceNorm { .. }));
    // The last writer of the gradient is the first reader.
    let passes = readers(graph, output).first().is_some_and(|reader| {
        !matches!(
            graph.nodes[*reader].op,
            Op::Concat | Op::Activation { .. } | Op::Sigmoid
        )
    });
    ends && passes && output != graph.output && readers(graph, input) == [index]
}

fn steps(graph: &Graph) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut slopes = vec![None; graph.shapes.len()];
    for (index, node) in graph.nodes.iter().enumerate() {
        if let Op::Activation { slope } = node.op
            && ends_a_step(graph, index)
        {
            let before = steps.iter_mut().find(|step| step.output == node.inputs[0]);
            let before = before.expect("an activation has a step before it");
            before.slope = Some(slope);
            before.output = node.output;
            slopes[node.output] = Some(slope);
            continue;
        }
        steps.push(Step {
            node: index,
            slope: None,
            output: node.output,
            ways: vec![Way::default(); node.inputs.len()],
        });
    }
    let mut is_written = vec![false; graph.shapes.len()];
    is_written[graph.output] = true;
    for step in steps.iter_mut().rev() {
        let node = &graph.nodes[step.node];
        for (way, input) in step.ways.iter_mut().zip(&node.inputs) {
            // A norm's gradients are all made by one dispatch.
            let is_norm = matches!(node.op, Op::InstanceNorm { .. });
            way.wanted = graph.is_trained(step.output) && (graph.is_trained(*input) || is_norm);
            way.accumulate = way.wanted && std::mem::replace(&mut is_written[*input], true);
            let is_last = readers(graph, *input).first() == Some(&step.node);
            way.through = slopes[*input].filter(|_| is_last);
        }
    }
    steps
}

/// What an activation takes, in elements of four bytes.
fn words(graph: &Graph, tensor: TensorId, images: usize) -> usize {
    let len = images * graph.image_len(tensor);
    if graph.is_half(tensor) {
        len.div_ceil(2)
    } else {
        len
    }
}

/// All lives, and whose is which.
struct Lives {
    all: Vec<Life>,
    values: Vec<Option<usize>>,
    gradients: Vec<Option<usize>>,
    statistics: Vec<Option<usize>>,
}

impl Lives {
    /// Step `i` of S is run at moment `i`, the loss at S, and the backward pass of step `i` at 2S − `i`.
    fn of(graph: &Graph, steps: &[Step], images: usize, trains: bool) -> Self {
        let loss = steps.len();
        let backward = |step: usize| 2 * loss - step;
        let tensors = graph.shapes.len();
        let mut lives = Self {
            all: Vec::new(),
            values: vec![None; tensors],
            gradients: vec![None; tensors],
            statistics: vec![None; steps.len()],
        };
        // Input and logits are written and read from outside.
        lives.values[graph.input] = lives.begin(words(graph, graph.input, images), 0);
        if trains {
            lives.gradients[graph.output] = lives.begin(images * graph.image_len(graph.output), loss);
        }
        for (index, step) in steps.iter().enumerate() {
            let node = &graph.nodes[step.node];
            let returns = trains && graph.is_trained(step.output);
            lives.values[step.output] = lives.begin(words(graph, step.output, images), index);
            let channels = graph.shapes[node.output][0];
            if matches!(node.op, Op::InstanceNorm { .. }) {
                lives.statistics[index] = lives.begin(2 * images * channels, index);
                lives.extend(
                    lives.statistics[index],
                    if returns { backward(index) } else { index },
                );
            }
            let reads_again = !matches!(
                node.op,
                Op::Upsample | Op::UpsampleBilinear | Op::Concat | Op::Add
            );
            for (way, input) in step.ways.iter().zip(&node.inputs) {
                let again = returns && (reads_again || way.through.is_some());
                lives.extend(lives.values[*input], if again { backward(index) } else { index });
            }
        }
        lives.extend(lives.values[graph.output], if trains { 2 * loss } else { loss });
        if trains {
            lives.add_gradients(graph, steps, images, backward);
        }
        lives
    }

    fn add_gradients(
        &mut self,
        graph: &Graph,
        steps: &[Step],
        images: usize,
        backward: impl Fn(usize) -> usize,
    ) {
        for (index, step) in steps.iter().enumerate().rev() {
            let node = &graph.nodes[step.node];
            for (way, input) in step.ways.iter().zip(&node.inputs) {
                assert!(
                    node.op != Op::Concat || !way.wanted || !way.accumulate,
                    "{}: a node behind it reads its input",
                    node.name
                );
                if way.wanted && self.gradients[*input].is_none() {
                    self.gradients[*input] = self.begin(images * graph.image_len(*input), backward(index));
                }
                if way.wanted {
                    self.extend(self.gradients[*input], backward(index));
                }
            }
            if graph.is_trained(step.output) {
                self.extend(self.gradients[step.output], backward(index));
            }
        }
    }

    fn begin(&mut self, len: usize, from: usize) -> Option<usize> {
        self.all.push(Life {
            len,
            from,
            until: from,
        });
        Some(self.all.len() - 1)
    }

    fn extend(&mut self, life: Option<usize>, until: usize) {
        let life = &mut self.all[life.expect("a tensor is written before it is read")];
        life.until = life.until.max(until);
    }
}

/// What each step needs at most, largest first.
fn scratch(graph: &Graph, steps: &[Step], images: usize, trains: bool, choices: &Choices) -> Vec<usize> {
    let mut most: Vec<usize> = Vec::new();
    let mut need = |mut lens: Vec<usize>| {
        lens.sort_unstable_by(|a, b| b.cmp(a));
        most.resize(most.len().max(lens.len()), 0);
        for (most, len) in most.iter_mut().zip(lens) {
            *most = len.max(*most);
        }
    };
    for step in steps {
        let node = &graph.nodes[step.node];
        let trains = trains && graph.is_trained(step.output);
        let [c, h, w] = graph.shapes[node.inputs[0]];
        let (shape, c_out) = ([images, c, h, w], graph.shapes[node.output][0]);
        let has_bias = node.parameters.len() > 1;
        match node.op {
            Op::Conv3x3 => {
                need(conv3x3::forward_scratch(choices, shape, c_out));
                if trains {
                    need(conv3x3::backward_weight_scratch(choices, shape, c_out, has_bias));
                }
                if trains && step.ways[0].wanted {
                    need(conv3x3::backward_input_scratch(choices, shape, c_out));
                }
            }
            Op::Conv1x1 if trains => need(conv1x1::backward_weight_scratch(shape, c_out, has_bias)),
            Op::InstanceNorm { .. } => {
                need(norm::forward_scratch(shape, c).to_vec());
                if trains {
                    need(norm::backward_scratch(shape, c).to_vec());
                }
            }
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::super::memory::least;
    use super::*;
    use crate::net::{Norm, Unet};

    fn unet(norm: Norm) -> Graph {
        let unet = Unet {
            classes: 4,
            width: 16,
            norm,
            ..Unet::default()
        };
        unet.graph(128, 128).unwrap()
    }

    #[test]
    fn activations_end_the_steps_before_them() {
        for (norm, expected) in [(Norm::None, 10 + 2 + 2 + 2 + 1), (Norm::Instance, 20 + 7)] {
            let graph = unet(norm);
            let steps = steps(&graph);
            assert_eq!(steps.len(), expected);
            assert_eq!(steps.iter().filter(|step| step.slope.is_some()).count(), 10);
            // Each is passed through once: a skip by the pool, which comes behind the concatenation.
            let through = steps
                .iter()
                .flat_map(|step| step.ways.iter().map(move |way| (step, way)));
            let through: Vec<_> = through.filter(|(_, way)| way.through.is_some()).collect();
            assert_eq!(through.len(), 10);
            let adds: Vec<_> = through.iter().filter(|(_, way)| way.accumulate).collect();
            assert!(
                adds.len() == 2
                    && adds
                        .iter()
                        .all(|(step, _)| graph.nodes[step.node].op == Op::MaxPool)
            );
        }
    }

    #[test]
    fn an_activation_that_nobody_can_pass_through_stays() {
        let mut graph = Graph::new([3, 8, 8]);
        let x = graph.conv3x3("conv", graph.input, 4, true);
        let twice = graph.activation("first", x, 0.1);
        let y = graph.activation("second", twice, 0.1);
        let joined = graph.concat("joined", y, graph.input);
        let last = graph.conv3x3("last", joined, 2, false);
        graph.activation("logits", last, 0.1);
        assert_eq!(steps(&graph).len(), graph.nodes.len());
    }

    #[test]
    #[should_panic(expected = "joined: a node behind it reads its input")]
    fn a_concatenation_is_the_first_writer_of_its_gradients() {
        let mut graph = Graph::new([3, 8, 8]);
        let x = graph.conv3x3("conv", graph.input, 3, false);
        let y = graph.conv3x3("other", graph.input, 3, false);
        graph.concat("joined", x, y);
        graph.conv3x3("late", x, 3, false);
        let _ = Plan::training(&graph, 1, &Choices::default());
    }

    #[test]
    fn halves_take_half_of_what_is_no_gradient() {
        let mut graph = unet(Norm::None);
        let bytes = |graph: &Graph| {
            [Plan::training, Plan::inference].map(|plan| {
                let plan = plan(graph, 4, &Choices::default());
                plan.buffers.iter().sum::<usize>() as f64
            })
        };
        let full = bytes(&graph);
        graph.halves = true;
        let halved = bytes(&graph);
        // Input and logits stay, and a buffer is as large as the largest that it ever holds.
        println!("{full:?} {halved:?}");
        assert!(halved[0] < 0.8 * full[0] && halved[1] < 0.6 * full[1]);
    }

    #[test]
    fn a_plan_takes_little_more_than_the_least() {
        for norm in [Norm::None, Norm::Instance] {
            let graph = unet(norm);
            let everything: usize = (0..graph.shapes.len())
                .map(|tensor| 4 * graph.image_len(tensor))
                .sum();
            let steps = steps(&graph);
            for (trains, share_of_all) in [(true, 0.6), (false, 0.4)] {
                let plan = Plan::new(&graph, 4, trains, &Choices::default());
                let lives = Lives::of(&graph, &steps, 4, trains);
                let (planned, least): (usize, usize) = (plan.buffers.iter().sum(), least(&lives.all));
                let all = everything * if trains { 2 } else { 1 };
                println!(
                    "{norm:?} {trains}: {planned} of {all}, least {least}, {} bytes",
                    plan.bytes()
                );
                assert!(planned as f64 <= 1.15 * least as f64, "{planned} for {least}");
                assert!(planned as f64 <= share_of_all * all as f64, "{planned} of {all}");
            }
        }
    }
}
