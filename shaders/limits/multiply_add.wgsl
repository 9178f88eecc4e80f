// Multiplications and additions, and nothing else: one invocation keeps twelve numbers in registers and does 96 of
// each in a turn, eight in a row for each number. Twelve, because fewer do not fill a pipeline and more spill.
//#import shared/index

struct Params {
    count: u32,
    turns: u32,
    factor: f32,
    addend: f32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> y: array<f32>; // (count)

fn eight(a: f32, b: f32, c: f32) -> f32 {
    return (((((((a * b + c) * b + c) * b + c) * b + c) * b + c) * b + c) * b + c) * b + c;
}

@compute @workgroup_size(64)
fn multiply_add(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = flat_index(id, groups);
    if i >= params.count { return; }
    let b = params.factor;
    let c = params.addend;
    let start = f32(i % 64u) / 64.0;
    var a0 = start;
    var a1 = start + 1.0;
    var a2 = start + 2.0;
    var a3 = start + 3.0;
    var a4 = start + 4.0;
    var a5 = start + 5.0;
    var a6 = start + 6.0;
    var a7 = start + 7.0;
    var a8 = start + 8.0;
    var a9 = start + 9.0;
    var a10 = start + 10.0;
    var a11 = start + 11.0;
    for (var turn = 0u; turn < params.turns; turn++) {
        a0 = eight(a0, b, c);
        a1 = eight(a1, b, c);
        a2 = eight(a2, b, c);
        a3 = eight(a3, b, c);
        a4 = eight(a4, b, c);
        a5 = eight(a5, b, c);
        a6 = eight(a6, b, c);
        a7 = eight(a7, b, c);
        a8 = eight(a8, b, c);
        a9 = eight(a9, b, c);
        a10 = eight(a10, b, c);
        a11 = eight(a11, b, c);
    }
    y[i] = ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7)) + ((a8 + a9) + (a10 + a11));
}
