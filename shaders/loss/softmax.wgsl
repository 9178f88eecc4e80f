// Softmax over the classes: one invocation computes all classes of one pixel, a workgroup 64
// pixels in a row. The maximum is subtracted, so that logits of ±1e4 stay finite.
//#import shared/index

struct Params {
    count: u32,   // N·H·W
    classes: u32, // C
    pixels: u32,  // H·W
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (N, C, H, W)
@group(0) @binding(2) var<storage, read> x: array<f32>;       // (N, C, H, W)

// Index of class 0 of a pixel.
fn first(pixel: u32) -> u32 {
    return pixel / params.pixels * params.classes * params.pixels + pixel % params.pixels;
}

fn largest(at: u32) -> f32 {
    var largest = x[at];
    for (var k = 1u; k < params.classes; k++) {
        largest = max(largest, x[at + k * params.pixels]);
    }
    return largest;
}

fn exp_sum(at: u32, largest: f32) -> f32 {
    var sum = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        sum += exp(x[at + k * params.pixels] - largest);
    }
    return sum;
}

@compute @workgroup_size(64)
fn softmax_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let at = first(pixel);
    let most = largest(at);
    let sum = exp_sum(at, most);
    for (var k = 0u; k < params.classes; k++) {
        let i = at + k * params.pixels;
        y[i] = exp(x[i] - most) / sum;
    }
}
