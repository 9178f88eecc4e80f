// Pixel weight that falls off with the distance to the nearest contour, 1 + w0 exp(−d² / 2σ²). `near_contour_mark`
// says where any class has its contour, as a class set for the distance transform; `near_contour_weigh` makes the
// weight of what that finds. One invocation computes one pixel, a workgroup 64 in a row.
//#import shared/index

struct Params {
    count: u32, // D·H·W
    w0: f32,
    sigma: f32, // in pixels
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> marks_out: array<u32>; // (D, H, W): bit 0 on the contour
@group(0) @binding(1) var<storage, read_write> weight: array<f32>;    // (D, H, W)
@group(0) @binding(2) var<storage, read> contour: array<u32>;         // (D, H, W), class k at bit k
@group(0) @binding(2) var<storage, read> marks: array<u32>;           // (D, H, W): bit 0 on the contour
@group(0) @binding(3) var<storage, read> squared: array<f32>;         // (D, H, W): to the other side of the marks, 0: none

@compute @workgroup_size(64)
fn near_contour_mark(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    marks_out[i] = select(0u, 1u, contour[i] != 0u);
}

@compute @workgroup_size(64)
fn near_contour_weigh(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let on_contour = marks[i] != 0u;
    if !on_contour && squared[i] == 0.0 {
        weight[i] = 1.0;
        return;
    }
    let d2 = select(squared[i], 0.0, on_contour);
    weight[i] = 1.0 + params.w0 * exp(-d2 / (2.0 * params.sigma * params.sigma));
}
