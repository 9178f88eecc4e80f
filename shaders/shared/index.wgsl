// The flat index of an invocation, or of a workgroup, in a dispatch whose workgroups of 64 were folded into y
// (a dimension holds at most 65,535 workgroups). Expects no globals.
fn flat_index(global_id: vec3<u32>, groups: vec3<u32>) -> u32 {
    return global_id.x + global_id.y * groups.x * 64u;
}

fn group_index(workgroup_id: vec3<u32>, groups: vec3<u32>) -> u32 {
    return workgroup_id.x + workgroup_id.y * groups.x;
}
