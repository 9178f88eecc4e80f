//! Which variant of an op is taken for a shape on this adapter.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

/// What was found by measuring, what was forced, and what is taken until then. One for each [`Context`](super::Context), shared by its clones.
#[derive(Debug, Default)]
pub struct Choices {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Stem → shape → variant.
    measured: Table,
    /// Stem → variant.
    forced: BTreeMap<String, String>,
    /// Stem → variant, where nothing is known of a shape.
    usual: BTreeMap<String, String>,
}

type Table = BTreeMap<String, BTreeMap<String, String>>;

/// What is remembered: of another adapter or another version it says nothing.
#[derive(Serialize, Deserialize)]
struct Remembered {
    adapter: String,
    version: String,
    choices: Table,
}

/// Shaders change with it, and their speed.
const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Choices {
    /// The variant of the op `stem` for a shape: the forced one, else the one that was measured to be the fastest, else the
    /// usual one. `None` if there is none.
    #[must_use]
    pub fn get(&self, stem: &str, key: &str) -> Option<String> {
        self.known(stem, key)
            .or_else(|| self.lock().usual.get(stem).cloned())
    }

    /// The same without the usual one: `None` if nobody has measured it.
    #[must_use]
    pub fn known(&self, stem: &str, key: &str) -> Option<String> {
        let inner = self.lock();
        let measured = || inner.measured.get(stem)?.get(key);
        inner.forced.get(stem).or_else(measured).cloned()
    }

    /// Takes this variant for every shape of which nothing is known.
    pub fn usually(&self, stem: &str, variant: &str) {
        self.lock().usual.insert(stem.into(), variant.into());
    }

    /// Keeps the fastest variant of a shape.
    pub fn set(&self, stem: &str, key: &str, variant: &str) {
        self.lock()
            .measured
            .entry(stem.into())
            .or_default()
            .insert(key.into(), variant.into());
    }

    /// Takes this variant for every shape, whatever was measured.
    pub fn force(&self, stem: &str, variant: &str) {
        self.lock().forced.insert(stem.into(), variant.into());
    }

    /// Forces what a text such as `net/conv3x3:direct,net/conv1x1:tiled` asks for, and so much of it as is known.
    ///
    /// # Errors
    /// In words, with what is known, for the first that is not.
    pub fn force_all(&self, text: &str, known: &[(&str, &[&str])]) -> Result<(), String> {
        let mut outcome = Ok(());
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match find(part, known) {
                Ok((stem, variant)) => self.force(stem, variant),
                Err(fault) => outcome = outcome.and(Err(fault)),
            }
        }
        outcome
    }

    /// Every measured shape: stem, shape, variant.
    #[must_use]
    pub fn measured(&self) -> Vec<[String; 3]> {
        let inner = self.lock();
        let rows = |(stem, shapes): (&String, &BTreeMap<String, String>)| {
            let row = |(key, variant): (&String, &String)| [stem.clone(), key.clone(), variant.clone()];
            shapes.iter().map(row).collect::<Vec<_>>()
        };
        inner.measured.iter().flat_map(rows).collect()
    }

    /// Every usual variant: stem, variant.
    #[must_use]
    pub fn usual(&self) -> Vec<[String; 2]> {
        rows(&self.lock().usual)
    }

    /// Every forced op: stem, variant.
    #[must_use]
    pub fn forced(&self) -> Vec<[String; 2]> {
        rows(&self.lock().forced)
    }

    /// What was measured on `adapter`, to be remembered. Forced and usual variants are not in it.
    #[must_use]
    pub fn to_json(&self, adapter: &str) -> String {
        let remembered = Remembered {
            adapter: adapter.into(),
            version: VERSION.into(),
            choices: self.lock().measured.clone(),
        };
        serde_json::to_string(&remembered).expect("strings serialise")
    }

    /// Takes over what was remembered, if it was measured on this adapter by this version; whether it was.
    pub fn from_json(&self, adapter: &str, json: &str) -> bool {
        match serde_json::from_str::<Remembered>(json) {
            Ok(remembered) if remembered.adapter == adapter && remembered.version == VERSION => {
                self.lock().measured = remembered.choices;
                true
            }
            _ => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rows(table: &BTreeMap<String, String>) -> Vec<[String; 2]> {
    let row = |(stem, variant): (&String, &String)| [stem.clone(), variant.clone()];
    table.iter().map(row).collect()
}

fn find<'a>(part: &'a str, known: &[(&str, &[&str])]) -> Result<(&'a str, &'a str), String> {
    let Some((stem, variant)) = part.split_once(':') else {
        return Err(format!(
            "{part:?} names no variant: write the kernel's name, a colon and the variant's."
        ));
    };
    let Some((_, variants)) = known.iter().find(|(known, _)| *known == stem) else {
        let stems: Vec<_> = known.iter().map(|(stem, _)| *stem).collect();
        return Err(format!(
            "No kernel with variants is called {stem:?}. Those that have any: {}.",
            stems.join(", ")
        ));
    };
    if variants.contains(&variant) {
        Ok((stem, variant))
    } else {
        Err(format!(
            "{stem} has no variant {variant:?}. It has: {}.",
            variants.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONV: &str = "net/conv3x3";

    #[test]
    fn a_forced_variant_goes_before_a_measured_one() {
        let choices = Choices::default();
        assert_eq!(choices.get(CONV, "8x16"), None);
        choices.set(CONV, "8x16", "direct");
        assert_eq!(choices.get(CONV, "8x16").as_deref(), Some("direct"));
        assert_eq!(choices.get(CONV, "8x32"), None);
        choices.force(CONV, "tiled");
        assert_eq!(choices.get(CONV, "8x16").as_deref(), Some("tiled"));
        assert_eq!(choices.get(CONV, "8x32").as_deref(), Some("tiled"));
        assert_eq!(choices.get("net/conv1x1", "8x16"), None);
        assert_eq!(choices.forced(), [[CONV, "tiled"].map(String::from)]);
        assert_eq!(choices.measured(), [[CONV, "8x16", "direct"].map(String::from)]);
    }

    #[test]
    fn the_usual_variant_stands_in_for_what_nobody_knows() {
        let choices = Choices::default();
        choices.usually(CONV, "tiled");
        choices.set(CONV, "8x16", "direct");
        assert_eq!(choices.get(CONV, "8x16").as_deref(), Some("direct"));
        assert_eq!(choices.get(CONV, "8x32").as_deref(), Some("tiled"));
        assert_eq!(choices.known(CONV, "8x32"), None);
        assert_eq!(choices.usual(), [[CONV, "tiled"].map(String::from)]);
        assert!(!choices.to_json("Card").contains("tiled"), "it is not remembered");
        choices.force(CONV, "winograd");
        assert_eq!(choices.known(CONV, "8x32").as_deref(), Some("winograd"));
    }

    #[test]
    fn an_address_forces_what_is_known_and_is_told_what_is_not() {
        let known: &[(&str, &[&str])] = &[(CONV, &["direct", "tiled"]), ("net/conv1x1", &["direct"])];
        let force = |text: &str| {
            let choices = Choices::default();
            (choices.force_all(text, known), choices.forced())
        };
        assert_eq!(force(""), (Ok(()), vec![]));
        let both = [[CONV, "tiled"], ["net/conv1x1", "direct"]].map(|row| row.map(String::from));
        let (outcome, mut forced) = force("net/conv3x3:tiled, net/conv1x1:direct");
        forced.reverse();
        assert_eq!((outcome, &forced[..]), (Ok(()), &both[..]));
        for (text, says) in [
            ("net/conv3x3", "names no variant"),
            ("net/conv5x5:tiled", "net/conv3x3, net/conv1x1"),
            ("net/conv3x3:fast", "It has: direct, tiled"),
        ] {
            let (outcome, forced) = force(&format!("{text},net/conv1x1:direct"));
            let fault = outcome.unwrap_err();
            assert!(fault.contains(says), "{fault}");
            assert_eq!(forced.len(), 1, "the rest is taken");
        }
    }

    #[test]
    fn what_is_remembered_is_of_this_adapter_and_this_version() {
        let choices = Choices::default();
        choices.set(CONV, "8x16", "direct");
        choices.force(CONV, "tiled");
        let json = choices.to_json("Card");
        let read = |adapter: &str, json: &str| {
            let choices = Choices::default();
            let taken = choices.from_json(adapter, json);
            assert_eq!(taken, choices.get(CONV, "8x16").is_some());
            choices.get(CONV, "8x16")
        };
        assert_eq!(read("Card", &json).as_deref(), Some("direct"));
        assert_eq!(read("Other card", &json), None);
        assert_eq!(read("Card", &json.replace(VERSION, "0.0.0")), None);
        assert_eq!(read("Card", "{"), None);
    }
}
