//! What a canvas pixel shows. Which pixels are painted, and from which voxel, has to agree exactly: the places
//! where a pixel looks are odd multiples of 1/64, so that none falls on the edge of a voxel and f32 holds them.

use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;
use crate::reference::canvas::Canvas;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "view/slice",
        run: Run::Gpu(|p| Box::pin(slice(p))),
    },
    Case {
        name: "view/overlay",
        run: Run::Gpu(|p| Box::pin(overlay(p))),
    },
    Case {
        name: "view/outline",
        run: Run::Gpu(|p| Box::pin(outline(p))),
    },
    Case {
        name: "view/heatmap",
        run: Run::Gpu(|p| Box::pin(heatmap(p))),
    },
    Case {
        name: "view/agreement",
        run: Run::Gpu(|p| Box::pin(agreement(p))),
    },
];

/// Voxels of the slice.
const VOXELS: usize = 7 * 5;

/// The voxel under the first pixel of the second canvas.
const CORNER: usize = 6;

/// The slice upright with a margin on all sides, and mirrored along x with its corner in the canvas's.
const CANVASES: [Canvas; 2] = [
    Canvas {
        size: [33, 31],
        slice: [7, 5],
        origin: [-40.0 / 64.0, -24.0 / 64.0],
        step: [18.0 / 64.0, 14.0 / 64.0],
    },
    Canvas {
        size: [33, 31],
        slice: [7, 5],
        origin: [444.0 / 64.0, 2.0 / 64.0],
        step: [-18.0 / 64.0, 14.0 / 64.0],
    },
];

/// The parameters of an op, with those that all five share from `$canvas`.
macro_rules! params {
    ($op:ident, $canvas:expr, $($fields:tt)*) => {
        ops::$op::Params {
            canvas_width: $canvas.size[0],
            canvas_height: $canvas.size[1],
            columns: $canvas.slice[0],
            rows: $canvas.slice[1],
            origin_x: $canvas.origin[0],
            origin_y: $canvas.origin[1],
            step_x: $canvas.step[0],
            step_y: $canvas.step[1],
            $($fields)*
        }
    };
}

/// Any colours: a neighbour's would be noticed.
fn colors(p: &mut Probe, len: usize) -> Vec<u32> {
    p.naturals(len, u32::MAX)
}

/// None, one or several of four classes in each voxel, runs of voxels alike.
fn classes(p: &mut Probe) -> Vec<u32> {
    let runs = p.naturals(VOXELS, 16);
    (0..VOXELS).map(|voxel| runs[voxel / 2] << 2).collect()
}

/// Neighbours differ by one in each channel: a value between voxels may round to either.
fn ramp() -> Vec<u32> {
    let color = |k: u8| u32::from_le_bytes([k, 255 - k, k / 2, 255]);
    (0..=255).map(color).collect()
}

async fn slice(p: &mut Probe) -> Result<(), Error> {
    let (values, colors) = (p.reals(VOXELS), ramp());
    let (values_gpu, colors_gpu) = (p.tensor(&values)?, p.tensor(&colors)?);
    let (low, high, background) = (-0.4, 0.7, 0xff20_3040);
    for canvas in CANVASES {
        for smooth in [false, true] {
            let mut pixels = vec![0; canvas.len()];
            let pixels_gpu = p.noise(pixels.len())?;
            let smooth_ = smooth.into();
            let params = params!(slice, canvas, low, high, smooth_, background);
            let mut recording = p.recording();
            ops::slice::record(&mut recording, &pixels_gpu, &values_gpu, &colors_gpu, &params);
            p.play(&recording);
            twin::slice::slice_paint(
                &mut pixels,
                &values,
                &colors,
                &canvas,
                low,
                high,
                smooth,
                background,
            );
            p.pixels(&pixels_gpu, &pixels).await?;
        }
    }
    Ok(())
}

async fn overlay(p: &mut Probe) -> Result<(), Error> {
    let (classes, colors) = (classes(p), colors(p, 32));
    let (classes_gpu, colors_gpu) = (p.tensor(&classes)?, p.tensor(&colors)?);
    for canvas in CANVASES {
        for (visible, opacity) in [(!0, 1.0), (0b11_0100, 0.3)] {
            let mut pixels = p.naturals(canvas.len(), u32::MAX);
            let pixels_gpu = p.tensor(&pixels)?;
            let params = params!(overlay, canvas, visible, opacity);
            let mut recording = p.recording();
            ops::overlay::record(&mut recording, &pixels_gpu, &classes_gpu, &colors_gpu, &params);
            p.play(&recording);
            twin::overlay::overlay_paint(&mut pixels, &classes, &colors, &canvas, visible, opacity);
            p.pixels(&pixels_gpu, &pixels).await?;
        }
    }
    Ok(())
}

