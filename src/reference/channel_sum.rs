//! Twin of `shaders/net/channel_sum.wgsl`.

use super::Real;

/// Adds the sum of `dy` (N, C, H, W) over images and pixels to `dbias` (C).
pub fn channel_sum<T: Real>(dbias: &mut [T], dy: &[T], shape: [usize; 4]) {
    let [n, c, h, w] = shape;
    for image in 0..n {
        for channel in 0..c {
            let mut sum = T::zero();
            for i in 0..h * w {
                sum += dy[(image * c + channel) * h * w + i];
            }
            dbias[channel] += sum;
        }
    }
}
