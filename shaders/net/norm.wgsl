// Group norm: over the channels of a group and all pixels (instance norm: as many groups as channels), and the leaky
// ReLU behind it. Statistics: one invocation computes the mean and the squared deviations of its share of a group,
// block by block, so that it reads each element once; one invocation a group merges the shares (Chan, Golub, LeVeque
// 1983). All count from the group's first element, so that a mean of 1000 costs no digits. Elementwise passes: one
// invocation computes eight quads of one channel; the last quad may reach into the padding of the tensor.
// Backward: one invocation sums its share of a channel; one a group and one a channel add the shares up.
//#import shared/index

struct Params {
    images: u32,       // N
    channels: u32,     // C
    groups: u32,       // G
    size: u32,         // H·W
    strips: u32,       // shares of a group (forward) or of a channel (backward)
    eps: f32,
    activate: u32,     // forward: 1 ends in a leaky ReLU
    accumulate: u32,   // backward: 0 writes dx, 1 adds to it
    through: u32,      // backward: 1 passes dx through the leaky ReLU that made x
    slope: f32,        // of either ReLU
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<stored_1>>;         // (N, C, H, W); backward: dx
@group(0) @binding(1) var<storage, read_write> partial_out: array<vec2<f32>>;    // (N, G or C, strips) × 2
@group(0) @binding(1) var<storage, read_write> statistics_out: array<vec2<f32>>; // (N, G) × (mean, rstd)
@group(0) @binding(1) var<storage, read_write> moments_out: array<vec2<f32>>;    // (N, G) × means of w·dy, w·dy·x̂
@group(0) @binding(2) var<storage, read_write> dweight: array<f32>;              // (C), added to
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;                // (C), added to
@group(0) @binding(2) var<storage, read> x: array<vec4<stored_2>>;               // (N, C, H, W)
@group(0) @binding(2) var<storage, read> partial: array<vec2<f32>>;              // (N, G, strips) × 2
@group(0) @binding(3) var<storage, read> origin: array<stored_3>;                // statistics: x (N, C, H, W)
@group(0) @binding(3) var<storage, read> statistics: array<vec2<f32>>;           // (N, G) × (mean, rstd)
@group(0) @binding(4) var<storage, read> weight: array<f32>;                     // (C)
@group(0) @binding(4) var<storage, read> channel_partial: array<vec2<f32>>;      // sums: (N, C, strips) × 2
@group(0) @binding(5) var<storage, read> bias: array<f32>;                       // (C)
@group(0) @binding(5) var<storage, read> group_weight: array<f32>;               // sums: weight (C)
@group(0) @binding(5) var<storage, read> dy: array<vec4<f32>>;                   // (N, C, H, W)
@group(0) @binding(6) var<storage, read> moments: array<vec2<f32>>;              // (N, G) × 2

// Quads of an invocation of an elementwise pass.
const RUN = 8u;
// Elements of a block of the statistics.
const BLOCK = 16u;

fn group_size() -> u32 {
    return params.channels / params.groups * params.size;
}

fn group_of(plane: u32) -> u32 {
    return plane / (params.channels / params.groups);
}

fn quads_in(size: u32) -> u32 {
    return (size + 3u) / 4u;
}

// Elements in every `strips`-th block of `size` elements, from block `strip` on.
fn share(strip: u32, size: u32) -> f32 {
    let blocks = (size + BLOCK - 1u) / BLOCK;
    let mine = (blocks - strip + params.strips - 1u) / params.strips;
    let missing = select(0u, blocks * BLOCK - size, (blocks - 1u) % params.strips == strip);
    return f32(mine * BLOCK - missing);
}

// Which of four elements from `offset` on are among `size`.
fn among(offset: u32, size: u32) -> vec4<bool> {
    return vec4(offset) + vec4(0u, 1u, 2u, 3u) < vec4(size);
}

fn x_at(i: u32) -> f32 { return f32(x[i / 4u][i % 4u]); }

fn dy_at(i: u32) -> f32 { return dy[i / 4u][i % 4u]; }

// How many of four elements from `i` on have to be read one by one: none if they are a quad. What follows from
// it is a loop and no `if`, of which software adapters run both sides.
fn ragged(i: u32) -> u32 { return select(0u, 4u, i % 4u != 0u); }

fn x_quad(i: u32) -> vec4<f32> {
    var values = vec4<f32>(x[i / 4u]);
    for (var k = 0u; k < ragged(i); k++) { values[k] = x_at(i + k); }
    return values;
}

fn dy_quad(i: u32) -> vec4<f32> {
    var values = dy[i / 4u];
    for (var k = 0u; k < ragged(i); k++) { values[k] = dy_at(i + k); }
    return values;
}

fn sum_of(v: vec4<f32>) -> f32 { return v.x + v.y + v.z + v.w; }

// A quad of a group from its first element on, less `shift`; zero beyond the group.
fn shifted(start: u32, j: u32, size: u32, shift: f32) -> vec4<f32> {
    return select(vec4(0.0), x_quad(start + j) - shift, among(j, size));
}

// (mean less the group's first element, sum of squared deviations) of every `strips`-th block of a group.
@compute @workgroup_size(64)
fn norm_partial(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.images * params.groups * params.strips { return; }
    let size = group_size();
    let start = i / params.strips * size;
    let shift = x_at(start);
    var mean = 0.0;
    var deviation = 0.0;
    var seen = 0.0;
    for (var j = i % params.strips * BLOCK; j < size; j += params.strips * BLOCK) {
        let a = shifted(start, j, size, shift);
        let b = shifted(start, j + 4u, size, shift);
        let c = shifted(start, j + 8u, size, shift);
        let d = shifted(start, j + 12u, size, shift);
        let count = f32(min(BLOCK, size - j));
        let block = sum_of(a + b + c + d) / count;
        let da = select(vec4(0.0), a - block, among(j, size));
        let db = select(vec4(0.0), b - block, among(j + 4u, size));
        let dc = select(vec4(0.0), c - block, among(j + 8u, size));
        let dd = select(vec4(0.0), d - block, among(j + 12u, size));
        let apart = block - mean;
        let portion = count / (seen + count);
        deviation += sum_of(da * da + db * db + dc * dc + dd * dd) + apart * apart * seen * portion;
        mean += apart * portion;
        seen += count;
    }
    partial_out[i] = vec2(mean, deviation);
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
    statistics_out[i] = vec2(f32(origin[i * group_size()]) + mean, 1.0 / sqrt(deviation / count + params.eps));
}

fn activated(v: vec4<f32>) -> vec4<f32> {
    return select(v, params.slope * v, vec4(params.activate != 0u) & (v <= vec4(0.0)));
}

@compute @workgroup_size(64)
fn norm_forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let count = params.images * params.channels * params.size;
    if params.size % 4u != 0u {
        let stride = (quads_in(count) + RUN - 1u) / RUN;
        for (var j = i; i < stride && j * 4u < count; j += stride) {
            let k = j * 4u;
            let values = vec4(normalised(k), normalised(k + 1u), normalised(k + 2u), normalised(k + 3u));
            y[j] = vec4<stored_1>(activated(values));
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
        let values = (vec4<f32>(x[plane * quads + j]) - s.x) * scale + offset;
        y[plane * quads + j] = vec4<stored_1>(activated(values));
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
            block += channel_partial[plane * params.strips + strip];
            strip++;
        }
        sums += block;
    }
    return sums;
}

