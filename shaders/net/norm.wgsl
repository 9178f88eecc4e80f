// Group norm: over the channels of a group and all pixels (instance norm: as many groups as channels).
// Statistics: one invocation computes the mean of its share of a group, then the squared deviations from
// that mean; one invocation a group merges the shares (Chan, Golub, LeVeque 1983). Both count from the
// group's first element, so that a mean of 1000 costs no digits. Elementwise passes: one invocation computes
// four quads of one channel; the last quad may reach into the padding of the tensor.
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
@group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;              // (N, C, H, W); backward: dx
@group(0) @binding(1) var<storage, read_write> partial_out: array<vec2<f32>>;    // (N, G or C, strips) × 2
@group(0) @binding(1) var<storage, read_write> statistics_out: array<vec2<f32>>; // (N, G) × (mean, rstd)
@group(0) @binding(1) var<storage, read_write> moments_out: array<vec2<f32>>;    // (N, G) × means of w·dy, w·dy·x̂
@group(0) @binding(1) var<storage, read_write> gradient: array<f32>;             // (C), added to
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;                    // (N, C, H, W)
@group(0) @binding(2) var<storage, read> partial: array<vec2<f32>>;              // (N, G or C, strips) × 2
@group(0) @binding(3) var<storage, read> origin: array<f32>;                     // statistics: x (N, C, H, W)
@group(0) @binding(3) var<storage, read> group_weight: array<f32>;               // moments: weight (C)
@group(0) @binding(3) var<storage, read> statistics: array<vec2<f32>>;           // (N, G) × (mean, rstd)
@group(0) @binding(4) var<storage, read> weight: array<f32>;                     // (C)
@group(0) @binding(5) var<storage, read> bias: array<f32>;                       // (C)
@group(0) @binding(5) var<storage, read> dy: array<vec4<f32>>;                   // (N, C, H, W)
@group(0) @binding(6) var<storage, read> moments: array<vec2<f32>>;              // (N, G) × 2

// Quads of an invocation of an elementwise pass.
const RUN = 4u;

fn group_size() -> u32 {
    return params.channels / params.groups * params.size;
}

fn group_of(plane: u32) -> u32 {
    return plane / (params.channels / params.groups);
}

fn quads_in(size: u32) -> u32 {
    return (size + 3u) / 4u;
}

// Elements in every `strips`-th quad of `size` elements, from quad `strip` on.
fn share(strip: u32, size: u32) -> f32 {
    let quads = quads_in(size);
    let mine = (quads - strip + params.strips - 1u) / params.strips;
    let missing = select(0u, quads * 4u - size, (quads - 1u) % params.strips == strip);
    return f32(mine * 4u - missing);
}

// Which of four elements from `offset` on are among `size`.
fn among(offset: u32, size: u32) -> vec4<bool> {
    return vec4(offset) + vec4(0u, 1u, 2u, 3u) < vec4(size);
}

fn x_at(i: u32) -> f32 { return x[i / 4u][i % 4u]; }

fn dy_at(i: u32) -> f32 { return dy[i / 4u][i % 4u]; }

// How many of four elements from `i` on have to be read one by one: none if they are a quad. What follows from
// it is a loop and no `if`, of which software adapters run both sides.
fn ragged(i: u32) -> u32 { return select(0u, 4u, i % 4u != 0u); }

fn x_quad(i: u32) -> vec4<f32> {
    var values = x[i / 4u];
    for (var k = 0u; k < ragged(i); k++) { values[k] = x_at(i + k); }
    return values;
}

fn dy_quad(i: u32) -> vec4<f32> {
    var values = dy[i / 4u];
    for (var k = 0u; k < ragged(i); k++) { values[k] = dy_at(i + k); }
    return values;
}

fn sum_of(v: vec4<f32>) -> f32 { return v.x + v.y + v.z + v.w; }

// (mean less the group's first element, sum of squared deviations) of every `strips`-th quad of a group.
@compute @workgroup_size(64)
fn norm_partial(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.groups * params.strips { return; }
    let size = group_size();
    let start = i / params.strips * size;
    let strip = i % params.strips;
    let shift = x_at(start);
    var sum = vec4(0.0);
    for (var j = strip * 4u; j < size; j += params.strips * 4u) {
        sum += select(vec4(0.0), x_quad(start + j) - shift, among(j, size));
    }
    let mean = sum_of(sum) / share(strip, size);
    var deviation = vec4(0.0);
    for (var j = strip * 4u; j < size; j += params.strips * 4u) {
        let d = select(vec4(0.0), x_quad(start + j) - shift - mean, among(j, size));
        deviation += d * d;
    }
    partial_out[i] = vec2(mean, sum_of(deviation));
}

