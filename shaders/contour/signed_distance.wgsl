// Signed distance map of the boundary loss (Kervadec et al. 2019, as in the authors' code): outside a class the
// distance to it, inside 1 minus the distance to its outside; 0 where the class has no other side. One invocation
// computes one pixel of one class, a workgroup 64 in a row.
//#import shared/index

struct Params {
    count: u32,   // D·K·H·W
    area: u32,    // H·W
    classes: u32, // K
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> signed_: array<f32>;  // (D, K, H, W)
@group(0) @binding(2) var<storage, read> bits: array<u32>;           // (D, H, W), class k at bit k
@group(0) @binding(3) var<storage, read> distance_: array<f32>;      // (D, K, H, W), 0: no other side

@compute @workgroup_size(64)
fn signed_distance(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let voxel = i / (params.area * params.classes) * params.area + i % params.area;
    let inside = ((bits[voxel] >> (i / params.area % params.classes)) & 1u) != 0u;
    let d = distance_[i];
    signed_[i] = select(d, 1.0 - d, inside && d > 0.0);
}
