//! A network run by the fast kernels of the processor, one image at a time.
//!
//! It walks the same [`Plan`] as the GPU: an activation ends the step before it, and tensors share memory. Images of a batch have
//! nothing in common but the weights, so each has an [`ImageNetwork`], on whichever thread.

use super::plan::{Step, Way};
use super::{Graph, Node, Op, Plan, TensorId};
use crate::cpu::conv3x3::Packed;
use crate::cpu::{
    Scratch, Sink, activation, add, attend, concat, conv1x1, conv3x3, norm, pool, sigmoid, upsample,
};
use crate::gpu::Choices;

/// The weights of a network as its kernels read them; made once for all images.
#[derive(Clone, Debug)]
pub struct ImageWeights {
    arena: Vec<f32>,
    /// Of each 3 × 3 convolution, by node: for the forward pass and, if it is trained, for the gradient of its input.
    packed: Vec<[Packed; 2]>,
}

/// Activations and gradients of one image.
#[derive(Clone, Debug)]
pub struct ImageNetwork {
    graph: Graph,
    plan: Plan,
    buffers: Vec<Vec<f32>>,
    scratch: Scratch,
}

impl ImageWeights {
    /// No weights yet.
    #[must_use]
    pub fn new(graph: &Graph) -> Self {
        Self {
            arena: Vec::new(),
            packed: vec![Default::default(); graph.nodes.len()],
        }
    }

    /// Takes over the weights of the arena, for training or for predictions only.
    pub fn set(&mut self, graph: &Graph, arena: &[f32], trains: bool) {
        self.arena.clear();
        self.arena.extend_from_slice(arena);
        for (index, (node, [forward, turned])) in graph.nodes.iter().zip(&mut self.packed).enumerate() {
            if node.op == Op::Conv3x3 {
                let [c_in, c_out] = [node.inputs[0], node.output].map(|tensor| graph.shapes[tensor][0]);
                let weight = &arena[graph.parameters[node.parameters[0]].range()];
                forward.pack(weight, c_out, c_in);
                if trains && index >= graph.frozen {
                    turned.pack_turned(weight, c_out, c_in);
                }
            }
        }
    }
}

impl ImageNetwork {
    /// For training, or for predictions only.
    ///
    /// # Panics
    /// As [`Plan::training`].
    #[must_use]
    pub fn new(graph: &Graph, trains: bool) -> Self {
        let choices = Choices::default();
        let plan = if trains {
            Plan::training(graph, 1, &choices)
        } else {
            Plan::inference(graph, 1, &choices)
        };
        Self {
            graph: graph.clone(),
            buffers: plan.buffers.iter().map(|len| vec![0.0; *len]).collect(),
            plan,
            scratch: Scratch::default(),
        }
    }

    /// H, W of its images.
    #[must_use]
    pub fn image_size(&self) -> [usize; 2] {
        let [_, height, width] = self.graph.shapes[self.graph.input];
        [height, width]
    }

    /// (C, H, W), written before [`ImageNetwork::forward`].
    ///
    /// # Panics
    /// Never: every plan has room for the input.
    pub fn input_mut(&mut self) -> &mut [f32] {
        let (place, len) = (
            self.plan.values[self.graph.input],
            self.graph.image_len(self.graph.input),
        );
        &mut self.buffers[place.expect("the plan has room for the input")][..len]
    }

    /// (K, H, W), there after [`ImageNetwork::forward`].
    #[must_use]
    pub fn logits(&self) -> &[f32] {
        self.value(self.graph.output)
    }

    /// What the forward pass leaves of the node called `name` (C, H, W): nothing where a later step takes its memory, or where the
    /// activation behind it ends its step.
    #[must_use]
    pub fn left_by(&self, name: &str) -> Option<&[f32]> {
        let output = self.graph.nodes.iter().find(|node| node.name == name)?.output;
        let Plan {
            steps,
            values,
            statistics,
            ..
        } = &self.plan;
        let own = steps.iter().position(|step| step.output == output)?;
        let takes = |step: usize| [values[steps[step].output], statistics[step]].contains(&values[output]);
        (!(own + 1..steps.len()).any(takes)).then(|| self.value(output))
    }

    /// (K, H, W), written before [`ImageNetwork::backward`].
    ///
    /// # Panics
    /// If the network is for predictions only.
    pub fn dlogits_mut(&mut self) -> &mut [f32] {
        let (place, len) = (
            self.plan.gradients[self.graph.output],
            self.graph.image_len(self.graph.output),
        );
        &mut self.buffers[place.expect("the plan has room for gradients")][..len]
    }

