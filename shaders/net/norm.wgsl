// Group norm: over the channels of a group and all pixels (instance norm: as many groups as channels).
// Statistics: one invocation computes the mean of its share of a group, then the squared deviations from
// that mean; one invocation a group merges the shares (Chan, Golub, LeVeque 1983). Both count from the
// group's first element, so that a mean of 1000 costs no digits. Elementwise passes: one invocation computes eight pixels of one channel, `stride` apart.
// Backward: one invocation sums its share of a channel; one a group and one a channel add the shares up.
//#import shared/index

struct Params {
    images: u32,       // N
    channels: u32,     // C
    groups: u32,       // G
    size: u32,         // H·W
    strips: u32,       // shares of a group (forward) or of a channel (backward)
    eps: f32,
    accumulate: u32,   // backward: 0 writes dx, 1 adds to it
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;                    // (N, C, H, W); backward: dx
@group(0) @binding(1) var<storage, read_write> partial_out: array<vec2<f32>>;    // (N, G or C, strips) × 2
@group(0) @binding(1) var<storage, read_write> statistics_out: array<vec2<f32>>; // (N, G) × (mean, rstd)
@group(0) @binding(1) var<storage, read_write> moments_out: array<vec2<f32>>;    // (N, G) × means of w·dy, w·dy·x̂
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;             // (C), added to
@group(0) @binding(2) var<storage, read> x: array<f32>;                          // (N, C, H, W)
@group(0) @binding(2) var<storage, read> partial: array<vec2<f32>>;              // (N, G or C, strips) × 2
@group(0) @binding(3) var<storage, read> origin: array<f32>;                     // statistics: x (N, C, H, W)
@group(0) @binding(3) var<storage, read> group_weight: array<f32>;               // moments: weight (C)
@group(0) @binding(3) var<storage, read> statistics: array<vec2<f32>>;           // (N, G) × (mean, rstd)
@group(0) @binding(4) var<storage, read> weight: array<f32>;                     // (C)
@group(0) @binding(5) var<storage, read> bias: array<f32>;                       // (C)
@group(0) @binding(5) var<storage, read> dy: array<f32>;                         // (N, C, H, W)
@group(0) @binding(6) var<storage, read> moments: array<vec2<f32>>;              // (N, G) × 2

// Pixels of one channel that an invocation of an elementwise pass computes.
const RUN = 8u;

fn group_size() -> u32 {
    return params.channels / params.groups * params.size;
}

fn group_of(plane: u32) -> u32 {
    return plane / (params.channels / params.groups);
}

// (mean less the group's first element, sum of squared deviations) of every `strips`-th element of a group.
@compute @workgroup_size(64)
fn norm_partial(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.groups * params.strips { return; }
    let start = i / params.strips * group_size();
    let first = start + i % params.strips;
    let end = start + group_size();
    let shift = x[start];
    var sum = 0.0;
    for (var j = first; j < end; j += params.strips) { sum += x[j] - shift; }
    let mean = sum / share(i % params.strips);
    var deviation = 0.0;
    for (var j = first; j < end; j += params.strips) {
        let d = x[j] - shift - mean;
        deviation += d * d;
    }
    partial_out[i] = vec2(mean, deviation);
}

// Elements in the share of a strip.
fn share(strip: u32) -> f32 {
    return f32((group_size() - strip + params.strips - 1u) / params.strips);
}

@compute @workgroup_size(64)
fn norm_statistics(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.groups { return; }
    let first = i * params.strips;
    let count = f32(group_size());
    var sum = 0.0;
    for (var strip = 0u; strip < params.strips; strip++) { sum += share(strip) * partial[first + strip].x; }
    let mean = sum / count;
    var deviation = 0.0;
    for (var strip = 0u; strip < params.strips; strip++) {
        let d = partial[first + strip].x - mean;
        deviation += partial[first + strip].y + share(strip) * d * d;
    }
    statistics_out[i] = vec2(origin[i * group_size()] + mean, 1.0 / sqrt(deviation / count + params.eps));
}

@compute @workgroup_size(64)
fn norm_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let stride = (params.size + RUN - 1u) / RUN;
    let plane = i / stride;
    if plane >= params.images * params.channels { return; }
    let s = statistics[group_of(plane)];
    let scale = s.y * weight[plane % params.channels];
    let offset = bias[plane % params.channels];
    for (var pixel = i % stride; pixel < params.size; pixel += stride) {
        let j = plane * params.size + pixel;
        y[j] = (x[j] - s.x) * scale + offset;
    }
}

// (sum of dy, sum of dy·x̂) over every `strips`-th pixel of a channel.
@compute @workgroup_size(64)
fn norm_backward_partial(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let plane = i / params.strips;
    if plane >= params.images * params.channels { return; }
    let s = statistics[group_of(plane)];
    var sums = vec2(0.0);
    for (var pixel = i % params.strips; pixel < params.size; pixel += params.strips) {
        let j = plane * params.size + pixel;
        sums += dy[j] * vec2(1.0, x[j] - s.x);
    }
    partial_out[i] = vec2(sums.x, sums.y * s.y);
}

fn plane_sums(plane: u32) -> vec2<f32> {
    var sums = vec2(0.0);
    for (var strip = 0u; strip < params.strips; strip++) {
        sums += partial[plane * params.strips + strip];
    }
    return sums;
}

@compute @workgroup_size(64)
fn norm_backward_moments(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.groups { return; }
    let channels = params.channels / params.groups;
    var sums = vec2(0.0);
    for (var k = 0u; k < channels; k++) {
        let plane = i * channels + k;
        sums += group_weight[plane % params.channels] * plane_sums(plane);
    }
    moments_out[i] = sums / f32(group_size());
}

@compute @workgroup_size(64)
fn norm_backward_bias(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let channel = flat_index(id, groups);
    if channel >= params.channels { return; }
    var sum = 0.0;
    for (var image = 0u; image < params.images; image++) {
        sum += plane_sums(image * params.channels + channel).x;
    }
    gradient[channel] += sum;
}

@compute @workgroup_size(64)
fn norm_backward_weight(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let channel = flat_index(id, groups);
    if channel >= params.channels { return; }
    var sum = 0.0;
    for (var image = 0u; image < params.images; image++) {
        sum += plane_sums(image * params.channels + channel).y;
    }
    gradient[channel] += sum;
}

@compute @workgroup_size(64)
fn norm_backward_input(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let stride = (params.size + RUN - 1u) / RUN;
    let plane = i / stride;
    if plane >= params.images * params.channels { return; }
    let s = statistics[group_of(plane)];
    let m = moments[group_of(plane)];
    let w = weight[plane % params.channels];
    for (var pixel = i % stride; pixel < params.size; pixel += stride) {
        let j = plane * params.size + pixel;
        let dx = s.y * (w * dy[j] - m.x - (x[j] - s.x) * s.y * m.y);
        if params.accumulate != 0u { y[j] += dx; } else { y[j] = dx; }
    }
}
