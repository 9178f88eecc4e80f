// The slice under the window, in colours: one invocation paints one canvas pixel, a workgroup 64 in a row.
//#import shared/index
//#import shared/canvas

struct Params {
    canvas_width: u32,
    canvas_height: u32,
    columns: u32,    // of the slice
    rows: u32,
    origin_x: f32,   // slice coordinate = origin + step · canvas coordinate
    origin_y: f32,
    step_x: f32,
    step_y: f32,
    low: f32,        // the first colour
    high: f32,       // the last colour
    smooth_: u32,    // 0: the nearest voxel, 1: linear between voxel centres
    background: u32, // packed rgba8, outside the slice
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> pixels: array<u32>; // (canvas height, canvas width), packed rgba8
@group(0) @binding(2) var<storage, read> values: array<f32>;       // (rows, columns)
@group(0) @binding(3) var<storage, read> colors: array<u32>;       // (256), packed rgba8

fn value_at(column: i32, row: i32) -> f32 {
    let c = clamp(column, 0, i32(params.columns) - 1);
    let r = clamp(row, 0, i32(params.rows) - 1);
    return values[u32(r) * params.columns + u32(c)];
}

fn linear_value(x: i32, y: i32) -> f32 {
    let at = slice_coordinate(x, y) - 0.5;
    let corner = floor(at);
    let part = at - corner;
    let c = i32(corner.x);
    let r = i32(corner.y);
    let upper = mix(value_at(c, r), value_at(c + 1, r), part.x);
    let lower = mix(value_at(c, r + 1), value_at(c + 1, r + 1), part.x);
    return mix(upper, lower, part.y);
}

@compute @workgroup_size(64)
fn slice_paint(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.canvas_width * params.canvas_height { return; }
    let x = i32(i % params.canvas_width);
    let y = i32(i / params.canvas_width);
    let voxel = voxel_under(x, y);
    if voxel == OUTSIDE {
        pixels[i] = params.background;
        return;
    }
    var value = 0.0;
    if params.smooth_ != 0u { value = linear_value(x, y); } else { value = values[voxel]; }
    let part = clamp((value - params.low) / (params.high - params.low), 0.0, 1.0);
    pixels[i] = colors[u32(part * 255.0 + 0.5)];
}
