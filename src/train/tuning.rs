//! The kernels of a run are chosen by trying them.

use super::{Dataset, Error, Recipe};
use crate::gpu::Context;
use crate::net;

/// Measures what is not known of this adapter for a recipe's network, before a session is made of it; `progress` is told
/// how many shapes of how many are done. Known shapes cost nothing.
///
/// # Errors
/// When the recipe means nothing or does not fit the adapter, or the device failed.
pub async fn tune(
    context: &Context,
    recipe: &Recipe,
    dataset: &Dataset,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), Error> {
    recipe.validate()?;
    let [width, height] = dataset.grid;
    let graph = recipe.training_graph(height, width)?;
    net::tune(context, &graph, recipe.batch, progress)
        .await
        .map_err(|error| Error::Gpu(context.fault().unwrap_or(error)))
}
