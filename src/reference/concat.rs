//! Twin of `shaders/net/concat.wgsl`.

use super::Real;

/// `y` (N, C1 + C2, H, W): `x1` (N, C1, H, W) before `x2` (N, C2, H, W) in every one of `images`.
pub fn concat_forward<T: Real>(y: &mut [T], x1: &[T], x2: &[T], images: usize) {
    let (first, second) = (x1.len() / images, x2.len() / images);
    for image in 0..images {
        let out = &mut y[image * (first + second)..][..first + second];
        for i in 0..first {
            out[i] = x1[image * first + i];
        }
        for i in 0..second {
            out[first + i] = x2[image * second + i];
        }
    }
}

/// Splits `dy` into `dx1` and `dx2`, each added to if its flag says so.
pub fn concat_backward<T: Real>(
    dx1: &mut [T],
    dx2: &mut [T],
    dy: &[T],
    images: usize,
    accumulate: [bool; 2],
) {
    let (first, second) = (dx1.len() / images, dx2.len() / images);
    for image in 0..images {
        let slopes = &dy[image * (first + second)..][..first + second];
        for i in 0..first {
            let before = if accumulate[0] {
                dx1[image * first + i]
            } else {
                T::zero()
            };
            dx1[image * first + i] = before + slopes[i];
        }
        for i in 0..second {
            let before = if accumulate[1] {
                dx2[image * second + i]
            } else {
                T::zero()
            };
            dx2[image * second + i] = before + slopes[first + i];
        }
    }
}
