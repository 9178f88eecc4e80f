//! WGSL text and its imports.
//!
//! A shader names what it shares with others on a line of its own, `//#import shared/index`; each file is
//! inserted once, in front.

/// The shared files: no entry point in them; each says in its head which globals it expects.
pub const SHARED: &[(&str, &str)] = &[
    ("shared/canvas", include_str!("../../shaders/shared/canvas.wgsl")),
    ("shared/index", include_str!("../../shaders/shared/index.wgsl")),
    ("shared/pair", include_str!("../../shaders/shared/pair.wgsl")),
    ("shared/sink", include_str!("../../shaders/shared/sink.wgsl")),
    ("shared/volume", include_str!("../../shaders/shared/volume.wgsl")),
];

/// The text of a shader with its imports in front.
///
/// # Panics
/// If an import names no shared file; `tests/contract.rs` resolves every shader.
#[must_use]
pub fn resolve(source: &str) -> String {
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
