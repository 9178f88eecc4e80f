//! The workloads' UNet without norms.

use burn::module::Param;
use burn::nn::PaddingConfig2d;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::prelude::*;
use burn::tensor::activation::relu;
use burn::tensor::module::{interpolate, max_pool2d};
use burn::tensor::ops::{InterpolateMode, InterpolateOptions, MaxPoolOptions};

use crate::Failure;
use crate::given::Given;

#[derive(Module, Debug)]
pub struct Unet {
    convs: Vec<Conv2d>,
    levels: usize,
}

impl Unet {
    pub fn new(given: &Given, device: &Device) -> Result<Self, Failure> {
        let mut convs = Vec::new();
        for conv in &given.convs {
            let (k, pad) = (conv.k, conv.k / 2);
            let mut module = Conv2dConfig::new([conv.cin, conv.cout], [k, k])
                .with_padding(PaddingConfig2d::Explicit(pad, pad, pad, pad))
                .init(device);
            let weight = TensorData::new(
                given.tensor(&format!("{}.w", conv.name))?,
                [conv.cout, conv.cin, k, k],
            );
            module.weight = Param::from_data(weight, device);
            module.bias = Some(Param::from_tensor(Tensor::zeros([conv.cout], device)));
            convs.push(module);
        }
        Ok(Self {
            convs,
            levels: given.spec.widths.len(),
        })
    }

    /// Images (N, C, H, W) to logits (N, K, H, W).
    pub fn forward(&self, images: Tensor<4>) -> Tensor<4> {
        let mut convs = self.convs.iter();
        let mut twice = |h: Tensor<4>| convs.by_ref().take(2).fold(h, |h, conv| relu(conv.forward(h)));
        let mut skips = Vec::new();
        let mut h = images;
        for level in 0..self.levels {
            h = twice(h);
            if level + 1 < self.levels {
                skips.push(h.clone());
                h = max_pool2d(h, MaxPoolOptions::new([2, 2]));
            }
        }
        while let Some(skip) = skips.pop() {
            let up = InterpolateOptions::new(InterpolateMode::Nearest)
                .with_align_corners(false)
                .with_scale_factor([2.0, 2.0]);
            h = twice(Tensor::cat(vec![interpolate(h, up), skip], 1));
        }
        convs.fold(h, |h, conv| conv.forward(h))
    }
}