    /// Image → logits.
    pub fn forward(&mut self, weights: &ImageWeights) {
        for index in 0..self.plan.steps.len() {
            let step = &self.plan.steps[index];
            let [place, len] = [self.place(step.output), self.graph.image_len(step.output)];
            let mut buffer = std::mem::take(&mut self.buffers[place]);
            let statistics = self.plan.statistics[index];
            let mut of_norm = statistics.map(|place| std::mem::take(&mut self.buffers[place]));
            let mut scratch = std::mem::take(&mut self.scratch);
            let y = &mut buffer[..len];
            self.step_forward(
                step,
                y,
                of_norm.as_deref_mut().unwrap_or_default(),
                weights,
                &mut scratch,
            );
            self.scratch = scratch;
            self.buffers[place] = buffer;
            if let (Some(place), Some(buffer)) = (statistics, of_norm) {
                self.buffers[place] = buffer;
            }
        }
    }

    /// Gradient of the logits → gradients of everything that is trained. Those of the parameters overwrite the arena
    /// `dparameters`; what is frozen is left as it is.
    ///
    /// # Panics
    /// If the network is for predictions only.
    pub fn backward(&mut self, weights: &ImageWeights, dparameters: &mut [f32]) {
        assert!(self.plan.trains, "the network is for predictions only");
        for index in (0..self.plan.steps.len()).rev() {
            let step = self.plan.steps[index].clone();
            if self.graph.is_trained(step.output) {
                self.step_backward(index, &step, weights, dparameters);
            }
        }
    }

    fn place(&self, tensor: TensorId) -> usize {
        self.plan.values[tensor].expect("a tensor is written before it is read")
    }

    fn value(&self, tensor: TensorId) -> &[f32] {
        &self.buffers[self.place(tensor)][..self.graph.image_len(tensor)]
    }

    fn step_forward(
        &self,
        step: &Step,
        y: &mut [f32],
        statistics: &mut [f32],
        weights: &ImageWeights,
        scratch: &mut Scratch,
    ) {
        let graph = &self.graph;
        let node = &graph.nodes[step.node];
        let (x, shape) = (self.value(node.inputs[0]), graph.shapes[node.inputs[0]]);
        let second = || self.value(node.inputs[1]);
        let parameter = |i: usize| &weights.arena[graph.parameters[node.parameters[i]].range()];
        let bias = (node.parameters.len() > 1).then(|| parameter(1));
        let slope = step.slope.map(|slope| slope as f32);
        match node.op {
            Op::Conv3x3 => {
                conv3x3::forward(y, x, &weights.packed[step.node][0], bias, slope, shape, scratch);
            }
            Op::Conv1x1 => conv1x1::forward(y, x, parameter(0), bias, shape[1] * shape[2]),
            Op::InstanceNorm { epsilon } => {
                norm::forward(
                    y,
                    statistics,
                    x,
                    parameter(0),
                    parameter(1),
                    epsilon as f32,
                    slope,
                );
            }
            Op::Activation { slope } => activation::forward(y, x, slope as f32),
            Op::MaxPool => pool::forward(y, x, shape),
            Op::Upsample => upsample::nearest_forward(y, x, shape),
            Op::UpsampleBilinear => upsample::bilinear_forward(y, x, shape, scratch),
            Op::Concat => concat::forward(y, x, second()),
            Op::Add => add::forward(y, x, second()),
            Op::Sigmoid => sigmoid::forward(y, x),
            Op::Attend => attend::forward(y, x, second()),
        }
    }

    fn step_backward(&mut self, index: usize, step: &Step, weights: &ImageWeights, dparameters: &mut [f32]) {
        let node = self.graph.nodes[step.node].clone();
        let mut scratch = std::mem::take(&mut self.scratch);
        // What is written is taken out meanwhile; no buffer is both read and written by one step.
        let places: Vec<Option<usize>> = node
            .inputs
            .iter()
            .zip(&step.ways)
            .map(|(input, way)| {
                if way.wanted {
                    self.plan.gradients[*input]
                } else {
                    None
                }
            })
            .collect();
        let mut taken: Vec<Vec<f32>> = places
            .iter()
            .map(|place| place.map_or_else(Vec::new, |place| std::mem::take(&mut self.buffers[place])))
            .collect();
        {
            let len = |i: usize| self.graph.image_len(node.inputs[i]);
            let mut targets = taken
                .iter_mut()
                .zip(&places)
                .enumerate()
                .map(|(i, (buffer, place))| {
                    place.map(|_| Target {
                        dx: &mut buffer[..len(i)],
                        // Where nobody passes through it, its memory may be another's by now.
                        x: step.ways[i].through.map_or(&[], |_| self.value(node.inputs[i])),
                        way: step.ways[i],
                    })
                });
            let targets = [targets.next().flatten(), targets.next().flatten()];
            self.node_backward(index, step, targets, weights, dparameters, &mut scratch);
        }
        for (place, buffer) in places.into_iter().zip(taken) {
            if let Some(place) = place {
                self.buffers[place] = buffer;
            }
        }
        self.scratch = scratch;
    }

