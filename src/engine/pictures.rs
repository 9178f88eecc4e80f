//! Canvases, and what is painted on them.

use std::collections::HashMap;

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use super::{Caller, Host, Reply};
use crate::gpu::Context;
use crate::view::{Painter, Painting, Receiver, Scene, compose};

/// The canvases of a page by their numbers, and the arrays of its scenes.
#[derive(Default)]
pub(super) struct Pictures {
    screens: HashMap<u32, Screen>,
    arrays: Receiver,
}

/// What a canvas is painted with.
enum Screen {
    Gpu(Box<Painter>),
    Cpu(OffscreenCanvas, OffscreenCanvasRenderingContext2d),
}

impl Screen {
    /// `None` where the browser gives neither.
    fn new(device: Option<&Context>, canvas: OffscreenCanvas) -> Option<Self> {
        if let Some(context) = device {
            let target = wgpu::SurfaceTarget::OffscreenCanvas(canvas);
            let painter = Painter::new(context, target).ok()?;
            return Some(Self::Gpu(Box::new(painter)));
        }
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self::Cpu(canvas, context))
    }

    /// A fault of the device is told where the device is watched; the canvas keeps its last picture.
    fn paint(&mut self, scene: &Scene, is_prepared: bool) {
        match self {
            Self::Gpu(painter) => {
                let _ = painter.paint(scene, is_prepared);
            }
            Self::Cpu(canvas, context) => {
                let [width, height] = scene.canvas;
                if [canvas.width(), canvas.height()] != scene.canvas {
                    canvas.set_width(width);
                    canvas.set_height(height);
                }
                let pixels = compose(scene);
                let bytes = Clamped(bytemuck::cast_slice(&pixels));
                if let Ok(data) = ImageData::new_with_u8_clamped_array(bytes, width) {
                    let _ = context.put_image_data(&data, 0.0, 0.0);
                }
            }
        }
    }
}

impl Host {
    pub(super) fn add_canvas(&self, number: u32, objects: Vec<JsValue>) {
        let canvas = objects.into_iter().find_map(|object| object.dyn_into().ok());
        if let Some(screen) = canvas.and_then(|canvas| Screen::new(self.device().as_ref(), canvas)) {
            self.inner.pictures.borrow_mut().screens.insert(number, screen);
        }
    }

    pub(super) fn discard(&self, number: u32) {
        self.inner.pictures.borrow_mut().screens.remove(&number);
    }

    pub(super) async fn paint(&self, canvas: u32, painting: Painting, caller: &Caller) {
        let is_understood = {
            let Pictures { screens, arrays } = &mut *self.inner.pictures.borrow_mut();
            let scene = arrays.receive(painting);
            if let (Some(scene), Some(screen)) = (&scene, screens.get_mut(&canvas)) {
                screen.paint(scene, self.inner.is_prepared.get());
            }
            scene.is_some()
        };
        // Whoever asks next does so when this is on screen: pictures do not queue up before the device.
        if let Some(context) = self.device() {
            context.finished().await;
            caller.reply(Reply::Painted(is_understood));
            self.prepare(&context).await;
        } else {
            caller.reply(Reply::Painted(is_understood));
        }
    }
}
