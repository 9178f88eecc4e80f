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

/// How often in one visit a lost device is opened again. One that is lost over and over is lost because of us.
const MOST_LOSSES: u32 = 3;
/// How often it is looked after.
const LOOK: std::time::Duration = std::time::Duration::from_millis(500);

/// Opens the device, then looks now and then whether it is still there; one that was lost is opened again.
pub fn open(state: State) {
    spawn_local(async move {
        take(state, connect().await).await;
        let losses = StoredValue::new(0_u32);
        let look = move || {
            let lost = state
                .device
                .with_untracked(|device| device.context().and_then(Context::fault));
            let Some(fault) = lost else { return };
            losses.update_value(|losses| *losses += 1);
            if losses.get_value() > MOST_LOSSES {
                state.adapter.set("Computes on the processor".into());
                state.device.set(Device::Absent(fault));
                return;
            }
            state
                .adapter
                .set("The graphics device was lost and is opened again".into());
            state.device.set(Device::Opening);
            spawn_local(async move { take(state, connect().await).await });
        };
        // The page lives as long as its window, so the timer is never released.
        let _ = set_interval_with_handle(look, LOOK);
    });
}

/// Makes the page's device of what was opened.
async fn take(state: State, opened: Result<Context, Error>) {
    let name = match &opened {
        Err(_) => None,
        Ok(context) => Some(
            browser::adapter_name()
                .await
                .unwrap_or_else(|| context.adapter_name()),
        ),
    };
    if let (Ok(context), Some(name)) = (&opened, &name) {
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
