//! WGSL text and its imports.
//!
//! A shader names what it shares with others on a line of its own, `//#import shared/index`; each file is
//! inserted once, in front.

use super::expand;

/// The shared files: no entry point in them; each says in its head which globals it expects.
pub const SHARED: &[(&str, &str)] = &[
    ("shared/canvas", include_str!("../../shaders/shared/canvas.wgsl")),
    ("shared/finish", include_str!("../../shaders/shared/finish.wgsl")),
    ("shared/focal", include_str!("../../shaders/shared/focal.wgsl")),
    ("shared/index", include_str!("../../shaders/shared/index.wgsl")),
    ("shared/pair", include_str!("../../shaders/shared/pair.wgsl")),
    ("shared/sink", include_str!("../../shaders/shared/sink.wgsl")),
    ("shared/volume", include_str!("../../shaders/shared/volume.wgsl")),
];

/// The text of a shader, its imports in front and its loops unrolled.
///
/// # Panics
/// As [`include`] and [`expand`]; `tests/contract.rs` resolves every shader.
#[must_use]
pub fn resolve(source: &str, constants: &[(&str, u32)]) -> String {
    expand(&include(source), constants)
}

/// The text of a shader with its imports in front, as it was written.
///
/// # Panics
/// If an import names no shared file.
#[must_use]
pub fn include(source: &str) -> String {
    let mut text = String::new();
    for name in source.lines().filter_map(|line| line.strip_prefix("//#import ")) {
        let shared = SHARED.iter().find(|(known, _)| *known == name.trim());
        text.push_str(
            shared
                .unwrap_or_else(|| panic!("no shared shader is called {name:?}"))
                .1,
        );
    }
    text + source
}
