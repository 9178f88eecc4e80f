// The pixel term of a loss and what the sum of it is divided by: one invocation computes one pixel, a workgroup 64 in a
// row. The maximum is subtracted, so that logits of ±1e4 stay finite. A pixel of no class does not count.
//#import shared/index
//#import shared/focal
//#import shared/numbers

struct Params {
    count: u32,   // N·H·W
    classes: u32, // K
    pixels: u32,  // H·W
    rule: u32,    // CROSS_ENTROPY, …
    smoothing: f32, // ε
    gamma: f32,     // γ
    by_weight: u32, // 1: a pixel counts by its weight w a_y, else as 1
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> values: array<vec2<f32>>; // (N, H, W): value, what it counts
@group(0) @binding(2) var<storage, read> logits: array<f32>;             // (N, K, H, W)
@group(0) @binding(3) var<storage, read> labels: array<u32>;             // (N, H, W), each below K or of no class
@group(0) @binding(4) var<storage, read> weight: array<f32>;             // (N, H, W)
@group(0) @binding(5) var<storage, read> tables: array<f32>;             // (K, …): class weights a
@group(0) @binding(6) var<storage, read> field: array<f32>;              // (N, K, H, W): f, for LINEAR and SQUARED

@compute @workgroup_size(64)
fn pixel_terms(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let at = pixel / params.pixels * params.classes * params.pixels + pixel % params.pixels;
    let label = labels[pixel];
    let w = weight[pixel];
    if label >= params.classes {
        values[pixel] = vec2(0.0);
        return;
    }
    let counts = select(1.0, w * tables[label], params.by_weight != 0u);
    var value = 0.0;
    if params.rule == SIGMOID {
        for (var k = 0u; k < params.classes; k++) {
            let logit = logits[at + k * params.pixels];
            let s = select(-logit, logit, k == label);
            value += tables[k] * sigmoid_term(s, params.gamma);
        }
        values[pixel] = vec2(w * value, counts);
        return;
    }
    var largest = logits[at];
    for (var k = 1u; k < params.classes; k++) {
        largest = max(largest, logits[at + k * params.pixels]);
    }
    var sum = 0.0;
    var others = 0.0; // of the sum, but for the label
    var shifted = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        let logit = logits[at + k * params.pixels] - largest;
        let part = exp(logit);
        sum += part;
        others += select(part, 0.0, k == label);
        shifted += logit;
    }
    if params.rule == CROSS_ENTROPY {
        let cross_entropy = log(sum) - (logits[at + label * params.pixels] - largest);
        let all = log(sum) - shifted / f32(params.classes);
        let smoothed = (1.0 - params.smoothing) * focus(others / sum, params.gamma) * cross_entropy + params.smoothing * all;
        value = tables[label] * smoothed;
    } else {
        for (var k = 0u; k < params.classes; k++) {
            let i = at + k * params.pixels;
            let p = exp(logits[i] - largest) / sum;
            let miss = p - f32(k == label);
            value += tables[k] * field[i] * select(miss * miss, p, params.rule == LINEAR);
        }
    }
    values[pixel] = vec2(w * value, counts);
}
