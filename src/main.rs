//! The page's entry point.

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    if contour_lab::engine::worker::is_here() {
        contour_lab::engine::worker::serve();
    } else {
        contour_lab::ui::mount();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("Contour Lab is a web page: `make serve`, then open http://localhost:8080");
}
