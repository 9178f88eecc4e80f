//! From a choice to a study on screen.

use std::cell::Cell;
use std::sync::Arc;
use std::thread::LocalKey;

use futures_util::future::join;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::samples::{Catalogue, Listed, fetch_catalogue, title};
use crate::engine::{Reply, Request, next_turn};
use crate::lab::cohort::Assembly;
use crate::lab::{Cohort, Overview, Settling};
use crate::nifti::{Assignment, Plane};
use crate::page::Study;
use crate::page::build::{build, with_table};
use crate::ui::ground::browser;
use crate::ui::ground::engine::Replies;
use crate::ui::ground::files::Picked;
use crate::ui::store::{Compute, Data, State, Task};

/// What a visitor sees first. `index.html` asks for its files ahead.
const FIRST: &str = "abdomen_ct_a";

/// Loads the catalogue and what a visitor sees first.
pub fn open_first(state: State) {
    let catalogue = fetch_catalogue();
    spawn_local(async move {
        state
            .data
            .task
            .set(Task::Busy("Reading the list of samples".into()));
        match catalogue.await {
            Ok(catalogue) => {
                state.data.samples.set(catalogue);
                // Files that a visitor dropped meanwhile stay.
                load(state, FIRST, |state| {
                    state.data.study.with_untracked(Option::is_none)
                        && state.data.intake.with_untracked(Option::is_none)
                })
                .await;
            }
            Err(fault) => state.data.task.set(Task::Failed(fault)),
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
        .data
        .samples
        .with_untracked(|samples: &Catalogue| samples.get(key).cloned())
    else {
        state
            .data
            .task
            .set(Task::Failed(format!("There is no sample called {key}.")));
        return;
    };
    state.data.task.set(Task::Busy(format!("Reading {}", title(key))));
    match read_sample(state.compute, key, &sample).await {
        Ok(cohort) if wanted(state) => {
            state.data.opened.set(false);
            show(state, cohort).await;
        }
        Ok(_) => state.data.task.set(Task::Idle),
        Err(fault) => state.data.task.set(Task::Failed(fault)),
    }
}

async fn read_sample(compute: Compute, key: &str, sample: &Listed) -> Result<Cohort, String> {
    let address = |file: &str| format!("{}/{file}", sample.dir);
    let files = [&sample.image, &sample.label].map(|file| address(file));
    let (image, label) = join(browser::fetch_buffer(&files[0]), browser::fetch_buffer(&files[1])).await;
    let request = Request::Sample(Box::new(sample.sample(next_id(), key)));
    let replies = compute
        .engine()
        .ask_with(request, vec![image?.into(), label?.into()]);
    cohort(compute, replies, |_| {}).await
}

/// The cohort that the engine replies with; `arrived` is told which part of it is there, from 0 to 1.
async fn cohort(compute: Compute, mut replies: Replies, arrived: impl Fn(f64)) -> Result<Cohort, String> {
    let mut arriving = None::<Assembly>;
    loop {
        match replies.next().await {
            Some(Reply::Cohort(hollow)) => arriving = Some(Assembly::new(*hollow)),
            Some(Reply::Piece(piece)) => {
                let added = arriving.as_mut().map(|arriving| arriving.add(&piece));
                match added.transpose() {
                    Ok(Some(Some(cohort))) => {
                        // What it has sent it holds.
                        compute.engine().note(&cohort);
                        return Ok(cohort);
                    }
                    Ok(_) => arrived(arriving.as_ref().map_or(0.0, Assembly::arrived)),
                    Err(error) => return Err(error.to_string()),
                }
                // A task for each piece, even where many wait.
                next_turn().await;
            }
            Some(Reply::Fault(fault)) => return Err(fault),
            _ => return Err("The engine did not answer. Reload the page.".into()),
        }
    }
}

/// Cohorts are numbered as they are opened.
pub fn next_id() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

thread_local! {
    static BUILDS: Cell<u64> = const { Cell::new(0) };
    static READS: Cell<u64> = const { Cell::new(0) };
}

/// Whether this is still the newest of its kind.
fn ticket(kind: &'static LocalKey<Cell<u64>>) -> impl Fn() -> bool {
    let mine = kind.get() + 1;
    kind.set(mine);
    move || kind.get() == mine
}

/// Lets the page breathe, and says whether what is asked for `is_newest` still.
fn goes_on(is_newest: impl Fn() -> bool) -> impl AsyncFn() -> bool {
    async move || {
        next_turn().await;
        is_newest()
    }
}

/// Puts the first subject of a cohort on screen.
pub async fn show(state: State, cohort: Cohort) {
    let study = build(&cohort, 0, 0, goes_on(ticket(&BUILDS))).await;
    state.data.task.set(Task::Idle);
    match study {
        Ok(Some(study)) => {
            state.view.selected.set(None);
            // Everything but the background.
            state.view.visible.set(!1);
            state.view.plane.set(Plane::Axial);
            state.view.cursor.set(study.first_look(&cohort));
            let drawn = state
                .data
                .cohort
                .get_untracked()
                .filter(|before| before.is_drawn());
            // What is on screen is not left behind.
            let is_other = |left: &Arc<Cohort>| left.id != cohort.id;
            state
                .data
                .left
                .update(|left| *left = drawn.or_else(|| left.take().filter(is_other)));
            state.data.cohort.set(Some(Arc::new(cohort)));
            put(state, study);
        }
        Ok(None) => {}
        Err(fault) => state.data.task.set(Task::Failed(fault.to_string())),
    }
}

/// Goes back to the cohort that was left with strokes on it.
pub fn back(state: State) {
    let Some(left) = state.data.left.get_untracked() else {
        return;
    };
    state.data.opened.set(false);
    spawn_local(async move { show(state, Cohort::clone(&left)).await });
}

fn put(state: State, study: Study) {
    state.predictions.update(std::collections::BTreeMap::clear);
    state.view.window.set(study.first_window());
    state.data.study.set(Some(Arc::new(study)));
}

/// Another subject or another channel on screen; the place stays where only the channel changes.
pub fn choose(state: State, subject: usize, channel: usize) {
    spawn_local(turn_to(state, subject, channel));
}

/// As [`choose`], done once it returns.
pub async fn turn_to(state: State, subject: usize, channel: usize) {
    let Some(cohort) = state.data.cohort.get_untracked() else {
        return;
    };
    let now = state.data.study.get_untracked();
    match build(&cohort, subject, channel, goes_on(ticket(&BUILDS))).await {
        Ok(Some(study)) => {
            if now.is_none_or(|now| now.subject != subject) {
                state.view.cursor.set(study.first_look(&cohort));
            }
            put(state, study);
        }
        Ok(None) => {}
        Err(fault) => state.data.task.set(Task::Failed(fault.to_string())),
    }
}

/// Changes what is decided about the data. The image on screen stays, under its new names and classes.
pub fn edit(state: State, change: impl FnOnce(&mut Cohort)) {
    let Some(old) = state.data.cohort.get_untracked() else {
        return;
    };
    let mut cohort = Cohort::clone(&old);
    change(&mut cohort);
    let is_same_label = cohort.table.lookup() == old.table.lookup();
    if let Some(study) = state.data.study.get_untracked() {
        if !is_same_label {
            state.predictions.update(std::collections::BTreeMap::clear);
            state.view.selected.set(None);
            state.view.visible.set(!1);
        }
        let study = with_table(&study, &cohort);
        state.data.cohort.set(Some(Arc::new(cohort)));
        state.data.study.set(Some(Arc::new(study)));
    }
}

/// Gives the study on screen labels that were drawn, and its subject in the cohort, whose next run learns from them.
pub fn redraw(data: Data, labels: &Arc<Vec<u8>>) {
    let (Some(study), Some(cohort)) = (data.study.get_untracked(), data.cohort.get_untracked()) else {
        return;
    };
    let mut cohort = Cohort::clone(&cohort);
    cohort.redraw(study.subject, labels);
    let study = with_table(&study, &cohort).with_labels(Arc::clone(labels));
    data.cohort.set(Some(Arc::new(cohort)));
    data.study.set(Some(Arc::new(study)));
}

/// Takes files that were dropped or picked, together with what waits for its other half.
pub fn take_files(state: State, new: Vec<Picked>) {
    if new.is_empty() {
        return;
    }
    let waits = state
        .data
        .intake
        .with_untracked(|intake| intake.as_ref().is_some_and(|intake| intake.ready() == 0));
    state.data.files.update_value(|files| {
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
    let files = state.data.files.get_value();
    state
        .data
        .task
        .set(Task::Busy(format!("Reading {} files", files.len())));
    let by_hand = assignments.is_some();
    let (paths, objects) = files
        .into_iter()
        .map(|picked| (picked.path, picked.file.into()))
        .unzip();
    let request = Request::Read { paths, assignments };
    let mut replies = state.compute.engine().ask_with(request, objects);
    let is_newest = ticket(&READS);
    spawn_local(async move {
        while let Some(reply) = replies.next().await {
            if !is_newest() {
                return;
            }
            match reply {
                Reply::Progress([done, all]) => {
                    state
                        .data
                        .task
                        .set(Task::Busy(format!("Reading {} of {all}", done + 1)));
                }
                Reply::Intake(overview) => return receive(state, *overview, by_hand),
                Reply::Fault(fault) => return state.data.task.set(Task::Failed(fault)),
                _ => {}
            }
        }
    });
}

/// Opens files that leave no question open, and asks about any other; by hand, the hand has the last word.
fn receive(state: State, overview: Overview, by_hand: bool) {
    state.data.task.set(Task::Idle);
    if overview.is_plain && !by_hand {
        accept(state);
    } else {
        state.data.intake.set(Some(overview));
    }
}

/// Opens the subjects of the files that the engine holds; if that fails, the study on screen stays, and the files too.
pub fn accept(state: State) {
    let replies = state.compute.engine().ask(Request::Accept(next_id()));
    let busy = move |text: String| state.data.task.set(Task::Busy(text));
    busy("Opening".into());
    spawn_local(async move {
        let arrived = |part: f64| busy(format!("Opening, {:.0} %", 100.0 * part));
        match cohort(state.compute, replies, arrived).await {
            Ok(cohort) => {
                state.data.intake.set(None);
                state.data.opened.set(true);
                show(state, cohort).await;
            }
            Err(fault) => state.data.task.set(Task::Failed(fault)),
        }
    });
}

/// Does something about the files that the engine holds.
pub fn settle(state: State, settling: Settling) {
    look_again(
        state.compute,
        state.data,
        Request::Settle(settling),
        "Putting the files right",
    );
}

/// Back to the files of the open cohort, to change what was done to them.
pub fn reopen(compute: Compute, data: Data) {
    look_again(compute, data, Request::Reopen, "Looking at the files again");
}

fn look_again(compute: Compute, data: Data, request: Request, doing: &str) {
    let mut replies = compute.engine().ask(request);
    data.task.set(Task::Busy(doing.into()));
    spawn_local(async move {
        let reply = replies.next().await;
        data.task.set(Task::Idle);
        match reply {
            Some(Reply::Intake(overview)) => data.intake.set(Some(*overview)),
            Some(Reply::Fault(fault)) => {
                data.intake.set(None);
                data.task.set(Task::Failed(fault));
            }
            _ => {}
        }
    });
}
