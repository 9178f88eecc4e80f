//! Which adapters there are, and which of them is asked for.

use serde::{Deserialize, Serialize};

use super::Error;

/// Which adapter to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// The fastest adapter that the system offers.
    Fastest,
    /// A software adapter, where there is one: the same everywhere, so the tests take it first.
    Software,
    /// The one of this number in [`adapters`].
    Numbered(usize),
}

/// Every adapter that the system offers, in an order of its own.
pub async fn adapters(instance: &wgpu::Instance) -> Vec<wgpu::Adapter> {
    instance.enumerate_adapters(wgpu::Backends::all()).await
}

pub(super) async fn find(instance: &wgpu::Instance, request: Request) -> Result<wgpu::Adapter, Error> {
    let ask = |force_fallback_adapter| wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        force_fallback_adapter,
        ..Default::default()
    };
    match request {
        Request::Fastest => {}
        Request::Software => {
            if let Ok(adapter) = instance.request_adapter(&ask(true)).await {
                return Ok(adapter);
            }
        }
        Request::Numbered(number) => {
            let mut all = adapters(instance).await;
            if number < all.len() {
                return Ok(all.swap_remove(number));
            }
            return Err(Error::NoAdapter(format!(
                "of {}, none has number {number}",
                all.len()
            )));
        }
    }
    instance
        .request_adapter(&ask(false))
        .await
        .map_err(|error| Error::NoAdapter(error.to_string()))
}
