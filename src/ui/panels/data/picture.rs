//! A small grey picture with the outlines of its classes, on a canvas of the page.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData};

/// A slice to draw: the first row is the lowest, as in the volume.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub width: usize,
    pub height: usize,
    /// 0 is black and 1 is white.
    pub values: Vec<f32>,
    pub labels: Vec<u32>,
    /// sRGB of each class.
    pub colors: Arc<[[u8; 3]]>,
}

impl Picture {
    /// Rows from the top, and the right of the patient on the left, as the viewer has it.
    fn rgba(&self) -> Vec<u8> {
        let (width, height) = (self.width, self.height);
        let mut bytes = Vec::with_capacity(4 * width * height);
        for row in (0..height).rev() {
            for column in (0..width).rev() {
                let at = row * width + column;
                let label = self.labels[at];
                let other = |near: Option<usize>| near.is_some_and(|near| self.labels[near] != label);
                let is_edge = label != 0
                    && (other((column > 0).then(|| at - 1))
                        || other((column + 1 < width).then_some(at + 1))
                        || other((row > 0).then(|| at - width))
                        || other((row + 1 < height).then_some(at + width)));
                let grey = (255.0 * self.values[at].clamp(0.0, 1.0)) as u8;
                let [r, g, b] = match self.colors.get(label as usize) {
                    Some(color) if is_edge => *color,
                    _ => [grey; 3],
                };
                bytes.extend([r, g, b, 255]);
            }
        }
        bytes
    }
}

#[component]
pub fn PictureView(
    /// What it shows, in words; stands below it.
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] picture: Signal<Option<Picture>>,
) -> impl IntoView {
    let canvas = NodeRef::<leptos::html::Canvas>::new();
    Effect::new(move || {
        let (Some(canvas), Some(picture)) = (canvas.get(), picture.get()) else {
            return;
        };
        canvas.set_width(picture.width as u32);
        canvas.set_height(picture.height as u32);
        let context = canvas
            .get_context("2d")
            .ok()
            .flatten()
            .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let bytes = picture.rgba();
        if let (Some(context), Ok(data)) = (
            context,
            ImageData::new_with_u8_clamped_array(Clamped(bytes.as_slice()), picture.width as u32),
        ) {
            // Fails for no canvas of this size.
            let _ = context.put_image_data(&data, 0.0, 0.0);
        }
    });
    view! {
        <figure class="picture-small">
            <canvas node_ref=canvas role="img" aria-label=name></canvas>
            <figcaption>{name}</figcaption>
        </figure>
    }
}
