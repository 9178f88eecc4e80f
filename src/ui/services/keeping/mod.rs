//! A session that outlives the page: kept in this browser while it goes on, and offered when the page is opened again.
//!
//! Nothing of it leaves the computer. Samples are kept unasked; the visitor's own scans only where the visitor says so, since
//! others may use this browser.

mod scans;

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::lab::Cohort;
use crate::page::{Kept, Left};
use crate::ui::ground::engine::own_build;
use crate::ui::ground::latest::Latest;
use crate::ui::ground::{browser, database};
use crate::ui::services::opening::{next_id, show, turn_to};
use crate::ui::store::{Keeping, State, Training};

/// Names in the browser's database.
const RUN: &str = "run";
const BUILD: &str = "build";
/// There is one session for all tabs: the tab that keeps its own holds this until it is closed.
const LOCK: &str = "contour-lab session";
const OTHER_TAB: &str = "Another tab of this page keeps its session in this browser, so this one is not kept. Close the other to keep this one.";

/// Keeps the run that ends now, because its cohort is not on screen any more.
pub fn leave(state: State, training: Training) {
    let (Some(keeping), Some(made)) = (use_context::<Keeping>(), training.made.get_untracked()) else {
        return;
    };
    let has_steps = training
        .history
        .with_untracked(|history| !history.train.is_empty());
    if !has_steps {
        return;
    }
    let plan = &made.plan;
    let kept = now(state, training).map(|(kept, cohort)| {
        // Strokes that were drawn since it began come along.
        let drawn = state
            .data
            .left
            .get_untracked()
            .filter(|left| left.id == cohort.id);
        let kept = Kept {
            subject: plan.study.subject,
            channel: plan.study.channel,
            cursor: plan.study.first_look(&cohort),
            ..kept
        };
        (kept, drawn.unwrap_or(cohort))
    });
    keeping.left.set(Some(Arc::new(Left {
        title: plan.cohort.title.clone(),
        kept,
    })));
}

/// Looks for a session of an earlier visit, and keeps that of this one.
pub fn provide(state: State, training: Training) {
    let keeping = Keeping {
        offer: RwSignal::new(None),
        own: RwSignal::new(None),
        left: RwSignal::new(None),
        fault: RwSignal::new(String::new()),
        written: StoredValue::new(None),
        holds: StoredValue::new(false),
    };
    provide_context(keeping);
    spawn_local(async move {
        // That of another tab is at work.
        if !browser::claim(LOCK, false).await {
            return;
        }
        // What another build has kept this one cannot read.
        if database::get(BUILD).await == Some(own_build()) {
            keeping.offer.set(database::get(RUN).await.map(Arc::new));
        } else {
            database::clear().await;
        }
    });
    let latest = Latest::new();
    Effect::new(move || {
        let has_steps = training.snapped.get().is_some_and(|step| step > 0);
        let is_wanted = training
            .made
            .with(|made| made.as_ref().is_some_and(|made| keeping.wants(&made.plan.cohort)));
        if has_steps && is_wanted {
            // A run of this visit takes the place of an earlier one once it has come somewhere.
            keeping.offer.set(None);
            latest.ask((), move |()| keeping.save(state, training));
        }
    });
    Effect::new(move |was: Option<Option<u64>>| {
        let own = keeping.own.get();
        if own.is_none() && was.flatten().is_some() {
            spawn_local(keeping.forget());
        }
        own
    });
}

impl Keeping {
    pub fn get() -> Self {
        expect_context()
    }

    /// Whether a session on these scans is to be kept.
    pub fn wants(self, cohort: &Cohort) -> bool {
        cohort.sample.is_some() || self.own.get() == Some(cohort.id)
    }

