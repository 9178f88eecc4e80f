//! What a preset's plan reaches on the opening sample, over the work that it takes.

use contour_lab::metrics::Overlap;
use contour_lab::plan::Work;
use contour_lab::train::Recipe;

use super::Failure;
use super::data::{OTHERS, SAMPLE, dataset, names, open, planned, recipe};
use super::options::Options;
use super::run::{found, invented, mean, mean_of_shown, overlaps, run, scores};

/// When a visitor has a look.
const LOOKS_SECONDS: [f64; 2] = [30.0, 60.0];

/// Runs a plan with each seed, and says for every validation, the page's own, the steps and floating-point operations behind
/// it, the seconds that these take the page's crew, the organs above a Dice of 0.5 and the mean Dice.
pub(crate) fn recipes(options: &Options) -> Result<(), Failure> {
    let cohort = open(SAMPLE)?;
    let mut settings = planned(&cohort, options.preset()?, options)?.settings;
    options.change(&mut settings)?;
    let data = dataset(&cohort, settings.size)?;
    let gflops = options.gflops()?;
    println!(
        "{}, planned for {} workers at {gflops} GFLOP/s together: {}",
        options.preset()?.name(),
        options.workers()?,
        settings.summary()
    );
    let mut at_looks = vec![Vec::new(); LOOKS_SECONDS.len()];
    for seed in options.seeds()? {
        let mut own = recipe(&settings, &cohort)?;
        own.seed = seed;
        let mut seen: Vec<(f64, usize, f64)> = Vec::new();
        let mut last = Vec::new();
        let tell = |step: u64, overlaps: &[Overlap], native: f64| {
            let work = until(step, &own, &data);
            let (found, mean) = (found(overlaps), mean(overlaps));
            let seconds = work / gflops;
            println!(
                "  seed {seed} step {step:4}: {work:5.0} GFLOP, {seconds:3.0} s there, {native:3.0} s here: {found:2} organs, mean {mean:.3}"
            );
            seen.push((seconds, found, mean));
            last = overlaps.to_vec();
        };
        let ended = run(&own, &data, None, tell)?;
        println!("  {}", scores(&last, &names(&cohort))["dice"]);
        for key in OTHERS {
            let other = dataset(&open(key)?, settings.size)?;
            let slices: Vec<u32> = (0..other.slices as u32).collect();
            let overlaps = overlaps(&own, &other, &slices, &ended.weights)?;
            println!(
                "  {key}, untuned: mean Dice of organs that are there {:.3}, {} invented",
                mean_of_shown(&overlaps),
                invented(&overlaps)
            );
        }
        for (look, all) in LOOKS_SECONDS.iter().zip(&mut at_looks) {
            all.extend(seen.iter().rev().find(|(seconds, ..)| seconds <= look).copied());
        }
    }
    for (look, all) in LOOKS_SECONDS.iter().zip(&at_looks) {
        let found: Vec<usize> = all.iter().map(|(_, found, _)| *found).collect();
        let means: Vec<String> = all.iter().map(|(.., mean)| format!("{mean:.3}")).collect();
        println!("after {look} s: organs {found:?}, mean Dice {}", means.join(", "));
    }
    Ok(())
}

/// Thousand millions of floating-point operations up to the validation after `step` steps.
fn until(step: u64, recipe: &Recipe, data: &contour_lab::train::Dataset) -> f64 {
    let part = Recipe {
        steps: step.max(1),
        ..recipe.clone()
    };
    let Ok(mut work) = Work::of(&part, &data.extent()) else {
        return f64::NAN;
    };
    work.steps = step;
    work.passes = 1 + step / recipe.validate_every.max(1);
    2.0 * work.multiply_adds() / 1e9
}
