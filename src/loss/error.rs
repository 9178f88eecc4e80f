//! A loss that means nothing.

/// Faults of the values.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Check the named parameter against its range.
    #[error("{name} is {value}, outside {low} to {high}. Choose a value in that range.")]
    Range {
        name: String,
        value: f64,
        low: f64,
        high: f64,
    },
    /// Check the named parameter against its options.
    #[error("{name} is “{word}”. Choose one of {known}.")]
    Word {
        name: String,
        word: String,
        known: String,
    },
    /// Check that there is one number for each class, or none at all.
    #[error("{name}: {given} numbers for {classes} classes. Give one for each class, or none.")]
    PerClass {
        name: String,
        given: usize,
        classes: usize,
    },
    /// Check the file or address that the value came from.
    #[error("{name} was given as something else than what it is. Choose it anew.")]
    Type { name: String },
    /// Check the file or address that the value came from.
    #[error("{loss} has no parameter “{key}”. Leave it out.")]
    Unknown { loss: &'static str, key: String },
    /// With all weights 0 nothing is left to learn from.
    #[error("The weights of all terms are 0, so the loss is 0 everywhere. Raise one of them.")]
    Nothing,
}
