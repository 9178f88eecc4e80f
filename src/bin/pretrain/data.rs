//! The samples as the page opens them, and what it plans for them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contour_lab::lab::{Catalogue, Cohort};
use contour_lab::nifti::Volume;
use contour_lab::plan::{Engine, Fingerprint, Machine, Planned, Preset, Question, Settings, plan};
use contour_lab::train::{Dataset, Recipe};
use contour_lab::{contour, loss};

use super::Failure;
use super::options::Options;

/// What the page opens with, and what the weights are trained on.
pub(crate) const SAMPLE: &str = "abdomen_ct_a";
/// Another person, and another modality.
pub(crate) const OTHERS: [&str; 2] = ["abdomen_ct_b", "abdomen_mr"];

/// A folder or file of `www`.
pub(crate) fn www(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www").join(path)
}

pub(crate) fn open(key: &str) -> Result<Cohort, Failure> {
    let catalogue: Catalogue = serde_json::from_slice(&std::fs::read(www("samples/samples.json"))?)?;
    let listed = catalogue
        .get(key)
        .ok_or_else(|| format!("There is no sample {key}."))?;
    let volume = |file: &str| -> Result<_, Failure> {
        let path = www(&listed.dir).join(file);
        Ok(Arc::new(Volume::from_bytes(&std::fs::read(path)?)?))
    };
    let (image, label) = (volume(&listed.image)?, volume(&listed.label)?);
    Ok(listed.sample(0, key).cohort(image, label)?)
}

/// Names of the classes, background first.
pub(crate) fn names(cohort: &Cohort) -> Vec<String> {
    let classes = cohort.table.classes();
    classes.into_iter().map(|row| row.name.clone()).collect()
}

/// What the page plans for these data on a processor.
pub(crate) fn planned(cohort: &Cohort, preset: Preset, options: &Options) -> Result<Planned, Failure> {
    let facts = Fingerprint::of(cohort).ok_or("No slice trains.")?;
    let question = Question {
        facts: &facts,
        machine: &Machine::unmeasured(Engine::Processor {
            workers: options.workers()?,
        }),
        loss: &loss::Params::default(),
        contour: &contour::Choice::default(),
    };
    Ok(plan(preset, &question)?)
}

/// The recipe of these settings.
pub(crate) fn recipe(settings: &Settings, cohort: &Cohort) -> Result<Recipe, Failure> {
    let classes = cohort.table.classes().len();
    Ok(settings.recipe(classes, contour::Choice::default(), loss::Params::default())?)
}

/// The slices on a grid of `size` × `size` pixels.
pub(crate) fn dataset(cohort: &Cohort, size: usize) -> Result<Dataset, Failure> {
    Ok(cohort.dataset([size; 2])?)
}
