//! From a plan to a session.

use leptos::prelude::GetUntracked;

use super::plan::{Plan, Processor};
use super::state::Made;
use crate::gpu::Context;
use crate::train::{Session, tune};
use crate::ui::device::Device;
use crate::ui::{State, browser, variants};

/// Reads the data, finds the adapter's kernels, and makes the session; `tell` is told how far the second is.
///
/// # Errors
/// In words, for the first thing that does not fit.
pub(super) async fn make(
    plan: Plan,
    state: State,
    tell: &mut dyn FnMut(usize, usize),
) -> Result<(Session, Option<Context>, Made), String> {
    let outlook = plan.outlook()?;
    let weights = plan.weights(&outlook.graph).await?;
    // Each of these may take a while, and the page has to paint in between.
    browser::pause().await;
    let dataset = plan.dataset().await?;
    browser::pause().await;
    let context = match (plan.processor, state.device.get_untracked()) {
        (Processor::Gpu, Device::Ready(context)) => Some(context),
        (Processor::Gpu, _) => {
            return Err("The graphics device is not ready yet. Try again in a moment.".into());
        }
        (Processor::Cpu, _) => None,
    };
    if let Some(context) = &context {
        let tuned = tune(context, &outlook.recipe, &dataset, tell).await;
        tuned.map_err(|error| error.to_string())?;
        variants::keep(state, context);
    }
    let session = plan.session(outlook.recipe.clone(), &dataset, weights, context.as_ref())?;
    browser::pause().await;
    let placed = dataset.subjects.clone();
    let facts = dataset.facts();
    Ok((
        session,
        context,
        Made {
            plan,
            outlook,
            placed,
            facts,
        },
    ))
}
