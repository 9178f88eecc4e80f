//! Twin of `shaders/loss/pixel_shares.wgsl`.

use super::Real;
use super::region_sums::Pairs;

/// Shares (N, 4, H, W): what each pixel adds to the loss by its pixel term, on the contours, off them, and the
/// length of its ∂L/∂z. `values` (N, H, W, 2), `p` and `dlogits` (N, K, H, W), `labels` and `contour` (N, H, W),
/// `coefficients` as `region_terms` leaves them, `pixels` = H·W.
pub fn pixel_shares<T: Real>(
    shares: &mut [T],
    values: &[T],
    p: &[T],
    dlogits: &[T],
    labels: &[u32],
    contour: &[u32],
    coefficients: &[T],
    pairs: Pairs<'_, T>,
    classes: usize,
    pixels: usize,
) {
    let per_pixel = coefficients[coefficients.len() - 3];
    for pixel in 0..labels.len() {
        let (image, x) = (pixel / pixels, pixel % pixels);
        let label = labels[pixel];
        let mut regions = [T::zero(); 2];
        let mut squares = T::zero();
        for k in 0..classes {
            let row = image * classes + k;
            let i = row * pixels + x;
            let set = pairs.set(contour[pixel], k);
            let q = pairs.cost(label, k, classes) * p[i];
            let t = pairs.target(label, k, classes);
            let from = row * 16 + 8 * set;
            let s = &coefficients[from + 3..from + 8];
            regions[set] += s[0] + s[1] * q * t + s[2] * q + s[3] * t + s[4] * q * q;
            squares += dlogits[i] * dlogits[i];
        }
        let to = 4 * image * pixels + x;
        shares[to] = per_pixel * values[2 * pixel];
        shares[to + pixels] = regions[0];
        shares[to + 2 * pixels] = regions[1];
        shares[to + 3 * pixels] = squares.sqrt();
    }
}
