//! Twin of `shaders/view/outline.wgsl`.

use super::canvas::{Canvas, blend};

/// Leaves a colour its alpha alone.
const BLACK: u32 = 0xff00_0000;

/// Draws lines of `width` pixels inside the borders of the visible classes. `dash` is the length of dashes with
/// black between them, 0 for a solid line.
pub fn outline_paint(
    pixels: &mut [u32],
    classes: &[u32],
    colors: &[u32],
    canvas: &Canvas,
    visible: u32,
    opacity: f32,
    width: u32,
    dash: u32,
) {
    let classes_under = |pixel| canvas.voxel_under(pixel).map_or(0, |voxel| classes[voxel]);
    let w = width as i32;
    for i in 0..canvas.len() {
        let [x, y] = canvas.pixel(i);
        let here = classes_under([x, y]);
        let drawn = here & visible;
        if drawn == 0 {
            continue;
        }
        let mut border = false;
        for dy in [-w, 0, w] {
            for dx in [-w, 0, w] {
                border |= classes_under([x + dx, y + dy]) != here;
            }
        }
        if !border {
            continue;
        }
        let gap = dash != 0 && ((x + y) as u32 / dash) % 2 == 1;
        let color = colors[drawn.ilog2() as usize];
        let color = if gap { color & BLACK } else { color };
        pixels[i] = blend(pixels[i], color, opacity);
    }
}
