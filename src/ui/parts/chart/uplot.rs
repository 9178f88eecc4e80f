//! What the page uses of uPlot (`www/vendor/uplot`), which `index.html` loads as `window.uPlot`.

use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = uPlot)]
    pub type UPlot;

    #[wasm_bindgen(constructor, js_class = "uPlot", catch)]
    pub fn new(options: &JsValue, data: &Array, target: &HtmlElement) -> Result<UPlot, JsValue>;

    #[wasm_bindgen(method, js_name = setData)]
    pub fn set_data(this: &UPlot, data: &Array, reset_scales: bool);

    #[wasm_bindgen(method, js_name = setSize)]
    pub fn set_size(this: &UPlot, size: &JsValue);

    #[wasm_bindgen(method, js_name = setSeries)]
    pub fn set_series(this: &UPlot, index: u32, options: &JsValue);

    #[wasm_bindgen(method)]
    pub fn redraw(this: &UPlot);

    #[wasm_bindgen(method)]
    pub fn destroy(this: &UPlot);

    #[wasm_bindgen(method, getter)]
    fn cursor(this: &UPlot) -> JsValue;
}

impl UPlot {
    /// Index of the step under the cursor; `None` where there is no cursor.
    pub fn cursor_index(&self) -> Option<usize> {
        let index = Reflect::get(&self.cursor(), &"idx".into()).ok()?;
        index.as_f64().map(|index| index as usize)
    }
}

/// Plain data as a JavaScript value.
pub fn value(json: &serde_json::Value) -> JsValue {
    // JSON that serde wrote is JSON.
    JSON::parse(&json.to_string()).unwrap_or(JsValue::NULL)
}

/// Adds `hooks.name = [hook]` to the options.
pub fn set_hook(options: &JsValue, name: &str, hook: &Function) {
    let key = JsValue::from("hooks");
    let hooks = Reflect::get(options, &key)
        .ok()
        .filter(|hooks| !hooks.is_undefined())
        .unwrap_or_else(|| Object::new().into());
    // Cannot fail: both are plain objects.
    let _ = Reflect::set(&hooks, &name.into(), &Array::of1(hook));
    let _ = Reflect::set(options, &key, &hooks);
}