    /// The gradients of a node's weight and bias.
    fn of_parameters<'a>(
        &self,
        node: &Node,
        dparameters: &'a mut [f32],
    ) -> (&'a mut [f32], Option<&'a mut [f32]>) {
        let range = |i: usize| self.graph.parameters[node.parameters[i]].range();
        if node.parameters.len() < 2 {
            return (&mut dparameters[range(0)], None);
        }
        // A bias stands behind its weight in the arena.
        let (before, after) = dparameters.split_at_mut(range(1).start);
        (&mut before[range(0)], Some(&mut after[..range(1).len()]))
    }

    fn node_backward(
        &self,
        index: usize,
        step: &Step,
        [first, second]: [Option<Target<'_>>; 2],
        weights: &ImageWeights,
        dparameters: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let graph = &self.graph;
        let node = &graph.nodes[step.node];
        // Not every layer reads its input again.
        let (x, shape) = (|| self.value(node.inputs[0]), graph.shapes[node.inputs[0]]);
        let dy = self.plan.gradients[step.output].expect("a gradient is written before it is read");
        let dy = &self.buffers[dy][..graph.image_len(step.output)];
        let range = |i: usize| graph.parameters[node.parameters[i]].range();
        match node.op {
            Op::Conv3x3 => {
                let (dweight, dbias) = self.of_parameters(node, dparameters);
                let turned = &weights.packed[step.node][1];
                conv3x3::backward(
                    dweight,
                    dbias,
                    first.map(Target::sink),
                    x(),
                    dy,
                    turned,
                    shape,
                    scratch,
                );
            }
            Op::Conv1x1 => {
                let (dweight, dbias) = self.of_parameters(node, dparameters);
                let (weight, pixels) = (&weights.arena[range(0)], shape[1] * shape[2]);
                conv1x1::backward(
                    dweight,
                    dbias,
                    first.map(Target::sink),
                    x(),
                    dy,
                    weight,
                    pixels,
                    scratch,
                );
            }
            Op::InstanceNorm { .. } => {
                let place = self.plan.statistics[index].expect("a norm has statistics");
                if let (Some(target), (dweight, Some(dbias))) = (first, self.of_parameters(node, dparameters))
                {
                    let weight = &weights.arena[range(0)];
                    norm::backward(
                        dweight,
                        dbias,
                        target.sink(),
                        x(),
                        &self.buffers[place],
                        weight,
                        dy,
                    );
                }
            }
            Op::Concat => {
                let split = graph.image_len(node.inputs[0]);
                concat::backward(
                    [first, second].map(|target| target.map(|target| target.dx)),
                    dy,
                    split,
                );
            }
            Op::Add => {
                for target in [first, second].into_iter().flatten() {
                    add::backward(target.sink(), dy);
                }
            }
            Op::Attend => {
                if let Some(target) = first {
                    attend::backward_input(target.sink(), self.value(node.inputs[1]), dy);
                }
                if let Some(Target { dx, way, .. }) = second {
                    attend::backward_map(dx, x(), dy, way.accumulate);
                }
            }
            Op::Activation { .. } | Op::Sigmoid | Op::MaxPool | Op::Upsample | Op::UpsampleBilinear => {
                let Some(sink) = first.map(Target::sink) else {
                    return;
                };
                match node.op {
                    Op::Activation { slope } => activation::backward(sink, x(), dy, slope as f32),
                    Op::Sigmoid => sigmoid::backward(sink, x(), dy),
                    Op::MaxPool => pool::backward(sink, x(), dy, shape, scratch),
                    Op::Upsample => upsample::nearest_backward(sink, dy, shape),
                    _ => upsample::bilinear_backward(sink, dy, shape, scratch),
                }
            }
        }
    }
}

/// The gradient of an input of a step.
struct Target<'a> {
    dx: &'a mut [f32],
    x: &'a [f32],
    way: Way,
}

impl<'a> Target<'a> {
    fn sink(self) -> Sink<'a> {
        let sink = Sink::new(self.dx, self.way.accumulate);
        match self.way.through {
            Some(slope) => sink.through(self.x, slope as f32),
            None => sink,
        }
    }
}
