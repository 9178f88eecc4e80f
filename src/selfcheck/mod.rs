//! One list of cases, every op against its twin on whatever adapter is at hand: `cargo test` runs it on the
//! software adapter, "Check my GPU" on the visitor's card.

mod probe;

pub use probe::{Difference, Probe};

use std::future::Future;
use std::pin::Pin;

use crate::gpu::{Context, Error};

/// One op with inputs of odd sizes.
#[derive(Clone, Copy)]
pub struct Case {
    /// The shader's stem and what is checked of it.
    pub name: &'static str,
    run: for<'a> fn(&'a mut Probe) -> Checked<'a>,
}

/// A case under way.
type Checked<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// What a case found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub name: &'static str,
    /// The comparison that came closest to its tolerance, or passed it.
    pub difference: Difference,
}

impl Finding {
    /// Whether the GPU and the twin agree.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.difference.share <= 1.0
    }
}

impl Case {
    /// Runs the case.
    ///
    /// # Errors
    /// When the device fails; a disagreement is no error but a finding.
    pub async fn run(&self, context: &Context) -> Result<Finding, Error> {
        let mut probe = Probe::new(context);
        (self.run)(&mut probe).await?;
        Ok(Finding {
            name: self.name,
            difference: probe.worst(),
        })
    }
}
