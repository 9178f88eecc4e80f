// A map of numbers as colours over what is there. One invocation paints one canvas pixel.
//#import shared/index
//#import shared/canvas

struct Params {
    canvas_width: u32,
    canvas_height: u32,
    columns: u32,
    rows: u32,
    origin_x: f32,
    origin_y: f32,
    step_x: f32,
    step_y: f32,
    low: f32,      // the first colour
    high: f32,     // the last colour
    opacity: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> pixels: array<u32>; // (canvas height, canvas width), packed rgba8
@group(0) @binding(2) var<storage, read> values: array<f32>;       // (rows, columns)
@group(0) @binding(3) var<storage, read> colors: array<u32>;       // (256), packed rgba8

@compute @workgroup_size(64)
fn heatmap_paint(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.canvas_width * params.canvas_height { return; }
    let voxel = voxel_under(i32(i % params.canvas_width), i32(i / params.canvas_width));
    if voxel == OUTSIDE { return; }
    let part = clamp((values[voxel] - params.low) / (params.high - params.low), 0.0, 1.0);
    pixels[i] = blend(pixels[i], colors[u32(part * 255.0 + 0.5)], params.opacity);
}
