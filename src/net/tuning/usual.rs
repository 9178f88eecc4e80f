//! What an adapter takes of which nothing is known yet, by its kind.

use crate::gpu::{AdapterKind, Choices};
use crate::ops::conv3x3::{STEM, WEIGHT_STEM};

/// Stem, kind, variant, and why.
const USUAL: [(&str, AdapterKind, &str, &str); 6] = [
    (STEM, AdapterKind::Discrete, "tiled", COUNTED),
    (STEM, AdapterKind::Integrated, "tiled", COUNTED),
    (STEM, AdapterKind::Software, "direct_8x8x4", MEASURED),
    (WEIGHT_STEM, AdapterKind::Discrete, "tiled", COUNTED_WEIGHT),
    (WEIGHT_STEM, AdapterKind::Integrated, "tiled", COUNTED_WEIGHT),
    (WEIGHT_STEM, AdapterKind::Software, "direct_2", MEASURED_WEIGHT),
];

const MEASURED: &str = "measured: the fastest for most shapes on SwiftShader; on llvmpipe 814 ms for 53 shapes of four UNets, \
                        direct_4x4x4 801, tiled 1,485";
const MEASURED_WEIGHT: &str = "measured: one of the two fastest on SwiftShader, with direct_4; on llvmpipe 413 ms for 32 shapes of four UNets, \
                               direct_4 514, direct_1 523; tiled is left out";
const COUNTED: &str =
    "by counting: 576 multiply-adds for 30 loads from workgroup memory; not measured on a card";
const COUNTED_WEIGHT: &str =
    "by counting: 144 multiply-adds for 13 loads from workgroup memory; not measured on a card";

/// From now on, shapes of which nothing is known take what is usual for this kind of adapter.
pub fn take_usual(choices: &Choices, kind: AdapterKind) {
    for (stem, _, variant, _) in USUAL.iter().filter(|(_, of, ..)| *of == kind) {
        choices.usually(stem, variant);
    }
}

/// Why that is what the op `stem` takes.
#[must_use]
pub fn why_usual(stem: &str, variant: &str) -> Option<&'static str> {
    let found = USUAL
        .iter()
        .find(|(of, _, name, _)| (*of, *name) == (stem, variant));
    found.map(|(.., why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::tuning::job::names;

    #[test]
    fn every_kind_of_adapter_has_a_variant_of_every_op_with_a_reason() {
        for kind in [
            AdapterKind::Discrete,
            AdapterKind::Integrated,
            AdapterKind::Software,
        ] {
            let choices = Choices::default();
            take_usual(&choices, kind);
            let usual = choices.usual();
            assert_eq!(usual.len(), 2, "{kind:?}");
            for [stem, variant] in usual {
                assert!(
                    names(&stem).contains(&variant.as_str()),
                    "{stem} has no {variant}"
                );
                assert!(why_usual(&stem, &variant).is_some_and(|why| why.len() > 20));
            }
        }
    }
}
