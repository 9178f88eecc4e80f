//! The network run by the twins: the truth of the golden tests in f64, and the way out where there is no GPU.

use super::{Graph, Node, Op};
use crate::reference::Real;
use crate::reference::{
    activation, add, attend, channel_sum, concat, conv1x1, conv3x3, norm, pool, sigmoid, upsample,
};

/// Activations and gradients of one batch.
#[derive(Clone, Debug)]
pub struct CpuNetwork<T> {
    graph: Graph,
    images: usize,
    accumulates: Vec<Vec<bool>>,
    values: Vec<Vec<T>>,
    gradients: Vec<Vec<T>>,
    /// Mean and reciprocal standard deviation of each norm node, by node.
    statistics: Vec<Vec<T>>,
}

impl<T: Real> CpuNetwork<T> {
    #[must_use]
    pub fn new(graph: &Graph, images: usize) -> Self {
        let zeros = |tensor| vec![T::zero(); images * graph.image_len(tensor)];
        let statistics = |node: &Node| match node.op {
            Op::InstanceNorm { .. } => vec![T::zero(); 2 * images * graph.shapes[node.output][0]],
            _ => Vec::new(),
        };
        Self {
            accumulates: graph.accumulates(),
            values: (0..graph.shapes.len()).map(zeros).collect(),
            gradients: (0..graph.shapes.len()).map(zeros).collect(),
            statistics: graph.nodes.iter().map(statistics).collect(),
            graph: graph.clone(),
            images,
        }
    }

    /// H, W of its images.
    #[must_use]
    pub fn image_size(&self) -> [usize; 2] {
        let [_, height, width] = self.graph.shapes[self.graph.input];
        [height, width]
    }

    /// (N, C, H, W).
    pub fn input_mut(&mut self) -> &mut [T] {
        &mut self.values[self.graph.input]
    }

    /// (N, K, H, W), after [`CpuNetwork::forward`].
    #[must_use]
    pub fn logits(&self) -> &[T] {
        &self.values[self.graph.output]
    }

    /// (N, K, H, W), before [`CpuNetwork::backward`].
    pub fn dlogits_mut(&mut self) -> &mut [T] {
        &mut self.gradients[self.graph.output]
    }

