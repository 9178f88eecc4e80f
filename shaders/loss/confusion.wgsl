// Pixels of each class in the prediction, in the reference and in both, of those that the reference has a class for: one
// invocation counts one strip (every `strips`-th pixel) of one class of one image, a workgroup 64 strips side by side.
// Integer atomics give the same counts in any order.
//#import shared/index

struct Params {
    rows: u32,    // N·K
    classes: u32, // K
    pixels: u32,  // H·W
    strips: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>; // (N, K, 3): prediction, reference, both; 0 on entry
@group(0) @binding(2) var<storage, read> prediction: array<u32>;           // (N, H, W)
@group(0) @binding(3) var<storage, read> labels: array<u32>;               // (N, H, W)

@compute @workgroup_size(64)
fn confusion(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.rows * params.strips { return; }
    let row = i / params.strips;
    let class_ = row % params.classes;
    let image = row / params.classes * params.pixels;
    var count = vec3(0u);
    for (var x = i % params.strips; x < params.pixels; x += params.strips) {
        let predicted = u32(prediction[image + x] == class_ && labels[image + x] < params.classes);
        let labelled = u32(labels[image + x] == class_);
        count += vec3(predicted, labelled, predicted * labelled);
    }
    for (var q = 0u; q < 3u; q++) {
        if count[q] != 0u { atomicAdd(&counts[row * 3u + q], count[q]); }
    }
}
