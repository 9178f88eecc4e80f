//! Which adapter is asked for, and what sort of thing it is, as far as it says so.

use serde::{Deserialize, Serialize};

use super::Error;

/// Which adapter to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// The fastest adapter that the system offers.
    Fastest,
    /// A software adapter, where there is one: the same everywhere, so the tests take it first.
    Software,
    /// The one of this number in [`adapters`].
    Numbered(usize),
}

/// What stands behind an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AdapterKind {
    /// A card with memory of its own.
    Discrete,
    /// A part of the processor's chip, which shares its memory.
    Integrated,
    /// No graphics hardware: the processor pretends.
    Software,
}

/// Software adapters by what their names hold, in lower case, and what they are called.
const SOFTWARE: [(&str, &str); 7] = [
    ("swiftshader", "SwiftShader"),
    ("llvmpipe", "llvmpipe"),
    ("lavapipe", "llvmpipe"),
    ("softpipe", "softpipe"),
    ("basic render", "Microsoft Basic Render Driver"),
    ("warp", "WARP"),
    ("software", "software adapter"),
];

/// Makers whose adapters are cards, as browsers spell them. Of AMD's, which are both, a browser tells too little to say; a card
/// is what a desktop has.
const CARDS: [&str; 4] = ["nvidia", "geforce", "amd", "radeon"];
/// Intel's cards among its chips.
const INTEL_CARDS: [&str; 5] = ["arc", "dg2", "gen-12hp", "xe-hpg", "xe-2hpg"];
/// AMD's chips among its cards.
const AMD_CHIPS: [&str; 3] = ["radeon(tm) graphics", "radeon graphics", "vega 8"];

impl AdapterKind {
    /// From what an adapter says of itself, in any words: its maker, architecture and description. `is_fallback` where the
    /// browser says that it is one.
    #[must_use]
    pub fn of(text: &str, is_fallback: bool) -> Self {
        let text = text.to_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| has_word(&text, part));
        if is_fallback || software_name(&text).is_some() {
            Self::Software
        } else if has(&INTEL_CARDS) || has(&CARDS) && !has(&AMD_CHIPS) {
            Self::Discrete
        } else {
            Self::Integrated
        }
    }
}

/// What a software adapter of this name is commonly called; `None` for one that is none.
#[must_use]
pub fn software_name(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let found = SOFTWARE.iter().find(|(part, _)| has_word(&text, part));
    found.map(|(_, name)| *name)
}

/// Every adapter that the system offers, in an order of its own.
pub async fn adapters(instance: &wgpu::Instance) -> Vec<wgpu::Adapter> {
    instance.enumerate_adapters(wgpu::Backends::all()).await
}

/// The adapter, as it is asked for.
pub(super) async fn find(instance: &wgpu::Instance, request: Request) -> Result<wgpu::Adapter, Error> {
    let ask = |force_fallback_adapter| wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        force_fallback_adapter,
        ..Default::default()
    };
    match request {
        Request::Fastest => {}
        Request::Software => {
            if let Ok(adapter) = instance.request_adapter(&ask(true)).await {
                return Ok(adapter);
            }
        }
        Request::Numbered(number) => {
            let mut all = adapters(instance).await;
            if number < all.len() {
                return Ok(all.swap_remove(number));
            }
            return Err(Error::NoAdapter(format!(
                "of {}, none has number {number}",
                all.len()
            )));
        }
    }
    instance
        .request_adapter(&ask(false))
        .await
        .map_err(|error| Error::NoAdapter(error.to_string()))
}

/// Whether a text holds these words, not only as a part of others.
fn has_word(text: &str, words: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + words.len()..].chars().next();
        !is_letter(before) && !is_letter(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adapters_are_told_apart_by_what_they_say() {
        use AdapterKind::{Discrete, Integrated, Software};
        for (text, kind) in [
            ("google swiftshader", Software),
            (
                "Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE))",
                Software,
            ),
            ("llvmpipe (LLVM 15.0.6, 256 bits), llvmpipe", Software),
            ("Microsoft Basic Render Driver", Software),
            ("microsoft warp", Software),
            ("nvidia ampere", Discrete),
            ("NVIDIA GeForce RTX 4070", Discrete),
            ("amd rdna-3", Discrete),
            ("AMD Radeon(TM) Graphics", Integrated),
            ("intel gen-12lp", Integrated),
            ("intel xe-2hpg", Discrete),
            ("Intel(R) Arc(TM) A770 Graphics", Discrete),
            ("apple metal-3", Integrated),
            ("qualcomm adreno-7xx", Integrated),
            // No card for its letters.
            ("a warped archive", Integrated),
            ("", Integrated),
        ] {
            assert_eq!(AdapterKind::of(text, false), kind, "{text}");
            assert_eq!(AdapterKind::of(text, true), Software, "{text}");
        }
    }

    #[test]
    fn a_software_adapter_has_a_common_name() {
        assert_eq!(software_name("google swiftshader"), Some("SwiftShader"));
        assert_eq!(software_name("Lavapipe"), Some("llvmpipe"));
        assert_eq!(software_name("nvidia ampere"), None);
    }
}
