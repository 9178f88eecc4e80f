//! In what a file of weights differs from a network.

use std::fmt;

/// One tensor that keeps a file from fitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// As in a PyTorch `state_dict`.
    pub name: String,
    /// What the file has under the name: type and shape.
    pub found: Option<(String, Vec<usize>)>,
    /// The shape that the network asks for; F32.
    pub expected: Option<Vec<usize>>,
    /// The shape is right, and a number is none.
    pub not_finite: bool,
}

impl Difference {
    /// What is wrong, in a word or two.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match (&self.found, &self.expected) {
            _ if self.not_finite => "not finite",
            (None, _) => "missing",
            (_, None) => "unexpected",
            (Some((_, found)), Some(expected)) if found == expected => "wrong type",
            _ => "wrong shape",
        }
    }

    /// What the file has.
    #[must_use]
    pub fn found_text(&self) -> String {
        let text = |(dtype, shape): &(String, Vec<usize>)| format!("{dtype} {}", sizes(shape));
        self.found.as_ref().map_or("nothing".into(), text)
    }

    /// What the network asks for.
    #[must_use]
    pub fn expected_text(&self) -> String {
        let text = |shape: &Vec<usize>| format!("F32 {}", sizes(shape));
        self.expected.as_ref().map_or("nothing".into(), text)
    }
}

fn sizes(shape: &[usize]) -> String {
    let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
    sizes.join(" × ")
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, .. } = self;
        let (kind, found, expected) = (self.kind(), self.found_text(), self.expected_text());
        write!(f, "{name}: {kind}, {found} where the network has {expected}")
    }
}

/// Differences that a sentence can hold; of more it says how many.
const TOLD: usize = 3;

/// Some differences in a sentence.
pub(super) fn told(differences: &[Difference]) -> String {
    let told: Vec<String> = differences.iter().take(TOLD).map(ToString::to_string).collect();
    let more = match differences.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    told.join("; ") + &more
}
