// Assembles a batch from a study's slices: one invocation computes one pixel of all channels. Each image of the batch
// may be of another slice, show only a window of it, and be turned, scaled and mirrored (its pixel (x, y) is taken at
// xx·x + xy·y + x0 and yx·x + yy·y + y0: linearly between pixels for the image, from the nearest one for the label, 0
// beyond the slice), raised to a power, and made noisy; before that, a smooth random field may bend it. The maps of a
// label are only for windows of slices that do not move. With `context` slices on either side, neighbours within the subject come along as channels: first all
// modalities of the lowest neighbour, last those of the highest; at the ends the last slice stands in.
//#import shared/index

struct Params {
    images: u32,     // N
    modalities: u32, // M; the channels are M·(2·context + 1) = C
    height: u32,     // H of the batch
    width: u32,
    study_height: u32,
    study_width: u32,
    context: u32,    // neighbouring slices on either side
}

struct Draw {
    slice: u32,
    seed: u32,       // of the noise
    xx: f32, xy: f32, x0: f32,
    yx: f32, yy: f32, y0: f32,
    gamma: f32,
    noise: f32,      // standard deviation
    first: u32,      // of the subject's slices
    last: u32,
    elastic: f32,    // furthest that the field moves a pixel along an axis, in pixels
    cell: f32,       // pixels between two nodes of the field
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> image: array<f32>;         // (N, C, H, W)
@group(0) @binding(1) var<storage, read_write> contour: array<u32>;       // (N, H, W)
@group(0) @binding(2) var<storage, read_write> label: array<u32>;         // (N, H, W)
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;        // (N, H, W)
@group(0) @binding(3) var<storage, read> draws: array<Draw>;              // (N)
@group(0) @binding(4) var<storage, read> study_images: array<f32>;        // (D, M, H', W'), 0 to 1; H' and W' of the study
@group(0) @binding(4) var<storage, read> study_contours: array<u32>;      // (D, H', W')
@group(0) @binding(5) var<storage, read> study_labels: array<u32>;        // (D, H', W')
@group(0) @binding(5) var<storage, read> study_weights: array<f32>;       // (D, H', W')
@group(0) @binding(6) var<storage, read> study_scaling: array<vec2<f32>>; // (D, M): factor and summand of what the network sees

fn is_inside(place: vec2<i32>) -> bool {
    return all(place >= vec2(0)) && all(place < vec2(i32(params.study_width), i32(params.study_height)));
}

fn pixel(plane: u32, place: vec2<i32>) -> f32 {
    if !is_inside(place) { return 0.0; }
    return study_images[place_of(plane, vec2<u32>(place))];
}

fn place_of(plane: u32, place: vec2<u32>) -> u32 {
    return (plane * params.study_height + place.y) * params.study_width + place.x;
}

// PCG (Jarzynski & Olano 2020).
fn hash(value: u32) -> u32 {
    let state = value * 747796405u + 2891336453u;
    let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

// Nearly normal, of variance 1: four even numbers added up.
fn noise(seed: u32, i: u32) -> f32 {
    let a = hash(hash(i) ^ seed);
    let b = hash(a);
    let sum = (a & 0xffffu) + (a >> 16u) + (b & 0xffffu) + (b >> 16u);
    return (f32(sum) / 65535.0 - 2.0) * 1.7320508;
}

// Where the field's node (column, row) goes: -1 to 1 along both axes.
fn node(seed: u32, place: vec2<u32>) -> vec2<f32> {
    let a = hash(hash(place.y * 4096u + place.x) ^ (seed + 1u));
    return vec2(f32(a & 0xffffu), f32(a >> 16u)) / 32767.5 - 1.0;
}

// Between nodes the field is smooth: its slope is 0 at each of them.
fn bend(draw: Draw, x: f32, y: f32) -> vec2<f32> {
    let at = vec2(x, y) / draw.cell;
    let corner = vec2<u32>(floor(at));
    let part = at - floor(at);
    let ease = part * part * (3.0 - 2.0 * part);
    let above = mix(node(draw.seed, corner), node(draw.seed, corner + vec2(1u, 0u)), ease.x);
    let below = mix(node(draw.seed, corner + vec2(0u, 1u)), node(draw.seed, corner + vec2(1u, 1u)), ease.x);
    return draw.elastic * mix(above, below, ease.y);
}

@compute @workgroup_size(64)
fn batch_images(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let area = params.height * params.width;
    if i >= params.images * area { return; }
    let draw = draws[i / area];
    var x = f32(i % params.width);
    var y = f32(i / params.width % params.height);
    if draw.elastic != 0.0 {
        let bent = bend(draw, x, y);
        x += bent.x;
        y += bent.y;
    }
    let at = vec2(draw.xx * x + draw.xy * y + draw.x0, draw.yx * x + draw.yy * y + draw.y0);
    let nearest = vec2<i32>(floor(at + 0.5));
    label[i] = 0u;
    if is_inside(nearest) {
        label[i] = study_labels[place_of(draw.slice, vec2<u32>(nearest))];
    }
    let corner = vec2<i32>(floor(at));
    let part = at - floor(at);
    let channels = params.modalities * (2u * params.context + 1u);
    for (var channel = 0u; channel < channels; channel++) {
        let neighbour = i32(draw.slice + channel / params.modalities) - i32(params.context);
        let slice = u32(clamp(neighbour, i32(draw.first), i32(draw.last)));
        let plane = slice * params.modalities + channel % params.modalities;
        let above = mix(pixel(plane, corner), pixel(plane, corner + vec2(1, 0)), part.x);
        let below = mix(pixel(plane, corner + vec2(0, 1)), pixel(plane, corner + vec2(1, 1)), part.x);
        var value = mix(above, below, part.y);
        if draw.gamma != 1.0 { value = pow(max(value, 0.0), draw.gamma); }
        let inside = channel * area + i % area;
        if draw.noise != 0.0 { value += draw.noise * noise(draw.seed, inside); }
        image[i / area * channels * area + inside] = study_scaling[plane].x * value + study_scaling[plane].y;
    }
}

@compute @workgroup_size(64)
fn batch_maps(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let area = params.height * params.width;
    if i >= params.images * area { return; }
    let draw = draws[i / area];
    let first = vec2(u32(draw.x0), u32(draw.y0));
    let from_ = place_of(draw.slice, first + vec2(i % params.width, i / params.width % params.height));
    contour[i] = study_contours[from_];
    weight[i] = study_weights[from_];
}
