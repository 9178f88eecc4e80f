//! Numbers that Rust tells kernels by name: read from `shaders/shared/numbers.wgsl` at compile time, so that the two
//! languages cannot disagree.

const TEXT: &str = include_str!("../../shaders/shared/numbers.wgsl");

macro_rules! numbers {
    ($($name:ident)*) => {
        $(pub const $name: u32 = number(stringify!($name));)*

        /// Every number and its name; `tests/source/contract.rs` holds them against what a WGSL compiler reads.
        pub const ALL: &[(&str, u32)] = &[$((stringify!($name), $name)),*];
    };
}

numbers! {
    CROSS_ENTROPY SIGMOID LINEAR SQUARED
    EQUAL SIMPLE SQUARE SOFTENED
    LABEL_BIT
}

/// The number of a line `const NAME = 0u;`.
const fn number(name: &str) -> u32 {
    let (text, name) = (TEXT.as_bytes(), name.as_bytes());
    let mut at = 0;
    while at < text.len() {
        let from = after(text, at, b"const ");
        let from = after(text, from, name);
        let mut from = after(text, from, b" = ");
        if from < text.len() {
            let mut value = 0;
            while text[from].is_ascii_digit() {
                value = 10 * value + (text[from] - b'0') as u32;
                from += 1;
            }
            assert!(text[from] == b'u', "a number of the table is no u32");
            return value;
        }
        while at < text.len() && text[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    panic!("no number in shaders/shared/numbers.wgsl has this name")
}

/// The place behind `word` if it stands at `from`, else the end of the text.
const fn after(text: &[u8], from: usize, word: &[u8]) -> usize {
    if from + word.len() > text.len() {
        return text.len();
    }
    let mut i = 0;
    while i < word.len() {
        if text[from + i] != word[i] {
            return text.len();
        }
        i += 1;
    }
    from + word.len()
}
