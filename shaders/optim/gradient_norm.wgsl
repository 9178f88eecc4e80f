// The norm of all gradients, and by how much it makes them shorter. First pass: one invocation sums the squares of
// every `strips`-th quad. Second pass: one invocation adds up the strips and says the factor that the optimiser takes.
// Numbers are added in blocks of 32, so that rounding grows with the square root of their number.
//#import shared/index

struct Params {
    quads: u32,      // of gradients: count / 4, padding included
    strips: u32,
    max_norm: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> squares: array<f32>;      // first pass: (strips)
@group(0) @binding(1) var<storage, read_write> clip: array<f32>;         // second pass: factor, norm
@group(0) @binding(2) var<storage, read> gradients: array<vec4<f32>>;    // first pass: (quads)
@group(0) @binding(2) var<storage, read> partial: array<f32>;            // second pass: (strips)

@compute @workgroup_size(64)
fn gradient_norm_squares(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let strip = flat_index(id, groups);
    if strip >= params.strips { return; }
    var total = 0.0;
    var quad = strip;
    while quad < params.quads {
        var block = 0.0;
        for (var b = 0u; b < 32u && quad < params.quads; b++) {
            block += dot(gradients[quad], gradients[quad]);
            quad += params.strips;
        }
        total += block;
    }
    squares[strip] = total;
}

@compute @workgroup_size(64)
fn gradient_norm_factor(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i > 0u { return; }
    var total = 0.0;
    var strip = 0u;
    while strip < params.strips {
        var block = 0.0;
        for (var b = 0u; b < 32u && strip < params.strips; b++) {
            block += partial[strip];
            strip++;
        }
        total += block;
    }
    let norm = sqrt(total);
    clip[0] = min(1.0, params.max_norm / (norm + 1e-6));
    clip[1] = norm;
}
