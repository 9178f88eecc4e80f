//! What the engine does for the planned run while nobody asks for one: it compiles, then it tries kernels.

use std::time::Duration;

use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::{Reply, Request};
use crate::gpu::AdapterKind;
use crate::page::Phase;
use crate::plan::engine::{Chore, Graphics, Leisure};
use crate::train::{Extent, Recipe};
use crate::ui::ground::browser;
use crate::ui::ground::engine::word;
use crate::ui::services::variants;
use crate::ui::store::{Comparison, Compute, State, Training};

/// The page has settled for so long before anything is compiled ahead,
const BEFORE_COMPILING: Duration = Duration::from_millis(500);
/// and has been idle for so long before anything is tried.
const BEFORE_TRYING: Duration = Duration::from_secs(8);

/// A run, as far as its kernels go.
type Planned = (Recipe, Extent);

/// Does the chores in idle time. Whatever asks for the engine, or plans another run, ends them; the engine keeps how far it is.
pub fn follow(training: Training, state: State) {
    let idle = Memo::new(move |_| {
        let rests = training
            .phase
            .with(|phase| phase.rests() && *phase != Phase::Paused);
        let compares = training.comparison.with(|it| *it == Comparison::UnderWay);
        state.view.settled.get() && rests && !compares
    });
    let planned = Memo::new(move |_| -> Option<Planned> {
        let recipe = training
            .outlook
            .with(|outlook| Some(outlook.as_ref()?.as_ref().ok()?.recipe.clone()))?;
        Some((recipe, training.plan.with(|plan| Some(plan.as_ref()?.extent()))?))
    });
    let trials = word("trials")
        .and_then(|word| ["off", "on"].iter().position(|known| *known == word))
        .map(|at| at == 1);
    let prepared = StoredValue::new(None::<Planned>);
    let tried = StoredValue::new(None::<Planned>);
    let leisure = move |planned: &Planned| Leisure {
        processor: state.compute.computes.with(|choice| {
            choice
                .as_ref()
                .map_or(crate::engine::Processor::Cpu, |choice| choice.processor)
        }),
        kind: state.compute.graphics.with(|graphics| match graphics {
            Graphics::Found { kind, .. } => *kind,
            Graphics::Sought | Graphics::Absent(_) => AdapterKind::Software,
        }),
        is_idle: idle.get(),
        is_prepared: prepared.with_value(|prepared| prepared.as_ref() == Some(planned)),
        trials,
    };
    let held = StoredValue::new_local(None::<AbortHandle>);
    Effect::new(move || {
        if let Some(handle) = held.try_update_value(Option::take).flatten() {
            handle.abort();
        }
        training.trials.set(None);
        let Some(planned) = planned.get() else {
            return;
        };
        if leisure(&planned).chore().is_none() {
            return;
        }
        let (chores, handle) = abortable(async move {
            while let Some(chore) = untrack(|| leisure(&planned).chore()) {
                let is_done = match chore {
                    Chore::Prepare => {
                        browser::after(BEFORE_COMPILING).await;
                        let is_done = prepare(training, state.compute).await;
                        prepared.set_value(Some(planned.clone()));
                        is_done
                    }
                    Chore::Try if tried.with_value(|tried| tried.as_ref() == Some(&planned)) => return,
                    Chore::Try => {
                        browser::after(BEFORE_TRYING).await;
                        let is_done = try_kernels(training, state.compute).await;
                        training.trials.set(None);
                        tried.set_value(Some(planned.clone()));
                        is_done
                    }
                };
                // What stands in the way is told by the run that it stands in the way of.
                if !is_done {
                    return;
                }
            }
        });
        held.set_value(Some(handle));
        spawn_local(async move {
            // Ended or not.
            let _ = chores.await;
        });
    });
}

/// Whether all that the planned run would wait for is compiled.
async fn prepare(training: Training, compute: Compute) -> bool {
    let Some(rehearsal) = training.rehearsal(compute) else {
        return false;
    };
    let mut replies = compute.engine().ask(Request::Prepare(Box::new(rehearsal)));
    loop {
        match replies.next().await {
            Some(Reply::Compiling(_)) => {}
            Some(Reply::Prepared) => return true,
            Some(_) | None => return false,
        }
    }
}

/// Whether everything has been tried for the planned run.
async fn try_kernels(training: Training, compute: Compute) -> bool {
    let Some(rehearsal) = training.rehearsal(compute) else {
        return false;
    };
    let mut replies = compute.engine().ask(Request::Try(Box::new(rehearsal)));
    while let Some(Reply::Tried { shapes, kernels }) = replies.next().await {
        variants::keep(&kernels);
        let [done, all] = shapes;
        if done == all {
            return true;
        }
        training.trials.set(Some(shapes));
    }
    false
}
