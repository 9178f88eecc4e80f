//! A scene as pixels, where there is no GPU.

use super::{Classes, Heat, Image, Outline, Scene, heat_colors};
use crate::reference::{
    canvas::Canvas, heatmap::heatmap_paint, outline::outline_paint, overlay::overlay_paint,
    slice::slice_paint,
};

/// Packed rgba8, one for each canvas pixel, as the [`Compositor`](super::Compositor) makes them.
#[must_use]
pub fn compose(scene: &Scene) -> Vec<u32> {
    let canvas = Canvas {
        size: scene.canvas,
        slice: scene.slice,
        origin: scene.fit.origin,
        step: scene.fit.step,
    };
    let mut pixels = vec![scene.background; canvas.len()];
    if let Some(Image {
        values,
        low,
        high,
        smooth,
    }) = &scene.image
    {
        slice_paint(
            &mut pixels,
            values,
            &canvas,
            *low,
            *high,
            *smooth,
            scene.background,
        );
    }
    if let Some(Heat {
        values,
        low,
        high,
        opacity,
    }) = &scene.heat
    {
        heatmap_paint(
            &mut pixels,
            values,
            &heat_colors(),
            &canvas,
            *low,
            *high,
            *opacity,
        );
    }
    for Classes {
        sets,
        visible,
        opacity,
    } in [&scene.fill, &scene.contour].into_iter().flatten()
    {
        overlay_paint(&mut pixels, sets, &scene.colors, &canvas, *visible, *opacity);
    }
    for Outline { classes, width, dash } in [&scene.outline, &scene.prediction].into_iter().flatten() {
        let Classes {
            sets,
            visible,
            opacity,
        } = classes;
        outline_paint(
            &mut pixels,
            sets,
            &scene.colors,
            &canvas,
            *visible,
            *opacity,
            *width,
            *dash,
        );
    }
    pixels
}
