//! The network run by the GPU: recordings made once for a batch size, replayed every step.

use super::{Graph, Node, Op, TensorId};
use crate::gpu::{Context, Error, Recording, Tensor};
use crate::ops::Sink;
use crate::ops::conv3x3::Finish;
use crate::ops::{activation, channel_sum, concat, conv1x1, conv3x3, norm, pool, upsample};

/// Activations of one batch size, and the recorded forward walk.
#[derive(Debug)]
pub struct GpuNetwork {
    graph: Graph,
    images: usize,
    parameters: Tensor,
    values: Vec<Tensor>,
    /// Mean and reciprocal standard deviation of each norm node.
    statistics: Vec<Option<Tensor>>,
}

impl GpuNetwork {
    /// Records input → logits for `images` images, with the weights in the arena `parameters`.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when an activation does not fit a binding.
    pub fn record_forward(
        recording: &mut Recording,
        graph: &Graph,
        images: usize,
        parameters: &Tensor,
    ) -> Result<Self, Error> {
        let mut network = Self {
            values: tensors(recording.context(), graph, images, "activation")?,
            graph: graph.clone(),
            images,
            parameters: parameters.clone(),
            statistics: Vec::new(),
        };
        for node in &graph.nodes {
            recording.scope(&node.name);
            let statistics = network.record_node(recording, node)?;
            network.statistics.push(statistics);
        }
        Ok(network)
    }

    /// (N, C, H, W).
    #[must_use]
    pub fn input(&self) -> &Tensor {
        &self.values[self.graph.input]
    }

    /// (N, K, H, W).
    #[must_use]
    pub fn logits(&self) -> &Tensor {
        &self.values[self.graph.output]
    }

    /// N, K, H, W.
    #[must_use]
    pub fn logits_shape(&self) -> [usize; 4] {
        self.shape(self.graph.output)
    }

    /// Records gradient of the logits → gradients of everything. Adds to the arena `dparameters`, which
    /// somebody clears first. `loss` is called with the tensor that the gradient of the logits goes to, so that
    /// its dispatches stand before the walk.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when a gradient does not fit a binding, and whatever `loss` gives.
    pub fn record_backward<T>(
        &self,
        recording: &mut Recording,
        dparameters: &Tensor,
        loss: impl FnOnce(&mut Recording, &Tensor) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let gradients = tensors(recording.context(), &self.graph, self.images, "gradient")?;
        let result = loss(recording, &gradients[self.graph.output])?;
        let accumulates = self.graph.accumulates();
        for index in (0..self.graph.nodes.len()).rev() {
            self.record_node_backward(recording, index, &gradients, dparameters, &accumulates[index])?;
        }
        Ok(result)
    }

    fn shape(&self, tensor: TensorId) -> [usize; 4] {
        let [c, h, w] = self.graph.shapes[tensor];
        [self.images, c, h, w]
    }

    fn slice_of(&self, arena: &Tensor, node: &Node, index: usize) -> Tensor {
        let parameter = &self.graph.parameters[node.parameters[index]];
        arena.slice(parameter.start, parameter.len())
    }

    fn record_node(&self, recording: &mut Recording, node: &Node) -> Result<Option<Tensor>, Error> {
        let (y, x) = (&self.values[node.output], &self.values[node.inputs[0]]);
        let shape = self.shape(node.inputs[0]);
        let c_out = self.graph.shapes[node.output][0];
        let parameter = |index| self.slice_of(&self.parameters, node, index);
        match node.op {
            Op::Conv3x3 => {
                conv3x3::record_forward(recording, y, x, &parameter(0), Finish::default(), shape, c_out)?
            }
            Op::Conv1x1 => {
                conv1x1::record_forward(recording, y, x, &parameter(0), Some(&parameter(1)), shape, c_out)?;
            }
            Op::InstanceNorm { epsilon } => {
                let statistics = recording.scratch("statistics", 2 * shape[0] * shape[1])?;
                let (weight, bias) = (parameter(0), parameter(1));
                norm::record_forward(
                    recording,
                    y,
                    &statistics,
                    x,
                    &weight,
                    &bias,
                    shape,
                    shape[1],
                    epsilon as f32,
                )?;
                return Ok(Some(statistics));
            }
            Op::Activation { slope } => activation::record_forward(recording, y, x, slope as f32),
            Op::MaxPool => pool::record_max_forward(recording, y, x, shape),
            Op::Upsample => upsample::record_nearest_forward(recording, y, x, shape),
            Op::Concat => {
                concat::record_forward(recording, y, x, &self.values[node.inputs[1]], self.images);
            }
        }
        Ok(None)
    }

    fn record_node_backward(
        &self,
        recording: &mut Recording,
        index: usize,
        gradients: &[Tensor],
        dparameters: &Tensor,
        accumulates: &[bool],
    ) -> Result<(), Error> {
        let node = &self.graph.nodes[index];
        recording.scope(&node.name);
        let (dx, dy) = (&gradients[node.inputs[0]], &gradients[node.output]);
        let x = &self.values[node.inputs[0]];
        let shape = self.shape(node.inputs[0]);
        let c_out = self.graph.shapes[node.output][0];
        let weight = |i| self.slice_of(&self.parameters, node, i);
        let dweight = |i| self.slice_of(dparameters, node, i);
        let accumulate = accumulates[0];
        match node.op {
            Op::Conv3x3 => {
                conv3x3::record_backward_weight(recording, &dweight(0), None, x, dy, shape, c_out)?;
                if node.inputs[0] != self.graph.input {
                    conv3x3::record_backward_input(
                        recording,
                        Sink::new(dx, accumulate),
                        dy,
                        &weight(0),
                        shape,
                        c_out,
                    )?;
                }
            }
            Op::Conv1x1 => {
                conv1x1::record_backward_weight(recording, &dweight(0), x, dy, shape, c_out)?;
                channel_sum::record(recording, &dweight(1), dy, self.shape(node.output))?;
                conv1x1::record_backward_input(recording, dx, dy, &weight(0), shape, c_out, accumulate)?;
            }
            Op::InstanceNorm { .. } => {
                let statistics = self.statistics[index]
                    .as_ref()
                    .expect("a norm keeps its statistics");
                let (dw, db, w, groups) = (dweight(0), dweight(1), weight(0), shape[1]);
                norm::record_backward(
                    recording, dx, &dw, &db, x, statistics, &w, dy, shape, groups, accumulate,
                )?;
            }
            Op::Activation { slope } => {
                activation::record_backward(recording, dx, x, dy, slope as f32, accumulate);
            }
            Op::MaxPool => pool::record_max_backward(recording, dx, x, dy, shape, accumulate),
            Op::Upsample => upsample::record_nearest_backward(recording, dx, dy, shape, accumulate),
            Op::Concat => {
                let dx2 = &gradients[node.inputs[1]];
                concat::record_backward(
                    recording,
                    dx,
                    dx2,
                    dy,
                    self.images,
                    [accumulates[0], accumulates[1]],
                );
            }
        }
        Ok(())
    }
}

fn tensors(context: &Context, graph: &Graph, images: usize, label: &str) -> Result<Vec<Tensor>, Error> {
    (0..graph.shapes.len())
        .map(|tensor| Tensor::new(context, label, images * graph.image_len(tensor)))
        .collect()
}
