// Shows the painted pixels on the canvas's surface: one triangle that covers it, one load for each pixel.

struct Params {
    canvas_width: u32,
    canvas_height: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pixels: array<u32>; // (canvas height, canvas width), packed rgba8

@vertex
fn present_vertex(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4<f32> {
    let x = f32(corner & 1u) * 4.0 - 1.0;
    let y = f32(corner >> 1u) * 4.0 - 1.0;
    return vec4<f32>(x, y, 0.0, 1.0);
}

@fragment
fn present_fragment(@builtin(position) at: vec4<f32>) -> @location(0) vec4<f32> {
    return unpack4x8unorm(pixels[u32(at.y) * params.canvas_width + u32(at.x)]);
}
