// Gradient of the compound loss: one invocation computes all classes of one pixel, a workgroup 64 pixels in a
// row. `scale·w·a_y (p − g)` from the cross-entropy, and `∂L/∂p = a + b·g` through the softmax from the Dice.
//#import shared/index

struct Params {
    count: u32,   // N·H·W
    classes: u32, // K
    pixels: u32,  // H·W
    scale: f32,   // α / (N·H·W)
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dlogits: array<f32>;      // (N, K, H, W); on entry the softmax p
@group(0) @binding(2) var<storage, read> labels: array<u32>;             // (N, H, W), each below K
@group(0) @binding(3) var<storage, read> contour: array<u32>;            // (N, H, W), class k at bit k
@group(0) @binding(4) var<storage, read> weight: array<f32>;             // (N, H, W)
@group(0) @binding(5) var<storage, read> class_weight: array<f32>;       // (K)
@group(0) @binding(6) var<storage, read> coefficients: array<vec4<f32>>; // (N, K): a, b on the contour, a, b off it

fn dp(row: u32, k: u32, label: u32, bits: u32) -> f32 {
    let all = coefficients[row + k];
    let ab = select(all.zw, all.xy, ((bits >> k) & 1u) != 0u);
    return select(ab.x, ab.x + ab.y, k == label);
}

@compute @workgroup_size(64)
fn logit_gradient(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let row = pixel / params.pixels * params.classes;
    let at = row * params.pixels + pixel % params.pixels;
    let label = labels[pixel];
    let bits = contour[pixel];
    let cross_entropy = params.scale * weight[pixel] * class_weight[label];
    var mean = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        mean += dlogits[at + k * params.pixels] * dp(row, k, label, bits);
    }
    for (var k = 0u; k < params.classes; k++) {
        let i = at + k * params.pixels;
        let p = dlogits[i];
        let g = f32(k == label);
        dlogits[i] = cross_entropy * (p - g) + p * (dp(row, k, label, bits) - mean);
    }
}
