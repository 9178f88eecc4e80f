//! What the page's first script (`www/boot.js`) has started and knows.

use js_sys::{Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, Url, UrlSearchParams, Worker};

use crate::engine::Processor;
use crate::plan;

/// A word of the page's address.
pub fn word(name: &str) -> Option<String> {
    let search = window().location().search().unwrap_or_default();
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Who is to compute runs, if the address says so.
pub fn asked_processor() -> Option<Processor> {
    plan::address::read_engine(&word("engine")?)
}

/// A worker that the page's first script has started, and its first word.
pub struct Started {
    pub worker: Worker,
    pub hello: Promise,
}

impl Started {
    /// `None` where the address does not want it, or the browser did not let the page have one.
    pub fn of_page(name: &str) -> Option<Self> {
        let workers = Reflect::get(&js_sys::global(), &"workers".into()).ok()?;
        let started = Reflect::get(&workers, &name.into()).ok()?;
        let part = |key: &str| Reflect::get(&started, &key.into()).ok();
        Some(Self {
            worker: part("worker")?.dyn_into().ok()?,
            hello: part("hello")?.dyn_into().ok()?,
        })
    }
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
