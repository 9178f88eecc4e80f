//! What `bench.html` drives (`www/bench/bench.js`): the application's arithmetic without the page.

use wasm_bindgen::prelude::*;

use crate::bench::{Given, Kind, Spec, Work};
use crate::engine::recruit;
use crate::gpu::{Context, Request};

thread_local! {
    /// The page's one device; an uncompiled kernel is compiled for the first workload that needs it.
    static CONTEXT: std::cell::OnceCell<Context> = const { std::cell::OnceCell::new() };
}

async fn context() -> Result<Context, JsError> {
    if let Some(context) = CONTEXT.with(|cell| cell.get().cloned()) {
        return Ok(context);
    }
    let opened = Context::new(Request::Fastest).await?;
    Ok(CONTEXT.with(|cell| cell.get_or_init(|| opened).clone()))
}

/// Whether the document is the benchmark's, which has no panels.
pub fn is_wanted() -> bool {
    let root = leptos::prelude::document().document_element();
    root.and_then(|root| root.get_attribute("data-role")).as_deref() == Some("bench")
}

/// What the adapter calls itself.
///
/// # Errors
/// When there is no adapter.
#[wasm_bindgen(js_name = adapterName)]
pub async fn adapter_name() -> Result<String, JsError> {
    let context = context().await?;
    Ok(crate::engine::adapter_name()
        .await
        .unwrap_or_else(|| context.adapter_name()))
}

/// The kernels chosen so far, to be remembered (see [`recall_kernels`]).
///
/// # Errors
/// When there is no adapter.
#[wasm_bindgen(js_name = chosenKernels)]
pub async fn chosen_kernels() -> Result<String, JsError> {
    Ok(context().await?.choices().to_json(&adapter_name().await?))
}

/// Takes over kernels chosen before on this adapter.
///
/// # Errors
/// When there is no adapter.
#[wasm_bindgen(js_name = recallKernels)]
pub async fn recall_kernels(json: String) -> Result<bool, JsError> {
    Ok(context()
        .await?
        .choices()
        .from_json(&adapter_name().await?, &json))
}

/// Takes one variant of a kernel for every shape, such as `net/conv3x3:tiled`.
///
/// # Errors
/// In words, with what is known, when the text names nothing known.
#[wasm_bindgen(js_name = forceKernels)]
pub async fn force_kernels(text: String) -> Result<(), JsError> {
    let forced = context()
        .await?
        .choices()
        .force_all(&text, &crate::selfcheck::variants());
    forced.map_err(|fault| JsError::new(&fault))
}

/// Lets a submission take any time: whoever times a step wants it whole.
///
/// # Errors
/// When there is no adapter.
#[wasm_bindgen(js_name = submitWhole)]
pub async fn submit_whole() -> Result<(), JsError> {
    context().await?.limit_submissions(f64::INFINITY);
    Ok(())
}

/// A workload on the page's device, or on the processor.
#[wasm_bindgen]
pub struct Bench(Work);

#[wasm_bindgen]
impl Bench {
    /// `spec`: a workload of `workloads.js` as JSON; the rest as `given.js` makes it.
    ///
    /// # Errors
    /// When there is no adapter, or the workload does not fit it.
    pub async fn open(
        spec: String,
        labels: Vec<u32>,
        values: Vec<f32>,
        names: Vec<String>,
        weights: Vec<f32>,
    ) -> Result<Bench, JsError> {
        let given = Given {
            labels,
            values,
            names,
            weights,
        };
        let spec = Spec::read(&spec)?;
        Ok(Self(Work::open(&context().await?, &spec, &given).await?))
    }

    /// The same on the processor: a training step by so many `workers`, this thread included, all else by this thread.
    ///
    /// # Errors
    /// When the workload means nothing, or there are fewer workers to be had.
    #[wasm_bindgen(js_name = openOnProcessor)]
    pub async fn open_on_processor(
        spec: String,
        labels: Vec<u32>,
        values: Vec<f32>,
        names: Vec<String>,
        weights: Vec<f32>,
        workers: usize,
    ) -> Result<Bench, JsError> {
        let given = Given {
            labels,
            values,
            names,
            weights,
        };
        let spec = Spec::read(&spec)?;
        let crew = if spec.kind == Kind::Train {
            recruit(Some(workers), &spec.recipe()?, &given.dataset(&spec)).await
        } else {
            Vec::new()
        };
        if spec.kind == Kind::Train && crew.len() + 1 != workers.min(spec.images) {
            return Err(JsError::new(&format!(
                "there are only {} workers",
                crew.len() + 1
            )));
        }
        Ok(Self(Work::on_processor(crew, &spec, &given)?))
    }

    /// Submits one step, without waiting for anything.
    pub fn submit(&mut self) {
        self.0.submit();
    }

    /// What the oldest step under way has computed, once it has.
    ///
    /// # Errors
    /// When none is under way, or the device was lost.
    pub async fn wait(&mut self) -> Result<f64, JsError> {
        Ok(self.0.wait().await?)
    }
}
