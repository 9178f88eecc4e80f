//! A network as a list of nodes.
//!
//! Forward walks the list, backward walks it in reverse. The memory estimate, the plan and the drawing of a
//! network all come from this one list.

use super::Plan;
use crate::gpu::{Choices, Tensor};

/// Index of an activation in [`Graph::shapes`].
pub type TensorId = usize;

/// Index into [`Graph::parameters`].
pub type ParameterId = usize;

/// What a node computes. Shapes follow from its inputs and parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// 3 × 3, padding 1; with a bias if it has a second parameter.
    Conv3x3,
    /// 1 × 1; with a bias if it has a second parameter.
    Conv1x1,
    /// Per image and channel over H and W, with weight and bias.
    InstanceNorm { epsilon: f64 },
    /// Leaky ReLU; slope 0 is ReLU.
    Activation { slope: f64 },
    /// 2 × 2, stride 2.
    MaxPool,
    /// Nearest neighbour, twice the size.
    Upsample,
    /// Bilinear with half-pixel centres, twice the size.
    UpsampleBilinear,
    /// Along C, first input first.
    Concat,
    /// Two inputs of one shape.
    Add,
    /// 1 / (1 + exp(−x)).
    Sigmoid,
    /// The first input's channels, each times the second input, which has one.
    Attend,
}

/// One step of the forward walk.
#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub op: Op,
    pub inputs: Vec<TensorId>,
    pub output: TensorId,
    pub parameters: Vec<ParameterId>,
}

/// A named weight and its place in the arena.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As in a PyTorch `state_dict`.
    pub name: String,
    pub shape: Vec<usize>,
    /// First element in the arena, a multiple of [`Tensor::ALIGNMENT`].
    pub start: usize,
    /// Inputs that one output sums over; decides the spread of initial weights.
    pub fan_in: usize,
}

impl Parameter {
    /// Elements.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a parameter is never empty")]
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Its elements within the arena.
    #[must_use]
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start..self.start + self.len()
    }
}

/// A network for images of one size; the batch size comes with the plan.
#[derive(Clone, Debug)]
pub struct Graph {
    pub nodes: Vec<Node>,
    /// C, H, W of each activation.
    pub shapes: Vec<[usize; 3]>,
    pub parameters: Vec<Parameter>,
    pub input: TensorId,
    /// The logits.
    pub output: TensorId,
    /// Whether a GPU keeps the activations between input and logits as f16; gradients are always f32, since those of a
    /// mean over all pixels are smaller than f16 reaches.
    pub halves: bool,
    /// Nodes of the encoder, which come first.
    pub encoder: usize,
    /// Nodes whose parameters stay as they are, which come first.
    pub frozen: usize,
}

impl Graph {
    /// A graph that so far only has its input, of C, H, W.
    #[must_use]
    pub fn new(input: [usize; 3]) -> Self {
        Self {
            nodes: Vec::new(),
            shapes: vec![input],
            parameters: Vec::new(),
            input: 0,
            output: 0,
            halves: false,
            encoder: 0,
            frozen: 0,
        }
    }

    /// What there is so far is the encoder.
    pub fn end_encoder(&mut self) {
        self.encoder = self.nodes.len();
    }

    /// The parameters of the encoder stay as they are: no gradient goes there.
    pub fn freeze_encoder(&mut self) {
        self.frozen = self.encoder;
    }

    /// Whether the gradient of an activation is of use: a parameter that is trained lies before it.
    #[must_use]
    pub fn is_trained(&self, tensor: TensorId) -> bool {
        // The first activation is the input, and each node leaves the next one.
        tensor > self.frozen
    }

    /// Elements at the start of the parameter arena that stay as they are.
    #[must_use]
    pub fn frozen_len(&self) -> usize {
        let parameters = self.nodes[..self.frozen].iter().map(|node| node.parameters.len());
        let first = parameters.sum::<usize>();
        self.parameters
            .get(first)
            .map_or_else(|| self.arena_len(), |parameter| parameter.start)
    }

    /// Elements of the parameter arena, padding included.
    #[must_use]
    pub fn arena_len(&self) -> usize {
        self.parameters.last().map_or(0, |last| {
            (last.start + last.len()).next_multiple_of(Tensor::ALIGNMENT)
        })
    }

