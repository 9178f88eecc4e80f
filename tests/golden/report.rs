//! What was compared and how close it came.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

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
    /// The fast kernels of the processor, in f32.
    Processor,
    Twin,
}

impl Path {
    pub const ALL: [Self; 3] = [Self::Gpu, Self::Processor, Self::Twin];
}

impl fmt::Display for Path {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Gpu => "gpu",
            Self::Processor => "processor",
            Self::Twin => "twin",
        })
    }
}

/// The tally of one group.
pub struct Report {
    group: String,
    cases: usize,
    terms: usize,
    worst: BTreeMap<Path, (f64, String)>,
    failures: Vec<String>,
    /// Whose results were wrong.
    failed: BTreeSet<Path>,
    /// What an executor has nothing for, and how many of each.
    missing: BTreeMap<(Path, String), usize>,
    only: Option<String>,
    /// Whose results are compared.
    paths: Vec<Path>,
}

impl Report {
    pub fn new(group: &str) -> Self {
        Self {
            group: group.into(),
            cases: 0,
            terms: 0,
            worst: BTreeMap::new(),
            failures: Vec::new(),
            failed: BTreeSet::new(),
            missing: BTreeMap::new(),
            only: None,
            paths: Path::ALL.to_vec(),
        }
    }

    /// Only for the GPU: what depends on the variants of its kernels.
    pub fn of_gpu(group: &str) -> Self {
        Self {
            paths: vec![Path::Gpu],
            ..Self::new(group)
        }
    }

    /// Whether this executor has to compute anything.
    pub fn wants(&self, path: Path) -> bool {
        self.paths.contains(&path)
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

    fn fail_on(&mut self, path: Path, failure: String) {
        self.failed.insert(path);
        self.failures.push(failure);
    }

    /// A case that an executor has nothing for.
    pub fn missing(&mut self, path: Path, what: &str) {
        if !self.wants(path) {
            return;
        }
        *self.missing.entry((path, what.into())).or_default() += 1;
    }

    /// Each of `got` within `tolerance` (absolute) of `expected`; NaN fails.
    pub fn close(&mut self, path: Path, what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
        if !self.wants(path) {
            return;
        }
        if got.len() != expected.len() {
            self.fail_on(
                path,
                format!(
                    "{what} ({path}): {} entries, expected {}",
                    got.len(),
                    expected.len()
                ),
            );
            return;
        }
        let mut largest = 0.0_f64;
        for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
            let share = (got - expected).abs() / tolerance;
            if !(share <= 1.0) {
                self.fail_on(
                    path,
                    format!(
                        "{what} ({path}): entry {i} is {got:e}, expected {expected:e} within {tolerance:e}"
                    ),
                );
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
    pub fn equal<T: PartialEq + fmt::Debug>(&mut self, path: Path, what: &str, got: &[T], expected: &[T]) {
        if !self.wants(path) {
            return;
        }
        self.worst.entry(path).or_insert((0.0, what.into()));
        if got.len() != expected.len() {
            self.fail_on(
                path,
                format!(
                    "{what} ({path}): {} entries, expected {}",
                    got.len(),
                    expected.len()
                ),
            );
        } else if let Some(i) = (0..got.len()).find(|i| got[*i] != expected[*i]) {
            self.fail_on(
                path,
                format!(
                    "{what} ({path}): entry {i} is {:?}, expected {:?}",
                    got[i], expected[i]
                ),
            );
        }
    }

    pub fn has_failures(&self) -> bool {
        !self.failures.is_empty()
    }

    pub fn has_failed(&self, path: Path) -> bool {
        self.failed.contains(&path)
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
                "  {} on the {path}: worst {worst:.3} of tolerance, at {what}",
                self.group
            );
        }
    }

    /// Read by `scripts/test.sh`.
    pub fn line(&self) -> String {
        let shares = self
            .worst
            .iter()
            .map(|(path, (worst, _))| format!("{path} {worst:.3}"));
        let mut line = format!(
            "golden {}: {} cases, {} terms ({} of tolerance)",
            self.group,
            self.cases,
            self.terms,
            shares.collect::<Vec<_>>().join(", ")
        );
        for path in Path::ALL {
            let own = self.missing.iter().filter(|((of, _), _)| *of == path);
            let names: Vec<String> = own
                .map(|((_, what), count)| format!("{what} ({count})"))
                .collect();
            if !names.is_empty() {
                line.push_str(&format!("; nothing on the {path} for {}", names.join(", ")));
            }
        }
        if self.has_failures() {
            line.push_str(&format!("; {} FAILURES", self.failures.len()));
        }
        line
    }
}
