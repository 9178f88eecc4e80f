//! What was compared and how close it came.

use std::collections::BTreeMap;

/// Float64 twins reach this of the largest expected entry (the oracle's own claim for float64 arithmetic).
pub const TWIN_RELATIVE: f64 = 1e-9;
/// Half the spacing of f32 at 1: what an expected array rounded to f32 may be off by, with a margin of 2.
pub const F32_ROUNDING: f64 = 1.2e-7;
/// Keeps an all-zero expectation from demanding bit equality of sums that cancel.
pub const TWIN_FLOOR: f64 = 1e-14;

/// Where a result came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    Gpu,
    Twin,
}

/// The tally of one group.
pub struct Report {
    group: String,
    cases: usize,
    terms: usize,
    worst: BTreeMap<Path, (f64, String)>,
    failures: Vec<String>,
    only: Option<String>,
}

impl Report {
    pub fn new(group: &str) -> Self {
        Self {
            group: group.into(),
            cases: 0,
            terms: 0,
            worst: BTreeMap::new(),
            failures: Vec::new(),
            only: None,
        }
    }

    /// From now on, of the comparisons with a name, only these count.
    pub fn only(&mut self, name: &str) {
        self.only = Some(name.into());
    }

    /// Makes a comparison that has a name.
    pub fn named(&mut self, name: &str, compare: impl FnOnce(&mut Self)) {
        if self.only.as_deref().is_none_or(|only| only == name) {
            compare(self);
        }
    }

    pub fn case(&mut self) {
        self.cases += 1;
    }

    /// One named result (a loss with its gradient, a layer with its gradients, a contour map).
    pub fn term(&mut self) {
        self.terms += 1;
    }

    pub fn fail(&mut self, failure: String) {
        self.failures.push(failure);
    }

    /// Each of `got` within `tolerance` (absolute) of `expected`; NaN fails.
    pub fn close(&mut self, path: Path, what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
        if got.len() != expected.len() {
            self.fail(format!(
                "{what} ({path:?}): {} entries, expected {}",
                got.len(),
                expected.len()
            ));
            return;
        }
        let mut largest = 0.0_f64;
        for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
            let share = (got - expected).abs() / tolerance;
            if !(share <= 1.0) {
                self.fail(format!(
                    "{what} ({path:?}): entry {i} is {got:e}, expected {expected:e} within {tolerance:e}"
                ));
                largest = f64::INFINITY;
                break;
            }
            largest = largest.max(share);
        }
        let worst = self.worst.entry(path).or_insert((0.0, what.into()));
        if largest > worst.0 {
            *worst = (largest, what.into());
        }
    }

    /// As [`Report::close`] with the tolerance of a float64 twin, from the expectation itself.
    pub fn close_twin(&mut self, what: &str, got: &[f64], expected: &[f64], stored_as_f32: bool) {
        let largest = expected
            .iter()
            .fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let relative = if stored_as_f32 {
            F32_ROUNDING
        } else {
            TWIN_RELATIVE
        };
        self.close(Path::Twin, what, got, expected, relative * largest + TWIN_FLOOR);
    }

    /// Masks, contours and labels are compared exactly.
    pub fn equal<T: PartialEq + std::fmt::Debug>(
        &mut self,
        path: Path,
        what: &str,
        got: &[T],
        expected: &[T],
    ) {
        self.worst.entry(path).or_insert((0.0, what.into()));
        if got.len() != expected.len() {
            self.fail(format!(
                "{what} ({path:?}): {} entries, expected {}",
                got.len(),
                expected.len()
            ));
        } else if let Some(i) = (0..got.len()).find(|i| got[*i] != expected[*i]) {
            self.fail(format!(
                "{what} ({path:?}): entry {i} is {:?}, expected {:?}",
                got[i], expected[i]
            ));
        }
    }

    pub fn has_failures(&self) -> bool {
        !self.failures.is_empty()
    }

    pub fn ok(&self) -> bool {
        self.failures.is_empty() && self.cases > 0 && self.terms > 0
    }

    pub fn print_failures(&self) {
        for failure in self.failures.iter().take(40) {
            println!("FAILED {}: {failure}", self.group);
        }
        if self.failures.len() > 40 {
            println!("FAILED {}: and {} more", self.group, self.failures.len() - 40);
        }
    }

    pub fn print_details(&self) {
        for (path, (worst, what)) in &self.worst {
            println!(
                "  {} on the {path:?}: worst {worst:.3} of tolerance, at {what}",
                self.group
            );
        }
    }

    pub fn line(&self) -> String {
        let worst = self.worst.values().map(|(worst, _)| *worst).fold(0.0, f64::max);
        let worst = if self.failures.is_empty() {
            worst
        } else {
            f64::INFINITY
        };
        format!(
            "golden {}: {} cases, {} terms, worst {worst:.3} of tolerance",
            self.group, self.cases, self.terms
        )
    }
}
