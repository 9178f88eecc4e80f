//! From a plan to a session in the engine.

use std::sync::Arc;

use super::plan::Plan;
use super::state::{Made, Phase};
use crate::engine::{Kernels, Opening, Purpose, Reply, Report, Request, next_turn};
use crate::train::{Command, Snapshot};
use crate::ui::browser;
use crate::ui::engine::{Link, Replies};

/// Why there is no session; in words.
pub(super) enum Obstacle {
    /// The device was lost while the session was made.
    Lost(String),
    /// The first thing that does not fit.
    Fault(String),
}

impl From<String> for Obstacle {
    fn from(fault: String) -> Self {
        Self::Fault(fault)
    }
}

/// Hands the plan and what the engine lacks of its data to the engine, and waits for the session, which is told `first` what to do; `tell` is told how far that
/// is. With the kernels that the session has. `None` once it `is_current` no more.
///
/// # Errors
/// [`Obstacle`].
#[expect(
    clippy::too_many_arguments,
    reason = "all that decides a session, and who waits for it"
)]
pub(super) async fn make(
    plan: Plan,
    engine: Link,
    kernels: Kernels,
    purpose: Purpose,
    from: Option<Arc<Snapshot>>,
    first: Option<Command>,
    is_current: &dyn Fn() -> bool,
    tell: &dyn Fn(Phase),
) -> Result<Option<(Replies, Made, Option<String>)>, Obstacle> {
    let outlook = plan.outlook()?;
    let weights = plan.weights(&outlook.graph).await?;
    if !is_current() {
        return Ok(None);
    }
    let size = plan.settings.size;
    let known = engine.known(&plan.cohort);
    engine.tell(Request::Hold {
        cohort: Box::new(plan.cohort.hollow_for_a_run()),
        known: known.clone(),
    });
    for piece in plan.cohort.lacking(&known) {
        engine.tell(Request::Piece(piece));
        // To hand voxels over may take a while, and the page has to paint in between.
        next_turn().await;
        if !is_current() {
            return Ok(None);
        }
    }
    engine.note(&plan.cohort);
    let mut replies = engine.ask(Request::Open(Box::new(Opening {
        purpose,
        recipe: outlook.recipe.clone(),
        cohort: plan.cohort.id,
        grid: [size, size],
        weights: weights.unwrap_or_default(),
        processor: plan.processor,
        kernels,
        workers: browser::workers_asked(),
        snapshot: from.map(Arc::unwrap_or_clone),
        first,
    })));
    while let Some(reply) = replies.next().await {
        match reply {
            Reply::Compiling(kernels) => tell(Phase::Compiling(kernels)),
            Reply::Opened {
                placed,
                facts,
                kernels,
            } => {
                let made = Made {
                    plan,
                    outlook,
                    placed,
                    facts,
                };
                return Ok(Some((replies, made, kernels)));
            }
            Reply::Report(Report::Lost(fault)) => return Err(Obstacle::Lost(fault)),
            Reply::Fault(fault) => return Err(Obstacle::Fault(fault)),
            _ => break,
        }
    }
    Ok(None)
}
