// Contour of every class: what is in the larger class set and not in the smaller. Inner contour: G and its
// erosion; outer: dilation and G; gradient: dilation and erosion. A voxel of no class (a label above 31) has none. One
// invocation computes one voxel, a workgroup 64 in a row.
//#import shared/index

struct Params {
    count: u32, // D·H·W
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> bits: array<u32>; // (D, H, W)
@group(0) @binding(2) var<storage, read> larger: array<u32>;     // (D, H, W)
@group(0) @binding(3) var<storage, read> smaller: array<u32>;    // (D, H, W)
@group(0) @binding(4) var<storage, read> labels: array<u32>;     // (D, H, W)

@compute @workgroup_size(64)
fn contour(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    bits[i] = select(larger[i] & ~smaller[i], 0u, labels[i] > 31u);
}
