//! From a choice to a study on screen.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::build::{build, with_table};
use super::files::Picked;
use super::intake::prepare;
use super::samples::{Catalogue, Sample, fetch_catalogue, title};
use super::{Intake, Study, Task};
use crate::lab::Cohort;
use crate::lab::cohort::{Candidate, Frames};
use crate::nifti::{Assignment, Plane, Volume};
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
        Ok(cohort) if wanted(state) => {
            state.opened.set(None);
            show(state, cohort);
        }
        Ok(_) => state.task.set(Task::Idle),
        Err(fault) => state.task.set(Task::Failed(fault)),
    }
}

async fn read_sample(key: &str, sample: &Sample) -> Result<Cohort, String> {
    let address = |file: &str| format!("{}/{file}", sample.dir);
    let image = browser::fetch(&address(&sample.image)).await?;
    let label = browser::fetch(&address(&sample.label)).await?;
    browser::pause().await;
    let read = |bytes: &[u8]| {
        let volume = Volume::from_bytes(bytes).map_err(|error| error.to_string())?;
        Ok::<_, String>(Arc::new(volume))
    };
    let channel = if sample.is_ct() { "CT" } else { "" };
    let images = vec![(channel.to_owned(), read(&image)?)];
    let candidate = Candidate::new(key, images, read(&label)?, Frames::One(0), false);
    if let Some(fault) = candidate.fault() {
        return Err(fault.to_string());
    }
    let mut cohort = Cohort::open(next_id(), &title(key), &[candidate]).map_err(|error| error.to_string())?;
    cohort.sample = Some(key.to_owned());
    cohort.scheme = None;
    for (row, class) in sample.classes.iter().enumerate() {
        cohort.table.rename(row, &class.name);
        if let Some(color) = class.color().filter(|_| row > 0) {
            cohort.table.recolor(row, color);
        }
    }
    if let Some(subject) = cohort.subjects.first_mut() {
        Arc::make_mut(subject).given = sample.split();
    }
    Ok(cohort)
}

/// Cohorts are numbered as they are opened.
fn next_id() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Puts the first subject of a cohort on screen.
pub fn show(state: State, cohort: Cohort) {
    state.task.set(Task::Idle);
    match build(&cohort, 0, 0) {
        Ok(study) => {
            state.selected.set(None);
            // Everything but the background.
            state.visible.set(!1);
            state.plane.set(Plane::Axial);
            state.cursor.set(study.first_look());
            state.cohort.set(Some(Arc::new(cohort)));
            put(state, study);
        }
        Err(fault) => state.task.set(Task::Failed(fault.to_string())),
    }
}

fn put(state: State, study: Study) {
    state.predictions.update(std::collections::BTreeMap::clear);
    state.window.set(first_window(&study));
    state.study.set(Some(Arc::new(study)));
}

/// Another subject or another channel on screen; the place stays where only the channel changes.
pub fn choose(state: State, subject: usize, channel: usize) {
    let Some(cohort) = state.cohort.get_untracked() else {
        return;
    };
    let now = state.study.get_untracked();
    match build(&cohort, subject, channel) {
        Ok(study) => {
            if now.is_none_or(|now| now.subject != subject) {
                state.cursor.set(study.first_look());
            }
            put(state, study);
        }
        Err(fault) => state.task.set(Task::Failed(fault.to_string())),
    }
}

/// Changes what is decided about the data. The image on screen stays, under its new names and classes.
pub fn edit(state: State, change: impl FnOnce(&mut Cohort)) {
    let Some(old) = state.cohort.get_untracked() else {
        return;
    };
    let mut cohort = Cohort::clone(&old);
    change(&mut cohort);
    let is_same_label = cohort.table.lookup() == old.table.lookup();
    if let Some(study) = state.study.get_untracked() {
        if !is_same_label {
            state.predictions.update(std::collections::BTreeMap::clear);
            state.selected.set(None);
            state.visible.set(!1);
        }
        let study = with_table(&study, &cohort);
        state.cohort.set(Some(Arc::new(cohort)));
        state.study.set(Some(Arc::new(study)));
    }
}

/// Gives the study on screen labels that were drawn, and its subject in the cohort, whose next run learns from them.
pub fn redraw(state: State, labels: &Arc<[u8]>) {
    let (Some(study), Some(cohort)) = (state.study.get_untracked(), state.cohort.get_untracked()) else {
        return;
    };
    let mut cohort = Cohort::clone(&cohort);
    cohort.redraw(study.subject, labels);
    let study = with_table(&study, &cohort).with_labels(Arc::clone(labels));
    state.cohort.set(Some(Arc::new(cohort)));
    state.study.set(Some(Arc::new(study)));
}

/// Takes files that were dropped or picked, together with what waits for its other half.
pub fn take_files(state: State, new: Vec<Picked>) {
    if new.is_empty() {
        return;
    }
    let waits = state
        .intake
        .with_untracked(|intake| intake.as_ref().is_some_and(|intake| intake.ready() == 0));
    state.files.update_value(|files| {
        if !waits {
            files.clear();
        }
        files.retain(|old| new.iter().all(|new| new.path != old.path));
        files.extend(new);
    });
    read_files(state, None);
}

/// Reads the files once more, as a hand has assigned them.
pub fn pair_again(state: State, assignments: Vec<Assignment>) {
    read_files(state, Some(assignments));
}

fn read_files(state: State, assignments: Option<Vec<Assignment>>) {
    let files = state.files.get_value();
    spawn_local(async move {
        let tell = move |done: usize, all: usize| {
            state
                .task
                .set(Task::Busy(format!("Reading {} of {all}", done + 1)));
        };
        state
            .task
            .set(Task::Busy(format!("Reading {} files", files.len())));
        let by_hand = assignments.is_some();
        match prepare(&files, assignments, &tell).await {
            Ok(intake) => receive(state, intake, by_hand),
            Err(fault) => state.task.set(Task::Failed(fault)),
        }
    });
}

/// Opens files that leave no question open, and asks about any other; by hand, the hand has the last word.
fn receive(state: State, intake: Intake, by_hand: bool) {
    state.task.set(Task::Idle);
    if intake.is_plain() && !by_hand {
        accept(state, intake);
    } else {
        state.intake.set(Some(intake));
    }
}

/// Opens the subjects of an intake; if that fails, the study on screen stays, and the intake too.
pub fn accept(state: State, intake: Intake) {
    match intake.cohort(next_id()) {
        Ok(cohort) => {
            state.intake.set(None);
            state.opened.set(Some(Arc::new(intake)));
            show(state, cohort);
        }
        Err(fault) => {
            state.intake.set(Some(intake));
            state.task.set(Task::Failed(fault));
        }
    }
}

/// Back to the files of the open cohort, to change what was done to them.
pub fn reopen(state: State) {
    if let Some(opened) = state.opened.get_untracked() {
        state.intake.set(Some(Intake::clone(&opened)));
    }
}
