//! A turn for everything else on this thread.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Comes back in a later task, so that messages arrive, and a page paints and reacts in between. A message, because timers
/// are held back to 4 ms in a row (and to a second in a hidden tab), and a microtask lets nothing through.
pub async fn next_turn() {
    let Ok(channel) = MessageChannel::new() else {
        return;
    };
    let promise = Promise::new(&mut |resolve, _| {
        channel.port1().set_onmessage(Some(&resolve));
        if channel.port2().post_message(&JsValue::NULL).is_err() {
            // Without the message nobody would come back.
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
    channel.port1().close();
}
