// The class of the largest logit, the first one of equals: one invocation computes one pixel, a workgroup 64 in
// a row.
//#import shared/index

struct Params {
    count: u32,   // N·H·W
    classes: u32, // K
    pixels: u32,  // H·W
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> prediction: array<u32>; // (N, H, W)
@group(0) @binding(2) var<storage, read> logits: array<f32>;           // (N, K, H, W)

@compute @workgroup_size(64)
fn argmax(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let at = pixel / params.pixels * params.classes * params.pixels + pixel % params.pixels;
    var best = 0u;
    var largest = logits[at];
    for (var k = 1u; k < params.classes; k++) {
        let logit = logits[at + k * params.pixels];
        if logit > largest {
            best = k;
            largest = logit;
        }
    }
    prediction[pixel] = best;
}
