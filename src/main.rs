//! The page's entry point, in the browser's window and in each of its workers.

#[cfg(target_arch = "wasm32")]
mod ui;

/// The rooms of the library, under the names that they have there.
#[cfg(target_arch = "wasm32")]
use contour_lab::{
    bench, bulk, contour, edit, engine, gpu, lab, loss, metrics, net, nifti, optim, page, plan, selfcheck,
    train, view,
};

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    if engine::worker::is_here() {
        engine::worker::serve();
    } else {
        ui::mount();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("Contour Lab is a web page: `make serve`, then open http://localhost:8080");
}
