// The ratios of a region loss on the contour and off it: one invocation computes the two ratios of one pool (images,
// classes or one of them), a workgroup 64 pools. With S = (Σqt, Σq, Σt, Σq²), each class weighted by u_k,
// D = (1 − (numerator·S + ε₀) / (denominator·S + ε₁))^exponent, ∂D/∂q = u (a + b·t + c·q), and D is the sum over
// the pairs of s₀ + u s·(qt, q, t, q²), exactly: both are linear in the sums.
//#import shared/index
//#import shared/numbers

struct Params {
    samples: u32, // N
    classes: u32, // K
    first: u32,   // 1: the background takes no part
    by_sample: u32, // 1: a ratio for each image
    by_class: u32,  // 1: a ratio for each class
    exclude: u32,   // 1: a pool without a target is left out
    weighting: u32, // EQUAL, …: what u is
    pixels: f32,    // H·W
    numerator_qt: f32,
    numerator_t: f32,
    denominator_qt: f32,
    denominator_q: f32,
    denominator_t: f32,
    denominator_qq: f32,
    smooth_numerator: f32,   // ε₀
    smooth_denominator: f32, // ε₁
    exponent: f32,
    boundary: u32, // 1: contour and rest make one ratio, with an overlap that α raises
    limit: f32,    // the largest α
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> ratios: array<vec4<f32>>; // (pools, 2, 3): a, b, c, D; s; s₀, 1 if it counts
@group(0) @binding(2) var<storage, read_write> members: array<f32>;      // (N, K): u, 0 for the background left out
@group(0) @binding(3) var<storage, read> sums: array<vec4<f32>>;         // (N, K, 2): contour, rest; S

// `raised` is added to the factors of Σqt, above and below.
fn ratio(at: u32, sums: vec4<f32>, raised: f32, pairs: f32, counts: bool) {
    let numerator = vec4(params.numerator_qt + raised, 0.0, params.numerator_t, 0.0);
    let denominator = vec4(params.denominator_qt + raised, params.denominator_q, params.denominator_t, params.denominator_qq);
    let above = dot(numerator, sums) + params.smooth_numerator;
    let below = dot(denominator, sums) + params.smooth_denominator;
    let excess = params.smooth_denominator - params.smooth_numerator;
    let plain = (dot(denominator - numerator, sums) + excess) / below;
    var slope = params.exponent;
    var share = 1.0;
    if params.exponent != 1.0 {
        share = select(0.0, pow(plain, params.exponent - 1.0), plain > 0.0);
        slope *= share;
    }
    let d = slope * (denominator * above / below - numerator) / below;
    ratios[at] = select(vec4(0.0), vec4(d.y, d.x, 2.0 * d.w, plain * share), counts);
    ratios[at + 1u] = select(vec4(0.0), share * (denominator - numerator) / below, counts);
    ratios[at + 2u] = select(vec4(0.0), vec4(share * excess / below / pairs, 1.0, 0.0, 0.0), counts);
}

fn class_weight(pixels: f32) -> f32 {
    switch params.weighting {
        case SIMPLE: { return 1.0 / pixels; }
        case SQUARE: { return 1.0 / pixels / pixels; }
        case SOFTENED: { return 1.0 / (pixels * pixels + 1e-3); }
        default: { return 1.0; }
    }
}

@compute @workgroup_size(64)
fn region_ratios(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pool = flat_index(id, groups);
    let all = params.classes - params.first;
    let across = select(1u, all, params.by_class != 0u);
    if pool >= select(1u, params.samples, params.by_sample != 0u) * across { return; }
    let image = pool / across;
    let class_ = params.first + pool % across;
    let images = select(vec2(0u, params.samples), vec2(image, image + 1u), params.by_sample != 0u);
    let classes = select(vec2(params.first, params.classes), vec2(class_, class_ + 1u), params.by_class != 0u);
    // A class without a pixel would weigh infinitely much: it takes the largest weight of the others.
    var fewest = 0.0;
    for (var k = classes.x; k < classes.y; k++) {
        let pixels = class_pixels(images, k);
        if pixels > 0.0 && (fewest == 0.0 || pixels < fewest) { fewest = pixels; }
    }
    var on = vec4(0.0);
    var off = vec4(0.0);
    for (var k = classes.x; k < classes.y; k++) {
        let pixels = class_pixels(images, k);
        var u = 0.0;
        if pixels > 0.0 || params.weighting == EQUAL || params.weighting == SOFTENED {
            u = class_weight(pixels);
        } else if fewest > 0.0 {
            u = class_weight(fewest);
        }
        var class_on = vec4(0.0);
        var class_off = vec4(0.0);
        for (var n = images.x; n < images.y; n++) {
            let row = n * params.classes + k;
            members[row] = u;
            class_on += sums[2u * row];
            class_off += sums[2u * row + 1u];
        }
        on += u * class_on;
        off += u * class_off;
    }
    let targets = on.z + off.z;
    let counts = params.exclude == 0u || targets > 0.0;
    let pairs = params.pixels * f32((images.y - images.x) * (classes.y - classes.x));
    if params.boundary == 0u {
        ratio(6u * pool, on, 0.0, pairs, counts);
        ratio(6u * pool + 3u, off, 0.0, pairs, counts);
        return;
    }
    let share = (on.z + params.smooth_denominator) / (targets + params.smooth_denominator);
    let raised = 1.0 - min(1.0 - 2.0 * share, params.limit);
    ratio(6u * pool, on + off, raised, pairs, counts);
    ratio(6u * pool + 3u, on + off, raised, pairs, counts);
    let of_contour = dot(ratios[6u * pool + 1u], on);
    ratios[6u * pool + 3u].w = ratios[6u * pool].w - of_contour;
    ratios[6u * pool].w = of_contour;
}

fn class_pixels(images: vec2<u32>, k: u32) -> f32 {
    var pixels = 0.0;
    for (var n = images.x; n < images.y; n++) {
        let row = n * params.classes + k;
        pixels += sums[2u * row].z + sums[2u * row + 1u].z;
    }
    return pixels;
}
