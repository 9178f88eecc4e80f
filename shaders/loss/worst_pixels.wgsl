// The pixels of each image whose values are largest: one workgroup works on one image. A share of the pixels that count is
// kept, at least one. The least value kept is found bit by bit, since numbers that are not negative are ordered as their
// bits are. Pixels that share this value share what is left, so that the weights of an image add up to the number kept.
//#import shared/index

struct Params {
    samples: u32,   // N
    pixels: u32,    // H·W
    per_mille: u32, // pixels kept of 1000, 1 to 1000
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weight: array<f32>;   // (N, H, W)
@group(0) @binding(2) var<storage, read> values: array<vec2<f32>>;   // (N, H, W): value, 1 if the pixel counts

var<workgroup> counts: array<vec2<u32>, 64>;

// 0 for a pixel that does not count, else above 0.
fn rank(pixel: u32) -> u32 {
    let value = values[pixel];
    return select(0u, 1u + (bitcast<u32>(max(value.x, 0.0)) & 0x7fffffffu), value.y > 0.0);
}

// The sums over a workgroup.
fn total(local: u32, own: vec2<u32>) -> vec2<u32> {
    counts[local] = own;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if local < half { counts[local] += counts[local + half]; }
        workgroupBarrier();
    }
    let sum = counts[0];
    workgroupBarrier();
    return sum;
}

@compute @workgroup_size(64)
fn worst_pixels(
    @builtin(workgroup_id) workgroup: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    // An image past the last has no pixels: every invocation goes through the same barriers.
    let image = group_index(workgroup, groups);
    let first = image * params.pixels;
    let end = select(first, first + params.pixels, image < params.samples);
    var own = vec2(0u);
    for (var x = first + local; x < end; x += 64u) { own.x += u32(values[x].y > 0.0); }
    let counted = total(local, own).x;
    let kept = max(1u, counted * params.per_mille / 1000u);
    var least = 0u;
    for (var bit = 31u; bit > 0u; bit--) {
        let candidate = least | (1u << (bit - 1u));
        own = vec2(0u);
        for (var x = first + local; x < end; x += 64u) { own.x += u32(rank(x) >= candidate); }
        if total(local, own).x >= kept { least = candidate; }
    }
    own = vec2(0u);
    for (var x = first + local; x < end; x += 64u) {
        own += vec2(u32(rank(x) > least), u32(rank(x) == least));
    }
    let found = total(local, own);
    let left = f32(kept - found.x) / f32(max(found.y, 1u));
    for (var x = first + local; x < end; x += 64u) {
        let of_pixel = rank(x);
        let at_least = select(0.0, left, of_pixel == least && of_pixel > 0u);
        weight[x] = select(at_least, 1.0, of_pixel > least);
    }
}
