//! Canvases, and what is painted on them.

use std::collections::HashMap;

use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use super::{Caller, Host, Reply};
use crate::gpu::Context;
use crate::view::{Painter, Painting, Scene, compose};

/// What the browser refuses, of a canvas that the processor paints.
const REFUSED: &str = "The browser does not let the page draw on its canvas. Reload the page; if that does not help, use another \
                       browser.";

/// The canvases of a page by their numbers, or why one cannot be painted.
pub(super) type Pictures = HashMap<u32, Result<Screen, String>>;

/// What a canvas is painted with.
pub(super) enum Screen {
    Gpu(Box<Painter>),
    Cpu(OffscreenCanvas, OffscreenCanvasRenderingContext2d),
}

impl Screen {
    /// # Errors
    /// In words, where the browser lets neither paint.
    fn new(device: Option<&Context>, canvas: OffscreenCanvas) -> Result<Self, String> {
        if let Some(context) = device {
            let target = wgpu::SurfaceTarget::OffscreenCanvas(canvas);
            let painter = Painter::new(context, target).map_err(|error| error.to_string())?;
            return Ok(Self::Gpu(Box::new(painter)));
        }
        let context = canvas.get_context("2d").ok().flatten();
        let context = context.and_then(|context| context.dyn_into().ok());
        Ok(Self::Cpu(canvas, context.ok_or(REFUSED)?))
    }

    /// # Errors
    /// In words, where the picture does not come to the canvas, which keeps its last one.
    fn paint(&mut self, scene: &Scene, is_prepared: bool) -> Result<(), String> {
        match self {
            Self::Gpu(painter) => painter
                .paint(scene, is_prepared)
                .map_err(|error| error.to_string()),
            Self::Cpu(canvas, context) => {
                let [width, height] = scene.canvas;
                if [canvas.width(), canvas.height()] != scene.canvas {
                    canvas.set_width(width);
                    canvas.set_height(height);
                }
                let pixels = compose(scene);
                let bytes = Clamped(bytemuck::cast_slice(&pixels));
                ImageData::new_with_u8_clamped_array(bytes, width)
                    .and_then(|data| context.put_image_data(&data, 0.0, 0.0))
                    .map_err(|_| REFUSED.to_owned())
            }
        }
    }
}

impl Host {
    pub(super) fn add_canvas(&self, number: u32, objects: Vec<JsValue>) {
        let canvas = objects.into_iter().find_map(|object| object.dyn_into().ok());
        let screen = canvas
            .ok_or_else(|| REFUSED.to_owned())
            .and_then(|canvas| Screen::new(self.device().as_ref(), canvas));
        self.inner.pictures.borrow_mut().insert(number, screen);
    }

    pub(super) fn discard(&self, number: u32) {
        self.inner.pictures.borrow_mut().remove(&number);
    }

    pub(super) async fn paint(&self, canvas: u32, painting: Painting, caller: &Caller) {
        let Some(scene) = painting.receive(&mut self.inner.arrays.borrow_mut()) else {
            return caller.reply(Reply::Missing);
        };
        let painted = match self.inner.pictures.borrow_mut().get_mut(&canvas) {
            Some(Ok(screen)) => screen.paint(&scene, self.inner.is_prepared.get()),
            Some(Err(fault)) => Err(fault.clone()),
            // The page has gone on without it.
            None => Ok(()),
        };
        let reply = match painted {
            // A device that is lost is shown where it is watched, and its canvases are replaced.
            Err(fault) if !self.is_lost() => Reply::Fault(fault),
            _ => Reply::Painted,
        };
        // Whoever asks next does so when this is on screen: pictures do not queue up before the device.
        if let Some(context) = self.device() {
            context.finished().await;
            caller.reply(reply);
            self.prepare(&context).await;
        } else {
            caller.reply(reply);
        }
    }
}
