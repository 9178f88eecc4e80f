// Label and contour of a pixel in one word, which a loss then loads once: one invocation computes one pixel, a
// workgroup 64 in a row. A pixel of no class, whose label is 255, has 31.
//#import shared/index
//#import shared/numbers

struct Params {
    count: u32, // D·H·W
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> words: array<u32>; // (D, H, W): class k's contour at bit k, the label from bit 27
@group(0) @binding(2) var<storage, read> labels: array<u32>;      // (D, H, W), each class below 27
@group(0) @binding(3) var<storage, read> contour: array<u32>;     // (D, H, W), class k at bit k

@compute @workgroup_size(64)
fn marks(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    words[i] = contour[i] | (labels[i] << LABEL_BIT);
}
