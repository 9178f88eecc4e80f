//! Twin of `shaders/contour/dilate.wgsl`.

/// OR over the mirrored structuring element (offsets x, y, z) of class sets (D, H, W). Nothing grows in from
/// outside.
pub fn dilate(dilated: &mut [u32], bits: &[u32], element: &[[i32; 3]], dims: [usize; 3]) {
    let [depth, height, width] = dims.map(|extent| extent as i32);
    let mut i = 0;
    for z in 0..depth {
        for y in 0..height {
            for x in 0..width {
                let mut classes = 0;
                for [dx, dy, dz] in element {
                    let (x, y, z) = (x - dx, y - dy, z - dz);
                    let inside =
                        (0..width).contains(&x) && (0..height).contains(&y) && (0..depth).contains(&z);
                    if inside {
                        classes |= bits[((z * height + y) * width + x) as usize];
                    }
                }
                dilated[i] = classes;
                i += 1;
            }
        }
    }
}
