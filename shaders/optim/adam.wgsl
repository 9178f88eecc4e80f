// Adam and AdamW: one invocation updates four parameters and their moments.
//#import shared/index

struct Params {
    count: u32,
    learning_rate: f32,
    rate1: f32,          // 1 − β1
    rate2: f32,          // 1 − β2
    correction1: f32,    // 1 / (1 − β1^t)
    correction2: f32,    // 1 / (1 − β2^t)
    eps: f32,
    weight_decay: f32,   // Adam: added to the gradient
    shrink: f32,         // AdamW: learning rate · weight decay, taken off the parameter
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> parameters: array<vec4<f32>>;   // (count)
@group(0) @binding(2) var<storage, read_write> m: array<vec4<f32>>;            // (count)
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>;            // (count)
@group(0) @binding(4) var<storage, read> gradients: array<vec4<f32>>;          // (count)
@group(0) @binding(5) var<storage, read> clip: array<f32>;                     // factor of the gradients, their norm

@compute @workgroup_size(64)
fn adam(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i * 4u >= params.count { return; }
    let p = parameters[i];
    let g = clip[0] * gradients[i] + params.weight_decay * p;
    let m_new = m[i] + params.rate1 * (g - m[i]);
    let v_new = v[i] + params.rate2 * (g * g - v[i]);
    m[i] = m_new;
    v[i] = v_new;
    let step = m_new * params.correction1 / (sqrt(v_new * params.correction2) + params.eps);
    parameters[i] = p - params.shrink * p - params.learning_rate * step;
}
