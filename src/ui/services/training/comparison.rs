//! What a step of the planned run takes on either engine of this machine.

use futures_util::future::abortable;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::{Processor, Rehearsal, Reply, Request};
use crate::page::Phase;
use crate::plan::engine::compared;
use crate::ui::ground::browser;
use crate::ui::services::variants;
use crate::ui::store::{Comparison, Compute, Training};

/// A run that begins ends the comparison, which it would disturb.
pub fn follow(training: Training) {
    let rests = Memo::new(move |_| training.phase.with(Phase::rests));
    Effect::new(move || {
        if rests.get() {
            return;
        }
        if let Some(handle) = training.comparing.try_update_value(Option::take).flatten() {
            handle.abort();
            training.comparison.update(|comparison| {
                if *comparison == Comparison::UnderWay {
                    *comparison = Comparison::Done("A run began, so the comparison was given up.".into());
                }
            });
        }
    });
}

impl Training {
    /// What a run of the plan would be, as the engine is told of it before.
    pub fn rehearsal(self, compute: Compute) -> Option<Rehearsal> {
        let outlook = self.outlook.get_untracked()?.ok()?;
        Some(Rehearsal {
            recipe: outlook.recipe,
            extent: self.plan.get_untracked()?.extent(),
            kernels: variants::wanted(compute),
            workers: browser::workers_asked(),
        })
    }

    /// Times one step of the planned run on both engines.
    pub fn compare(self, compute: Compute) {
        let Some(rehearsal) = self.rehearsal(compute) else {
            return;
        };
        let of = self.settings.with_untracked(|settings| {
            format!(
                "{size} × {size} pixels, {kind} {width} wide and {depth} deep, batch {batch}",
                size = settings.size,
                kind = settings.kind.name(),
                width = settings.width,
                depth = settings.depth,
                batch = settings.batch,
            )
        });
        self.comparison.set(Comparison::UnderWay);
        let (timed, handle) = abortable(async move {
            let mut replies = compute.engine().ask(Request::Compare(Box::new(rehearsal)));
            let (mut gpu, mut processor) = (None, None);
            loop {
                match replies.next().await {
                    Some(Reply::Took { processor: by, ms }) => match by {
                        Processor::Gpu => gpu = Some(ms),
                        Processor::Cpu => processor = Some(ms),
                    },
                    Some(Reply::Fault(fault)) => break format!("They could not be compared: {fault}"),
                    Some(_) => {}
                    None => break "They could not be compared.".into(),
                }
                if let (Some(gpu), Some(processor)) = (gpu, processor) {
                    break format!("{} ({of})", compared(gpu, processor));
                }
            }
        });
        self.comparing.set_value(Some(handle));
        spawn_local(async move {
            if let Ok(said) = timed.await {
                let _ = self.comparison.try_set(Comparison::Done(said));
            }
        });
    }
}
