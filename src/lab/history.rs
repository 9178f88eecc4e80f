//! A run's history: what curves, tables and files are made of.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::loss::Terms;
use crate::metrics::{Overlap, mean_dice};
use crate::train::Event;

/// The numbers of one run, in the order of its events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    pub train: Vec<(u64, Terms<f64>)>,
    pub validation: Vec<Validation>,
    /// Step and mean Dice of the best validation.
    pub best: Option<(u64, f64)>,
    /// The step whose validation ended the run early.
    pub stopped: Option<u64>,
    /// Where the run was trained on, in order.
    #[serde(default)]
    pub trained_on: Vec<TrainedOn>,
}

/// A run that had come to its end was given more steps, with the learning rate of a run of as many as there were then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedOn {
    /// Steps taken by then.
    pub step: u64,
    /// Steps of the whole run from then on.
    pub steps: u64,
}

/// One pass over the validation slices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    pub step: u64,
    pub terms: Terms<f64>,
    /// One for each class, background first.
    pub overlaps: Vec<Overlap>,
}

/// What a curve shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    TrainTotal,
    TrainPixel,
    TrainRegion,
    ValidationTotal,
    ValidationPixel,
    ValidationRegion,
    /// Validation Dice of one class.
    ClassDice(usize),
    /// Mean over the foreground classes that are not absent.
    MeanDice,
}

/// A curve's points: steps, and a value where there is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub steps: Vec<f64>,
    pub values: Vec<Option<f64>>,
}