    /// Trainable numbers, padding excluded.
    #[must_use]
    pub fn parameter_count(&self) -> usize {
        self.parameters.iter().map(Parameter::len).sum()
    }

    /// Elements of one image's activation.
    #[must_use]
    pub fn image_len(&self, tensor: TensorId) -> usize {
        self.shapes[tensor].iter().product()
    }

    /// Whether an activation is kept as f16.
    #[must_use]
    pub fn is_half(&self, tensor: TensorId) -> bool {
        self.halves && tensor != self.input && tensor != self.output
    }

    /// Bytes of the plan for a batch of `images`, plus the four parameter arenas (weights, gradients, two moments).
    #[must_use]
    pub fn training_bytes(&self, images: usize) -> u64 {
        Plan::training(self, images, &Choices::default()).bytes() + 4 * Tensor::bytes_of(self.arena_len())
    }

    /// Bytes of the plan for `images` that are only predicted.
    #[must_use]
    pub fn inference_bytes(&self, images: usize) -> u64 {
        Plan::inference(self, images, &Choices::default()).bytes()
    }

    /// Bytes of the largest buffer of the plan for a batch of `images`.
    #[must_use]
    pub fn largest_bytes(&self, images: usize) -> u64 {
        largest_bytes(&Plan::training(self, images, &Choices::default()))
    }

    /// Bytes of the largest buffer of the plan for `images` that are only predicted.
    #[must_use]
    pub fn largest_inference_bytes(&self, images: usize) -> u64 {
        largest_bytes(&Plan::inference(self, images, &Choices::default()))
    }

    /// Multiply-adds of the convolutions of a batch of `images`, forwards. A step takes about three times as many.
    #[must_use]
    pub fn multiply_adds(&self, images: usize) -> u64 {
        let of_node = |node: &Node| {
            // Where each input pixel is spread over several outputs, the input counts.
            let pixels = |id: TensorId| self.shapes[id][1] * self.shapes[id][2];
            let fewest = node.inputs.iter().map(|input| pixels(*input)).min().unwrap_or(0);
            let fewest = fewest.min(pixels(node.output));
            let weights = node.parameters.iter().map(|id| &self.parameters[*id].shape);
            let kernels = weights.filter(|shape| shape.len() == 4);
            kernels
                .map(|shape| shape.iter().product::<usize>() * fewest)
                .sum::<usize>() as u64
        };
        self.nodes.iter().map(of_node).sum::<u64>() * images as u64
    }

    /// For each node, whether the gradient of each of its inputs is added to what a later node left there
    /// (a skip has two readers) instead of overwriting it.
    #[must_use]
    pub fn accumulates(&self) -> Vec<Vec<bool>> {
        let mut written = vec![false; self.shapes.len()];
        let mut flags: Vec<Vec<bool>> = Vec::new();
        for node in self.nodes.iter().rev() {
            flags.push(
                node.inputs
                    .iter()
                    .map(|input| std::mem::replace(&mut written[*input], true))
                    .collect(),
            );
        }
        flags.reverse();
        flags
    }

    /// 3 × 3 convolution to `channels`; a norm behind it makes a `bias` needless.
    pub fn conv3x3(&mut self, name: &str, x: TensorId, channels: usize, bias: bool) -> TensorId {
        let [c, h, w] = self.shapes[x];
        let mut parameters = vec![self.parameter(format!("{name}.weight"), vec![channels, c, 3, 3], 9 * c)];
        if bias {
            parameters.push(self.parameter(format!("{name}.bias"), vec![channels], 9 * c));
        }
        self.node(name, Op::Conv3x3, vec![x], [channels, h, w], parameters)
    }

    /// 1 × 1 convolution to `channels`.
    pub fn conv1x1(&mut self, name: &str, x: TensorId, channels: usize, bias: bool) -> TensorId {
        let [c, h, w] = self.shapes[x];
        let mut parameters = vec![self.parameter(format!("{name}.weight"), vec![channels, c, 1, 1], c)];
        if bias {
            parameters.push(self.parameter(format!("{name}.bias"), vec![channels], c));
        }
        self.node(name, Op::Conv1x1, vec![x], [channels, h, w], parameters)
    }

