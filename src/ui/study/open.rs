//! From a choice to a study on screen.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{File, FileList};

use super::build::build;
use super::samples::{Catalogue, Sample, fetch_catalogue, title};
use super::{Intake, Study, Task};
use crate::nifti::Plane;
use crate::nifti::{LabelDraft, LabelMap, Volume};
use crate::ui::viewer::first_window;
use crate::ui::{State, browser};

/// What a visitor sees first.
const FIRST: &str = "abdomen_ct_a";

/// Loads the catalogue and what a visitor sees first.
pub fn open_first(state: State) {
    spawn_local(async move {
        state.task.set(Task::Busy("Reading the list of samples".into()));
        match fetch_catalogue().await {
            Ok(catalogue) => {
                state.samples.set(catalogue);
                // Files that a visitor dropped meanwhile stay.
                load(state, FIRST, |state| {
                    state.study.with_untracked(Option::is_none)
                        && state.intake.with_untracked(Option::is_none)
                })
                .await;
            }
            Err(fault) => state.task.set(Task::Failed(fault)),
        }
    });
}

/// Opens a sample; the study on screen stays until it is there.
pub fn open_sample(state: State, key: String) {
    spawn_local(async move { load(state, &key, |_| true).await });
}

/// Reads a sample, and shows it if it is `wanted` once it is there.
async fn load(state: State, key: &str, wanted: fn(State) -> bool) {
    let Some(sample) = state
        .samples
        .with_untracked(|samples: &Catalogue| samples.get(key).cloned())
    else {
        state
            .task
            .set(Task::Failed(format!("There is no sample called {key}.")));
        return;
    };
    state.task.set(Task::Busy(format!("Reading {}", title(key))));
    match read_sample(key, &sample).await {
        Ok(study) if wanted(state) => show(state, study),
        Ok(_) => state.task.set(Task::Idle),
        Err(fault) => state.task.set(Task::Failed(fault)),
    }
}

async fn read_sample(key: &str, sample: &Sample) -> Result<Study, String> {
    let address = |file: &str| format!("{}/{file}", sample.dir);
    let image = browser::fetch(&address(&sample.image)).await?;
    let label = browser::fetch(&address(&sample.label)).await?;
    browser::pause().await;
    let unreadable = |error: crate::nifti::Error| error.to_string();
    let image = Volume::from_bytes(&image).map_err(unreadable)?;
    let labels = read_labels(&label, &image, sample).map_err(unreadable)?;
    build(&image, &labels, key, Some(sample)).map_err(unreadable)
}

fn read_labels(bytes: &[u8], image: &Volume, _sample: &Sample) -> Result<LabelMap, crate::nifti::Error> {
    LabelDraft::read(&Volume::from_bytes(bytes)?)?.finish(image)
}

/// Puts a study on screen.
pub fn show(state: State, study: Study) {
    state.task.set(Task::Idle);
    state.predictions.update(std::collections::BTreeMap::clear);
    state.selected.set(None);
    // Everything but the background.
    state.visible.set(!1);
    state.plane.set(Plane::Axial);
    state.cursor.set(study.first_look());
    state.window.set(first_window(&study));
    state.study.set(Some(Arc::new(study)));
}

/// Takes files that were dropped or picked, together with what waits for its other half.
pub fn take_files(state: State, files: &FileList) {
    let files: Vec<File> = (0..files.length()).filter_map(|i| files.get(i)).collect();
    if files.is_empty() {
        return;
    }
    spawn_local(async move {
        state
            .task
            .set(Task::Busy(format!("Reading {} files", files.len())));
        let mut read = Vec::new();
        for file in files {
            match browser::read(&file).await {
                Ok(bytes) => read.push((file.name(), bytes)),
                Err(fault) => {
                    state.task.set(Task::Failed(fault));
                    return;
                }
            }
        }
        browser::pause().await;
        match Intake::new(read) {
            Ok(intake) => receive(state, intake),
            Err(fault) => state.task.set(Task::Failed(fault)),
        }
    });
}

/// Opens a pair that leaves no question open, and asks about any other.
fn receive(state: State, intake: Intake) {
    state.task.set(Task::Idle);
    if intake.is_plain() {
        accept(state, intake);
    } else {
        state.intake.set(Some(intake));
    }
}

/// Opens the pair of an intake; if that fails, the study on screen stays.
pub fn accept(state: State, intake: Intake) {
    match intake.study() {
        Ok(study) => {
            state.intake.set(None);
            show(state, study);
        }
        Err(fault) => state.task.set(Task::Failed(fault)),
    }
}
