// The pixels of each image whose values are largest. Numbers that are not negative are ordered as their bits are, so the
// least value kept is found digit by digit, eight bits at a time: `worst_count` counts the digits of the pixels that agree
// with what is found so far (one invocation a pixel), `worst_choose` picks the digit (one invocation an image). After four
// rounds `worst_weight` weighs each pixel (one invocation a pixel). Integer atomics give the same counts in any order.
//#import shared/index

struct Params {
    samples: u32,   // N
    pixels: u32,    // H·W
    per_mille: u32, // pixels kept of 1000, 1 to 1000
    shift: u32,     // of the digit: 24, 16, 8, 0
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> weight: array<f32>;              // (N, H, W)
@group(0) @binding(2) var<storage, read_write> histogram: array<atomic<u32>>;   // (N, 256); 0 on entry
@group(0) @binding(3) var<storage, read_write> found: array<vec4<u32>>;         // (N): digits, pixels left to keep, pixels at them
@group(0) @binding(4) var<storage, read> values: array<vec2<f32>>;              // (N, H, W): value, 1 if the pixel counts

// 0 for a pixel that does not count, else above 0.
fn rank(pixel: u32) -> u32 {
    let value = values[pixel];
    return select(0u, 1u + (bitcast<u32>(max(value.x, 0.0)) & 0x7fffffffu), value.y > 0.0);
}

@compute @workgroup_size(64)
fn worst_count(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.samples * params.pixels { return; }
    let image = pixel / params.pixels;
    let own = rank(pixel);
    if own == 0u { return; }
    if params.shift < 24u {
        // A shift by all 32 bits is none in WGSL.
        let above = params.shift + 8u;
        if own >> above != found[image].x >> above { return; }
    }
    atomicAdd(&histogram[256u * image + ((own >> params.shift) & 255u)], 1u);
}

@compute @workgroup_size(64)
fn worst_choose(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let image = flat_index(id, groups);
    if image >= params.samples { return; }
    var counted = 0u;
    for (var digit = 0u; digit < 256u; digit++) { counted += atomicLoad(&histogram[256u * image + digit]); }
    var state = found[image];
    if params.shift == 24u { state = vec4(0u, max(1u, counted * params.per_mille / 1000u), 0u, 0u); }
    var larger = 0u;
    var chosen = false;
    for (var i = 0u; i < 256u; i++) {
        let digit = 255u - i;
        let count = atomicExchange(&histogram[256u * image + digit], 0u);
        if !chosen && larger + count >= state.y && count > 0u {
            chosen = true;
            state = vec4(state.x | (digit << params.shift), state.y - larger, count, 0u);
        }
        larger += count;
    }
    found[image] = state;
}

@compute @workgroup_size(64)
fn worst_weight(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let pixel = flat_index(id, groups);
    if pixel >= params.samples * params.pixels { return; }
    let state = found[pixel / params.pixels];
    let own = rank(pixel);
    let last = select(0.0, f32(state.y) / f32(max(state.z, 1u)), own == state.x && own > 0u);
    weight[pixel] = select(last, 1.0, own > state.x);
}
