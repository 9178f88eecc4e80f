//! A loss with its values chosen.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::definition::{Definition, Domain, Facts, Parameter, Setting};
use super::{Error, Kind, Parts};
use crate::contour::Weighting;
use crate::reference::Real;

/// A loss and the values of its parameters; what is not named has its default. Two are equal if they say the same,
/// whether in words or by default.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Params {
    kind: Kind,
    #[serde(default)]
    values: BTreeMap<String, Value>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Number(f64),
    Word(String),
    PerClass(Vec<f64>),
}

/// As people write it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Value", untagged)]
enum Written {
    Number(f64),
    Word(String),
    PerClass(Vec<f64>),
}

/// For formats that do not say what they hold.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Value")]
enum Told {
    Number(f64),
    Word(String),
    PerClass(Vec<f64>),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Written::serialize(self, serializer)
        } else {
            Told::serialize(self, serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            Written::deserialize(deserializer)
        } else {
            Told::deserialize(deserializer)
        }
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(word: &str) -> Self {
        Self::Word(word.into())
    }
}

impl From<Vec<f64>> for Value {
    fn from(values: Vec<f64>) -> Self {
        Self::PerClass(values)
    }
}

/// The two published forms of the compound loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Preset {
    /// The formulae of the paper. It does not state λ_w, λ_d, α, β: 2, 0.5, 1 and 1 are our choice.
    Paper,
    /// What the authors' code computes: an effective weight of 2 + 2c and an unweighted sum of both Dice terms.
    AuthorsCode,
}

impl Preset {
    #[must_use]
    pub fn params(self) -> Params {
        match self {
            Self::Paper => Params::new(Kind::Cwcd),
            Self::AuthorsCode => Params::new(Kind::Cwcd).preset("authors_code"),
        }
    }
}

impl Default for Params {
    fn default() -> Self {
        Preset::Paper.params()
    }
}

impl PartialEq for Params {
    fn eq(&self, other: &Self) -> bool {
        let same = |parameter: &Parameter| self.value(parameter.key) == other.value(parameter.key);
        self.kind == other.kind && self.definition().parameters.iter().all(same)
    }
}

impl Params {
    /// A loss with its defaults.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            values: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    #[must_use]
    pub fn definition(&self) -> &'static Definition {
        self.kind.definition()
    }

    /// The same loss with another value.
    ///
    /// ```
    /// use contour_lab::loss::Params;
    ///
    /// let params = Params::default().with("lambda_w", 4.0);
    /// assert_eq!(params.number("lambda_w"), 4.0);
    /// assert!(params.validate(3).is_ok());
    /// ```
    ///
    /// # Panics
    /// If the loss has no parameter of that name.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.set(key, value);
        self
    }

    /// The loss with the values of a preset of its own.
    ///
    /// # Panics
    /// If it has none of that name.
    #[must_use]
    pub fn preset(self, key: &str) -> Self {
        let presets = self.definition().presets;
        let preset = presets.iter().find(|preset| preset.key == key);
        let preset = preset.unwrap_or_else(|| panic!("{} has no preset {key}", self.definition().name));
        let mut params = Self::new(self.kind);
        for (key, setting) in preset.values {
            match setting {
                Setting::Number(number) => params.set(key, *number),
                Setting::Word(word) => params.set(key, *word),
            }
        }
        params
    }

    /// # Panics
    /// If the loss has no parameter of that name.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.values
            .insert(self.definition().parameter(key).key.into(), value.into());
    }

    /// The value of a parameter.
    ///
    /// # Panics
    /// If the loss has no parameter of that name.
    #[must_use]
    pub fn value(&self, key: &str) -> Value {
        let given = self.values.get(key).cloned();
        given.unwrap_or_else(|| match &self.definition().parameter(key).domain {
            Domain::Number { default, .. } => Value::Number(*default),
            Domain::Word { options } => Value::Word(options[0].key.into()),
            Domain::PerClass => Value::PerClass(Vec::new()),
        })
    }

    /// A number; not one if the value is something else, which [`Params::validate`] refuses.
    #[must_use]
    pub fn number(&self, key: &str) -> f64 {
        match self.value(key) {
            Value::Number(number) => number,
            Value::Word(_) | Value::PerClass(_) => f64::NAN,
        }
    }

    /// One of several.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        match self.value(key) {
            Value::Word(word) => word,
            Value::Number(_) | Value::PerClass(_) => String::new(),
        }
    }

    /// Whether a word was chosen.
    #[must_use]
    pub fn is(&self, key: &str, word: &str) -> bool {
        self.word(key) == word
    }

    /// A number for each class: 1 unless given.
    #[must_use]
    pub fn per_class(&self, key: &str, classes: usize) -> Vec<f64> {
        match self.value(key) {
            Value::PerClass(values) if !values.is_empty() => values,
            _ => vec![1.0; classes],
        }
    }

    /// What the loss is made of.
    #[must_use]
    pub fn parts(&self, facts: &Facts) -> Parts {
        (self.definition().parts)(self, facts)
    }

    /// The weight map that the pixel term takes.
    #[must_use]
    pub fn weighting<T: Real>(&self) -> Weighting<T> {
        self.parts(&Facts::of(2)).weighting.cast()
    }

    /// # Errors
    /// For the first value that means nothing, NaN included.
    pub fn validate(&self, classes: usize) -> Result<(), Error> {
        let definition = self.definition();
        for key in self.values.keys() {
            if !definition.parameters.iter().any(|known| known.key == key) {
                return Err(Error::Unknown {
                    loss: definition.name,
                    key: key.clone(),
                });
            }
        }
        for parameter in definition.parameters {
            check(parameter, &self.value(parameter.key), classes)?;
        }
        let parts = self.parts(&Facts::of(classes));
        let nothing = |weight: f64| weight == 0.0;
        let no_region = nothing(parts.region.beta) || parts.region.lambda.into_iter().all(nothing);
        if nothing(parts.pixel.alpha) && no_region {
            return Err(Error::Nothing);
        }
        Ok(())
    }
}

fn check(parameter: &Parameter, value: &Value, classes: usize) -> Result<(), Error> {
    let name = || {
        if parameter.symbol.is_empty() || parameter.symbol == parameter.name {
            parameter.name.to_owned()
        } else {
            format!("{} ({})", parameter.symbol, parameter.name)
        }
    };
    let within = |value: f64, low: f64, high: f64| {
        if (low..=high).contains(&value) {
            return Ok(());
        }
        Err(Error::Range {
            name: name(),
            value,
            low,
            high,
        })
    };
    match (&parameter.domain, value) {
        (Domain::Number { low, high, .. }, Value::Number(number)) => within(*number, *low, *high),
        (Domain::Word { options }, Value::Word(word)) => {
            if options.iter().any(|option| option.key == word) {
                return Ok(());
            }
            let known: Vec<&str> = options.iter().map(|option| option.key).collect();
            Err(Error::Word {
                name: name(),
                word: word.clone(),
                known: known.join(", "),
            })
        }
        (Domain::PerClass, Value::PerClass(values)) => {
            if !values.is_empty() && values.len() != classes {
                return Err(Error::PerClass {
                    name: name(),
                    given: values.len(),
                    classes,
                });
            }
            values.iter().try_for_each(|value| within(*value, 0.0, 1e4))
        }
        _ => Err(Error::Type { name: name() }),
    }
}