    /// Instance norm with weight and bias.
    pub fn instance_norm(&mut self, name: &str, x: TensorId, epsilon: f64) -> TensorId {
        let shape = self.shapes[x];
        let weight = self.parameter(format!("{name}.weight"), vec![shape[0]], 0);
        let bias = self.parameter(format!("{name}.bias"), vec![shape[0]], 0);
        self.node(
            name,
            Op::InstanceNorm { epsilon },
            vec![x],
            shape,
            vec![weight, bias],
        )
    }

    /// Leaky ReLU.
    pub fn activation(&mut self, name: &str, x: TensorId, slope: f64) -> TensorId {
        self.node(
            name,
            Op::Activation { slope },
            vec![x],
            self.shapes[x],
            Vec::new(),
        )
    }

    /// 2 × 2 maximum.
    pub fn max_pool(&mut self, name: &str, x: TensorId) -> TensorId {
        let [c, h, w] = self.shapes[x];
        self.node(name, Op::MaxPool, vec![x], [c, h / 2, w / 2], Vec::new())
    }

    /// Twice the size, nearest neighbour.
    pub fn upsample(&mut self, name: &str, x: TensorId) -> TensorId {
        let [c, h, w] = self.shapes[x];
        self.node(name, Op::Upsample, vec![x], [c, 2 * h, 2 * w], Vec::new())
    }

    /// Twice the size, bilinear.
    pub fn upsample_bilinear(&mut self, name: &str, x: TensorId) -> TensorId {
        let [c, h, w] = self.shapes[x];
        self.node(name, Op::UpsampleBilinear, vec![x], [c, 2 * h, 2 * w], Vec::new())
    }

    /// The sum of two inputs of one shape.
    pub fn add(&mut self, name: &str, first: TensorId, second: TensorId) -> TensorId {
        self.node(name, Op::Add, vec![first, second], self.shapes[first], Vec::new())
    }

    /// The logistic function.
    pub fn sigmoid(&mut self, name: &str, x: TensorId) -> TensorId {
        self.node(name, Op::Sigmoid, vec![x], self.shapes[x], Vec::new())
    }

    /// Every channel of `x` times `map`, which has one.
    pub fn attend(&mut self, name: &str, x: TensorId, map: TensorId) -> TensorId {
        self.node(name, Op::Attend, vec![x, map], self.shapes[x], Vec::new())
    }

    /// Both inputs' channels, the first input's first.
    pub fn concat(&mut self, name: &str, first: TensorId, second: TensorId) -> TensorId {
        let ([c1, h, w], [c2, ..]) = (self.shapes[first], self.shapes[second]);
        self.node(name, Op::Concat, vec![first, second], [c1 + c2, h, w], Vec::new())
    }

    fn node(
        &mut self,
        name: &str,
        op: Op,
        inputs: Vec<TensorId>,
        shape: [usize; 3],
        parameters: Vec<ParameterId>,
    ) -> TensorId {
        let output = self.shapes.len();
        self.shapes.push(shape);
        self.nodes.push(Node {
            name: name.into(),
            op,
            inputs,
            output,
            parameters,
        });
        self.output = output;
        output
    }

    fn parameter(&mut self, name: String, shape: Vec<usize>, fan_in: usize) -> ParameterId {
        let start = self.arena_len();
        self.parameters.push(Parameter {
            name,
            shape,
            start,
            fan_in,
        });
        self.parameters.len() - 1
    }
}

fn largest_bytes(plan: &Plan) -> u64 {
    let sizes = plan.buffers.iter().chain(&plan.scratch);
    Tensor::bytes_of(sizes.copied().max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_of_a_graph_is_that_of_its_convolutions() {
        let mut graph = Graph::new([2, 8, 4]);
        let x = graph.conv3x3("a", 0, 5, true);
        assert_eq!(graph.multiply_adds(3), 3 * 5 * 2 * 9 * 8 * 4);
        let x = graph.conv1x1("b", x, 7, false);
        graph.output = x;
        assert_eq!(graph.multiply_adds(1), (5 * 2 * 9 + 7 * 5) * 8 * 4);
        assert!(graph.largest_bytes(3) >= Tensor::bytes_of(3 * 7 * 8 * 4));
        assert!(graph.largest_bytes(3) < graph.training_bytes(3));
    }
}
