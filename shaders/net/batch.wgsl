// Assembles a batch from a study's slices: one invocation computes one pixel of all channels. Each image of the batch
// may be of another slice, and be turned, scaled and mirrored (its pixel (x, y) is taken at xx·x + xy·y + x0 and
// yx·x + yy·y + y0: linearly between pixels for the image, from the nearest one for the label, 0 beyond the slice),
// raised to a power, and made noisy. The maps of a label move only if its slice does.
//#import shared/index

struct Params {
    images: u32,     // N
    channels: u32,   // C
    height: u32,
    width: u32,
}

struct Draw {
    slice: u32,
    seed: u32,       // of the noise
    xx: f32, xy: f32, x0: f32,
    yx: f32, yy: f32, y0: f32,
    gamma: f32,
    noise: f32,      // standard deviation
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> image: array<f32>;         // (N, C, H, W)
@group(0) @binding(1) var<storage, read_write> contour: array<u32>;       // (N, H, W)
@group(0) @binding(2) var<storage, read_write> label: array<u32>;         // (N, H, W)
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;        // (N, H, W)
@group(0) @binding(3) var<storage, read> draws: array<Draw>;              // (N)
@group(0) @binding(4) var<storage, read> study_images: array<f32>;        // (D, C, H, W)
@group(0) @binding(4) var<storage, read> study_contours: array<u32>;      // (D, H, W)
@group(0) @binding(5) var<storage, read> study_labels: array<u32>;        // (D, H, W)
@group(0) @binding(5) var<storage, read> study_weights: array<f32>;       // (D, H, W)

fn is_inside(place: vec2<i32>) -> bool {
    return all(place >= vec2(0)) && all(place < vec2(i32(params.width), i32(params.height)));
}

fn pixel(plane: u32, place: vec2<i32>) -> f32 {
    if !is_inside(place) { return 0.0; }
    return study_images[(plane * params.height + u32(place.y)) * params.width + u32(place.x)];
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

@compute @workgroup_size(64)
fn batch_images(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let area = params.height * params.width;
    if i >= params.images * area { return; }
    let draw = draws[i / area];
    let x = f32(i % params.width);
    let y = f32(i / params.width % params.height);
    let at = vec2(draw.xx * x + draw.xy * y + draw.x0, draw.yx * x + draw.yy * y + draw.y0);
    let nearest = vec2<i32>(floor(at + 0.5));
    label[i] = 0u;
    if is_inside(nearest) {
        label[i] = study_labels[draw.slice * area + u32(nearest.y) * params.width + u32(nearest.x)];
    }
    let corner = vec2<i32>(floor(at));
    let part = at - floor(at);
    for (var channel = 0u; channel < params.channels; channel++) {
        let plane = draw.slice * params.channels + channel;
        let above = mix(pixel(plane, corner), pixel(plane, corner + vec2(1, 0)), part.x);
        let below = mix(pixel(plane, corner + vec2(0, 1)), pixel(plane, corner + vec2(1, 1)), part.x);
        var value = mix(above, below, part.y);
        if draw.gamma != 1.0 { value = pow(max(value, 0.0), draw.gamma); }
        let inside = channel * area + i % area;
        if draw.noise != 0.0 { value += draw.noise * noise(draw.seed, inside); }
        image[i / area * params.channels * area + inside] = value;
    }
}

@compute @workgroup_size(64)
fn batch_maps(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let area = params.height * params.width;
    if i >= params.images * area { return; }
    let from_ = draws[i / area].slice * area + i % area;
    contour[i] = study_contours[from_];
    weight[i] = study_weights[from_];
}
