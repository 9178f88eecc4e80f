//! A scene as pixels, on the GPU.

use std::sync::Arc;

use super::{Classes, Outline, Scene, compose, verdict_colors};
use crate::gpu::{Context, Encoder, Error, Kernel, Recording, Tensor, Uniforms};
use crate::ops::{agreement, heatmap, outline, overlay, slice};

/// Buffers and recordings for one canvas; made anew only when canvas or slice change in size.
#[derive(Debug)]
pub struct Compositor {
    context: Context,
    plan: Option<Plan>,
}

#[derive(Debug)]
struct Plan {
    canvas: [u32; 2],
    slice: [u32; 2],
    pixels: Tensor,
    colors: Input<u32>,
    image: Layer<f32>,
    image_colors: Input<u32>,
    heat: Layer<f32>,
    heat_colors: Input<u32>,
    /// Label fill and contour map.
    fills: [Layer<u32>; 2],
    /// Of the prediction, with the reference beside it.
    agreement: Layer<u32>,
    reference: Input<u32>,
    /// Reference and prediction.
    outlines: [Layer<u32>; 2],
}

/// A tensor, and what was last written to it.
#[derive(Debug)]
struct Input<T> {
    tensor: Tensor,
    written: Option<Arc<[T]>>,
}

/// One dispatch with what it reads.
#[derive(Debug)]
struct Layer<T> {
    input: Input<T>,
    recording: Recording,
    uniforms: Uniforms,
}

impl Compositor {
    #[must_use]
    pub fn new(context: &Context) -> Self {
        Self {
            context: context.clone(),
            plan: None,
        }
    }

    /// Compiles every kernel of it, in a browser in parallel and in the background.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn prepare(context: &Context) -> Result<(), Error> {
        let plan = Plan::new(context, [1, 1], [1, 1])?;
        let kernels: Vec<Kernel> = plan.recordings().flat_map(Recording::kernels).cloned().collect();
        context.compile(&kernels, &mut |_, _| {}).await;
        Ok(())
    }

    /// Submits the scene's layers; the pixels are packed rgba8.
    ///
    /// # Errors
    /// When canvas or slice are larger than the device's limits allow.
    pub fn compose(&mut self, scene: &Scene) -> Result<&Tensor, Error> {
        let plan = Self::plan(&mut self.plan, &self.context, scene)?;
        plan.write(&self.context, scene);
        self.context.submit(|encoder| plan.replay(encoder, scene));
        Ok(&plan.pixels)
    }

    /// The same pixels, made by the twins: sooner there than kernels that are still to be compiled.
    ///
    /// # Errors
    /// As [`Compositor::compose`].
    pub fn upload(&mut self, scene: &Scene) -> Result<&Tensor, Error> {
        let plan = Self::plan(&mut self.plan, &self.context, scene)?;
        plan.pixels.write(&self.context, &compose(scene));
        Ok(&plan.pixels)
    }

    fn plan<'a>(plan: &'a mut Option<Plan>, context: &Context, scene: &Scene) -> Result<&'a mut Plan, Error> {
        let fits = |plan: &Plan| plan.canvas == scene.canvas && plan.slice == scene.slice;
        let fitting = match plan.take().filter(fits) {
            Some(fitting) => fitting,
            None => Plan::new(context, scene.canvas, scene.slice)?,
        };
        Ok(plan.insert(fitting))
    }
}

