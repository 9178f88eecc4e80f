//! The UNet and its kin: blocks of two convolutions on the way down and up, skips between.

use serde::{Deserialize, Serialize};

use super::{Error, Graph, Kind, TensorId, attention, partial_decoder, residual};

/// Added to the variance before its root, as in PyTorch.
const NORM_EPSILON: f64 = 1e-5;

/// What stands between a convolution and its activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// Per image and channel, with weight and bias.
    #[default]
    Instance,
    /// Nothing; each 3 × 3 convolution then has a bias.
    None,
}

/// A network's make and size. Level l has `width · 2^l` channels on images of `1 / 2^l` of the size.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unet {
    #[serde(default)]
    pub kind: Kind,
    /// Channels of the input image.
    pub in_channels: usize,
    /// Classes, background included: channels of the logits.
    pub classes: usize,
    /// Channels of the first level.
    pub width: usize,
    /// Levels, the bottom included.
    pub depth: usize,
    #[serde(default)]
    pub norm: Norm,
    /// Of the leaky ReLU below 0; 0 is ReLU.
    #[serde(default = "default_slope")]
    pub slope: f64,
}

/// PyTorch's default.
fn default_slope() -> f64 {
    0.01
}

impl Default for Unet {
    fn default() -> Self {
        Self {
            kind: Kind::default(),
            in_channels: 1,
            classes: 2,
            width: 8,
            depth: 3,
            norm: Norm::default(),
            slope: default_slope(),
        }
    }
}

impl Unet {
    /// The network for images of `height` × `width`.
    ///
    /// `Block(co)` = (conv 3 × 3, norm, leaky ReLU) twice; `e_l = Block(pool(e_{l−1}))`;
    /// `d_l = Block(concat[e_l, nearest2x(d_{l+1})])`; `logits` = a 1 × 1 convolution of `d_0`. What a [`Kind`] does
    /// otherwise stands in the file named after it.
    ///
    /// # Errors
    /// When a setting is out of range or the image cannot be halved often enough.
    pub fn graph(&self, height: usize, width: usize) -> Result<Graph, Error> {
        self.validate(height, width)?;
        let mut graph = Graph::new([self.in_channels, height, width]);
        let mut skips = Vec::new();
        let mut x = graph.input;
        for level in 0..self.depth {
            if level > 0 {
                x = graph.max_pool(&format!("pool{level}"), x);
            }
            x = self.block(&mut graph, &format!("enc{level}"), x, self.width << level);
            skips.push(x);
        }
        graph.end_encoder();
        let decoded = match self.kind {
            Kind::PartialDecoder => partial_decoder::decode(self, &mut graph, &skips),
            Kind::Plain | Kind::Residual | Kind::Attention => self.decode(&mut graph, &skips),
        };
        graph.conv1x1("head", decoded, self.classes, true);
        Ok(graph)
    }

    fn decode(&self, graph: &mut Graph, skips: &[TensorId]) -> TensorId {
        let mut x = skips[self.depth - 1];
        for level in (0..self.depth - 1).rev() {
            let up = graph.upsample(&format!("up{level}"), x);
            let skip = match self.kind {
                Kind::Attention => attention::gate(graph, &format!("att{level}"), skips[level], up),
                _ => skips[level],
            };
            let joined = graph.concat(&format!("concat{level}"), skip, up);
            x = self.block(graph, &format!("dec{level}"), joined, self.width << level);
        }
        x
    }

    pub(super) fn block(&self, graph: &mut Graph, name: &str, x: TensorId, channels: usize) -> TensorId {
        if self.kind == Kind::Residual {
            return residual::block(self, graph, name, x, channels);
        }
        (1..=2).fold(x, |x, half| {
            let names = [&format!("{name}.conv{half}"), &format!("{name}.norm{half}")];
            let x = self.convolve(graph, names.map(String::as_str), x, channels);
            graph.activation(&format!("{name}.act{half}"), x, self.slope)
        })
    }

