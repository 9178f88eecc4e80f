//! Colours as the shaders take them.

use std::sync::Arc;

use colorgrad::Gradient;

/// Packed rgba8, opaque.
#[must_use]
pub fn pack([r, g, b]: [u8; 3]) -> u32 {
    u32::from_le_bytes([r, g, b, 255])
}

/// 256 colours of the heat map: inferno, perceptually uniform and rising in lightness throughout.
#[must_use]
pub fn heat_colors() -> Arc<[u32]> {
    colors(&colorgrad::preset::inferno(), 256)
}

/// 255 colours for what may be less or more: blue below the middle one, which is nearly white, and red above it.
#[must_use]
pub fn difference_colors() -> Arc<[u32]> {
    colors(&colorgrad::preset::rd_bu(), 255)
        .iter()
        .rev()
        .copied()
        .collect()
}

fn colors(gradient: &impl Gradient, count: usize) -> Arc<[u32]> {
    let color = |i: usize| {
        let [r, g, b, _] = gradient.at(i as f32 / (count - 1) as f32).to_rgba8();
        pack([r, g, b])
    };
    (0..count).map(color).collect()
}

/// A colour for each value, as the heat map's kernel picks it: the first for `low` and less, the last for `high` and
/// more.
#[must_use]
pub fn colored(values: &[f32], [low, high]: [f32; 2], colors: &[u32]) -> Vec<u32> {
    let last = (colors.len() - 1) as f32;
    let color = |value: &f32| {
        let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
        colors[(part * last + 0.5) as usize]
    };
    values.iter().map(color).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colours are whole steps of 255.
    const ROUNDING: f32 = 1.0;

    fn luma(color: &u32) -> f32 {
        let [r, g, b, _] = color.to_le_bytes().map(f32::from);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    #[test]
    fn heat_rises_in_lightness() {
        let lumas: Vec<_> = heat_colors().iter().map(luma).collect();
        assert!(lumas.windows(2).all(|pair| pair[1] >= pair[0] - 1.0));
        assert!(lumas[255] - lumas[0] > 200.0);
    }

    #[test]
    fn no_difference_is_the_lightest_colour_without_a_hue() {
        let colors = difference_colors();
        let [middle] = colored(&[0.0], [-2.0, 2.0], &colors)[..] else {
            panic!("one value has one colour")
        };
        assert_eq!(middle, colors[127]);
        assert!(colors.iter().all(|color| luma(color) <= luma(&middle) + ROUNDING));
        let [r, g, b, _] = middle.to_le_bytes();
        assert!(r.max(g).max(b) - r.min(g).min(b) <= 8, "{r} {g} {b}");
        let ends = colored(&[-3.0, 3.0], [-2.0, 2.0], &colors);
        assert_eq!(ends, [colors[0], colors[254]]);
        let [[less_red, _, less_blue, _], [more_red, _, more_blue, _]] =
            [ends[0], ends[1]].map(u32::to_le_bytes);
        assert!(less_blue > less_red && more_red > more_blue);
    }
}
