//! Twin of `shaders/view/overlay.wgsl`.

use super::canvas::{Canvas, blend};

/// Width in canvas pixels of the stripes that two classes share a voxel with.
const STRIPE: i32 = 4;

/// Lays the colour of the visible classes over `pixels`. Bit k of `classes`: class k is in that voxel.
pub fn overlay_paint(
    pixels: &mut [u32],
    classes: &[u32],
    colors: &[u32],
    canvas: &Canvas,
    visible: u32,
    opacity: f32,
) {
    for i in 0..canvas.len() {
        let [x, y] = canvas.pixel(i);
        let Some(voxel) = canvas.voxel_under([x, y]) else {
            continue;
        };
        let here = classes[voxel] & visible;
        if here == 0 {
            continue;
        }
        let even = ((x + y) / STRIPE) % 2 == 0;
        let class = if even { here.ilog2() } else { here.trailing_zeros() };
        pixels[i] = blend(pixels[i], colors[class as usize], opacity);
    }
}
