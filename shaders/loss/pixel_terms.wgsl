// Weighted cross-entropy of each pixel, `a_y · w · −log p_y`: one invocation computes one pixel, a workgroup
// 64 in a row. The maximum is subtracted, so that logits of ±1e4 stay finite.
//#import shared/index

struct Params {
    count: u32,   // N·H·W
    classes: u32, // K
    pixels: u32,  // H·W
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> values: array<f32>; // (N, H, W)
@group(0) @binding(2) var<storage, read> logits: array<f32>;       // (N, K, H, W)
@group(0) @binding(3) var<storage, read> labels: array<u32>;       // (N, H, W), each below K
@group(0) @binding(4) var<storage, read> weight: array<f32>;       // (N, H, W)
@group(0) @binding(5) var<storage, read> class_weight: array<f32>; // (K)

@compute @workgroup_size(64)
fn pixel_terms(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let at = pixel / params.pixels * params.classes * params.pixels + pixel % params.pixels;
    var largest = logits[at];
    for (var k = 1u; k < params.classes; k++) {
        largest = max(largest, logits[at + k * params.pixels]);
    }
    var sum = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        sum += exp(logits[at + k * params.pixels] - largest);
    }
    let label = labels[pixel];
    let cross_entropy = log(sum) - (logits[at + label * params.pixels] - largest);
    values[pixel] = class_weight[label] * weight[pixel] * cross_entropy;
}