@compute @workgroup_size(64)
fn norm_statistics(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.groups { return; }
    let first = i * params.strips;
    let count = f32(group_size());
    var sum = 0.0;
    for (var strip = 0u; strip < params.strips; strip++) { sum += share(strip, group_size()) * partial[first + strip].x; }
    let mean = sum / count;
    var deviation = 0.0;
    for (var strip = 0u; strip < params.strips; strip++) {
        let d = partial[first + strip].x - mean;
        deviation += partial[first + strip].y + share(strip, group_size()) * d * d;
    }
    statistics_out[i] = vec2(origin[i * group_size()] + mean, 1.0 / sqrt(deviation / count + params.eps));
}

@compute @workgroup_size(64)
fn norm_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let count = params.images * params.channels * params.size;
    if params.size % 4u != 0u {
        let stride = (quads_in(count) + RUN - 1u) / RUN;
        for (var j = i; i < stride && j * 4u < count; j += stride) {
            y[j] = vec4(normalised(j * 4u), normalised(j * 4u + 1u), normalised(j * 4u + 2u), normalised(j * 4u + 3u));
        }
        return;
    }
    let quads = params.size / 4u;
    let stride = (quads + RUN - 1u) / RUN;
    let plane = i / stride;
    if plane >= params.images * params.channels { return; }
    let s = statistics[group_of(plane)];
    let scale = s.y * weight[plane % params.channels];
    let offset = bias[plane % params.channels];
    for (var j = i % stride; j < quads; j += stride) {
        y[plane * quads + j] = (x[plane * quads + j] - s.x) * scale + offset;
    }
}

fn normalised(element: u32) -> f32 {
    let i = min(element, params.images * params.channels * params.size - 1u);
    let plane = i / params.size;
    let s = statistics[group_of(plane)];
    return (x_at(i) - s.x) * (s.y * weight[plane % params.channels]) + bias[plane % params.channels];
}

// (sum of dy, sum of dy·x̂) over every `strips`-th quad of a channel.
@compute @workgroup_size(64)
fn norm_backward_partial(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let plane = i / params.strips;
    if plane >= params.images * params.channels { return; }
    let s = statistics[group_of(plane)];
    var sum = vec4(0.0);
    var sum_x = vec4(0.0);
    for (var j = i % params.strips * 4u; j < params.size; j += params.strips * 4u) {
        let inside = among(j, params.size);
        let slopes = select(vec4(0.0), dy_quad(plane * params.size + j), inside);
        sum += slopes;
        sum_x += slopes * select(vec4(0.0), x_quad(plane * params.size + j) - s.x, inside);
    }
    partial_out[i] = vec2(sum_of(sum), sum_of(sum_x) * s.y);
}

// In blocks of 32, so that 4096 shares round no more than 160.
fn plane_sums(plane: u32) -> vec2<f32> {
    var sums = vec2(0.0);
    var strip = 0u;
    while strip < params.strips {
        var block = vec2(0.0);
        for (var b = 0u; b < 32u && strip < params.strips; b++) {
            block += partial[plane * params.strips + strip];
            strip++;
        }
        sums += block;
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
    let count = params.images * params.channels * params.size;
    if params.size % 4u != 0u {
        let stride = (quads_in(count) + RUN - 1u) / RUN;
        for (var j = i; i < stride && j * 4u < count; j += stride) {
            put(j, vec4(dx_at(j * 4u), dx_at(j * 4u + 1u), dx_at(j * 4u + 2u), dx_at(j * 4u + 3u)));
        }
        return;
    }
    let quads = params.size / 4u;
    let stride = (quads + RUN - 1u) / RUN;
    let plane = i / stride;
    if plane >= params.images * params.channels { return; }
    let s = statistics[group_of(plane)];
    let m = moments[group_of(plane)];
    let w = weight[plane % params.channels];
    for (var j = plane * quads + i % stride; j < (plane + 1u) * quads; j += stride) {
        put(j, s.y * (w * dy[j] - m.x - (x[j] - s.x) * s.y * m.y));
    }
}

fn dx_at(element: u32) -> f32 {
    let i = min(element, params.images * params.channels * params.size - 1u);
    let plane = i / params.size;
    let s = statistics[group_of(plane)];
    let m = moments[group_of(plane)];
    return s.y * (weight[plane % params.channels] * dy_at(i) - m.x - (x_at(i) - s.x) * s.y * m.y);
}

fn put(quad: u32, dx: vec4<f32>) {
    if params.accumulate != 0u { y[quad] += dx; } else { y[quad] = dx; }
}
