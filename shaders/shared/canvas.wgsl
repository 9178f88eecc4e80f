// Where a canvas pixel lies in a slice, and how one colour lies over another. Expects a uniform `params` with
// canvas_width, columns, rows (u32), origin_x, origin_y, step_x, step_y (f32): the slice coordinate of the
// canvas coordinate (x, y) is origin + step · (x, y), and voxel (i, j) covers [i, i + 1) × [j, j + 1).
const OUTSIDE = 0xffffffffu;

fn slice_coordinate(x: i32, y: i32) -> vec2<f32> {
    let origin = vec2<f32>(params.origin_x, params.origin_y);
    return origin + vec2<f32>(params.step_x, params.step_y) * (vec2<f32>(f32(x), f32(y)) + 0.5);
}

// The flat index of the voxel under a canvas pixel, or OUTSIDE.
fn voxel_under(x: i32, y: i32) -> u32 {
    let voxel = floor(slice_coordinate(x, y));
    let size = vec2<f32>(f32(params.columns), f32(params.rows));
    if any(voxel < vec2<f32>(0.0)) || any(voxel >= size) { return OUTSIDE; }
    return u32(voxel.y) * params.columns + u32(voxel.x);
}

// The alpha of the colour above is an opacity of its own; what comes of it is opaque.
fn blend(under: u32, over: u32, opacity: f32) -> u32 {
    let color = unpack4x8unorm(over);
    let mixed = mix(unpack4x8unorm(under).rgb, color.rgb, opacity * color.a);
    return pack4x8unorm(vec4<f32>(mixed, 1.0));
}
