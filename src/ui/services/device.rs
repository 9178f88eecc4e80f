//! The graphics device as a state of the page, and what to do where there is none.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::variants;
use crate::engine::{Reply, Request};
use crate::gpu::Error;
use crate::plan::engine::Graphics;
use crate::ui::store::{Compute, Device, State};

/// How often in one visit a lost device is opened again. One that is lost over and over is lost because of us.
const MOST_LOSSES: u32 = 3;

/// Opens the device, and opens it again when it is lost.
pub fn open(state: State) {
    spawn_local(async move {
        let mut losses = 0;
        loop {
            let fault = hold(state.compute).await;
            losses += 1;
            if losses > MOST_LOSSES {
                state.compute.adapter.set("Computes on the processor".into());
                return lack(state.compute, fault);
            }
            state
                .compute
                .adapter
                .set("The graphics device was lost and is opened again".into());
            state.compute.device.set(Device::Opening);
        }
    });
}

fn lack(compute: Compute, error: Error) {
    compute.graphics.set(Graphics::Absent(error.clone()));
    compute.device.set(Device::Absent(error));
}

/// Comes back when the device is lost; never where there is none.
async fn hold(compute: Compute) -> Error {
    let mut replies = compute.studio().ask(Request::Adapter(variants::wanted(compute)));
    loop {
        match replies.next().await {
            Some(Reply::Adapter(Ok(adapter))) => {
                compute.adapter.set(format!("Computes on {}", adapter.name));
                compute.adapter_name.set(adapter.name.clone());
                compute.graphics.set(Graphics::Found {
                    name: adapter.name.clone(),
                    kind: adapter.kind,
                });
                compute.device.set(Device::Ready(adapter));
            }
            Some(Reply::Adapter(Err(error))) => {
                compute.adapter.set("Computes on the processor".into());
                lack(compute, error);
            }
            Some(Reply::Lost(error)) => return error,
            // What computes has stopped, and with it the device.
            Some(Reply::Fault(fault)) => return Error::Lost(fault.trim_end_matches('.').into()),
            // Neither comes: the page holds the other end.
            Some(_) | None => return std::future::pending().await,
        }
    }
}
