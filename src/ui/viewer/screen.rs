//! A canvas that shows scenes, by the graphics card or by the processor.

use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::ui::device::Device;
use crate::view::{Painter, Scene, compose};

/// What a canvas is painted with. A canvas takes one of them for life.
pub enum Screen {
    Gpu(Box<Painter>),
    Cpu(CanvasRenderingContext2d),
    /// The browser gave neither.
    None,
}

impl Screen {
    pub fn new(device: &Device, canvas: &HtmlCanvasElement) -> Self {
        match device.context() {
            Some(context) => {
                let target = wgpu::SurfaceTarget::Canvas(canvas.clone());
                Painter::new(context, target).map_or(Self::None, |painter| Self::Gpu(Box::new(painter)))
            }
            None => canvas
                .get_context("2d")
                .ok()
                .flatten()
                .and_then(|context| context.dyn_into().ok())
                .map_or(Self::None, Self::Cpu),
        }
    }

    /// A fault of the device shows in the banner, which watches it; the canvas keeps its last picture.
    pub fn paint(&mut self, scene: &Scene) {
        match self {
            Self::Gpu(painter) => {
                let _ = painter.paint(scene);
            }
            Self::Cpu(context) => {
                let pixels = compose(scene);
                let bytes = Clamped(bytemuck::cast_slice(&pixels));
                if let Ok(data) = ImageData::new_with_u8_clamped_array(bytes, scene.canvas[0]) {
                    let _ = context.put_image_data(&data, 0.0, 0.0);
                }
            }
            Self::None => {}
        }
    }
}
