// The classes that are likelier than not: one invocation computes the class set of one pixel, a workgroup 64 in a
// row.
//#import shared/index

struct Params {
    count: u32,   // N·H·W
    classes: u32, // K ≤ 32
    pixels: u32,  // H·W
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> bits: array<u32>; // (N, H, W), class k at bit k
@group(0) @binding(2) var<storage, read> p: array<f32>;          // (N, K, H, W)

@compute @workgroup_size(64)
fn threshold(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let at = pixel / params.pixels * params.classes * params.pixels + pixel % params.pixels;
    var set_ = 0u;
    for (var k = 0u; k < params.classes; k++) {
        set_ |= u32(p[at + k * params.pixels] > 0.5) << k;
    }
    bits[pixel] = set_;
}
