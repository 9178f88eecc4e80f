// What each pixel adds to the loss, by term, and how hard it pulls: one invocation computes one pixel, a workgroup
// 64 in a row. The shares of all pixels add up to the loss; those of a ratio are exact, because its numerator is
// linear in the region sums.
//#import shared/index
//#import shared/pair

struct Params {
    count: u32,   // N·H·W
    classes: u32, // K
    pixels: u32,  // H·W
    split: u32, // 0: nothing counts as contour
    costs: u32, // 1: the tables hold costs
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> shares: array<f32>;       // (N, 4, H, W): pixel term, contour, rest, |∂L/∂z|
@group(0) @binding(2) var<storage, read> values: array<vec2<f32>>;       // (N, H, W): the pixel term's value, its weight
@group(0) @binding(3) var<storage, read> p: array<f32>;                  // (N, K, H, W)
@group(0) @binding(4) var<storage, read> dlogits: array<f32>;            // (N, K, H, W)
@group(0) @binding(5) var<storage, read> labels: array<u32>;             // (N, H, W), each below K or of no class
@group(0) @binding(6) var<storage, read> contour: array<u32>;            // (N, H, W), class k at bit k
@group(0) @binding(7) var<storage, read> tables: array<f32>;             // (K) class weights, (K, K) costs
@group(0) @binding(8) var<storage, read> coefficients: array<vec4<f32>>; // (N, K, 2, 2): a, b, c, s₀; s. Then scales

@compute @workgroup_size(64)
fn pixel_shares(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.count { return; }
    let image = pixel / params.pixels;
    let row = image * params.classes;
    let x = pixel % params.pixels;
    let label = labels[pixel];
    let bits = contour[pixel];
    var regions = vec2(0.0);
    var squares = 0.0;
    for (var k = 0u; k < params.classes; k++) {
        let i = (row + k) * params.pixels + x;
        let set_ = select(1u, 0u, params.split != 0u && ((bits >> k) & 1u) != 0u);
        let q = pair_cost(label, k) * p[i];
        let t = pair_target(label, k);
        let from_ = 4u * (row + k) + 2u * set_;
        regions[set_] += coefficients[from_].w + dot(coefficients[from_ + 1u], vec4(q * t, q, t, q * q));
        squares += dlogits[i] * dlogits[i];
    }
    let rows = params.count / params.pixels * params.classes;
    let to = 4u * image * params.pixels + x;
    shares[to] = coefficients[4u * rows].y * values[pixel].x;
    shares[to + params.pixels] = regions.x;
    shares[to + 2u * params.pixels] = regions.y;
    shares[to + 3u * params.pixels] = sqrt(squares);
}
