//! From a plan to a session in the engine.

use std::sync::Arc;

use crate::engine::Purpose;
use crate::engine::{Kernels, Opening, Reply, Report, Request, next_turn};
use crate::net::{Graph, read_safetensors};
use crate::page::{Made, Phase, Plan};
use crate::plan::{Shipped, Start};
use crate::train::{Command, Snapshot};
use crate::ui::ground::browser;
use crate::ui::ground::engine::{Link, Replies};

/// Why there is no session; in words.
pub enum Obstacle {
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
pub async fn make(
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
    let weights = weights(&plan, &outlook.graph).await?;
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

/// The weights to start from, if not the seed's.
///
/// # Errors
/// In words, when the file does not arrive or does not fit.
async fn weights(plan: &Plan, graph: &Graph) -> Result<Option<Vec<f32>>, String> {
    let read = |bytes: &[u8]| read_safetensors(graph, bytes).map_err(|error| error.to_string());
    match &plan.settings.start {
        Start::Random => Ok(None),
        Start::Shipped => {
            let file = Shipped::nearest(plan.settings.size).file;
            read(&browser::fetch(file).await?).map(Some)
        }
        Start::File { bytes, .. } => read(bytes).map(Some),
    }
}
