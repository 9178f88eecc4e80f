//! The fast kernels of the processor, each against its twin in f64. They need no graphics device.

mod convolution;
mod layers;
mod morphology;
mod whole;

use super::trial::{RELATIVE, Trial};
use super::{Case, Run};

/// How the names of all cases here begin.
pub(super) const PREFIX: &str = "processor/";
/// Of the leaky ReLUs.
const SLOPE: f32 = 0.1;
/// Added to what is there, passed through the ReLU that made the input.
const WAYS: [[bool; 2]; 4] = [[true, true], [false, false], [true, false], [false, true]];

pub(super) const CASES: &[Case] = &[
    Case {
        name: "processor/morphology",
        run: Run::Processor(morphology::contour),
    },
    Case {
        name: "processor/conv3x3",
        run: Run::Processor(convolution::conv3x3),
    },
    Case {
        name: "processor/conv1x1",
        run: Run::Processor(convolution::conv1x1),
    },
    Case {
        name: "processor/norm",
        run: Run::Processor(layers::norm),
    },
    Case {
        name: "processor/activation",
        run: Run::Processor(layers::activation),
    },
    Case {
        name: "processor/pool",
        run: Run::Processor(layers::pool),
    },
    Case {
        name: "processor/upsample",
        run: Run::Processor(layers::upsample),
    },
    Case {
        name: "processor/concat",
        run: Run::Processor(layers::concat),
    },
    Case {
        name: "processor/add",
        run: Run::Processor(layers::add),
    },
    Case {
        name: "processor/sigmoid",
        run: Run::Processor(layers::sigmoid),
    },
    Case {
        name: "processor/attend",
        run: Run::Processor(layers::attend),
    },
    Case {
        name: "processor/loss",
        run: Run::Processor(whole::loss),
    },
    Case {
        name: "processor/net",
        run: Run::Processor(whole::network),
    },
];

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

/// A result that nothing has been written to.
fn fresh(len: usize) -> Vec<f32> {
    vec![f32::NAN; len]
}

/// Holds a result against the twin's.
fn close(p: &mut Trial, got: &[f32], expected: &[f64]) {
    p.compare(RELATIVE, got, expected);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparison_of_every_case_notices_one_wrong_element() {
        for case in CASES {
            let Run::Processor(run) = case.run else {
                panic!("{} needs a device", case.name);
            };
            let mut trial = Trial::new();
            run(&mut trial);
            println!("{}: {:?}", case.name, trial.worst());
            assert!(
                case.finding(&trial).agrees(),
                "{}: {:?}",
                case.name,
                trial.worst()
            );
            assert!(trial.comparisons() > 0);
            for number in 0..trial.comparisons() {
                let mut spoilt = Trial::spoiling(number);
                run(&mut spoilt);
                assert!(
                    !case.finding(&spoilt).agrees(),
                    "{}: comparison {number} went unnoticed",
                    case.name
                );
            }
        }
    }

    #[test]
    fn no_kernel_is_left_out() {
        let modules = include_str!("../../cpu/mod.rs")
            .lines()
            .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
        let mut found = 0;
        for module in modules {
            found += 1;
            let name = format!("processor/{module}");
            assert!(
                CASES.iter().any(|case| case.name == name),
                "{name} is not checked"
            );
        }
        assert!(found >= 10, "only {found} kernels found");
    }
}
