// Stochastic gradient descent with momentum: one invocation updates four parameters and their buffer.
//#import shared/index

struct Params {
    count: u32,
    learning_rate: f32,
    momentum: f32,
    weight_decay: f32,
    nesterov: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4<f32>>;   // (count)
@group(0) @binding(2) var<storage, read_write> buffer: array<vec4<f32>>;       // (count), zeros before the first step
@group(0) @binding(3) var<storage, read> gradients: array<vec4<f32>>;          // (count)
@group(0) @binding(4) var<storage, read> clip: array<f32>;                     // factor of the gradients, their norm

@compute @workgroup_size(64)
fn sgd(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i * 4u >= params.count { return; }
    let g = clip[0] * gradients[i] + params.weight_decay * parameters[i];
    let b = params.momentum * buffer[i] + g;
    buffer[i] = b;
    let step = select(b, g + params.momentum * b, params.nesterov != 0u);
    parameters[i] -= params.learning_rate * step;
}
