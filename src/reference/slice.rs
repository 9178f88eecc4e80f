//! Twin of `shaders/view/slice.wgsl`.

use super::canvas::Canvas;

/// Paints every pixel: `colors[0]` for `low` and less, `colors[255]` for `high` and more, `background` outside the slice.
/// `smooth` interpolates linearly between voxel centres.
pub fn slice_paint(
    pixels: &mut [u32],
    values: &[f32],
    colors: &[u32],
    canvas: &Canvas,
    low: f32,
    high: f32,
    smooth: bool,
    background: u32,
) {
    for i in 0..canvas.len() {
        let pixel = canvas.pixel(i);
        pixels[i] = match canvas.voxel_under(pixel) {
            None => background,
            Some(voxel) => {
                let value = if smooth {
                    linear_value(values, canvas, pixel)
                } else {
                    values[voxel]
                };
                let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
                colors[(part * 255.0 + 0.5) as usize]
            }
        };
    }
}

fn linear_value(values: &[f32], canvas: &Canvas, pixel: [i32; 2]) -> f32 {
    let at = canvas.slice_coordinate(pixel).map(|x| x - 0.5);
    let corner = at.map(f32::floor);
    let part = [at[0] - corner[0], at[1] - corner[1]];
    let value_at = |dx: i32, dy: i32| {
        let [columns, rows] = canvas.slice.map(|size| size as i32);
        let column = (corner[0] as i32 + dx).clamp(0, columns - 1);
        let row = (corner[1] as i32 + dy).clamp(0, rows - 1);
        values[(row * columns + column) as usize]
    };
    let mix = |a: f32, b: f32, t: f32| a * (1.0 - t) + b * t;
    let upper = mix(value_at(0, 0), value_at(1, 0), part[0]);
    let lower = mix(value_at(0, 1), value_at(1, 1), part[0]);
    mix(upper, lower, part[1])
}
