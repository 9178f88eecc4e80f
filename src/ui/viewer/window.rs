//! Which values are black and which are white.

/// Level ± width / 2, in the image's units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub level: f32,
    pub width: f32,
}

impl Window {
    /// −160 to 240 HU, the window that training clips to as well.
    pub const SOFT_TISSUE: Self = Self {
        level: 40.0,
        width: 400.0,
    };
}
