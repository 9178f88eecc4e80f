// The field of the Hausdorff loss, d_p^α + d_t^α: one invocation computes one pixel of one class, a workgroup 64
// in a row.
//#import shared/index

struct Params {
    count: u32, // N·K·H·W
    alpha: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> field: array<f32>;     // (N, K, H, W)
@group(0) @binding(2) var<storage, read> of_prediction: array<f32>;   // (N, K, H, W): d_p, distance to the other state
@group(0) @binding(3) var<storage, read> of_reference: array<f32>;    // (N, K, H, W): d_t

fn power(distance: f32) -> f32 {
    return select(0.0, pow(distance, params.alpha), distance > 0.0);
}

@compute @workgroup_size(64)
fn distance_powers(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    field[i] = power(of_prediction[i]) + power(of_reference[i]);
}
