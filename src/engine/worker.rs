//! The engine in a worker of its own.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

use super::{Caller, Host, Letter, Reply, Request, adapter, pack, unpack};

#[wasm_bindgen]
extern "C" {
    /// `DedicatedWorkerGlobalScope`, as far as it is needed.
    type Scope;
    #[wasm_bindgen(method, setter, js_name = onmessage)]
    fn set_onmessage(this: &Scope, take: &JsValue);
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post(this: &Scope, message: &JsValue, hands: &JsValue);
}

/// What a worker says once it listens: whether it has WebGPU.
pub type Hello = bool;

fn scope() -> Scope {
    js_sys::global().unchecked_into()
}

/// Whether this thread is a worker.
#[must_use]
pub fn is_here() -> bool {
    let kind = Reflect::get(&js_sys::global(), &"DedicatedWorkerGlobalScope".into());
    kind.is_ok_and(|kind| !kind.is_undefined())
}

/// Listens to the page for as long as the worker lives.
pub fn serve() {
    let host = Host::default();
    let callers = Rc::new(RefCell::new(HashMap::<u32, Rc<Cell<bool>>>::new()));
    let take = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let data = Reflect::get(&event, &"data".into()).unwrap_or_default();
        // A number alone says that the answers to that request are not wanted any more.
        if let Some(number) = data.as_f64() {
            if let Some(wanted) = callers.borrow_mut().remove(&(number as u32)) {
                wanted.set(false);
            }
        } else if let Some(letter) = Letter::of_js(&data) {
            let wanted = Rc::new(Cell::new(true));
            let number = letter.number;
            // Number 0 wants no answer.
            if number > 0 {
                callers.borrow_mut().insert(number, Rc::clone(&wanted));
            }
            let reply = Rc::new(move |reply: Reply| post(number, &reply));
            match unpack::<Request>(&letter.bytes) {
                Ok(request) => host.serve(request, letter.objects.to_vec(), Caller { reply, wanted }),
                Err(error) => reply(Reply::Fault(error.to_string())),
            }
        }
    });
    scope().set_onmessage(take.as_ref());
    // It lives as long as the worker.
    take.forget();
    let hello: Hello = adapter::gpu().is_some();
    scope().post(&hello.into(), &JsValue::UNDEFINED);
}

fn post(number: u32, reply: &Reply) {
    let bytes = pack(reply).or_else(|error| pack(&Reply::Fault(error.to_string())));
    let Ok(bytes) = bytes else { return };
    let (message, hands) = Letter {
        number,
        bytes,
        objects: Array::new(),
    }
    .to_js();
    scope().post(&message, &hands);
}
