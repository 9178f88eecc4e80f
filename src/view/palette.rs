//! Colours as the shaders take them.

use std::sync::Arc;

/// Packed rgba8, opaque.
#[must_use]
pub fn pack([r, g, b]: [u8; 3]) -> u32 {
    u32::from_le_bytes([r, g, b, 255])
}

/// 256 colours of the heat map: inferno, perceptually uniform and rising in lightness throughout.
#[must_use]
pub fn heat_colors() -> Arc<[u32]> {
    let gradient = colorgrad::preset::inferno();
    let color = |i: usize| {
        let [r, g, b, _] = colorgrad::Gradient::at(&gradient, i as f32 / 255.0).to_rgba8();
        pack([r, g, b])
    };
    (0..256).map(color).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_rises_in_lightness() {
        let luma = |color: &u32| {
            let [r, g, b, _] = color.to_le_bytes().map(f32::from);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let lumas: Vec<_> = heat_colors().iter().map(luma).collect();
        assert!(lumas.windows(2).all(|pair| pair[1] >= pair[0] - 1.0));
        assert!(lumas[255] - lumas[0] > 200.0);
    }
}
