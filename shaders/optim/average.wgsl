// A moving average of the parameters: one invocation moves four of its numbers towards what they are now.
//#import shared/index

struct Params {
    count: u32,
    rate: f32,   // 1 − decay
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> average: array<vec4<f32>>;   // (count)
@group(0) @binding(2) var<storage, read> parameters: array<vec4<f32>>;      // (count)

@compute @workgroup_size(64)
fn average_parameters(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i * 4u >= params.count { return; }
    average[i] += params.rate * (parameters[i] - average[i]);
}
