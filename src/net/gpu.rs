//! The network run by the GPU: recordings made once for a batch size, replayed every step.

use super::plan::{Step, Way};
use super::{Graph, Node, Op, Plan, TensorId};
use crate::gpu::{Error, Recording, Tensor};
use crate::ops::conv3x3::Finish;
use crate::ops::{Sink, activation, add, attend, concat, conv1x1, conv3x3, norm, pool, sigmoid, upsample};

/// The memory of a plan, and its recorded forward walk.
#[derive(Debug)]
pub struct GpuNetwork {
    graph: Graph,
    plan: Plan,
    parameters: Tensor,
    buffers: Vec<Tensor>,
}

impl GpuNetwork {
    /// Records input → logits, with the weights in the arena `parameters`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when an activation does not fit a binding.
    pub fn record_forward(
        recording: &mut Recording,
        graph: &Graph,
        plan: Plan,
        parameters: &Tensor,
    ) -> Result<Self, Error> {
        recording.reserve_scratch(&plan.scratch)?;
        let buffers = plan
            .buffers
            .iter()
            .map(|len| Tensor::new(recording.context(), "activations and gradients", *len))
            .collect::<Result<_, _>>()?;
        let network = Self {
            graph: graph.clone(),
            plan,
            parameters: parameters.clone(),
            buffers,
        };
        for (index, step) in network.plan.steps.iter().enumerate() {
            recording.scope(&network.graph.nodes[step.node].name);
            network.record_step(recording, index, step)?;
        }
        Ok(network)
    }

    /// (N, C, H, W), written before each replay.
    #[must_use]
    pub fn input(&self) -> Tensor {
        self.value(self.graph.input)
    }

    /// (N, K, H, W), there after each replay.
    #[must_use]
    pub fn logits(&self) -> Tensor {
        self.value(self.graph.output)
    }

    /// N, K, H, W.
    #[must_use]
    pub fn logits_shape(&self) -> [usize; 4] {
        self.shape(self.graph.output)
    }

    /// Records gradient of the logits → gradients of everything that is trained. Adds to the arena `dparameters`, which
    /// somebody clears first. `loss` is called with the tensor that the gradient of the logits goes to, which it
    /// writes: before and afterwards others live there.
    ///
    /// # Errors
    /// Whatever `loss` gives.
    ///
    /// # Panics
    /// If the plan is not one for training.
    pub fn record_backward<T>(
        &self,
        recording: &mut Recording,
        dparameters: &Tensor,
        loss: impl FnOnce(&mut Recording, &Tensor) -> Result<T, Error>,
    ) -> Result<T, Error> {
        assert!(self.plan.trains, "the plan has no room for gradients");
        let result = loss(recording, &self.gradient(self.graph.output))?;
        for (index, step) in self.plan.steps.iter().enumerate().rev() {
            self.record_step_backward(recording, index, step, dparameters)?;
        }
        Ok(result)
    }

    fn shape(&self, tensor: TensorId) -> [usize; 4] {
        let [c, h, w] = self.graph.shapes[tensor];
        [self.plan.images, c, h, w]
    }

    fn placed(&self, place: Option<usize>, len: usize) -> Tensor {
        self.buffers[place.expect("the plan has room for it")].slice(0, len)
    }

    fn value(&self, tensor: TensorId) -> Tensor {
        let (place, len) = (self.plan.values[tensor], self.shape(tensor).iter().product());
        if self.graph.is_half(tensor) {
            self.placed(place, usize::div_ceil(len, 2)).halves(len)
        } else {
            self.placed(place, len)
        }
    }

    fn gradient(&self, tensor: TensorId) -> Tensor {
        self.placed(self.plan.gradients[tensor], self.shape(tensor).iter().product())
    }

    /// Mean and reciprocal standard deviation of a norm's channels.
    fn statistics(&self, index: usize, [images, channels, ..]: [usize; 4]) -> Tensor {
        self.placed(self.plan.statistics[index], 2 * images * channels)
    }

    fn slice_of(&self, arena: &Tensor, node: &Node, index: usize) -> Tensor {
        let parameter = &self.graph.parameters[node.parameters[index]];
        arena.slice(parameter.start, parameter.len())
    }

