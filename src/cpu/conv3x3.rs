//! 3 × 3 convolution, padding 1: direct, with a tile of outputs in registers.
//!
//! An im2col with a matrix product reaches some 70 % of this natively and 80 % in a browser: each number of the image would be
//! copied nine times, and there are only 16 to 64 outputs to pay for it.

use pulp::{Arch, Simd, WithSimd};

use super::padded::{Padded, flat_len};
use super::product::{Matrix, product};
use super::sums::sum;
use super::{Scratch, Sink, room, vectorised};

/// Outputs of a tile; what is left over is done by 4, 2 and 1.
const CHANNELS: usize = 8;
/// Vectors of pixels of a tile: with eight outputs the most that 32 registers hold, and the fastest with 16 as well.
const VECTORS: usize = 3;
/// Pixels that all outputs are computed of before the next: what they read of each input stays in the first cache.
const BAND: usize = 528;

/// Kernels in the order in which tiles read them: (tiles, inputs, 9, outputs of the tile).
#[derive(Clone, Debug, Default)]
pub struct Packed {
    values: Vec<f32>,
    inputs: usize,
    outputs: usize,
}

/// First output of each tile, and how many it has.
fn tiles(outputs: usize) -> impl Iterator<Item = [usize; 2]> {
    let mut first = 0;
    std::iter::from_fn(move || {
        let size = [CHANNELS, 4, 2, 1]
            .into_iter()
            .find(|size| first + size <= outputs)?;
        first += size;
        Some([first - size, size])
    })
}

impl Packed {
    /// For the forward pass: `weight` (Co, Ci, 3, 3).
    pub fn pack(&mut self, weight: &[f32], outputs: usize, inputs: usize) {
        self.fill(outputs, inputs, |output, input, tap| {
            weight[(output * inputs + input) * 9 + tap]
        });
    }

    /// For the gradient of the input, which is made of the Co outputs by the turned kernels: `weight` (Co, Ci, 3, 3).
    pub fn pack_turned(&mut self, weight: &[f32], c_out: usize, c_in: usize) {
        self.fill(c_in, c_out, |output, input, tap| {
            weight[(input * c_in + output) * 9 + 8 - tap]
        });
    }

    fn fill(&mut self, outputs: usize, inputs: usize, weight: impl Fn(usize, usize, usize) -> f32) {
        (self.outputs, self.inputs) = (outputs, inputs);
        self.values.clear();
        for [first, size] in tiles(outputs) {
            for input in 0..inputs {
                for tap in 0..9 {
                    self.values
                        .extend((first..first + size).map(|output| weight(output, input, tap)));
                }
            }
        }
    }
}

/// `y` (Co, H, W) from `x` of `shape` (Ci, H, W); with a `bias` (Co), and passed through a leaky ReLU of this slope.
pub fn forward(
    y: &mut [f32],
    x: &[f32],
    weight: &Packed,
    bias: Option<&[f32]>,
    slope: Option<f32>,
    shape: [usize; 3],
    scratch: &mut Scratch,
) {
    let [_, h, w] = shape;
    scratch.x.fill(x, shape);
    let flat = correlate(&mut scratch.flat, &scratch.x, weight, [h, w]);
    vectorised(
        #[inline(always)]
        || {
            let rows = y.chunks_exact_mut(h * w).zip(flat.chunks_exact(flat_len([h, w])));
            for (channel, (y, flat)) in rows.enumerate() {
                let bias = bias.map_or(0.0, |bias| bias[channel]);
                // A slope of 1 changes nothing.
                let slope = slope.unwrap_or(1.0);
                for (y, flat) in y.chunks_exact_mut(w).zip(flat.chunks_exact(w + 2)) {
                    for (y, flat) in y.iter_mut().zip(flat) {
                        let value = flat + bias;
                        *y = if value > 0.0 { value } else { slope * value };
                    }
                }
            }
        },
    );
}

