// Pixel weight `base + lambda · min(1, Σ C_k)` over the chosen classes; with base 0 and lambda 1 it is the
// union of their contours. One invocation computes one pixel, a workgroup 64 in a row.
//#import shared/index

struct Params {
    count: u32,   // D·H·W
    classes: u32, // class set that counts
    base: f32,
    lambda: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weight: array<f32>; // (D, H, W)
@group(0) @binding(2) var<storage, read> contour: array<u32>;      // (D, H, W), class k at bit k

@compute @workgroup_size(64)
fn weight_map(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    weight[i] = select(params.base, params.base + params.lambda, (contour[i] & params.classes) != 0u);
}
