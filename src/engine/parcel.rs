//! Messages as what a browser sends between threads: bytes that change hands instead of being copied.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::OffscreenCanvas;

use super::{Error, wire};

/// A message under way: `[number, bytes, objects]`. The number is that of the request; objects are what only a browser can
/// send.
pub struct Letter {
    pub number: u32,
    pub bytes: Uint8Array,
    pub objects: Array,
}

impl Letter {
    /// What `postMessage` takes, and what of it changes hands.
    #[must_use]
    pub fn to_js(&self) -> (Array, Array) {
        let hands = Array::of1(&self.bytes.buffer());
        for object in self.objects.iter().filter(changes_hands) {
            hands.push(&object);
        }
        (Array::of3(&self.number.into(), &self.bytes, &self.objects), hands)
    }

    /// `None` for what is no letter.
    #[must_use]
    pub fn of_js(data: &JsValue) -> Option<Self> {
        let data = data.dyn_ref::<Array>()?;
        Some(Self {
            number: data.get(0).as_f64()? as u32,
            bytes: data.get(1).dyn_into().ok()?,
            objects: data.get(2).dyn_into().ok()?,
        })
    }
}

/// What can only be on one thread, or need not be copied.
fn changes_hands(object: &JsValue) -> bool {
    object.has_type::<ArrayBuffer>() || object.has_type::<OffscreenCanvas>()
}

/// A message as bytes of the browser.
///
/// # Errors
/// As [`wire::write`].
pub fn pack<T: Serialize>(message: &T) -> Result<Uint8Array, Error> {
    Ok(Uint8Array::from(&wire::write(message)?[..]))
}

/// The message that the bytes are of.
///
/// # Errors
/// As [`wire::read`].
pub fn unpack<T: DeserializeOwned>(bytes: &Uint8Array) -> Result<T, Error> {
    wire::read(&bytes.to_vec())
}
