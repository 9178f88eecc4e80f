// The terms of the compound loss, and the coefficients of its Dice gradient `∂L/∂p = a + b·g` on the contour and
// off it: one invocation computes the coefficients of one class of one image (the first one also the terms), a
// workgroup 64 of them.
//#import shared/index

struct Params {
    samples: u32, // N
    classes: u32, // K
    by_sample: u32, // 1: a ratio for each image
    by_class: u32,  // 1: a ratio for each foreground class
    pixels: f32,    // N·H·W
    alpha: f32,
    beta: f32,
    lambda_contour: f32,
    lambda_noncontour: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> terms: array<f32>;              // (5): total, cross_entropy, dice, dice_contour, dice_noncontour
@group(0) @binding(2) var<storage, read_write> coefficients: array<vec4<f32>>; // (N, K): a, b on the contour, a, b off it
@group(0) @binding(3) var<storage, read> ratios: array<vec4<f32>>;             // (pools, 2): a, b, D, 1 if it counts
@group(0) @binding(4) var<storage, read> cross_entropy_sum: array<f32>;        // (1)

@compute @workgroup_size(64)
fn region_terms(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let row = flat_index(id, groups);
    if row >= params.samples * params.classes { return; }
    let across = select(1u, params.classes - 1u, params.by_class != 0u);
    let pools = select(1u, params.samples, params.by_sample != 0u) * across;
    var counting = 0.0;
    var dice = vec2(0.0);
    for (var pool = 0u; pool < pools; pool++) {
        counting += ratios[2u * pool].w;
        dice += vec2(ratios[2u * pool].z, ratios[2u * pool + 1u].z);
    }
    counting = max(counting, 1.0);

    let k = row % params.classes;
    var ab = vec4(0.0);
    if k != 0u {
        let image = select(0u, row / params.classes, params.by_sample != 0u);
        let pool = image * across + select(0u, k - 1u, params.by_class != 0u);
        ab = vec4(params.lambda_contour * ratios[2u * pool].xy, params.lambda_noncontour * ratios[2u * pool + 1u].xy);
    }
    coefficients[row] = params.beta / counting * ab;

    if row == 0u {
        dice /= counting;
        let cross_entropy = cross_entropy_sum[0] / params.pixels;
        let separable = params.lambda_contour * dice.x + params.lambda_noncontour * dice.y;
        terms[0] = params.alpha * cross_entropy + params.beta * separable;
        terms[1] = cross_entropy;
        terms[2] = separable;
        terms[3] = dice.x;
        terms[4] = dice.y;
    }
}