    async fn save(self, state: State, training: Training) {
        let Some((kept, cohort)) = now(state, training) else {
            return;
        };
        let is_wanted = |cohort: &Cohort| untrack(|| self.wants(cohort));
        if !is_wanted(&cohort) {
            return;
        }
        if !self.claims().await {
            return;
        }
        let is_written = self.written.with_value(|written| {
            written
                .as_ref()
                .is_some_and(|written| Arc::ptr_eq(written, &cohort))
        });
        let mut outcome = Ok(());
        if !is_written {
            database::clear().await;
            outcome = database::put(BUILD, &own_build()).await;
            if outcome.is_ok() {
                outcome = scans::put(&cohort).await;
            }
        }
        if outcome.is_ok() {
            self.written.set_value(Some(Arc::clone(&cohort)));
            outcome = database::put(RUN, &kept).await;
        }
        // The visitor may have changed their mind meanwhile.
        if !is_wanted(&cohort) {
            self.forget().await;
        }
        self.fault.set(outcome.err().unwrap_or_default());
    }

    /// Whether the browser's database is this tab's; it says so if not.
    async fn claims(self) -> bool {
        let claims = self.holds.get_value() || browser::claim(LOCK, true).await;
        self.holds.set_value(claims);
        if !claims {
            self.fault.set(OTHER_TAB.into());
        }
        claims
    }

    /// Keeps nothing any more, and offers nothing.
    pub async fn forget(self) {
        self.offer.set(None);
        if self.claims().await {
            self.written.set_value(None);
            database::clear().await;
        }
    }

    /// Takes the session up that is on offer.
    pub async fn take_up(self, state: State, training: Training) {
        let Some(kept) = self.offer.get_untracked() else {
            return;
        };
        if !self.claims().await {
            return self.offer.set(None);
        }
        let kept_scans = scans::get().await;
        let Some(mut cohort) = kept_scans.filter(|cohort| cohort.id == kept.cohort) else {
            self.fault
                .set("The scans of the session are not in this browser any more. Open them again and start the run anew.".into());
            return self.forget().await;
        };
        self.offer.set(None);
        // Numbers of an earlier visit mean nothing now.
        cohort.id = next_id();
        self.own.set(cohort.sample.is_none().then_some(cohort.id));
        go_back(state, training, Kept::clone(&kept), cohort).await;
    }

    /// Goes back to the run that was left.
    pub async fn back(self, state: State, training: Training) {
        let left = self.left.get_untracked();
        self.left.set(None);
        if let Some((kept, cohort)) = left.and_then(|left| left.kept.clone()) {
            go_back(state, training, kept, Cohort::clone(&cohort)).await;
        }
    }
}

/// Puts a cohort on screen and takes its run up.
async fn go_back(state: State, training: Training, kept: Kept, cohort: Cohort) {
    let place = [kept.subject, kept.channel];
    let cursor = kept.cursor;
    let Kept {
        settings,
        contour,
        loss,
        history,
        snapshot,
        kernels,
        ..
    } = kept;
    state.data.opened.set(false);
    show(state, cohort).await;
    if place != [0, 0] {
        turn_to(state, place[0], place[1]).await;
    }
    state.view.cursor.set(cursor);
    state.objective.contour.set(contour);
    state.objective.loss.set(loss);
    // What follows from another study has happened by the next task: the run of the one before is ended, and the settings
    // are as they are planned for it.
    browser::pause().await;
    training.settings.set(settings);
    training.go_on(state, history, snapshot, kernels);
}

/// The session as it is, with its cohort; `None` where there is none.
fn now(state: State, training: Training) -> Option<(Kept, Arc<Cohort>)> {
    let made = training.made.get_untracked()?;
    let study = state.data.study.get_untracked()?;
    let plan = &made.plan;
    let snapshot = training.snapshot()?;
    let mut history = training.history.get_untracked();
    history.back_to(snapshot.step, snapshot.steps);
    let kept = Kept {
        cohort: plan.cohort.id,
        title: plan.cohort.title.clone(),
        saved_ms: js_sys::Date::now(),
        settings: plan.settings.clone(),
        contour: plan.contour,
        loss: plan.loss.clone(),
        history,
        snapshot: Arc::unwrap_or_clone(snapshot),
        kernels: training.kernels(),
        subject: study.subject,
        channel: study.channel,
        cursor: state.view.cursor.get_untracked(),
    };
    Some((kept, Arc::clone(&plan.cohort)))
}