    /// Convolution 3 × 3 and norm.
    pub(super) fn convolve(
        &self,
        graph: &mut Graph,
        [conv, norm]: [&str; 2],
        x: TensorId,
        channels: usize,
    ) -> TensorId {
        let x = graph.conv3x3(conv, x, channels, !self.has_norm());
        self.normalise(graph, norm, x)
    }

    pub(super) fn normalise(&self, graph: &mut Graph, name: &str, x: TensorId) -> TensorId {
        match self.norm {
            Norm::Instance => graph.instance_norm(name, x, NORM_EPSILON),
            Norm::None => x,
        }
    }

    /// A norm makes the bias of the convolution before it needless.
    pub(super) fn has_norm(&self) -> bool {
        self.norm == Norm::Instance
    }

    fn validate(&self, height: usize, width: usize) -> Result<(), Error> {
        let ranges = [
            ("The number of input channels", self.in_channels, 1, 16),
            ("The number of classes", self.classes, 2, 32),
            ("The width", self.width, 1, 64),
            ("The depth", self.depth, self.kind.least_depth(), 6),
        ];
        for (name, value, low, high) in ranges {
            if !(low..=high).contains(&value) {
                return Err(Error::Range {
                    name,
                    value,
                    low,
                    high,
                });
            }
        }
        if !(0.0..=1.0).contains(&self.slope) {
            return Err(Error::Slope(self.slope.to_string()));
        }
        let halvings = self.depth - 1;
        let multiple = 1 << halvings;
        let divides = |size: usize| size > 0 && size.is_multiple_of(multiple);
        if divides(height) && divides(width) {
            Ok(())
        } else {
            Err(Error::Size {
                width,
                height,
                halvings,
                multiple,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameter_counts_are_those_of_the_reference_networks() {
        let a = Unet {
            in_channels: 1,
            classes: 4,
            width: 8,
            depth: 3,
            ..Unet::default()
        };
        let b = Unet {
            in_channels: 2,
            classes: 3,
            width: 8,
            depth: 3,
            ..Unet::default()
        };
        assert_eq!(a.graph(32, 32).unwrap().parameter_count(), 29_804);
        assert_eq!(b.graph(24, 40).unwrap().parameter_count(), 29_867);
    }

    #[test]
    fn impossible_sizes_are_refused_in_words() {
        let unet = Unet {
            in_channels: 1,
            classes: 4,
            width: 8,
            depth: 4,
            ..Unet::default()
        };
        let error = unet.graph(100, 96).unwrap_err();
        assert!(error.to_string().contains("multiple of 8"), "{error}");
        assert!(Unet { classes: 33, ..unet }.graph(96, 96).is_err());
        assert!(Unet { depth: 0, ..unet }.graph(96, 96).is_err());
        let error = Unet { slope: -0.1, ..unet }.graph(96, 96).unwrap_err();
        assert!(error.to_string().contains("slope"), "{error}");
    }

    /// Of the networks that are timed against other libraries.
    #[test]
    fn without_a_norm_each_convolution_has_a_bias_behind_its_weight() {
        let unet = Unet {
            classes: 4,
            width: 16,
            norm: Norm::None,
            slope: 0.0,
            ..Unet::default()
        };
        let graph = unet.graph(128, 128).unwrap();
        assert_eq!(graph.parameter_count(), 118_036);
        let names: Vec<&str> = graph
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str())
            .collect();
        assert_eq!(
            names[..3],
            ["enc0.conv1.weight", "enc0.conv1.bias", "enc0.conv2.weight"]
        );
    }

    #[test]
    fn an_old_recipe_is_of_the_kind_norm_and_slope_that_there_were() {
        let old = r#"{"in_channels": 1, "classes": 4, "width": 8, "depth": 3}"#;
        let unet: Unet = serde_json::from_str(old).unwrap();
        assert_eq!(
            (unet.kind, unet.norm, unet.slope),
            (Kind::Plain, Norm::Instance, 0.01)
        );
    }
}
