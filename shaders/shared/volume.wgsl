// Voxels of a volume (D, H, W) in row-major order. Expects no globals.
fn voxel_at(index: u32, extent: vec3<u32>) -> vec3<i32> {
    let row = index / extent.x;
    return vec3<i32>(vec3(index % extent.x, row % extent.y, row / extent.y));
}

fn is_inside(at: vec3<i32>, extent: vec3<u32>) -> bool {
    return all(at >= vec3(0)) && all(at < vec3<i32>(extent));
}

fn voxel_index(at: vec3<i32>, extent: vec3<u32>) -> u32 {
    return (u32(at.z) * extent.y + u32(at.y)) * extent.x + u32(at.x);
}
