//! What the page asks of the browser.

use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::{document, set_timeout, window};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, HtmlAnchorElement, IdleRequestOptions, Response, Url};

use crate::engine::next_turn;
use crate::plan::address::read_workers;

/// The body of a file of this site; the text of an error names the address.
pub fn fetch(address: &str) -> impl Future<Output = Result<Vec<u8>, String>> + use<> {
    let buffer = fetch_buffer(address);
    async { Ok(Uint8Array::new(&buffer.await?.into()).to_vec()) }
}

/// As [`fetch`], as the browser holds it.
pub fn fetch_buffer(address: &str) -> impl Future<Output = Result<ArrayBuffer, String>> + use<> {
    let address = address.to_owned();
    // Asked for now, not when somebody comes to wait for it.
    let response = JsFuture::from(window().fetch_with_str(&address));
    async move {
        let fault = |_| format!("{address} did not arrive. Check the connection and reload the page.");
        let response: Response = response.await.map_err(fault)?.dyn_into().map_err(fault)?;
        if !response.ok() {
            return Err(format!("{address} is not there (status {}).", response.status()));
        }
        let body = response.array_buffer().map_err(fault)?;
        let body = JsFuture::from(body).await.map_err(fault)?;
        body.dyn_into().map_err(fault)
    }
}

/// What the browser says of the processor.
pub fn cores() -> usize {
    window().navigator().hardware_concurrency() as usize
}

/// The workers that the address asks for, as in `?workers=2`.
pub fn workers_asked() -> Option<usize> {
    let search = window().location().search().ok()?;
    let words = web_sys::UrlSearchParams::new_with_str(&search).ok()?;
    read_workers(&words.get("workers")?)
}

/// The bytes of a dropped or picked file.
pub async fn read(file: &web_sys::File) -> Result<Vec<u8>, String> {
    let body = JsFuture::from(file.array_buffer()).await;
    let body = body.map_err(|_| format!("{} could not be read. Pick it again.", file.name()))?;
    Ok(Uint8Array::new(&body).to_vec())
}

/// Lets the page paint and react: ends this task and comes back in a later one (a microtask would not do).
pub async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        // Without a timer the promise stays open, which no browser does.
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// Comes back after so long.
pub async fn after(duration: std::time::Duration) {
    let (sender, receiver) = oneshot::channel();
    set_timeout(
        move || {
            // Whoever waited may have gone away.
            let _ = sender.send(());
        },
        duration,
    );
    let _ = receiver.await;
}

/// Comes back when the browser is about to paint; in a hidden tab, when it is seen again.
pub async fn next_frame() {
    let promise = Promise::new(&mut |resolve, _| {
        // Without frames the promise stays open, which no browser does.
        let _ = window().request_animation_frame(&resolve);
    });
    let _ = JsFuture::from(promise).await;
}

/// Comes back when this thread has nothing else to do, or has had enough for a while.
pub async fn idle() {
    let patience = IdleRequestOptions::new();
    patience.set_timeout(1000);
    let mut is_asked = false;
    let promise = Promise::new(&mut |resolve, _| {
        let asked = window().request_idle_callback_with_options(&resolve, &patience);
        is_asked = asked.is_ok();
    });
    if is_asked {
        let _ = JsFuture::from(promise).await;
    } else {
        // Not every browser tells.
        next_turn().await;
    }
}

/// Whether the visitor has asked for less motion.
pub fn wants_less_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Milliseconds since the page was opened.
pub fn now_ms() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}

/// What was remembered under `key`; `None` too where the browser keeps nothing.
pub fn recall(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

/// Remembers `value` under `key`, where the browser keeps anything.
pub fn remember(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    async fn write_clipboard(text: &str) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "wakeLock"], js_name = request, catch)]
    async fn request_wake_lock(kind: &str) -> Result<JsValue, JsValue>;
    type Sentinel;
    #[wasm_bindgen(method)]
    fn release(this: &Sentinel) -> Promise;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    async fn request_lock(name: &str, options: &Object, granted: &JsValue) -> Result<JsValue, JsValue>;
}

/// Whether no other tab of the page holds what is called `name`. If none does and it is to be held, this one does until it is
/// closed. Browsers without locks do not tell tabs apart.
pub async fn claim(name: &str, holds: bool) -> bool {
    let options = Object::new();
    // An object takes any property.
    let _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    let (answer, answered) = oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let is_free = !lock.is_null();
        // Whoever asked may have gone away.
        let _ = answer.send(is_free);
        if is_free && holds {
            Promise::new(&mut |_, _| {}).into()
        } else {
            JsValue::UNDEFINED
        }
    });
    let name = name.to_owned();
    spawn_local(async move {
        // Without an answer the other end hears that there will be none.
        let _ = request_lock(&name, &options, &granted).await;
    });
    answered.await.unwrap_or(true)
}

/// The screen stays on while this lives.
pub struct WakeLock(Sentinel);

impl Drop for WakeLock {
    fn drop(&mut self) {
        // Nobody waits for it.
        let _ = self.0.release();
    }
}

/// Asks that the screen stays on; `None` where the browser does not want to.
pub async fn keep_awake() -> Option<WakeLock> {
    let sentinel = request_wake_lock("screen").await.ok()?;
    Some(WakeLock(sentinel.unchecked_into()))
}

/// Puts a text into the clipboard, if the browser lets it.
pub async fn copy(text: &str) -> bool {
    write_clipboard(text).await.is_ok()
}

/// Offers bytes as a file.
pub fn save(name: &str, bytes: &[u8]) {
    let parts = Array::of1(&Uint8Array::from(bytes).into());
    let Ok(address) =
        Blob::new_with_u8_array_sequence(&parts).and_then(|blob| Url::create_object_url_with_blob(&blob))
    else {
        return;
    };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has taken the bytes by the next minute; until then they must stay.
    let release = move || {
        let _ = Url::revoke_object_url(&address);
    };
    set_timeout(release, std::time::Duration::from_secs(60));
}
