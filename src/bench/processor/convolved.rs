//! The 3 × 3 convolutions of a network, each on data of its own.

use super::{Given, Spec};
use crate::cpu::conv3x3::{self, Packed};
use crate::cpu::{Scratch, for_each_image};
use crate::net::{Graph, Op};

/// A 3 × 3 convolution of the network.
pub(super) struct Layer {
    weight: Packed,
    pub(super) bias: Option<Vec<f32>>,
    /// Ci, H, W.
    shape: [usize; 3],
    outputs: usize,
}

impl Layer {
    pub(super) fn all(graph: &Graph, arena: &[f32]) -> Vec<Self> {
        let convolutions = graph.nodes.iter().filter(|node| node.op == Op::Conv3x3);
        convolutions
            .map(|node| {
                let parameter =
                    |index: usize| Some(&arena[graph.parameters[*node.parameters.get(index)?].range()]);
                let (shape, outputs) = (graph.shapes[node.inputs[0]], graph.shapes[node.output][0]);
                let mut weight = Packed::default();
                weight.pack(parameter(0).unwrap_or_default(), outputs, shape[0]);
                Self {
                    weight,
                    bias: parameter(1).map(<[f32]>::to_vec),
                    shape,
                    outputs,
                }
            })
            .collect()
    }

    /// Of an image: its input and its output.
    fn lens(&self) -> [usize; 2] {
        let [inputs, height, width] = self.shape;
        [inputs, self.outputs].map(|channels| channels * height * width)
    }
}

/// Input and output of each layer, of one image.
pub(super) struct Convolved {
    data: Vec<[Vec<f32>; 2]>,
    scratch: Scratch,
}

impl Convolved {
    /// The images, over and over: as many numbers as a batch of the layer's inputs has.
    pub(super) fn all(layers: &[Layer], spec: &Spec, given: &Given) -> Vec<Self> {
        let of_layer = |number: usize, layer: &Layer| {
            let [input, output] = layer.lens();
            let values = given
                .values
                .iter()
                .copied()
                .cycle()
                .skip(number * input)
                .take(input);
            [values.collect(), vec![0.0; output]]
        };
        (0..spec.images)
            .map(|number| Self {
                data: layers.iter().map(|layer| of_layer(number, layer)).collect(),
                scratch: Scratch::default(),
            })
            .collect()
    }
}

/// The first output of the last layer.
pub(super) fn convolve(images: &mut [Convolved], layers: &[Layer]) -> f64 {
    for_each_image(images, |_, image| {
        for (layer, [x, y]) in layers.iter().zip(&mut image.data) {
            let bias = layer.bias.as_deref();
            conv3x3::forward(
                y,
                x,
                &layer.weight,
                bias,
                Some(0.0),
                layer.shape,
                &mut image.scratch,
            );
        }
    });
    let last = images.first().and_then(|image| image.data.last());
    last.map_or(f64::NAN, |[_, y]| f64::from(y[0]))
}
