//! Twin of `shaders/shared/canvas.wgsl`: where a canvas pixel lies in a slice, and how colours mix.

/// The canvas and the slice under it. The slice coordinate of a canvas coordinate is `origin + step · (x, y)`;
/// voxel (i, j) covers `[i, i + 1) × [j, j + 1)`.
#[derive(Clone, Copy, Debug)]
pub struct Canvas {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// Columns and rows.
    pub slice: [u32; 2],
    pub origin: [f32; 2],
    pub step: [f32; 2],
}

impl Canvas {
    /// `[x, y]` of pixel `i`.
    #[must_use]
    pub fn pixel(&self, i: usize) -> [i32; 2] {
        let i = i as u32;
        [(i % self.size[0]) as i32, (i / self.size[0]) as i32]
    }

    /// Pixels.
    #[must_use]
    pub fn len(&self) -> usize {
        self.size[0] as usize * self.size[1] as usize
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[must_use]
    pub fn slice_coordinate(&self, [x, y]: [i32; 2]) -> [f32; 2] {
        [
            self.origin[0] + self.step[0] * (x as f32 + 0.5),
            self.origin[1] + self.step[1] * (y as f32 + 0.5),
        ]
    }

    /// The flat index of the voxel under a pixel, `None` outside the slice.
    #[must_use]
    pub fn voxel_under(&self, pixel: [i32; 2]) -> Option<usize> {
        let [u, v] = self.slice_coordinate(pixel).map(f32::floor);
        let [columns, rows] = self.slice.map(|size| size as f32);
        if u < 0.0 || v < 0.0 || u >= columns || v >= rows {
            return None;
        }
        Some(v as usize * self.slice[0] as usize + u as usize)
    }
}

/// From 0 to 1, in order r, g, b, a.
#[must_use]
pub fn unpack(color: u32) -> [f32; 4] {
    color.to_le_bytes().map(|byte| f32::from(byte) / 255.0)
}

#[must_use]
pub fn pack(color: [f32; 4]) -> u32 {
    u32::from_le_bytes(color.map(|part| (part.clamp(0.0, 1.0) * 255.0 + 0.5).floor() as u8))
}

/// One colour over another. The alpha of the one above is an opacity of its own; what comes of it is opaque.
#[must_use]
pub fn blend(under: u32, over: u32, opacity: f32) -> u32 {
    let (under, over) = (unpack(under), unpack(over));
    let part = opacity * over[3];
    let mixed = |c: usize| under[c] * (1.0 - part) + over[c] * part;
    pack([mixed(0), mixed(1), mixed(2), 1.0])
}
