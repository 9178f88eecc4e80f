//! One list of cases, every op against its twin on whatever adapter is at hand: `cargo test` runs it on the
//! software adapter, "Check my GPU" on the visitor's card.

mod batch;
mod chain;
mod contour;
mod convolution;
mod distance;
#[cfg(test)]
mod faults;
mod limits;
mod loss;
mod net;
mod norm;
mod optim;
mod probe;
mod view;

use std::future::Future;
use std::pin::Pin;

pub use probe::Difference;
use probe::Probe;
use serde::{Deserialize, Serialize};

use crate::gpu::{Context, Error};
pub use crate::ops::variants;

/// One op with inputs of odd sizes.
#[derive(Clone, Copy)]
pub struct Case {
    /// The shader's stem, or the room whose whole chain is checked.
    pub name: &'static str,
    run: for<'a> fn(&'a mut Probe) -> Checked<'a>,
}

/// A case under way.
type Checked<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// What a case found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub name: String,
    /// The comparison that came closest to its tolerance, or passed it.
    pub difference: Difference,
}

impl Finding {
    /// Whether something was compared, and the GPU and the twin agree.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.difference.share <= 1.0 && self.difference.compared > 0
    }
}

/// Every op of the house, then whole chains of them.
#[must_use]
pub fn cases() -> Vec<Case> {
    with(convolution::CASES)
}

/// The same, with each variant of an op by itself behind the rest: `stem:variant`, as in [`variants`].
#[must_use]
pub fn cases_by_variant() -> Vec<Case> {
    [with(&[]).as_slice(), convolution::BY_VARIANT].concat()
}

fn with(convolutions: &[Case]) -> Vec<Case> {
    [
        contour::CASES,
        distance::CASES,
        loss::CASES,
        net::CASES,
        convolutions,
        norm::CASES,
        batch::CASES,
        optim::CASES,
        limits::CASES,
        view::CASES,
        chain::CASES,
    ]
    .concat()
}

impl Case {
    /// Runs the case; where the device has f16, with activations of that size, too.
    ///
    /// # Errors
    /// When the device fails; a disagreement is no error but a finding.
    pub async fn run(&self, context: &Context) -> Result<Finding, Error> {
        let mut finding = self.run_floats(context).await?;
        if let Some(halved) = self.run_halves(context).await? {
            finding.difference = finding.difference.worse(halved.difference);
        }
        Ok(finding)
    }

    /// Runs the case with activations of 32 bits.
    ///
    /// # Errors
    /// As [`Case::run`].
    pub async fn run_floats(&self, context: &Context) -> Result<Finding, Error> {
        self.run_on(Probe::new(context)).await
    }

    /// Runs the case with activations of 16 bits, where the device has f16.
    ///
    /// # Errors
    /// As [`Case::run`].
    pub async fn run_halves(&self, context: &Context) -> Result<Option<Finding>, Error> {
        match Probe::halved(context) {
            Some(probe) => Ok(Some(self.run_on(probe).await?)),
            None => Ok(None),
        }
    }

    async fn run_on(&self, mut probe: Probe) -> Result<Finding, Error> {
        (self.run)(&mut probe).await?;
        Ok(Finding {
            name: self.name.to_owned(),
            difference: probe.worst(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Request;

    #[test]
    fn every_op_agrees_with_its_twin() {
        let context = pollster::block_on(Context::poisoned(Request::Software)).unwrap();
        for case in cases() {
            let finding = pollster::block_on(case.run(&context)).unwrap();
            println!("{}: {:?}", finding.name, finding.difference);
            assert!(finding.agrees(), "{finding:?}");
        }
        assert_eq!(context.fault(), None);
    }

    #[test]
    fn no_variant_is_left_out() {
        let checked: Vec<&str> = cases_by_variant().iter().map(|case| case.name).collect();
        for (stem, names) in variants() {
            for name in names {
                assert!(checked.contains(&&*format!("{stem}:{name}")), "{stem}:{name}");
            }
        }
        assert!(checked.len() > cases().len());
    }

    #[test]
    fn no_shader_is_left_out() {
        let checked: Vec<&str> = cases().iter().map(|case| case.name).collect();
        for spec in crate::ops::all() {
            assert!(checked.contains(&spec.stem), "{} is not checked", spec.stem);
        }
    }
}
