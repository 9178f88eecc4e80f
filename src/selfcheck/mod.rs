//! One list of cases, every op against its twin on whatever adapter is at hand: `cargo test` runs it on the
//! software adapter, "Check my GPU" on the visitor's card. The fast kernels of the processor have cases too, which need no
//! adapter.

mod batch;
mod chain;
mod contour;
mod convolution;
mod distance;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod kinks;
mod limits;
mod loss;
mod net;
mod norm;
mod optim;
mod probe;
mod processor;
mod trial;
mod view;

use std::future::Future;
use std::pin::Pin;

use probe::Probe;
use serde::{Deserialize, Serialize};
pub use trial::Difference;
use trial::Trial;

use crate::gpu::{Context, Error};
pub use crate::ops::variants;

/// One op with inputs of odd sizes.
#[derive(Clone, Copy)]
pub struct Case {
    /// The shader's stem, or the room whose whole chain is checked; of a kernel of the processor `processor/` and its module.
    pub name: &'static str,
    run: Run,
}

/// What computes a case.
#[derive(Clone, Copy)]
enum Run {
    Gpu(for<'a> fn(&'a mut Probe) -> Checked<'a>),
    Processor(fn(&mut Trial)),
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
    /// Whether something was compared, and the kernel and its twin agree.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.difference.share <= 1.0 && self.difference.compared > 0
    }

    /// Whether it is one of the graphics device.
    #[must_use]
    pub fn is_of_device(&self) -> bool {
        !self.name.starts_with(processor::PREFIX)
    }
}

/// The kernels of the processor, every op of the house on the GPU, then whole chains of them.
#[must_use]
pub fn cases() -> Vec<Case> {
    [processor::CASES, &with(convolution::CASES)].concat()
}

/// Those of the GPU, with each variant of an op by itself behind the rest: `stem:variant`, as in [`variants`].
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

/// The cases that can be run: where there is no graphics device, those of the processor.
#[must_use]
pub fn runnable(has_device: bool) -> Vec<Case> {
    let mut cases = cases();
    cases.retain(|case| has_device || !case.needs_device());
    cases
}

impl Case {
    /// Whether it is run on a graphics device.
    #[must_use]
    pub fn needs_device(&self) -> bool {
        matches!(self.run, Run::Gpu(_))
    }

    /// Runs the case, if it needs no device.
    #[must_use]
    pub fn run_alone(&self) -> Option<Finding> {
        let Run::Processor(run) = self.run else {
            return None;
        };
        let mut trial = Trial::new();
        run(&mut trial);
        Some(self.finding(&trial))
    }

    /// Runs the case; where the device has f16, with activations of that size, too.
    ///
    /// # Errors
    /// When the device fails; a disagreement is no error but a finding.
    pub async fn run(&self, context: &Context) -> Result<Finding, Error> {
        if let Some(finding) = self.run_alone() {
            return Ok(finding);
        }
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
        match self.run {
            Run::Gpu(run) => run(&mut probe).await?,
            Run::Processor(run) => run(&mut probe),
        }
        Ok(self.finding(&probe))
    }

    fn finding(&self, trial: &Trial) -> Finding {
        Finding {
            name: self.name.to_owned(),
            difference: trial.worst(),
        }
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
    fn without_a_device_the_processor_is_checked() {
        let all = runnable(true);
        assert_eq!(all.len(), cases().len());
        let alone = runnable(false);
        assert!(alone.len() >= 3 && alone.len() < all.len());
        for case in alone {
            let finding = case.run_alone().unwrap();
            assert!(finding.agrees() && !finding.is_of_device(), "{finding:?}");
        }
        let named = all.iter().filter(|case| case.name.starts_with(processor::PREFIX));
        assert_eq!(named.count(), runnable(false).len());
    }

    #[test]
    fn no_variant_is_left_out() {
        let checked: Vec<&str> = cases_by_variant().iter().map(|case| case.name).collect();
        for (stem, names) in variants() {
            for name in names {
                assert!(checked.contains(&&*format!("{stem}:{name}")), "{stem}:{name}");
            }
        }
        assert!(checked.len() > cases().iter().filter(|case| case.needs_device()).count());
    }

    #[test]
    fn no_shader_is_left_out() {
        let checked: Vec<&str> = cases().iter().map(|case| case.name).collect();
        for spec in crate::ops::all() {
            assert!(checked.contains(&spec.stem), "{} is not checked", spec.stem);
        }
    }
}
