//! A session from its first step to its last, and the scores of weights.

use std::time::Instant;

use contour_lab::lab::History;
use contour_lab::metrics::{Overlap, mean_dice};
use contour_lab::train::{Crew, Dataset, Event, Recipe, Session};
use pollster::block_on;
use serde_json::json;

use super::Failure;

/// An organ with a higher Dice is found.
const FOUND: f64 = 0.5;

/// What came of a run.
pub(crate) struct Ended {
    pub(crate) history: History,
    /// Those of the best validation, if they were kept; else the last.
    pub(crate) weights: Vec<f32>,
    /// Steps behind them.
    pub(crate) step: u64,
    pub(crate) seconds: f64,
}

/// Runs a recipe on all cores; `tell` hears of each validation and of the seconds gone by.
pub(crate) fn run(
    recipe: &Recipe,
    dataset: &Dataset,
    weights: Option<Vec<f32>>,
    mut tell: impl FnMut(u64, &[Overlap], f64),
) -> Result<Ended, Failure> {
    let mut session = Session::on_processor(recipe.clone(), dataset, weights, Crew::new())?;
    let (mut history, start) = (History::default(), Instant::now());
    session.validate();
    loop {
        while let Some(event) = block_on(session.next()) {
            let event = event?;
            history.add(&event);
            if let Event::Validation { step, overlaps, .. } = &event {
                tell(*step, overlaps, start.elapsed().as_secs_f64());
            }
        }
        if session.finished() {
            break;
        }
        session.step();
    }
    let seconds = start.elapsed().as_secs_f64();
    if recipe.regimen.keep_best {
        session.read_best_weights();
    } else {
        session.read_weights();
    }
    match block_on(session.next()) {
        Some(Ok(Event::Weights { step, arena })) => Ok(Ended {
            history,
            weights: arena,
            step,
            seconds,
        }),
        Some(Err(error)) => Err(error.into()),
        _ => Err("The run gave no weights.".into()),
    }
}

/// How the classes overlap on some slices of a data set.
pub(crate) fn overlaps(
    recipe: &Recipe,
    dataset: &Dataset,
    slices: &[u32],
    weights: &[f32],
) -> Result<Vec<Overlap>, Failure> {
    let mut dataset = dataset.clone();
    dataset.split.validation = slices.to_vec();
    let mut session = Session::on_processor(recipe.clone(), &dataset, Some(weights.to_vec()), Crew::new())?;
    session.validate();
    while let Some(event) = block_on(session.next()) {
        if let Event::Validation { overlaps, .. } = event? {
            return Ok(overlaps);
        }
    }
    Err("There is no slice to validate.".into())
}

/// Organs that are found.
pub(crate) fn found(overlaps: &[Overlap]) -> usize {
    let dice = overlaps.iter().skip(1).filter_map(Overlap::dice);
    dice.filter(|dice| *dice > FOUND).count()
}

/// Mean over the organs, by the page's rule.
pub(crate) fn mean(overlaps: &[Overlap]) -> f64 {
    mean_dice(overlaps).unwrap_or(0.0)
}

/// Mean over the organs that the reference has: what is predicted of others does not count.
pub(crate) fn mean_of_shown(overlaps: &[Overlap]) -> f64 {
    let shown: Vec<Overlap> = overlaps
        .iter()
        .copied()
        .filter(|overlap| overlap.reference > 0)
        .collect();
    mean(&shown)
}

/// Organs that are predicted, and that the reference does not have.
pub(crate) fn invented(overlaps: &[Overlap]) -> usize {
    let invented = |overlap: &&Overlap| overlap.reference == 0 && overlap.predicted > 0;
    overlaps.iter().skip(1).filter(invented).count()
}

/// Scores as they stand beside a file.
pub(crate) fn scores(overlaps: &[Overlap], names: &[String]) -> serde_json::Value {
    let rounded = |dice: f64| (1e4 * dice).round() / 1e4;
    let dice: serde_json::Map<_, _> = names
        .iter()
        .zip(overlaps)
        .skip(1)
        .map(|(name, overlap)| (name.clone(), json!(overlap.dice().map(rounded))))
        .collect();
    json!({
        "mean_dice": rounded(mean(overlaps)), "mean_dice_of_shown_organs": rounded(mean_of_shown(overlaps)),
        "organs_above_half": found(overlaps), "organs_predicted_but_not_shown": invented(overlaps), "dice": dice,
    })
}
