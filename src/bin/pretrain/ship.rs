//! The files that come with the page.

use std::path::PathBuf;

use contour_lab::metrics::Overlap;
use contour_lab::net::{read_safetensors, write_safetensors};
use contour_lab::plan::{Preset, SHIPPED, Settings, Shipped};
use serde_json::{Value, json};

use super::Failure;
use super::data::{OTHERS, SAMPLE, dataset, names, open, planned, recipe, www};
use super::options::Options;
use super::run::{Ended, found, mean, overlaps, run, scores};

/// What is shipped is what the page plans for a thorough run, with more steps, and with the best validation kept.
fn settings(options: &Options) -> Result<Settings, Failure> {
    let mut settings = planned(&open(SAMPLE)?, Preset::Thorough, options)?.settings;
    settings.steps = 2000.0;
    settings.validate_every = 50.0;
    settings.learning.keep_best = true;
    options.change(&mut settings)?;
    // The network is that of the file.
    Ok(Shipped::nearest(settings.size).take(&settings))
}

/// Trains on the training slices, keeps the weights that are best on one half of the validation slices, and scores them on the
/// other. Of several seeds, the best on the half that chooses is written.
pub(crate) fn ship(options: &Options) -> Result<(), Failure> {
    let (cohort, settings) = (open(SAMPLE)?, settings(options)?);
    let data = dataset(&cohort, settings.size)?;
    let [choosing, reporting] = data.split.halved();
    let mut choosing_data = data.clone();
    choosing_data.split.validation = choosing;
    let mut best: Option<(f64, u64, Ended)> = None;
    let mut seconds = 0.0;
    for seed in options.seeds()? {
        let mut own = recipe(&settings, &cohort)?;
        own.seed = seed;
        println!(
            "{SAMPLE} at {} pixels, seed {seed}: {}",
            settings.size,
            settings.summary()
        );
        let tell = |step: u64, overlaps: &[Overlap], seconds: f64| {
            let (mean, found) = (mean(overlaps), found(overlaps));
            println!(
                "  step {step}: mean Dice {mean:.3} where it is chosen, {found} organs above 0.5, {seconds:.0} s"
            );
        };
        let ended = run(&own, &choosing_data, None, tell)?;
        let chosen = ended.history.best.map_or(0.0, |(_, dice)| dice);
        let reported = overlaps(&own, &data, &reporting, &ended.weights)?;
        println!(
            "seed {seed}: best at step {}, mean Dice {chosen:.4} where it was chosen, {:.4} on the other half, {:.0} s",
            ended.step,
            mean(&reported),
            ended.seconds,
        );
        seconds += ended.seconds;
        if best.as_ref().is_none_or(|(dice, ..)| chosen > *dice) {
            best = Some((chosen, seed, ended));
        }
    }
    let (chosen, seed, ended) = best.ok_or("No seed was said.")?;
    let mut own = recipe(&settings, &cohort)?;
    own.seed = seed;
    let all = figures(&settings, &ended.weights)?;
    let report = json!({
        "command": format!("cargo run --release --bin pretrain -- ship{}", options.said()),
        "date": options.date(), "machine": options.machine(), "seconds_of_all_seeds": seconds.round(),
        "size": settings.size, "recipe": own, "step": ended.step, "mean_dice_where_chosen": (1e4 * chosen).round() / 1e4,
        "figures": all,
    });
    let shipped = Shipped::nearest(settings.size);
    let folder = options.out().map_or_else(|| www("weights"), PathBuf::from);
    let name = shipped.file.rsplit('/').next().ok_or("a name")?;
    let path = folder.join(name);
    let graph = own.network.graph(settings.size, settings.size)?;
    let notes = [
        ("sample", SAMPLE.to_owned()),
        ("size", settings.size.to_string()),
        ("step", ended.step.to_string()),
        ("recipe", serde_json::to_string(&own)?),
        ("use", "For teaching. Not for diagnosis.".to_owned()),
    ];
    std::fs::create_dir_all(&folder)?;
    std::fs::write(&path, write_safetensors(&graph, &ended.weights, &notes)?)?;
    std::fs::write(
        path.with_extension("json"),
        serde_json::to_string_pretty(&report)? + "\n",
    )?;
    println!("{}", serde_json::to_string_pretty(&report["figures"])?);
    println!("{} is written.", path.display());
    Ok(())
}

/// Scores of weights: on the reporting half of the sample that they were trained on, on both halves, and on all slices of the
/// others that show an organ.
fn figures(settings: &Settings, weights: &[f32]) -> Result<Value, Failure> {
    let cohort = open(SAMPLE)?;
    let recipe = recipe(settings, &cohort)?;
    let data = dataset(&cohort, settings.size)?;
    let [_, reporting] = data.split.halved();
    let mut figures = json!({
        "reporting_half": scores(&overlaps(&recipe, &data, &reporting, weights)?, &names(&cohort)),
        "all_validation_slices": scores(&overlaps(&recipe, &data, &data.split.validation, weights)?, &names(&cohort)),
    });
    for key in OTHERS {
        let cohort = open(key)?;
        let data = dataset(&cohort, settings.size)?;
        let slices: Vec<u32> = (0..data.slices as u32).collect();
        figures[key] = scores(&overlaps(&recipe, &data, &slices, weights)?, &names(&cohort));
    }
    Ok(figures)
}

/// What is shipped, scored anew.
pub(crate) fn score(options: &Options) -> Result<(), Failure> {
    for shipped in &SHIPPED {
        let (settings, weights) = read(shipped, options)?;
        let all = figures(&settings, &weights)?;
        println!("{}\n{}", shipped.file, serde_json::to_string_pretty(&all)?);
    }
    Ok(())
}

/// A shipped file, and the settings of a run that begins with it.
pub(crate) fn read(shipped: &Shipped, options: &Options) -> Result<(Settings, Vec<f32>), Failure> {
    let mut settings = shipped.take(&planned(&open(SAMPLE)?, Preset::Thorough, options)?.settings);
    settings.size = shipped.size;
    let graph = shipped.network().graph(shipped.size, shipped.size)?;
    let folder = options.out().map_or_else(|| www("weights"), PathBuf::from);
    let name = shipped.file.rsplit('/').next().ok_or("a name")?;
    let weights = read_safetensors(&graph, &std::fs::read(folder.join(name))?)?;
    Ok((settings, weights))
}
