// The gradient of a bias: the sum of dy over images and pixels. One invocation sums every `strips`-th pixel of
// one channel of one image; net/partial_sum adds up the (N · strips) partial sums.
//#import shared/index

struct Params {
    images: u32,
    channels: u32,
    size: u32,     // H·W
    strips: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;   // (strips, N, C)
@group(0) @binding(2) var<storage, read> dy: array<f32>;              // (N, C, H, W)

@compute @workgroup_size(64)
fn channel_sum(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    let planes = params.images * params.channels;
    if i >= params.strips * planes { return; }
    let strip = i % params.strips;
    let plane = i / params.strips;
    var total = 0.0;
    for (var pixel = strip; pixel < params.size; pixel += params.strips) {
        total += dy[plane * params.size + pixel];
    }
    partial[strip * planes + plane] = total;
}