async fn outline(p: &mut Probe) -> Result<(), Error> {
    let (classes, colors) = (classes(p), colors(p, 32));
    let (classes_gpu, colors_gpu) = (p.tensor(&classes)?, p.tensor(&colors)?);
    for canvas in CANVASES {
        for (visible, opacity, width, dash) in [(!0, 1.0, 1, 0), (0b11_0100, 0.3, 2, 3)] {
            let mut pixels = p.naturals(canvas.len(), u32::MAX);
            let pixels_gpu = p.tensor(&pixels)?;
            let params = params!(outline, canvas, visible, opacity, width, dash);
            let mut recording = p.recording();
            ops::outline::record(&mut recording, &pixels_gpu, &classes_gpu, &colors_gpu, &params);
            p.play(&recording);
            twin::outline::outline_paint(
                &mut pixels,
                &classes,
                &colors,
                &canvas,
                visible,
                opacity,
                width,
                dash,
            );
            p.pixels(&pixels_gpu, &pixels).await?;
        }
    }
    Ok(())
}

async fn heatmap(p: &mut Probe) -> Result<(), Error> {
    let (low, high) = (-1.0, 3.0);
    // In the middle of one of the 256 colours, or below the first, or above the last.
    let steps = p.naturals(VOXELS, 320);
    let values: Vec<f32> = steps
        .iter()
        .map(|step| low + (high - low) * (*step as f32 - 32.0) / 255.0)
        .collect();
    let colors = colors(p, 256);
    let (values_gpu, colors_gpu) = (p.tensor(&values)?, p.tensor(&colors)?);
    for canvas in CANVASES {
        for opacity in [1.0, 0.6] {
            let mut pixels = p.naturals(canvas.len(), u32::MAX);
            let pixels_gpu = p.tensor(&pixels)?;
            let params = params!(heatmap, canvas, low, high, opacity);
            let mut recording = p.recording();
            ops::heatmap::record(&mut recording, &pixels_gpu, &values_gpu, &colors_gpu, &params);
            p.play(&recording);
            twin::heatmap::heatmap_paint(&mut pixels, &values, &colors, &canvas, low, high, opacity);
            p.pixels(&pixels_gpu, &pixels).await?;
        }
    }
    Ok(())
}

async fn agreement(p: &mut Probe) -> Result<(), Error> {
    // Nothing predicted here and there, and often what the reference has.
    let mut reference = classes(p);
    // The first pixel of the mirrored canvas must not go by default.
    reference[CORNER] |= 1 << 2;
    let (other, turn) = (classes(p), p.naturals(VOXELS, 3));
    let mut predicted: Vec<u32> = (0..VOXELS)
        .map(|voxel| [reference[voxel], other[voxel], 0][turn[voxel] as usize])
        .collect();
    predicted[CORNER] = reference[CORNER];
    let colors = colors(p, 4);
    let (reference_gpu, predicted_gpu) = (p.tensor(&reference)?, p.tensor(&predicted)?);
    let colors_gpu = p.tensor(&colors)?;
    for canvas in CANVASES {
        for (visible, opacity, stripe) in [(!0, 1.0, 1), (0b11_0100, 0.7, 3)] {
            let mut pixels = p.naturals(canvas.len(), u32::MAX);
            let pixels_gpu = p.tensor(&pixels)?;
            let params = params!(agreement, canvas, visible, opacity, stripe);
            let mut recording = p.recording();
            ops::agreement::record(
                &mut recording,
                &pixels_gpu,
                &reference_gpu,
                &predicted_gpu,
                &colors_gpu,
                &params,
            );
            p.play(&recording);
            twin::agreement::agreement_paint(
                &mut pixels,
                &reference,
                &predicted,
                &colors,
                &canvas,
                visible,
                opacity,
                stripe,
            );
            p.pixels(&pixels_gpu, &pixels).await?;
        }
    }
    Ok(())
}