/// The gradients of weight (Co, Ci, 3, 3), of the bias (Co) if there is one, and of the input if it is wanted, from `dy`
/// (Co, H, W) and the input `x` of `shape` (Ci, H, W). `turned` is the weight of [`Packed::pack_turned`].
pub fn backward(
    dweight: &mut [f32],
    dbias: Option<&mut [f32]>,
    sink: Option<Sink<'_>>,
    x: &[f32],
    dy: &[f32],
    turned: &Packed,
    shape: [usize; 3],
    scratch: &mut Scratch,
) {
    let [c_in, h, w] = shape;
    let c_out = dy.len() / (h * w);
    scratch.x.fill(x, shape);
    scratch.dy.fill(dy, [c_out, h, w]);
    let (x, dy_padded) = (&scratch.x, &scratch.dy);
    for (tap, offset) in x.taps().into_iter().enumerate() {
        let outputs = Matrix {
            values: &dy_padded.values()[dy_padded.first()..],
            strides: [dy_padded.plane(), 1],
        };
        let inputs = Matrix {
            values: &x.values()[offset..],
            strides: [1, x.plane()],
        };
        let extents = [c_out, x.pixels(), c_in];
        product(
            &mut dweight[tap..],
            [9 * c_in, 9],
            outputs,
            inputs,
            extents,
            false,
        );
    }
    if let Some(dbias) = dbias {
        channel_sums(dbias, dy, h * w);
    }
    if let Some(mut sink) = sink {
        let flat = correlate(&mut scratch.flat, dy_padded, turned, [h, w]);
        vectorised(
            #[inline(always)]
            || {
                for (channel, flat) in flat.chunks_exact(flat_len([h, w])).enumerate() {
                    for (row, flat) in flat.chunks_exact(w + 2).take(h).enumerate() {
                        sink.take((channel * h + row) * w, &flat[..w]);
                    }
                }
            },
        );
    }
}

/// Sums (C) of the channels of `x` (C, pixels).
pub(super) fn channel_sums(sums: &mut [f32], x: &[f32], pixels: usize) {
    vectorised(
        #[inline(always)]
        || {
            for (to, x) in sums.iter_mut().zip(x.chunks_exact(pixels)) {
                *to = sum(pixels, |i| x[i]);
            }
        },
    );
}

/// Σ over inputs and taps, on rows of W + 2: (outputs, [`flat_len`]).
fn correlate<'a>(flat: &'a mut Vec<f32>, x: &Padded, weight: &Packed, size: [usize; 2]) -> &'a [f32] {
    let plane = flat_len(size);
    let flat = room(flat, weight.outputs * plane);
    let taps = x.taps();
    let offset = |i: usize| i / 9 * x.plane() + taps[i % 9];
    Arch::new().dispatch(Correlation {
        flat: &mut *flat,
        plane,
        x: x.values(),
        offsets: &(0..9 * weight.inputs).map(offset).collect::<Vec<_>>(),
        weight,
    });
    flat
}

struct Correlation<'a> {
    flat: &'a mut [f32],
    plane: usize,
    x: &'a [f32],
    /// Of each input and tap.
    offsets: &'a [usize],
    weight: &'a Packed,
}

impl WithSimd for Correlation<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let mut from = 0;
        while from < self.plane {
            let band = [from, (from + BAND).min(self.plane)];
            for [first, size] in tiles(self.weight.outputs) {
                match size {
                    CHANNELS => self.tile::<S, CHANNELS>(simd, first, band),
                    4 => self.tile::<S, 4>(simd, first, band),
                    2 => self.tile::<S, 2>(simd, first, band),
                    _ => self.tile::<S, 1>(simd, first, band),
                }
            }
            from = band[1];
        }
    }
}

impl Correlation<'_> {
    /// `C` outputs from `first` on.
    #[inline(always)]
    fn tile<S: Simd, const C: usize>(&mut self, simd: S, first: usize, [from, to]: [usize; 2]) {
        let span = VECTORS * S::F32_LANES;
        let taps = self.offsets.len();
        let weights = &self.weight.values[first * taps..][..C * taps];
        for pixel in (from..to).step_by(span) {
            let mut sums = [[simd.splat_f32s(0.0); VECTORS]; C];
            // One tap a round: unrolled over the taps, all weights are loaded at once, and there are not that many registers.
            for (weights, offset) in weights.chunks_exact(C).zip(self.offsets) {
                let (pixels, _) = S::as_simd_f32s(&self.x[pixel + offset..][..span]);
                for (sums, weight) in sums.iter_mut().zip(weights) {
                    let weight = simd.splat_f32s(*weight);
                    for (sum, pixels) in sums.iter_mut().zip(pixels) {
                        *sum = simd.mul_add_e_f32s(weight, *pixels, *sum);
                    }
                }
            }
            for (channel, sums) in sums.iter().enumerate() {
                let to = &mut self.flat[(first + channel) * self.plane + pixel..][..span];
                let (to, _) = S::as_mut_simd_f32s(to);
                to.copy_from_slice(sums);
            }
        }
    }
}
