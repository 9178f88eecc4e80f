//! Twin of `shaders/optim/adam.wgsl`.

use super::Real;

/// What one step of Adam (Kingma & Ba 2015) or `AdamW` (Loshchilov & Hutter 2019) is told.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep<T> {
    pub learning_rate: T,
    /// 1 − β1.
    pub rate1: T,
    /// 1 − β2.
    pub rate2: T,
    /// 1 / (1 − β1^t).
    pub correction1: T,
    /// 1 / (1 − β2^t).
    pub correction2: T,
    pub eps: T,
    /// Adam: added to the gradient, times the parameter.
    pub weight_decay: T,
    /// `AdamW`: learning rate times weight decay, taken off the parameter.
    pub shrink: T,
}

/// Updates `parameters` and their moments `m` and `v` from the gradients times `factor`.
pub fn adam<T: Real>(
    parameters: &mut [T],
    m: &mut [T],
    v: &mut [T],
    gradients: &[T],
    factor: T,
    step: &AdamStep<T>,
) {
    for i in 0..parameters.len() {
        let p = parameters[i];
        let g = factor * gradients[i] + step.weight_decay * p;
        m[i] += step.rate1 * (g - m[i]);
        v[i] += step.rate2 * (g * g - v[i]);
        let update = m[i] * step.correction1 / ((v[i] * step.correction2).sqrt() + step.eps);
        parameters[i] = p - step.shrink * p - step.learning_rate * update;
    }
}
