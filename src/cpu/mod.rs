//! Fast f32 kernels for the processor: forward and backward of each layer, for one image.
//!
//! They do what the twins in [`reference`](crate::reference) do, which check them, but for one image, in vectors and
//! without a second pass where one will do. Vectors are [`pulp`]'s: natively as wide as the processor at hand has them, in a
//! browser those of WebAssembly. Matrix products are the `gemm` crate's. Everything is on one thread: who has several images gives each
//! thread some of them.
//!
//! Activations are row-major (C, H, W). Outputs come first; a gradient is `d` + the forward name. Parameter gradients are
//! overwritten, since each image has a sum of its own.

pub mod activation;
pub mod add;
pub mod attend;
pub mod concat;
pub mod conv1x1;
pub mod conv3x3;
mod exponential;
pub mod morphology;
pub mod norm;
mod padded;
pub mod pool;
mod product;
pub mod sigmoid;
mod sink;
mod sums;
pub mod upsample;

pub use exponential::{exp, ln};
pub use sink::Sink;

/// Runs a loop that the compiler turns into vectors, compiled for the widest that the processor at hand has.
#[inline(always)]
pub fn vectorised<R>(body: impl FnOnce() -> R) -> R {
    struct Body<F>(F);
    impl<R, F: FnOnce() -> R> pulp::WithSimd for Body<F> {
        type Output = R;
        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> R {
            (self.0)()
        }
    }
    pulp::Arch::new().dispatch(Body(body))
}

/// What convolutions need beside their inputs and outputs; grows as needed, and is kept from call to call.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// The input, and the gradient of the output, with a border of zeros.
    x: padded::Padded,
    dy: padded::Padded,
    /// Sums on rows as wide as the padded ones.
    flat: Vec<f32>,
    /// Of one channel's row or plane.
    row: Vec<f32>,
}

/// Does something with each of several images, on as many threads as there are cores; in a browser one after the other.
pub fn for_each_image<T: Send>(images: &mut [T], work: impl Fn(usize, &mut T) + Send + Sync) {
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        images
            .par_iter_mut()
            .enumerate()
            .for_each(|(index, image)| work(index, image));
    }
    #[cfg(target_arch = "wasm32")]
    for (index, image) in images.iter_mut().enumerate() {
        work(index, image);
    }
}

/// `count` numbers of a buffer that grows to hold them; what they are is undefined.
fn room(buffer: &mut Vec<f32>, count: usize) -> &mut [f32] {
    if buffer.len() < count {
        buffer.resize(count, 0.0);
    }
    &mut buffer[..count]
}
