// Σqt, Σq, Σt, Σq² on the contour of a class and off it, q what is predicted and t the target: one invocation sums
// one strip (every `strips`-th pixel) of one class of one image, a workgroup 64 strips side by side. `sum` adds
// the strips up. Numbers are added in blocks of 32, so that rounding grows with the square root of the strip.
//#import shared/index
//#import shared/pair

struct Params {
    rows: u32,    // N·K
    classes: u32, // K
    pixels: u32,  // H·W
    strips: u32,
    split: u32, // 0: nothing counts as contour
    costs: u32, // 1: the tables hold costs
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> partials: array<vec4<f32>>; // (strips, N, K, 2): contour, rest
@group(0) @binding(2) var<storage, read> p: array<f32>;                    // (N, K, H, W)
@group(0) @binding(3) var<storage, read> labels: array<u32>;               // (N, H, W)
@group(0) @binding(4) var<storage, read> contour: array<u32>;              // (N, H, W), class k at bit k
@group(0) @binding(5) var<storage, read> tables: array<f32>;               // (K) class weights, (K, K) costs

@compute @workgroup_size(64)
fn region_sums(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.rows * params.strips { return; }
    let strip = i % params.strips;
    let row = i / params.strips;
    let class_ = row % params.classes;
    let image = row / params.classes * params.pixels;
    var on = vec4(0.0);
    var off = vec4(0.0);
    var x = strip;
    while x < params.pixels {
        var block_on = vec4(0.0);
        var block_off = vec4(0.0);
        for (var b = 0u; b < 32u && x < params.pixels; b++) {
            let label = labels[image + x];
            let q = pair_cost(label, class_) * p[row * params.pixels + x];
            let t = pair_target(label, class_);
            let terms = vec4(q * t, q, t, q * q);
            if params.split != 0u && ((contour[image + x] >> class_) & 1u) != 0u {
                block_on += terms;
            } else {
                block_off += terms;
            }
            x += params.strips;
        }
        on += block_on;
        off += block_off;
    }
    let to = (strip * params.rows + row) * 2u;
    partials[to] = on;
    partials[to + 1u] = off;
}
