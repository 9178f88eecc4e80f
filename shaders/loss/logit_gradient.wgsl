// Gradient of a loss: one invocation computes all classes of one pixel, a workgroup 64 pixels in a row. The pixel
// term's own gradient, and `∂L/∂p` of the region term (and of a pixel term in p) through the softmax.
//#import shared/index
//#import shared/focal
//#import shared/pair
//#import shared/numbers

struct Params {
    count: u32,   // N·H·W
    classes: u32, // K
    pixels: u32,  // H·W
    rule: u32,    // CROSS_ENTROPY, …
    smoothing: f32,
    gamma: f32,
    split: u32, // 0: nothing counts as contour
    costs: u32, // 1: the tables hold costs
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dlogits: array<f32>;      // (N, K, H, W); on entry the softmax p
@group(0) @binding(2) var<storage, read> logits: array<f32>;             // (N, K, H, W)
@group(0) @binding(3) var<storage, read> labels: array<u32>;             // (N, H, W), each below K or of no class
@group(0) @binding(4) var<storage, read> contour: array<u32>;            // (N, H, W), class k at bit k
@group(0) @binding(5) var<storage, read> weight: array<f32>;             // (N, H, W)
@group(0) @binding(6) var<storage, read> tables: array<f32>;             // (K) class weights, (K, K) costs
@group(0) @binding(7) var<storage, read> coefficients: array<vec4<f32>>; // (N, K, 2, 2): a, b, c, s₀; s. Then scales
@group(0) @binding(8) var<storage, read> field: array<f32>;              // (N, K, H, W), for LINEAR and SQUARED

// ∂L/∂p but for the cross-entropy; `scale` is the pixel term's.
fn slope(row: u32, i: u32, k: u32, label: u32, bits: u32, p: f32, scale: f32) -> f32 {
    let on = params.split != 0u && ((bits >> k) & 1u) != 0u;
    let abc = coefficients[4u * (row + k) + select(2u, 0u, on)];
    let cost = pair_cost(label, k);
    let region = cost * (abc.x + abc.y * pair_target(label, k) + abc.z * cost * p);
    if params.rule < LINEAR { return region; }
    let miss = p - f32(k == label);
    return region + scale * tables[k] * field[i] * select(2.0 * miss, 1.0, params.rule == LINEAR);
}

@compute @workgroup_size(64)
fn logit_gradient(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let row = pixel / params.pixels * params.classes;
    let at = row * params.pixels + pixel % params.pixels;
    let label = labels[pixel];
    if label >= params.classes {
        for (var k = 0u; k < params.classes; k++) { dlogits[at + k * params.pixels] = 0.0; }
        return;
    }
    let bits = contour[pixel];
    let scale = coefficients[4u * params.count / params.pixels * params.classes].x * weight[pixel];
    var mean = 0.0;
    var miss = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        let i = at + k * params.pixels;
        mean += dlogits[i] * slope(row, i, k, label, bits, dlogits[i], scale);
        miss += select(dlogits[i], 0.0, k == label);
    }
    let focal = (1.0 - params.smoothing) * focal_slope(dlogits[at + label * params.pixels], miss, params.gamma);
    for (var k = 0u; k < params.classes; k++) {
        let i = at + k * params.pixels;
        let p = dlogits[i];
        var own = 0.0;
        if params.rule == CROSS_ENTROPY {
            let towards = select(-p, miss, k == label);
            own = tables[label] * (focal * towards + params.smoothing * (p - 1.0 / f32(params.classes)));
        } else if params.rule == SIGMOID {
            let sign = select(-1.0, 1.0, k == label);
            own = tables[k] * sign * sigmoid_slope(sign * logits[i], params.gamma);
        }
        dlogits[i] = scale * own + p * (slope(row, i, k, label, bits, p, scale) - mean);
    }
}
