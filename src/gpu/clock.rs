//! Time on either side of the wall between native and page.

/// Milliseconds since some fixed moment. Browsers round it, to 0.1 ms where the page is not isolated.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn now_ms() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;

    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}

/// Milliseconds since some fixed moment.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn now_ms() -> f64 {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = performance)]
        fn now() -> f64;
    }
    now()
}

/// The smallest step that the clock was seen to take, in ms.
pub(super) fn resolution_ms() -> f64 {
    let mut smallest = f64::INFINITY;
    for _ in 0..3 {
        let start = now_ms();
        let mut next = now_ms();
        while next <= start {
            next = now_ms();
        }
        smallest = smallest.min(next - start);
    }
    smallest
}
