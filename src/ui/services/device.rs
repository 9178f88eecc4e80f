//! The graphics device as a state of the page, and what to do where there is none.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{State, variants};
use crate::engine::{Adapter, Reply, Request};
use crate::gpu::Error;
use crate::plan::engine::Graphics;

/// Where the page stands with the graphics card.
#[derive(Clone, Debug)]
pub enum Device {
    Opening,
    Ready(Adapter),
    /// Insecure page, no API, no adapter, no device, or lost in use.
    Absent(Error),
}

/// How often in one visit a lost device is opened again. One that is lost over and over is lost because of us.
const MOST_LOSSES: u32 = 3;

/// Opens the device, and opens it again when it is lost.
pub fn open(state: State) {
    spawn_local(async move {
        let mut losses = 0;
        loop {
            let fault = hold(state).await;
            losses += 1;
            if losses > MOST_LOSSES {
                state.adapter.set("Computes on the processor".into());
                return lack(state, fault);
            }
            state
                .adapter
                .set("The graphics device was lost and is opened again".into());
            state.device.set(Device::Opening);
        }
    });
}

fn lack(state: State, error: Error) {
    state.graphics.set(Graphics::Absent(error.clone()));
    state.device.set(Device::Absent(error));
}

/// Comes back when the device is lost; never where there is none.
async fn hold(state: State) -> Error {
    let mut replies = state.studio().ask(Request::Adapter(variants::wanted(state)));
    loop {
        match replies.next().await {
            Some(Reply::Adapter(Ok(adapter))) => {
                state.adapter.set(format!("Computes on {}", adapter.name));
                state.adapter_name.set(adapter.name.clone());
                state.graphics.set(Graphics::Found {
                    name: adapter.name.clone(),
                    kind: adapter.kind,
                });
                state.device.set(Device::Ready(adapter));
            }
            Some(Reply::Adapter(Err(error))) => {
                state.adapter.set("Computes on the processor".into());
                lack(state, error);
            }
            Some(Reply::Lost(error)) => return error,
            // What computes has stopped, and with it the device.
            Some(Reply::Fault(fault)) => return Error::Lost(fault.trim_end_matches('.').into()),
            // Neither comes: the page holds the other end.
            Some(_) | None => return std::future::pending().await,
        }
    }
}

/// Says what is missing, what still works, and what to do.
#[component]
pub fn DeviceBanner(#[prop(into)] device: Signal<Device>) -> impl IntoView {
    let fault = move || match device.get() {
        Device::Absent(error) => Some(error),
        _ => None,
    };
    move || {
        fault().map(|error| {
            view! {
                <aside class="banner" role="alert" aria-label="Graphics device">
                    <h2>{heading(&error)}</h2>
                    <p>{error.to_string()}</p>
                    <p>
                        "Until then everything is computed on the processor: picture, maps and training."
                    </p>
                    <button class="button" on:click=move |_| reload()>"Reload the page"</button>
                </aside>
            }
        })
    }
}

fn heading(error: &Error) -> &'static str {
    match error {
        Error::InsecureContext => "This page is not secure, so WebGPU is hidden",
        Error::NoApi => "This browser has no WebGPU",
        Error::NoAdapter(_) => "No graphics adapter answered",
        Error::NoDevice(_) => "The graphics adapter refused",
        Error::Lost(_) | Error::Readback(_) => "The graphics device was lost",
        Error::TooLarge { .. } => "Too large for this graphics adapter",
    }
}

fn reload() {
    // A page that cannot reload stays as it is.
    let _ = window().location().reload();
}
