//! Twin of `shaders/view/heatmap.wgsl`.

use super::canvas::{Canvas, blend};

/// Lays a colour for each value over `pixels`: `colors[0]` for `low` and less, `colors[255]` for `high` and more.
pub fn heatmap_paint(
    pixels: &mut [u32],
    values: &[f32],
    colors: &[u32],
    canvas: &Canvas,
    low: f32,
    high: f32,
    opacity: f32,
) {
    for i in 0..canvas.len() {
        let Some(voxel) = canvas.voxel_under(canvas.pixel(i)) else {
            continue;
        };
        let part = ((values[voxel] - low) / (high - low)).clamp(0.0, 1.0);
        pixels[i] = blend(pixels[i], colors[(part * 255.0 + 0.5) as usize], opacity);
    }
}