    /// The activation of the node called `name`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&[T]> {
        let node = self.graph.nodes.iter().find(|node| node.name == name)?;
        Some(&self.values[node.output])
    }

    /// Input → logits, with the parameter arena.
    pub fn forward(&mut self, parameters: &[T]) {
        for index in 0..self.graph.nodes.len() {
            let node = &self.graph.nodes[index];
            let mut y = std::mem::take(&mut self.values[node.output]);
            forward_node(
                &self.graph,
                node,
                self.images,
                &mut y,
                &self.values,
                &mut self.statistics[index],
                parameters,
            );
            self.values[node.output] = y;
        }
    }

    /// Gradient of the logits → gradients of everything that is trained; adds to the gradient arena.
    pub fn backward(&mut self, parameters: &[T], dparameters: &mut [T]) {
        for index in (self.graph.frozen..self.graph.nodes.len()).rev() {
            self.backward_node(index, parameters, dparameters);
        }
    }

    fn backward_node(&mut self, index: usize, parameters: &[T], dparameters: &mut [T]) {
        let node = &self.graph.nodes[index];
        let dy = std::mem::take(&mut self.gradients[node.output]);
        let x = &self.values[node.inputs[0]];
        let shape = batch_shape(&self.graph, node.inputs[0], self.images);
        let c_out = self.graph.shapes[node.output][0];
        let parameter = |i: usize| self.graph.parameters[node.parameters[i]].range();
        let into_input = node.inputs[0] != self.graph.input;
        let accumulate = self.accumulates[index][0];
        let dx = &mut self.gradients[node.inputs[0]];
        match node.op {
            Op::Conv3x3 => {
                conv3x3::conv3x3_backward_weight(&mut dparameters[parameter(0)], x, &dy, shape, c_out);
                if node.parameters.len() > 1 {
                    let output = batch_shape(&self.graph, node.output, self.images);
                    channel_sum::channel_sum(&mut dparameters[parameter(1)], &dy, output);
                }
                if into_input {
                    conv3x3::conv3x3_backward_input(
                        dx,
                        &dy,
                        &parameters[parameter(0)],
                        shape,
                        c_out,
                        accumulate,
                    );
                }
            }
            Op::Conv1x1 => {
                conv1x1::conv1x1_backward_weight(&mut dparameters[parameter(0)], x, &dy, shape, c_out);
                if node.parameters.len() > 1 {
                    let output = batch_shape(&self.graph, node.output, self.images);
                    channel_sum::channel_sum(&mut dparameters[parameter(1)], &dy, output);
                }
                conv1x1::conv1x1_backward_input(dx, &dy, &parameters[parameter(0)], shape, c_out, accumulate);
            }
            Op::InstanceNorm { .. } => {
                let statistics = &self.statistics[index];
                let weight = &parameters[parameter(0)];
                norm::norm_backward_input(dx, x, statistics, weight, &dy, shape, shape[1], accumulate);
                // The bias stands behind the weight in the arena.
                let (before, after) = dparameters.split_at_mut(parameter(1).start);
                let dbias = &mut after[..parameter(1).len()];
                norm::norm_backward_weight(
                    &mut before[parameter(0)],
                    dbias,
                    x,
                    statistics,
                    &dy,
                    shape,
                    shape[1],
                );
            }
            Op::Activation { slope } => {
                activation::activation_backward(dx, x, &dy, T::of(slope), accumulate);
            }
            Op::MaxPool => pool::pool_max_backward(dx, x, &dy, shape, accumulate),
            Op::Upsample => upsample::upsample_nearest_backward(dx, &dy, shape, accumulate),
            Op::UpsampleBilinear => upsample::upsample_bilinear_backward(dx, &dy, shape, accumulate),
            Op::Sigmoid => sigmoid::sigmoid_backward(dx, x, &dy, accumulate),
            Op::Concat | Op::Add | Op::Attend => {
                let mut dx1 = std::mem::take(dx);
                let dx2 = &mut self.gradients[node.inputs[1]];
                let both = [accumulate, self.accumulates[index][1]];
                match node.op {
                    Op::Concat => concat::concat_backward(&mut dx1, dx2, &dy, self.images, both),
                    Op::Add => {
                        add::add_backward(&mut dx1, &dy, both[0]);
                        add::add_backward(dx2, &dy, both[1]);
                    }
                    _ => {
                        let map = &self.values[node.inputs[1]];
                        attend::attend_backward_input(&mut dx1, map, &dy, shape, both[0]);
                        attend::attend_backward_map(dx2, x, &dy, shape, both[1]);
                    }
                }
                self.gradients[node.inputs[0]] = dx1;
            }
        }
        self.gradients[node.output] = dy;
    }
}

fn batch_shape(graph: &Graph, tensor: usize, images: usize) -> [usize; 4] {
    let [c, h, w] = graph.shapes[tensor];
    [images, c, h, w]
}

fn forward_node<T: Real>(
    graph: &Graph,
    node: &Node,
    images: usize,
    y: &mut [T],
    values: &[Vec<T>],
    statistics: &mut [T],
    parameters: &[T],
) {
    let x = &values[node.inputs[0]];
    let shape = batch_shape(graph, node.inputs[0], images);
    let c_out = graph.shapes[node.output][0];
    let parameter = |i: usize| &parameters[graph.parameters[node.parameters[i]].range()];
    match node.op {
        Op::Conv3x3 => {
            let bias = (node.parameters.len() > 1).then(|| parameter(1));
            conv3x3::conv3x3_forward(y, x, parameter(0), bias, shape, c_out);
        }
        Op::Conv1x1 => {
            let bias = (node.parameters.len() > 1).then(|| parameter(1));
            conv1x1::conv1x1_forward(y, x, parameter(0), bias, shape, c_out);
        }
        Op::InstanceNorm { epsilon } => {
            norm::norm_statistics(statistics, x, shape, shape[1], T::of(epsilon));
            norm::norm_forward(y, x, statistics, parameter(0), parameter(1), shape, shape[1]);
        }
        Op::Activation { slope } => activation::activation_forward(y, x, T::of(slope)),
        Op::MaxPool => pool::pool_max_forward(y, x, shape),
        Op::Upsample => upsample::upsample_nearest_forward(y, x, shape),
        Op::UpsampleBilinear => upsample::upsample_bilinear_forward(y, x, shape),
        Op::Concat => concat::concat_forward(y, x, &values[node.inputs[1]], images),
        Op::Add => add::add_forward(y, x, &values[node.inputs[1]]),
        Op::Sigmoid => sigmoid::sigmoid_forward(y, x),
        Op::Attend => attend::attend_forward(y, x, &values[node.inputs[1]], shape),
    }
}