impl History {
    /// Takes in what an event has to say about the run.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::Step { step, terms } => self.train.push((*step, *terms)),
            Event::Validation {
                step,
                terms,
                overlaps,
            } => {
                // That of the initial weights may come behind the first steps, never behind a later validation.
                self.validation.push(Validation {
                    step: *step,
                    terms: *terms,
                    overlaps: overlaps.clone(),
                });
            }
            Event::Best { step, dice } => self.best = Some((*step, *dice)),
            Event::Stopped { step } => self.stopped = Some(*step),
            Event::TrainedOn { step, steps } => {
                self.stopped = None;
                let [step, steps] = [*step, *steps];
                self.trained_on.push(TrainedOn { step, steps });
            }
            Event::Prediction { .. }
            | Event::Shown { .. }
            | Event::Rounding { .. }
            | Event::Snapshot(_)
            | Event::Weights { .. }
            | Event::Profile { .. }
            | Event::VolumeProgress { .. }
            | Event::Volume { .. } => {}
        }
    }

    /// As it was after `step` steps of a run that was to take `steps`.
    pub fn back_to(&mut self, step: u64, steps: u64) {
        self.train.retain(|(number, _)| *number < step);
        self.validation.retain(|pass| pass.step <= step);
        self.best = self.best.filter(|(best, _)| *best <= step);
        self.stopped = self.stopped.filter(|stopped| *stopped <= step);
        self.trained_on.retain(|on| on.step <= step && on.steps <= steps);
    }

    /// The points of a curve.
    #[must_use]
    pub fn line(&self, series: Series) -> Line {
        let train = |pick: fn(&Terms<f64>) -> f64| {
            self.train
                .iter()
                .map(|(step, terms)| (*step as f64, Some(pick(terms))))
                .unzip()
        };
        let validation = |pick: &dyn Fn(&Validation) -> Option<f64>| {
            self.validation
                .iter()
                .map(|pass| (pass.step as f64, pick(pass)))
                .unzip()
        };
        let (steps, values) = match series {
            Series::TrainTotal => train(|terms| terms.total),
            Series::TrainPixel => train(|terms| terms.pixel),
            Series::TrainRegion => train(|terms| terms.region),
            Series::ValidationTotal => validation(&|pass| Some(pass.terms.total)),
            Series::ValidationPixel => validation(&|pass| Some(pass.terms.pixel)),
            Series::ValidationRegion => validation(&|pass| Some(pass.terms.region)),
            Series::ClassDice(class) => validation(&|pass| pass.overlaps.get(class)?.outcome().dice()),
            Series::MeanDice => validation(&|pass| mean_dice(&pass.overlaps)),
        };
        Line { steps, values }
    }

    /// The history as comma-separated values: one row for each step and each validation; `classes` name the
    /// columns of the Dice per class, background first.
    #[must_use]
    pub fn csv(&self, classes: &[String]) -> String {
        let mut text = String::from("step,part,total,pixel,region,contour,rest,mean_dice");
        for class in classes.iter().skip(1) {
            let _ = write!(text, ",\"dice {}\"", class.replace('"', "\"\""));
        }
        text.push('\n');
        let terms = |text: &mut String, step: u64, part: &str, terms: &Terms<f64>| {
            let [total, pixel, region, contour, rest] = terms.to_array();
            let _ = write!(text, "{step},{part},{total},{pixel},{region},{contour},{rest}");
        };
        for (step, values) in &self.train {
            terms(&mut text, *step, "train", values);
            text.extend(std::iter::repeat_n(',', classes.len().max(1)));
            text.push('\n');
        }
        let cell = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        for pass in &self.validation {
            terms(&mut text, pass.step, "validation", &pass.terms);
            let dice = pass
                .overlaps
                .iter()
                .skip(1)
                .map(|overlap| overlap.outcome().dice());
            for value in std::iter::once(mean_dice(&pass.overlaps)).chain(dice) {
                let _ = write!(text, ",{}", cell(value));
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        let mut history = History::default();
        let terms = Terms {
            total: 3.0,
            pixel: 2.0,
            region: 1.0,
            ..Terms::default()
        };
        history.add(&Event::Step { step: 0, terms });
        let overlaps = vec![
            Overlap {
                predicted: 5,
                reference: 5,
                both: 5,
            },
            Overlap {
                predicted: 4,
                reference: 4,
                both: 2,
            },
            Overlap::default(),
        ];
        history.add(&Event::Validation {
            step: 1,
            terms,
            overlaps,
        });
        history
    }

    #[test]
    fn more_steps_are_told_and_forgotten_with_what_came_after() {
        let mut history = history();
        history.add(&Event::Stopped { step: 1 });
        let [first, second] = [(1, 3), (3, 9)].map(|(step, steps)| TrainedOn { step, steps });
        for TrainedOn { step, steps } in [first, second] {
            history.add(&Event::TrainedOn { step, steps });
        }
        assert_eq!((history.stopped, history.trained_on.len()), (None, 2));
        let back = |step, steps| {
            let mut history = history.clone();
            history.back_to(step, steps);
            history.trained_on
        };
        assert_eq!(back(3, 9), [first, second]);
        assert_eq!(back(3, 3), [first], "it was not to take more yet");
        assert_eq!(back(2, 3), [first]);
        assert_eq!(back(0, 1), []);
        let json = serde_json::to_string(&history).unwrap();
        assert_eq!(serde_json::from_str::<History>(&json).unwrap(), history);
        let mut old: serde_json::Value = serde_json::from_str(&json).unwrap();
        old.as_object_mut().unwrap().remove("trained_on").unwrap();
        assert_eq!(serde_json::from_value::<History>(old).unwrap().trained_on, []);
    }

    #[test]
    fn lines_hold_what_the_events_said() {
        let history = history();
        assert_eq!(
            history.line(Series::TrainTotal),
            Line {
                steps: vec![0.0],
                values: vec![Some(3.0)]
            }
        );
        assert_eq!(history.line(Series::ClassDice(1)).values, [Some(0.5)]);
        assert_eq!(history.line(Series::ClassDice(2)).values, [None]);
        assert_eq!(history.line(Series::MeanDice).values, [Some(0.5)]);
    }

    #[test]
    fn the_first_validation_may_come_behind_the_first_steps() {
        let mut history = history();
        history.validation.clear();
        history.add(&Event::Validation {
            step: 0,
            terms: Terms::default(),
            overlaps: vec![Overlap::default(); 3],
        });
        assert_eq!(history.line(Series::ValidationTotal).steps, [0.0]);
        assert_eq!(history.line(Series::TrainTotal).steps, [0.0]);
        history.back_to(0, 100);
        assert_eq!((history.train.len(), history.validation.len()), (0, 1));
    }

    #[test]
    fn every_row_of_the_file_has_every_column() {
        let classes = ["background", "liver", "bladder, \"urinary\""].map(str::to_owned);
        let csv = history().csv(&classes);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[1], "0,train,3,2,1,0,0,,,");
        assert_eq!(lines[2], "1,validation,3,2,1,0,0,0.5,0.5,");
        assert!(lines[0].ends_with("\"dice bladder, \"\"urinary\"\"\""));
    }
}
