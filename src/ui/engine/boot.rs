//! Starts the engine's worker.

use js_sys::{Array, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url, UrlSearchParams, Worker, WorkerOptions, WorkerType};

/// The worker's first words. As a blob, it inherits the page's content security policy: it too reaches no other host.
const BOOT: &str = include_str!("boot.js");

/// Where the page's address wants the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Says nothing: in a worker, if one will do.
    Worker,
    /// `?engine=page`.
    Page,
    /// Something that is not known.
    Unknown(String),
}

impl Asked {
    pub fn of_address() -> Self {
        let search = window().location().search().unwrap_or_default();
        let asked = UrlSearchParams::new_with_str(&search)
            .ok()
            .and_then(|words| words.get("engine"));
        match asked.as_deref() {
            None | Some("worker") => Self::Worker,
            Some("page") => Self::Page,
            Some(other) => Self::Unknown(other.into()),
        }
    }
}

/// Says that the address asks for something unknown.
#[component]
pub fn EngineBanner() -> impl IntoView {
    match Asked::of_address() {
        Asked::Unknown(word) => Some(view! {
            <aside class="banner" role="alert" aria-label="Engine in the address">
                <h2>"The address asks for an engine that is not known"</h2>
                <p>{format!("engine={word} means nothing, so the engine runs in a worker. Known are engine=worker and engine=page.")}</p>
            </aside>
        }),
        _ => None,
    }
}

/// A worker of this name that will say hello.
///
/// # Errors
/// Where the browser does not let the page have one.
pub fn start(name: &str) -> Result<Worker, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&BOOT.into()), &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(name);
    // The address is never revoked: the worker reads it when it gets to it, and there are two for each page.
    let worker = Worker::new_with_options(&address, &options)?;
    let first = Object::new();
    Reflect::set(&first, &"js".into(), &own_script()?.into())?;
    Reflect::set(&first, &"module".into(), &wasm_bindgen::module())?;
    worker.post_message(&first)?;
    Ok(worker)
}

/// What tells builds of the page apart: their scripts have names of their own.
pub fn own_build() -> String {
    // Without a name they are all alike.
    own_script().unwrap_or_default()
}

/// The address of the script that the page itself was started with.
fn own_script() -> Result<String, JsValue> {
    let missing = || JsValue::from("the page does not name its script");
    let script = document()
        .query_selector("script[data-js]")?
        .ok_or_else(missing)?;
    let path = script
        .unchecked_into::<HtmlElement>()
        .dataset()
        .get("js")
        .ok_or_else(missing)?;
    let base = document().base_uri()?.ok_or_else(missing)?;
    Ok(Url::new_with_base(&path, &base)?.href())
}