impl Plan {
    fn new(context: &Context, canvas: [u32; 2], slice: [u32; 2]) -> Result<Self, Error> {
        let [pixels, voxels] = [canvas, slice].map(|[w, h]| w as usize * h as usize);
        let pixels = Tensor::new(context, "canvas pixels", pixels)?;
        let colors = Tensor::new(context, "class colours", 32)?;
        let image_colors = Tensor::new(context, "image colours", 256)?;
        let heat_colors = Tensor::new(context, "heat colours", 256)?;
        let verdict_colors = Tensor::from_slice(context, "verdict colours", &verdict_colors())?;
        let reference = Tensor::new(context, "reference to agree with", voxels)?;
        let fill = |name| {
            Layer::new(context, name, voxels, |recording, input| {
                overlay::record(recording, &pixels, input, &colors, &overlay::Params::default())
            })
        };
        let line = |name| {
            Layer::new(context, name, voxels, |recording, input| {
                outline::record(recording, &pixels, input, &colors, &outline::Params::default())
            })
        };
        Ok(Self {
            canvas,
            slice,
            image: Layer::new(context, "slice", voxels, |recording, input| {
                slice::record(
                    recording,
                    &pixels,
                    input,
                    &image_colors,
                    &slice::Params::default(),
                )
            })?,
            heat: Layer::new(context, "heat map", voxels, |recording, input| {
                heatmap::record(
                    recording,
                    &pixels,
                    input,
                    &heat_colors,
                    &heatmap::Params::default(),
                )
            })?,
            fills: [fill("labels")?, fill("contour")?],
            agreement: Layer::new(context, "agreement", voxels, |recording, input| {
                let params = agreement::Params::default();
                agreement::record(recording, &pixels, &reference, input, &verdict_colors, &params)
            })?,
            outlines: [line("reference")?, line("prediction")?],
            colors: Input::new(colors.clone()),
            image_colors: Input::new(image_colors.clone()),
            heat_colors: Input::new(heat_colors.clone()),
            reference: Input::new(reference.clone()),
            pixels,
        })
    }

    fn recordings(&self) -> impl Iterator<Item = &Recording> {
        let sets = self.fills.iter().chain([&self.agreement]).chain(&self.outlines);
        [&self.image.recording, &self.heat.recording]
            .into_iter()
            .chain(sets.map(|layer| &layer.recording))
    }

    fn write(&mut self, context: &Context, scene: &Scene) {
        let [canvas_width, canvas_height] = scene.canvas;
        let [columns, rows] = scene.slice;
        let ([origin_x, origin_y], [step_x, step_y]) = (scene.fit.origin, scene.fit.step);
        macro_rules! params {
            ($op:ident, $($fields:tt)*) => {
                $op::Params {
                    canvas_width, canvas_height, rows, origin_x, origin_y, step_x, step_y,
                    $($fields)*
                }
            };
        }
        self.colors.write(context, &scene.colors);
        let background = scene.background;
        // No columns: every pixel is background.
        let nothing = params!(slice, columns: 0, low: 0.0, high: 1.0, smooth_: 0, background);
        let grey = scene.image.as_ref().map_or(nothing, |image| {
            self.image.input.write(context, &image.values);
            self.image_colors.write(context, &image.colors);
            let smooth_ = image.smooth.into();
            params!(slice, columns, low: image.low, high: image.high, smooth_, background)
        });
        self.image.uniforms.write(&grey);
        if let Some(map) = &scene.heat {
            self.heat.input.write(context, &map.values);
            self.heat_colors.write(context, &map.colors);
            let params = params!(heatmap, columns, low: map.low, high: map.high, opacity: map.opacity);
            self.heat.uniforms.write(&params);
        }
        for (layer, fill) in self.fills.iter_mut().zip([&scene.fill, &scene.contour]) {
            if let Some(Classes {
                sets,
                visible,
                opacity,
            }) = fill
            {
                layer.input.write(context, sets);
                let params = params!(overlay, columns, visible: *visible, opacity: *opacity);
                layer.uniforms.write(&params);
            }
        }
        if let Some(map) = &scene.agreement {
            self.reference.write(context, &map.reference);
            self.agreement.input.write(context, &map.predicted);
            let (visible, opacity, stripe) = (map.visible, map.opacity, map.stripe.max(1));
            let params = params!(agreement, columns, visible, opacity, stripe);
            self.agreement.uniforms.write(&params);
        }
        for (layer, line) in self.outlines.iter_mut().zip([&scene.outline, &scene.prediction]) {
            if let Some(Outline { classes, width, dash }) = line {
                layer.input.write(context, &classes.sets);
                let Classes { visible, opacity, .. } = *classes;
                let params = params!(outline, columns, visible, opacity, width: *width, dash: *dash);
                layer.uniforms.write(&params);
            }
        }
    }

