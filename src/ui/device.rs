//! The graphics device as a state of the page, and what to do where there is none.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{State, browser, variants};
use crate::gpu::{Context, Error, Request};

/// Where the page stands with the graphics card.
#[derive(Clone, Debug)]
pub enum Device {
    Opening,
    Ready(Context),
    /// Insecure page, no API, no adapter, no device, or lost in use.
    Absent(Error),
}

impl Device {
    /// The device, where there is one.
    pub fn context(&self) -> Option<&Context> {
        match self {
            Self::Ready(context) => Some(context),
            _ => None,
        }
    }
}

/// Opens the device, then looks now and then whether it is still there.
pub fn open(state: State) {
    spawn_local(async move {
        let opened = connect().await;
        let context = opened.as_ref().ok().cloned();
        let name = match &context {
            None => None,
            Some(context) => Some(
                browser::adapter_name()
                    .await
                    .unwrap_or_else(|| context.adapter_name()),
            ),
        };
        if let (Some(context), Some(name)) = (&context, &name) {
            state.adapter_name.set(name.clone());
            variants::recall(state, context);
        }
        state.adapter.set(format!(
            "Computes on {}",
            name.as_deref().unwrap_or("the processor")
        ));
        state
            .device
            .set(opened.map_or_else(Device::Absent, Device::Ready));
        let Some(context) = context else { return };
        let watch = move || {
            if let Some(fault) = context.fault() {
                let already = state
                    .device
                    .with_untracked(|device| matches!(device, Device::Absent(_)));
                if !already {
                    state.adapter.set("Computes on the processor".into());
                    state.device.set(Device::Absent(fault));
                }
            }
        };
        // The page lives as long as its window, so the timer is never released.
        let _ = set_interval_with_handle(watch, std::time::Duration::from_millis(500));
    });
}

async fn connect() -> Result<Context, Error> {
    if !browser::is_secure() {
        return Err(Error::InsecureContext);
    }
    if !browser::has_webgpu() {
        return Err(Error::NoApi);
    }
    // wgpu's own text lists backends that no page has.
    let plainly = |error| match error {
        Error::NoAdapter(_) => Error::NoAdapter("navigator.gpu.requestAdapter() gave none".into()),
        error => error,
    };
    Context::new(Request::Fastest).await.map_err(plainly)
}

/// Says what is missing, what still works, and what to do.
#[component]
pub fn DeviceBanner(#[prop(into)] device: Signal<Device, LocalStorage>) -> impl IntoView {
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
                        "Until then everything is computed on the processor: picture and maps as ever, training slowly."
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
