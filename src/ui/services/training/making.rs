//! From a plan to a session in the engine.

use std::sync::Arc;

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

/// Hands data and plan to the engine, and waits for the session, which is told `first` what to do; `tell` is told how far that
/// is. With the kernels that the session has. `None` once it `is_current` no more.
///
/// # Errors
/// [`Obstacle`].
pub async fn make(
    plan: Plan,
    engine: Link,
    kernels: Kernels,
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
    engine.tell(Request::Dataset(Box::new(
        plan.cohort.empty_dataset([size, size]),
    )));
    for subject in plan.cohort.used() {
        let alone = plan.cohort.alone(subject);
        engine.tell(Request::Subject(Box::new(alone.hollow())));
        for piece in alone.pieces() {
            engine.tell(Request::Piece(piece));
            // To hand a subject over may take a while, and the page has to paint in between.
            next_turn().await;
            if !is_current() {
                return Ok(None);
            }
        }
    }
    let mut replies = engine.ask(Request::Open(Box::new(Opening {
        recipe: outlook.recipe.clone(),
        split: plan.cohort.split(),
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