    fn replay(&self, encoder: &mut Encoder, scene: &Scene) {
        self.image.recording.replay(encoder);
        let layers = [
            (scene.heat.is_some(), &self.heat.recording),
            (scene.fill.is_some(), &self.fills[0].recording),
            (scene.contour.is_some(), &self.fills[1].recording),
            (scene.agreement.is_some(), &self.agreement.recording),
            (scene.outline.is_some(), &self.outlines[0].recording),
            (scene.prediction.is_some(), &self.outlines[1].recording),
        ];
        for (drawn, recording) in layers {
            if drawn {
                recording.replay(encoder);
            }
        }
    }
}

impl<T: bytemuck::Pod> Input<T> {
    fn new(tensor: Tensor) -> Self {
        Self {
            tensor,
            written: None,
        }
    }

    /// Uploads only what is not there already.
    fn write(&mut self, context: &Context, values: &Arc<[T]>) {
        if self
            .written
            .as_ref()
            .is_none_or(|written| !Arc::ptr_eq(written, values))
        {
            self.tensor.write(context, values);
            self.written = Some(Arc::clone(values));
        }
    }
}

impl<T: bytemuck::Pod> Layer<T> {
    fn new(
        context: &Context,
        label: &str,
        voxels: usize,
        record: impl FnOnce(&mut Recording, &Tensor) -> Uniforms,
    ) -> Result<Self, Error> {
        let tensor = Tensor::new(context, label, voxels)?;
        let mut recording = Recording::new(context);
        let uniforms = record(&mut recording, &tensor);
        Ok(Self {
            input: Input::new(tensor),
            recording,
            uniforms,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Request;
    use crate::view::fixture::scene;

    /// A division and three products in f32 may round differently by one unit in the last place, which moves a
    /// colour across a rounding edge at most.
    const CHANNEL_TOLERANCE: u8 = 1;

    fn assert_close(gpu: &[u32], cpu: &[u32]) {
        assert_eq!(gpu.len(), cpu.len());
        for (i, (a, b)) in gpu.iter().zip(cpu).enumerate() {
            for (a, b) in a.to_le_bytes().into_iter().zip(b.to_le_bytes()) {
                assert!(a.abs_diff(b) <= CHANNEL_TOLERANCE, "pixel {i}: {a} and {b}");
            }
        }
    }

    fn on_gpu(compositor: &mut Compositor, scene: &Scene) -> Vec<u32> {
        let context = compositor.context.clone();
        let pixels = compositor.compose(scene).unwrap().clone();
        pollster::block_on(pixels.read(&context)).unwrap()
    }

    #[test]
    fn every_layer_agrees_with_its_twin() {
        let context = pollster::block_on(Context::poisoned(Request::Software)).unwrap();
        let mut compositor = Compositor::new(&context);
        for (canvas, slice) in [([101, 67], [13, 9]), ([33, 129], [7, 31]), ([1, 1], [3, 1])] {
            for mirror in [[true, true], [false, true]] {
                let mut whole = scene(canvas, slice, mirror);
                assert_close(&on_gpu(&mut compositor, &whole), &compose(&whole));
                let uploaded = compositor.upload(&whole).unwrap().clone();
                let uploaded: Vec<u32> = pollster::block_on(uploaded.read(&context)).unwrap();
                assert_eq!(uploaded, compose(&whole));
                if let Some(image) = &mut whole.image {
                    image.smooth = false;
                }
                whole.prediction = None;
                whole.agreement = None;
                whole.heat = None;
                assert_close(&on_gpu(&mut compositor, &whole), &compose(&whole));
                whole.image = None;
                assert_close(&on_gpu(&mut compositor, &whole), &compose(&whole));
            }
        }
    }

    #[test]
    fn each_layer_leaves_its_mark() {
        let whole = scene([101, 67], [13, 9], [true, true]);
        let all = compose(&whole);
        let without: [fn(&mut Scene); 7] = [
            |scene| scene.image = None,
            |scene| scene.heat = None,
            |scene| scene.fill = None,
            |scene| scene.contour = None,
            |scene| scene.agreement = None,
            |scene| scene.outline = None,
            |scene| scene.prediction = None,
        ];
        for remove in without {
            let mut less = whole.clone();
            remove(&mut less);
            let changed = compose(&less).iter().zip(&all).filter(|(a, b)| a != b).count();
            assert!(changed > 100, "{changed} pixels changed");
        }
    }
}
