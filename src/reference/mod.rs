//! A CPU twin of every shader: slices in, slices out, plain index loops, generic over f32 and f64.
//!
//! Dull on purpose: the twin is the truth that the GPU is held against, and what the page falls back on
//! where there is no GPU. Outputs come first; a gradient is `d` + the forward name. Activations are
//! row-major `(N, C, H, W)`.

pub mod activation;
pub mod adam;
pub mod add;
pub mod agreement;
pub mod argmax;
pub mod attend;
pub mod average;
pub mod batch;
pub mod between_objects;
pub mod canvas;
pub mod channel_sum;
pub mod concat;
pub mod confusion;
pub mod contour;
pub mod conv1x1;
pub mod conv3x3;
pub mod dilate;
pub mod distance_powers;
pub mod distance_transform;
pub mod erode;
pub mod fused_gradient;
pub mod fused_sums;
pub mod gradient_norm;
pub mod heatmap;
pub mod label_contour;
pub mod logit_gradient;
pub mod marks;
pub mod multiply_add;
pub mod near_contour;
pub mod norm;
pub mod one_hot;
pub mod outline;
pub mod overlay;
pub mod partial_sum;
pub mod pixel_shares;
pub mod pixel_terms;
pub mod pool;
pub mod region_ratios;
pub mod region_sums;
pub mod region_terms;
pub mod sgd;
pub mod sigmoid;
pub mod signed_distance;
pub mod slice;
pub mod softmax;
pub mod sum;
pub mod threshold;
pub mod upsample;
pub mod weight_map;
pub mod worst_pixels;

/// f32 or f64.
pub trait Real:
    num_traits::Float
    + num_traits::NumAssign
    + num_traits::FromPrimitive
    + std::iter::Sum
    + Default
    + Send
    + Sync
    + std::fmt::Debug
    + 'static
{
    /// The nearest value of this type.
    #[must_use]
    fn of(value: f64) -> Self {
        Self::from_f64(value).unwrap_or_else(Self::nan)
    }
}

impl Real for f32 {}
impl Real for f64 {}