// One invocation for each group of each image, then one for each channel.
@compute @workgroup_size(64)
fn norm_backward_sums(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let of_images = params.images * params.groups;
    if i < of_images {
        let channels = params.channels / params.groups;
        var sums = vec2(0.0);
        for (var plane = i * channels; plane < (i + 1u) * channels; plane++) {
            sums += group_weight[plane % params.channels] * plane_sums(plane);
        }
        moments_out[i] = sums / f32(group_size());
    } else if i < of_images + params.channels {
        let channel = i - of_images;
        var sums = vec2(0.0);
        for (var image = 0u; image < params.images; image++) {
            sums += plane_sums(image * params.channels + channel);
        }
        dbias[channel] += sums.x;
        dweight[channel] += sums.y;
    }
}

@compute @workgroup_size(64)
fn norm_backward_input(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let count = params.images * params.channels * params.size;
    if params.size % 4u != 0u {
        let stride = (quads_in(count) + RUN - 1u) / RUN;
        for (var j = i; i < stride && j * 4u < count; j += stride) {
            put(j, vec4(dx_at(j * 4u), dx_at(j * 4u + 1u), dx_at(j * 4u + 2u), dx_at(j * 4u + 3u)), vec4<f32>(x[j]));
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
        let gate = vec4<f32>(x[j]);
        put(j, s.y * (w * dy[j] - m.x - (gate - s.x) * s.y * m.y), gate);
    }
}

fn dx_at(element: u32) -> f32 {
    let i = min(element, params.images * params.channels * params.size - 1u);
    let plane = i / params.size;
    let s = statistics[group_of(plane)];
    let m = moments[group_of(plane)];
    return s.y * (weight[plane % params.channels] * dy_at(i) - m.x - (x_at(i) - s.x) * s.y * m.y);
}

// As shared/sink; the activation that dx belongs to is x.
fn put(quad: u32, dx: vec4<f32>, gate: vec4<f32>) {
    var sum = dx;
    if params.accumulate != 0u { sum += vec4<f32>(y[quad]); }
    if params.through != 0u { sum *= select(vec4(params.slope), vec4(1.0), gate > vec4(0.0)); }
    y[quad] = vec4<stored_1>(sum);
}
