//! WGSL text and its imports.
//!
//! A shader names what it shares with others on a line of its own, `//#import shared/index`; each file is
//! inserted once, in front.

use super::expand;

/// The shared files: no entry point in them; each says in its head which globals it expects.
pub const SHARED: &[(&str, &str)] = &[
    ("shared/canvas", include_str!("../../shaders/shared/canvas.wgsl")),
    (
        "shared/conv3x3",
        include_str!("../../shaders/shared/conv3x3.wgsl"),
    ),
    ("shared/focal", include_str!("../../shaders/shared/focal.wgsl")),
    ("shared/index", include_str!("../../shaders/shared/index.wgsl")),
    (
        "shared/numbers",
        include_str!("../../shaders/shared/numbers.wgsl"),
    ),
    ("shared/pair", include_str!("../../shaders/shared/pair.wgsl")),
    ("shared/sink", include_str!("../../shaders/shared/sink.wgsl")),
    ("shared/volume", include_str!("../../shaders/shared/volume.wgsl")),
];

/// The text of a shader, its imports in front and its loops unrolled. In it, `stored_2` is the type of the numbers in
/// the tensor at binding 2: f32, or f16 where bit 2 of `halves` is set. A shader that reads `f32(x[i])` and writes
/// `stored_1(value)` works with either.
///
/// # Panics
/// As [`include`] and [`expand`], and if a bit is set for a binding that the shader has no such type for;
/// `tests/source/contract.rs` resolves every shader.
#[must_use]
pub fn resolve(source: &str, constants: &[(&str, u32)], halves: u32) -> String {
    let text = include(source);
    let mut head = String::from(if halves == 0 { "" } else { "enable f16;\n" });
    let keeps = kept_as_told(&text);
    assert!(halves & !keeps == 0, "a tensor of f16 where the shader reads f32");
    for binding in (0..u32::BITS).filter(|binding| keeps >> binding & 1 == 1) {
        let ty = if halves >> binding & 1 == 1 { "f16" } else { "f32" };
        head += &format!("alias stored_{binding} = {ty};\n");
    }
    head + &expand(&text, constants)
}

/// The bindings of a shader, imports and all, that may be f16: a bit for each.
#[must_use]
pub fn kept_as_told(text: &str) -> u32 {
    text.split("stored_")
        .skip(1)
        .filter_map(|rest| rest.chars().next()?.to_digit(10))
        .fold(0, |bits, binding| bits | 1 << binding)
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
