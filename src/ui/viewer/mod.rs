//! What is on the picture? Canvas, planes, window, layers and read-out.

mod layers;
mod plane;
mod window;

use leptos::prelude::*;

pub use layers::Layers;
pub use plane::Plane;
pub use window::Window;

#[component]
pub fn Viewer() -> impl IntoView {}
