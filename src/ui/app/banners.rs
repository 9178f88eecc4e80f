//! What stands above the picture where something is missing or not understood.

use leptos::prelude::*;

use crate::gpu::Error;
use crate::plan;
use crate::ui::ground::engine::word;
use crate::ui::store::Device;

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

/// Says that the address asks for an engine, or a thread for it, that is not known.
#[component]
pub fn EngineBanner() -> impl IntoView {
    let engine = word("engine").filter(|word| plan::address::read_engine(word).is_none()).map(|word| {
        format!("engine={word} means nothing, so the page chooses by itself. Known are engine=gpu and engine=processor.")
    });
    let thread = word("thread").filter(|word| word != "worker" && word != "page").map(|word| {
        format!("thread={word} means nothing, so the engine runs in a worker. Known are thread=worker and thread=page.")
    });
    let workers = word("workers").filter(|word| plan::address::read_workers(word).is_none()).map(|word| {
        let most = plan::address::MOST_WORKERS;
        format!("workers={word} means nothing, so the page takes one for each core. Known are whole numbers from 1 to {most}.")
    });
    let said: Vec<String> = engine.into_iter().chain(thread).chain(workers).collect();
    (!said.is_empty()).then(|| {
        view! {
            <aside class="banner" role="alert" aria-label="Engine in the address">
                <h2>"The address asks for something that is not known"</h2>
                {said.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
            </aside>
        }
    })
}

/// Says which variant in the address is not known.
#[component]
pub fn VariantBanner(fault: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        fault.get().map(|fault| {
            view! {
                <aside class="banner" role="alert" aria-label="Variants in the address">
                    <h2>"The address asks for a variant that is not known"</h2>
                    <p>{fault}</p>
                </aside>
            }
        })
    }
}
