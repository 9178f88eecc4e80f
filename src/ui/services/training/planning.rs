//! The plans of the data at hand, and how the settings follow the one that was chosen.

use leptos::prelude::*;

use super::control::processor_now;
use super::duration::machine_now;
use crate::page::Phase;
use crate::plan::{Fingerprint, Machine, Planned, Preset, Question, Settings, Taking, plans, usual};
use crate::ui::store::{Compute, Planning, State, Training};

/// The plans of the data as they are opened.
pub fn new(state: State) -> Planning {
    let (chosen, machine) = (RwSignal::new(None), RwSignal::new(None::<Machine>));
    let facts = Memo::new(move |_| {
        state
            .data
            .cohort
            .with(|cohort| cohort.as_ref().and_then(|it| Fingerprint::of(it)))
    });
    let plans = Memo::new(move |_| {
        let (facts, machine) = (facts.get()?, machine.get()?);
        let question = Question {
            facts: &facts,
            machine: &machine,
            loss: &state.objective.loss.get(),
            contour: &state.objective.contour.get(),
        };
        plans(&question).ok()
    });
    let planned = Memo::new(move |_| {
        plans.with(|plans| {
            let plans = plans.as_ref()?;
            let preset = chosen.get().unwrap_or_else(|| usual(plans));
            plans.iter().find(|plan| plan.preset == preset).cloned()
        })
    });
    Planning {
        chosen,
        machine,
        plans,
        planned,
    }
}

/// How long a run of a plan takes, as far as is known by now.
pub fn taking(training: Training, compute: Compute, plan: &Planned) -> Taking {
    machine_now(training, compute, processor_now(compute)).map_or(plan.taking, |now| now.taking(&plan.work))
}

impl Training {
    /// Takes the settings of a preset over, as it is planned with what is known by now.
    pub fn choose(self, state: State, preset: Preset) {
        let planning = self.planning;
        if let Some(now) = untrack(|| machine_now(self, state.compute, processor_now(state.compute))) {
            planning.machine.set(Some(now));
        }
        planning.chosen.set(Some(preset));
        self.back_to_plan();
    }

    /// Undoes what was changed of the plan.
    pub fn back_to_plan(self) {
        if let Some(planned) = self.planning.planned.get_untracked() {
            self.settings
                .update(|settings| *settings = settings.planned(&planned.settings));
        }
    }
}

/// Lets the settings follow the plan until the visitor has changed one that it decides.
pub fn follow(training: Training, state: State) {
    let planning = training.planning;
    Effect::new(move || {
        let now = machine_now(training, state.compute, processor_now(state.compute));
        let is_idle = training.phase.with(|phase| *phase == Phase::Idle);
        if is_idle && now.is_some() && planning.machine.with_untracked(|was| *was != now) {
            planning.machine.set(now);
        }
    });
    Effect::new(move |before: Option<Settings>| {
        let was = before.unwrap_or_default();
        let Some(planned) = planning.planned.get() else {
            return was;
        };
        let now = planned.settings;
        let settings = training.settings.get_untracked();
        let is_own = !settings.changed(&was).is_empty();
        if !is_own && !settings.changed(&now).is_empty() {
            training.settings.set(settings.planned(&now));
        }
        now
    });
}
