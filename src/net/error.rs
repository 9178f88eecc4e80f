//! What can be wrong with a network or its weights.

use super::Difference;
use super::difference::told;

/// Faults of a network's configuration or of a weights file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Check the named setting against its range.
    #[error("{name} is {value}, outside {low} to {high}. Choose a number in that range.")]
    Range {
        name: &'static str,
        value: usize,
        low: usize,
        high: usize,
    },
    /// Check the slope of the activation.
    #[error("The slope of the leaky ReLU is {0}, outside 0 to 1. Choose a number in that range.")]
    Slope(String),
    /// Check that the image can be halved once for each level.
    #[error(
        "A {width} × {height} image cannot be halved {halvings} times. Choose a size that is a multiple of {multiple}, or fewer levels."
    )]
    Size {
        width: usize,
        height: usize,
        halvings: usize,
        multiple: usize,
    },
    /// Check that the file is a safetensors file.
    #[error(
        "The weights file is not a safetensors file: {0}. Choose a file that PyTorch's safetensors wrote."
    )]
    NotSafetensors(String),
    /// Check that the weights belong to this network: kind, width, depth, channels and classes.
    #[error(
        "The weights do not fit this network: {}. Choose the network, width, depth and classes that they were trained with.",
        told(.0)
    )]
    Mismatch(Vec<Difference>),
}
