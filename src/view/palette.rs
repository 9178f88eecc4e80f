//! Colours as the shaders take them.

use std::sync::{Arc, OnceLock};

use colorgrad::{Gradient, preset};

/// Packed rgba8, opaque.
#[must_use]
pub fn pack([r, g, b]: [u8; 3]) -> u32 {
    u32::from_le_bytes([r, g, b, 255])
}

/// 256 colours for a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMap {
    Grey,
    /// White is low, as on a lit film.
    InvertedGrey,
    Inferno,
    Magma,
    Plasma,
    Viridis,
    /// The same to eyes that do not tell red from green.
    Cividis,
    /// Not even in lightness, and known from many programs.
    Turbo,
}

impl ColorMap {
    /// Every map with its name, in the order of the enum.
    pub const ALL: [(Self, &str); 8] = [
        (Self::Grey, "Grey"),
        (Self::InvertedGrey, "Grey, inverted"),
        (Self::Inferno, "Inferno"),
        (Self::Magma, "Magma"),
        (Self::Plasma, "Plasma"),
        (Self::Viridis, "Viridis"),
        (Self::Cividis, "Cividis"),
        (Self::Turbo, "Turbo"),
    ];

    /// Packed rgba8 from low to high; the same array at every call, so that it is uploaded once.
    #[must_use]
    pub fn colors(self) -> Arc<[u32]> {
        static MADE: [OnceLock<Arc<[u32]>>; ColorMap::ALL.len()] =
            [const { OnceLock::new() }; ColorMap::ALL.len()];
        let grey = |k: u8| pack([k; 3]);
        Arc::clone(MADE[self as usize].get_or_init(|| match self {
            Self::Grey => (0..=255).map(grey).collect(),
            Self::InvertedGrey => (0..=255).rev().map(grey).collect(),
            Self::Inferno => colors(&preset::inferno(), 256),
            Self::Magma => colors(&preset::magma(), 256),
            Self::Plasma => colors(&preset::plasma(), 256),
            Self::Viridis => colors(&preset::viridis(), 256),
            Self::Cividis => colors(&preset::cividis(), 256),
            Self::Turbo => colors(&preset::turbo(), 256),
        }))
    }
}

/// 256 colours of the heat map: inferno, perceptually uniform and rising in lightness throughout.
#[must_use]
pub fn heat_colors() -> Arc<[u32]> {
    ColorMap::Inferno.colors()
}

/// Verdicts on a prediction with their names, in the order in which the kernel numbers them. The colours are told
/// apart by eyes that do not tell red from green (Okabe and Ito 2008), and each verdict has a pattern besides.
pub const VERDICTS: [(&str, [u8; 3]); 4] = [
    ("true positive", [0, 158, 115]),
    ("false positive", [230, 159, 0]),
    ("false negative", [86, 180, 233]),
    ("another class", [204, 121, 167]),
];

/// Packed rgba8 of [`VERDICTS`].
#[must_use]
pub fn verdict_colors() -> Arc<[u32]> {
    VERDICTS.map(|(_, color)| pack(color)).into()
}

/// 255 colours for what may be less or more: blue below the middle one, which is nearly white, and red above it.
#[must_use]
pub fn difference_colors() -> Arc<[u32]> {
    colors(&preset::rd_bu(), 255).iter().rev().copied().collect()
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

    #[test]
    fn every_map_has_its_place_and_its_own_colours() {
        for (i, (map, name)) in ColorMap::ALL.into_iter().enumerate() {
            assert_eq!(map as usize, i, "{name}");
            assert_eq!(map.colors().len(), 256, "{name}");
            assert!(Arc::ptr_eq(&map.colors(), &map.colors()), "{name}");
            let others = ColorMap::ALL.into_iter().filter(|(other, _)| *other != map);
            assert!(
                others
                    .into_iter()
                    .all(|(other, _)| other.colors() != map.colors()),
                "{name}"
            );
        }
    }

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
