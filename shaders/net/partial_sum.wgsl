// Second pass of a reduction: one invocation adds up one element of all strips, in order, and adds the sum to the
// gradient of a parameter, or of two that stand one behind the other. Numbers are added in blocks of 32, so that 4096
// strips round no more than 160.
//#import shared/index

struct Params {
    count: u32,    // elements of a strip
    strips: u32,
    first: u32,    // elements of a strip that belong to the first parameter
    gap: u32,      // elements between the first parameter and the second
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> sum: array<f32>;    // (count + gap), added to
@group(0) @binding(2) var<storage, read> partial: array<f32>;      // (strips, count)

@compute @workgroup_size(64)
fn partial_sum(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    var total = 0.0;
    var strip = 0u;
    while strip < params.strips {
        var block = 0.0;
        for (var b = 0u; b < 32u && strip < params.strips; b++) {
            block += partial[strip * params.count + i];
            strip++;
        }
        total += block;
    }
    sum[select(i + params.gap, i, i < params.first)] += total;
}
