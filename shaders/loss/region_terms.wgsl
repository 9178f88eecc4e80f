// The terms of a loss, and what a pixel needs to know for its gradient and its share: one invocation computes the
// coefficients of one class of one image (the first one also the terms), a workgroup 64 of them.
//#import shared/index

struct Params {
    samples: u32, // N
    classes: u32, // K
    first: u32,   // 1: the background takes no part in the ratios
    by_sample: u32, // 1: a ratio for each image
    by_class: u32,  // 1: a ratio for each class
    logarithm: u32, // 1: log(1 + pixel term)
    divisor: f32,   // of the pixel term, for each pixel that counts
    alpha: f32,
    beta: f32,
    lambda_contour: f32,
    lambda_rest: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> terms: array<f32>;              // (5): total, pixel, region, contour, rest
@group(0) @binding(2) var<storage, read_write> coefficients: array<vec4<f32>>; // (N, K, 2, 2): a, b, c, s₀; s. Then scales: gradient, share
@group(0) @binding(3) var<storage, read> ratios: array<vec4<f32>>;             // (pools, 2, 3): a, b, c, D; s; s₀, 1 if it counts
@group(0) @binding(4) var<storage, read> members: array<f32>;                  // (N, K): u
@group(0) @binding(5) var<storage, read> pixel_sums: array<f32>;               // (2): Σ value, what they count

@compute @workgroup_size(64)
fn region_terms(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let row = flat_index(id, groups);
    let rows = params.samples * params.classes;
    if row >= rows { return; }
    let across = select(1u, params.classes - params.first, params.by_class != 0u);
    let pools = select(1u, params.samples, params.by_sample != 0u) * across;
    var counting = 0.0;
    var ratio = vec2(0.0);
    for (var pool = 0u; pool < pools; pool++) {
        counting += ratios[6u * pool + 2u].y;
        ratio += vec2(ratios[6u * pool].w, ratios[6u * pool + 3u].w);
    }
    counting = max(counting, 1.0);

    let k = row % params.classes;
    let lambda = vec2(params.lambda_contour, params.lambda_rest);
    for (var set_ = 0u; set_ < 2u; set_++) {
        var slopes = vec4(0.0);
        var shares = vec4(0.0);
        if k >= params.first {
            let image = select(0u, row / params.classes, params.by_sample != 0u);
            let pool = image * across + select(0u, k - params.first, params.by_class != 0u);
            let from_ = 6u * pool + 3u * set_;
            let scale = params.beta / counting * lambda[set_];
            let weighted = scale * members[row];
            slopes = vec4(weighted * ratios[from_].xyz, scale * ratios[from_ + 2u].x);
            shares = weighted * ratios[from_ + 1u];
        }
        coefficients[4u * row + 2u * set_] = slopes;
        coefficients[4u * row + 2u * set_ + 1u] = shares;
    }

    if row == 0u {
        ratio /= counting;
        let divisor = params.divisor * pixel_sums[1];
        let per = select(0.0, 1.0 / divisor, divisor > 0.0);
        var pixel = pixel_sums[0] * per;
        var scales = vec2(params.alpha * per);
        if params.logarithm != 0u {
            let mean = pixel;
            pixel = log(1.0 + mean);
            scales *= vec2(1.0 / (1.0 + mean), select(1.0, pixel / mean, mean > 0.0));
        }
        coefficients[4u * rows] = vec4(scales, 0.0, 0.0);
        let region = dot(lambda, ratio);
        terms[0] = params.alpha * pixel + params.beta * region;
        terms[1] = pixel;
        terms[2] = region;
        terms[3] = ratio.x;
        terms[4] = ratio.y;
    }
}
