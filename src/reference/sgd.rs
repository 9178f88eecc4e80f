//! Twin of `shaders/optim/sgd.wgsl`.

use super::Real;

/// What one step of stochastic gradient descent is told.
#[derive(Clone, Copy, Debug)]
pub struct SgdStep<T> {
    pub learning_rate: T,
    pub momentum: T,
    /// Nesterov's look-ahead, as PyTorch writes it (Sutskever et al. 2013).
    pub nesterov: bool,
    pub weight_decay: T,
}

/// Updates `parameters` from the gradients times `factor`, and their momentum `buffer`, which is zero before the first step.
pub fn sgd<T: Real>(parameters: &mut [T], buffer: &mut [T], gradients: &[T], factor: T, step: &SgdStep<T>) {
    for i in 0..parameters.len() {
        let g = factor * gradients[i] + step.weight_decay * parameters[i];
        buffer[i] = step.momentum * buffer[i] + g;
        let update = if step.nesterov {
            g + step.momentum * buffer[i]
        } else {
            buffer[i]
        };
        parameters[i] -= step.learning_rate * update;
    }
}
