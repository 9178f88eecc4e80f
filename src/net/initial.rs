//! Initial weights.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use super::Graph;

/// A fresh parameter arena: PyTorch's default for convolutions (uniform within ±1/√fan-in, weight and bias),
/// 1 and 0 for the norms. The same seed gives the same bits on every machine.
#[must_use]
pub fn initial_weights(graph: &Graph, seed: u64) -> Vec<f32> {
    let mut random = Pcg32::seed_from_u64(seed);
    let mut arena = vec![0.0; graph.arena_len()];
    for parameter in &graph.parameters {
        let norm_weight = parameter.fan_in == 0 && parameter.name.ends_with("weight");
        let bound = if parameter.fan_in == 0 {
            0.0
        } else {
            1.0 / (parameter.fan_in as f32).sqrt()
        };
        for value in &mut arena[parameter.range()] {
            *value = if norm_weight {
                1.0
            } else {
                bound * (2.0 * random.random::<f32>() - 1.0)
            };
        }
    }
    arena
}
