// Sums of every `columns`-th number: one invocation computes one column, a workgroup 64 columns side by side.
// Numbers are added in blocks of 32, so that rounding grows with the square root of the rows.
//#import shared/index

struct Params {
    count: u32,   // numbers; the last row may be short
    columns: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>; // (columns)
@group(0) @binding(2) var<storage, read> x: array<f32>;          // (rows, columns)

@compute @workgroup_size(64)
fn sum(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let column = flat_index(id, groups);
    if column >= params.columns { return; }
    var total = 0.0;
    var i = column;
    while i < params.count {
        var block = 0.0;
        for (var b = 0u; b < 32u && i < params.count; b++) {
            block += x[i];
            i += params.columns;
        }
        total += block;
    }
    sums[column] = total;
}
