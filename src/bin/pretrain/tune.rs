//! A short run on another abdomen, from shipped and from random weights.

use contour_lab::metrics::Overlap;
use contour_lab::plan::SHIPPED;

use super::Failure;
use super::data::{OTHERS, dataset, names, open, planned, recipe};
use super::options::Options;
use super::run::{found, invented, mean, mean_of_shown, overlaps, run, scores};
use super::ship::read;

const STEPS: f64 = 30.0;

/// For each shipped file and each other sample: the same recipe from both weights. It is that of the page's plan for the sample,
/// with few steps.
pub(crate) fn tune(options: &Options) -> Result<(), Failure> {
    for shipped in &SHIPPED {
        let (_, shipped_weights) = read(shipped, options)?;
        for key in OTHERS {
            let cohort = open(key)?;
            let mut settings = shipped.take(&planned(&cohort, options.preset()?, options)?.settings);
            settings.size = shipped.size;
            settings.steps = STEPS;
            settings.validate_every = STEPS;
            settings.learning.warmup_steps = (STEPS / 8.0 / 5.0).floor() * 5.0;
            options.change(&mut settings)?;
            let data = dataset(&cohort, settings.size)?;
            for seed in options.seeds()? {
                let mut own = recipe(&settings, &cohort)?;
                own.seed = seed;
                for (start, weights) in [("shipped", Some(shipped_weights.clone())), ("random", None)] {
                    let ended = run(&own, &data, weights, |_, _: &[Overlap], _| {})?;
                    let last = overlaps(&own, &data, &data.split.validation, &ended.weights)?;
                    println!(
                        "{key} at {}, {} validation slices, seed {seed}, {} steps from {start} weights: mean Dice {:.3} (of organs that \
                         are there {:.3}), {} above 0.5, {} invented, {:.1} s",
                        settings.size,
                        data.split.validation.len(),
                        own.steps,
                        mean(&last),
                        mean_of_shown(&last),
                        found(&last),
                        invented(&last),
                        ended.seconds,
                    );
                    println!("  {}", scores(&last, &names(&cohort))["dice"]);
                }
            }
        }
    }
    Ok(())
}
