//! Which values are black and which are white.

/// Level ± width / 2, in the image's units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub level: f32,
    pub width: f32,
}

impl Window {
    /// −160 to 240 HU, the window that training clips to as well.
    pub const SOFT_TISSUE: Self = Self::new(40.0, 400.0);
    pub const LIVER: Self = Self::new(30.0, 150.0);
    pub const BONE: Self = Self::new(400.0, 1800.0);
    pub const LUNG: Self = Self::new(-600.0, 1500.0);

    /// The narrowest window, so that black and white never meet.
    pub const MIN_WIDTH: f32 = 1e-3;

    pub const fn new(level: f32, width: f32) -> Self {
        Self { level, width }
    }

    pub fn between(low: f32, high: f32) -> Self {
        Self::new((low + high) / 2.0, (high - low).max(Self::MIN_WIDTH))
    }

    /// Without the digits that nobody sees: to a thousandth of the width or finer.
    pub fn rounded(self) -> Self {
        let width = self.width.max(Self::MIN_WIDTH);
        let grain = 10_f32.powf((width / 1000.0).log10().floor() + 1.0).min(1.0);
        let round = |value: f32| (value / grain).round() * grain;
        Self::new(round(self.level), round(width).max(Self::MIN_WIDTH))
    }

    /// The values that are black and white.
    pub fn ends(self) -> [f32; 2] {
        [self.level - self.width / 2.0, self.level + self.width / 2.0]
    }
}
