// Label to class set, class k at bit k; a voxel of no class (a label above 31) has the set it is told. One invocation
// computes one voxel, a workgroup 64 in a row.
//#import shared/index

struct Params {
    count: u32,   // D·H·W
    ignored: u32, // class set of a voxel of no class
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> bits: array<u32>; // (D, H, W)
@group(0) @binding(2) var<storage, read> labels: array<u32>;     // (D, H, W)

@compute @workgroup_size(64)
fn one_hot(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    bits[i] = select(1u << (labels[i] & 31u), params.ignored, labels[i] > 31u);
}
