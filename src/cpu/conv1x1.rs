//! 1 × 1 convolution: a matrix product.

use super::conv3x3::channel_sums;
use super::product::{Matrix, product};
use super::{Scratch, Sink, room};

fn rows(values: &[f32], columns: usize) -> Matrix<'_> {
    Matrix {
        values,
        strides: [columns, 1],
    }
}

fn columns(values: &[f32], rows: usize) -> Matrix<'_> {
    Matrix {
        values,
        strides: [1, rows],
    }
}

/// `y` (Co, pixels) from `x` (Ci, pixels) and `weight` (Co, Ci); with a `bias` (Co).
pub fn forward(y: &mut [f32], x: &[f32], weight: &[f32], bias: Option<&[f32]>, pixels: usize) {
    let (c_out, c_in) = (y.len() / pixels, x.len() / pixels);
    if let Some(bias) = bias {
        for (y, bias) in y.chunks_exact_mut(pixels).zip(bias) {
            y.fill(*bias);
        }
    }
    let extents = [c_out, c_in, pixels];
    product(
        y,
        [pixels, 1],
        rows(weight, c_in),
        rows(x, pixels),
        extents,
        bias.is_some(),
    );
}

/// The gradients of weight (Co, Ci), of the bias (Co) if there is one, and of the input if it is wanted, from `dy`
/// (Co, pixels) and `x` (Ci, pixels).
pub fn backward(
    dweight: &mut [f32],
    dbias: Option<&mut [f32]>,
    sink: Option<Sink<'_>>,
    x: &[f32],
    dy: &[f32],
    weight: &[f32],
    pixels: usize,
    scratch: &mut Scratch,
) {
    let (c_out, c_in) = (dy.len() / pixels, x.len() / pixels);
    let extents = [c_out, pixels, c_in];
    product(
        dweight,
        [c_in, 1],
        rows(dy, pixels),
        columns(x, pixels),
        extents,
        false,
    );
    if let Some(dbias) = dbias {
        channel_sums(dbias, dy, pixels);
    }
    if let Some(mut sink) = sink {
        let share = room(&mut scratch.flat, x.len());
        let extents = [c_in, c_out, pixels];
        product(
            share,
            [pixels, 1],
            columns(weight, c_in),
            rows(dy, pixels),
            extents,
            false,
        );
        sink.take_all(share);
    }
}
