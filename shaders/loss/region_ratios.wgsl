// Dice ratios on the contour and off it: one invocation computes the two ratios of one pool (images, classes or
// one of them), a workgroup 64 pools. With I = Σpg and U = Σp + Σg:
// D = 1 − (2I + ε) / (U + ε) and ∂D/∂p = a + b·g.
//#import shared/index

struct Params {
    samples: u32, // N
    classes: u32, // K
    by_sample: u32, // 1: a ratio for each image
    by_class: u32,  // 1: a ratio for each foreground class
    exclude: u32,   // 1: a pool without a foreground pixel is left out
    epsilon: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> ratios: array<vec4<f32>>; // (pools, 2): a, b, D, 1 if it counts
@group(0) @binding(2) var<storage, read> sums: array<f32>;               // (N, K, 2, 3): contour, rest; Σpg, Σp, Σg

fn ratio(sums: vec3<f32>, counts: bool) -> vec4<f32> {
    let union_ = sums.y + sums.z;
    let below = union_ + params.epsilon;
    let a = (2.0 * sums.x + params.epsilon) / below / below;
    // (U − 2I) / (U + ε) is D, and exactly 0 for an empty set.
    return select(vec4(0.0), vec4(a, -2.0 / below, (union_ - 2.0 * sums.x) / below, 1.0), counts);
}

@compute @workgroup_size(64)
fn region_ratios(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pool = flat_index(id, groups);
    let foreground = params.classes - 1u;
    let across = select(1u, foreground, params.by_class != 0u);
    if pool >= select(1u, params.samples, params.by_sample != 0u) * across { return; }
    let image = pool / across;
    let class_ = 1u + pool % across;
    let images = select(vec2(0u, params.samples), vec2(image, image + 1u), params.by_sample != 0u);
    let classes = select(vec2(1u, params.classes), vec2(class_, class_ + 1u), params.by_class != 0u);
    var on = vec3(0.0);
    var off = vec3(0.0);
    for (var n = images.x; n < images.y; n++) {
        var image_on = vec3(0.0);
        var image_off = vec3(0.0);
        for (var k = classes.x; k < classes.y; k++) {
            let at = (n * params.classes + k) * 6u;
            image_on += vec3(sums[at], sums[at + 1u], sums[at + 2u]);
            image_off += vec3(sums[at + 3u], sums[at + 4u], sums[at + 5u]);
        }
        on += image_on;
        off += image_off;
    }
    let counts = params.exclude == 0u || on.z + off.z > 0.0;
    ratios[2u * pool] = ratio(on, counts);
    ratios[2u * pool + 1u] = ratio(off, counts);
}