    fn record_step(&self, recording: &mut Recording, index: usize, step: &Step) -> Result<(), Error> {
        let node = &self.graph.nodes[step.node];
        let (y, x) = (&self.value(step.output), &self.value(node.inputs[0]));
        let shape = self.shape(node.inputs[0]);
        let c_out = self.graph.shapes[node.output][0];
        let parameter = |index| self.slice_of(&self.parameters, node, index);
        let bias = (node.parameters.len() > 1).then(|| parameter(1));
        let slope = step.slope.map(|slope| slope as f32);
        match node.op {
            Op::Conv3x3 => {
                let finish = Finish {
                    bias: bias.as_ref(),
                    slope,
                };
                conv3x3::record_forward(recording, y, x, &parameter(0), finish, shape, c_out)
            }
            Op::Conv1x1 => {
                conv1x1::record_forward(recording, y, x, &parameter(0), bias.as_ref(), shape, c_out);
                Ok(())
            }
            Op::InstanceNorm { epsilon } => {
                let (weight, bias) = (parameter(0), parameter(1));
                let (statistics, groups) = (self.statistics(index, shape), shape[1]);
                let epsilon = epsilon as f32;
                norm::record_forward(
                    recording,
                    y,
                    &statistics,
                    x,
                    &weight,
                    &bias,
                    shape,
                    groups,
                    epsilon,
                    slope,
                )
            }
            Op::Activation { slope } => {
                activation::record_forward(recording, y, x, slope as f32);
                Ok(())
            }
            Op::MaxPool => {
                pool::record_max_forward(recording, y, x, shape);
                Ok(())
            }
            Op::Upsample => {
                upsample::record_nearest_forward(recording, y, x, shape);
                Ok(())
            }
            Op::Concat => {
                concat::record_forward(recording, y, x, &self.value(node.inputs[1]), self.plan.images);
                Ok(())
            }
            Op::UpsampleBilinear => {
                upsample::record_bilinear_forward(recording, y, x, shape);
                Ok(())
            }
            Op::Add => {
                add::record_forward(recording, y, x, &self.value(node.inputs[1]));
                Ok(())
            }
            Op::Sigmoid => {
                sigmoid::record_forward(recording, y, x);
                Ok(())
            }
            Op::Attend => {
                attend::record_forward(recording, y, x, &self.value(node.inputs[1]), shape);
                Ok(())
            }
        }
    }

    fn record_step_backward(
        &self,
        recording: &mut Recording,
        index: usize,
        step: &Step,
        dparameters: &Tensor,
    ) -> Result<(), Error> {
        let node = &self.graph.nodes[step.node];
        if !self.graph.is_trained(step.output) {
            return Ok(());
        }
        recording.scope(&node.name);
        let dy = &self.gradient(step.output);
        let values: Vec<Tensor> = node.inputs.iter().map(|input| self.value(*input)).collect();
        let gradient = |(input, way): (&TensorId, &Way)| way.wanted.then(|| self.gradient(*input));
        let gradients: Vec<Option<Tensor>> = node.inputs.iter().zip(&step.ways).map(gradient).collect();
        let dx = |i: usize| gradients[i].as_ref();
        let sink = |i: usize| dx(i).map(|dx| sink(dx, &values[i], step.ways[i]));
        let (x, way) = (&values[0], step.ways[0]);
        let shape = self.shape(node.inputs[0]);
        let c_out = self.graph.shapes[node.output][0];
        let weight = |i| self.slice_of(&self.parameters, node, i);
        let dweight = |i| self.slice_of(dparameters, node, i);
        let dbias = (node.parameters.len() > 1).then(|| dweight(1));
        match node.op {
            Op::Conv3x3 => {
                conv3x3::record_backward_weight(recording, &dweight(0), dbias.as_ref(), x, dy, shape, c_out)?;
                if let Some(sink) = sink(0) {
                    conv3x3::record_backward_input(recording, sink, dy, &weight(0), shape, c_out)?;
                }
            }
            Op::Conv1x1 => {
                conv1x1::record_backward_weight(recording, &dweight(0), dbias.as_ref(), x, dy, shape, c_out)?;
                if let Some(sink) = sink(0) {
                    conv1x1::record_backward_input(recording, sink, dy, &weight(0), shape, c_out);
                }
            }
            Op::InstanceNorm { .. } => {
                let (dw, db, w, groups) = (dweight(0), dweight(1), weight(0), shape[1]);
                let statistics = self.statistics(index, shape);
                if let Some(sink) = sink(0) {
                    norm::record_backward(recording, sink, &dw, &db, x, &statistics, &w, dy, shape, groups)?;
                }
            }
            Op::Concat => concat::record_backward(recording, [dx(0), dx(1)], dy, self.counts(node)),
            Op::Add => {
                for sink in [sink(0), sink(1)].into_iter().flatten() {
                    add::record_backward(recording, sink, dy);
                }
            }
            Op::Attend => {
                if let Some(sink) = sink(0) {
                    attend::record_backward_input(recording, sink, &values[1], dy, shape);
                }
                if let Some(dmap) = dx(1) {
                    attend::record_backward_map(recording, dmap, x, dy, shape, step.ways[1].accumulate);
                }
            }
            Op::Activation { .. } | Op::Sigmoid | Op::MaxPool | Op::Upsample | Op::UpsampleBilinear => {
                let (Some(dx), Some(sink)) = (dx(0), sink(0)) else {
                    return Ok(());
                };
                match node.op {
                    Op::Activation { slope } => {
                        activation::record_backward(recording, dx, x, dy, slope as f32, way.accumulate);
                    }
                    Op::Sigmoid => sigmoid::record_backward(recording, dx, x, dy, way.accumulate),
                    Op::MaxPool => pool::record_max_backward(recording, sink, x, dy, shape),
                    Op::Upsample => upsample::record_nearest_backward(recording, sink, dy, shape),
                    _ => upsample::record_bilinear_backward(recording, sink, dy, shape),
                }
            }
        }
        Ok(())
    }

    /// Elements that an image takes in each of the two inputs.
    fn counts(&self, node: &Node) -> [usize; 2] {
        [0, 1].map(|i| self.graph.image_len(node.inputs[i]))
    }
}

fn sink<'a>(dx: &'a Tensor, x: &'a Tensor, way: Way) -> Sink<'a> {
    let sink = Sink::new(dx, way.accumulate);
    match way.through {
        Some(slope) => sink.through(x, slope as f32),
        None => sink,
    }
}
