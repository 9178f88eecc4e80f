//! Leaky ReLU, where no layer before it could end with it.

use super::{Sink, vectorised};

/// `y = x` where `x > 0`, `slope · x` elsewhere.
pub fn forward(y: &mut [f32], x: &[f32], slope: f32) {
    vectorised(
        #[inline(always)]
        || {
            for (y, x) in y.iter_mut().zip(x) {
                *y = if *x > 0.0 { *x } else { slope * x };
            }
        },
    );
}

/// The gradient at 0 is `slope`, as in PyTorch.
pub fn backward(mut sink: Sink<'_>, x: &[f32], dy: &[f32], slope: f32) {
    vectorised(
        #[inline(always)]
        || {
            sink.take_with(0, x.len(), |i| if x[i] > 0.0 { dy[i] } else { slope * dy[i] });
        },
    );
}
