// Dilation of every class at once: one invocation computes the class set of one voxel, the OR over the
// mirrored structuring element around it; a workgroup 64 voxels in a row. Nothing grows in from outside.
//#import shared/index
//#import shared/volume

struct Params {
    width: u32,
    height: u32,
    depth: u32,
    elements: u32, // offsets in the structuring element
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dilated: array<u32>; // (D, H, W)
@group(0) @binding(2) var<storage, read> bits: array<u32>;          // (D, H, W)
@group(0) @binding(3) var<storage, read> element: array<vec4<i32>>; // (elements): offset x, y, z, then 0

@compute @workgroup_size(64)
fn dilate(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let extent = vec3(params.width, params.height, params.depth);
    let i = flat_index(id, groups);
    if i >= extent.x * extent.y * extent.z { return; }
    let at = voxel_at(i, extent);
    var classes = 0u;
    for (var o = 0u; o < params.elements; o++) {
        let there = at - element[o].xyz;
        if is_inside(there, extent) {
            classes |= bits[voxel_index(there, extent)];
        }
    }
    dilated[i] = classes;
}
