//! 1 / (1 + exp(−x)).

use super::Sink;

fn sigmoid(x: f32) -> f32 {
    // The exponential of a negative number alone: the other would overflow.
    let small = (-x.abs()).exp();
    if x >= 0.0 {
        1.0 / (1.0 + small)
    } else {
        small / (1.0 + small)
    }
}

pub fn forward(y: &mut [f32], x: &[f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = sigmoid(*x);
    }
}

pub fn backward(mut sink: Sink<'_>, x: &[f32], dy: &[f32]) {
    sink.take_with(0, x.len(), |i| {
        let y = sigmoid(x[i]);
        dy[i] * y * (1.0 - y)
    });
}
