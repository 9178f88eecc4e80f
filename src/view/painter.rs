//! A canvas that shows scenes.

use super::present::Present;
use super::{Compositor, Scene};
use crate::gpu::{self, Context};

/// What can go wrong between a scene and its canvas.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The canvas already has another kind of drawing context, or none can be had.
    #[error("The canvas does not take WebGPU's picture: {0}. Reload the page.")]
    Surface(String),
    /// Usually a canvas or a slice past the device's limits.
    #[error(transparent)]
    Device(#[from] gpu::Error),
}

/// One canvas with its compositor.
#[derive(Debug)]
pub struct Painter {
    context: Context,
    surface: wgpu::Surface<'static>,
    configured: Option<[u32; 2]>,
    compositor: Compositor,
    present: Present,
}

impl Painter {
    /// # Errors
    /// [`Error::Surface`] if the canvas cannot be drawn on.
    pub fn new(context: &Context, canvas: wgpu::SurfaceTarget<'static>) -> Result<Self, Error> {
        let surface = context
            .instance()
            .create_surface(canvas)
            .map_err(|error| Error::Surface(error.to_string()))?;
        let format = surface
            .get_capabilities(context.adapter())
            .formats
            .first()
            .copied();
        let format = format.ok_or_else(|| Error::Surface("no format in common with the adapter".into()))?;
        Ok(Self {
            context: context.clone(),
            // The pixels are sRGB bytes already: a surface that converts once more would brighten them.
            present: Present::new(context, format.remove_srgb_suffix()),
            surface,
            configured: None,
            compositor: Compositor::new(context),
        })
    }

    /// Shows a scene, composed by the device or by the twins. A canvas without area shows nothing.
    ///
    /// # Errors
    /// When the canvas is past the device's limits, or lost.
    pub fn paint(&mut self, scene: &Scene, by_device: bool) -> Result<(), Error> {
        if scene.canvas.contains(&0) {
            return Ok(());
        }
        if self.configured != Some(scene.canvas) {
            self.configure(scene.canvas);
        }
        let pixels = if by_device {
            self.compositor.compose(scene)?.clone()
        } else {
            self.compositor.upload(scene)?.clone()
        };
        let mut texture = self.surface.get_current_texture();
        if matches!(
            texture,
            wgpu::CurrentSurfaceTexture::Outdated | wgpu::CurrentSurfaceTexture::Lost
        ) {
            // The surface may have changed since it was configured.
            self.configure(scene.canvas);
            texture = self.surface.get_current_texture();
        }
        let frame = match texture {
            wgpu::CurrentSurfaceTexture::Success(frame) | wgpu::CurrentSurfaceTexture::Suboptimal(frame) => {
                frame
            }
            // Hidden or in between: the next paint shows it.
            wgpu::CurrentSurfaceTexture::Timeout | wgpu::CurrentSurfaceTexture::Occluded => return Ok(()),
            other => {
                self.configured = None;
                return Err(Error::Surface(format!("{other:?}")));
            }
        };
        self.present
            .show(&self.context, &frame.texture, &pixels, scene.canvas);
        self.context.queue().present(frame);
        Ok(())
    }

    fn configure(&mut self, [width, height]: [u32; 2]) {
        let configuration = wgpu::SurfaceConfiguration {
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT,
            format: self.present.format(),
            color_space: wgpu::SurfaceColorSpace::default(),
            width,
            height,
            present_mode: wgpu::PresentMode::AutoVsync,
            desired_maximum_frame_latency: 2,
            alpha_mode: wgpu::CompositeAlphaMode::Auto,
            view_formats: Vec::new(),
        };
        self.surface.configure(self.context.device(), &configuration);
        self.configured = Some([width, height]);
    }
}
