//! A scene as pixels, where there is no GPU.

use super::{Agreement, Classes, Heat, Image, Outline, Scene, verdict_colors};
use crate::reference::{
    agreement::{agreement_paint, verdict},
    canvas::Canvas,
    heatmap::heatmap_paint,
    outline::outline_paint,
    overlay::overlay_paint,
    slice::slice_paint,
};

/// Pixels of each of the [`VERDICTS`](super::VERDICTS); pixels of no compared class count in none.
#[must_use]
pub fn count_verdicts(reference: &[u32], predicted: &[u32], visible: u32) -> [usize; 4] {
    let mut counts = [0; 4];
    for (reference, predicted) in reference.iter().zip(predicted) {
        if let Some(verdict) = verdict(*reference, *predicted, visible) {
            counts[verdict] += 1;
        }
    }
    counts
}

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
        colors,
        low,
        high,
        smooth,
    }) = &scene.image
    {
        slice_paint(
            &mut pixels,
            values,
            colors,
            &canvas,
            *low,
            *high,
            *smooth,
            scene.background,
        );
    }
    if let Some(Heat {
        values,
        colors,
        low,
        high,
        opacity,
    }) = &scene.heat
    {
        heatmap_paint(&mut pixels, values, colors, &canvas, *low, *high, *opacity);
    }
    for Classes {
        sets,
        visible,
        opacity,
    } in [&scene.fill, &scene.contour].into_iter().flatten()
    {
        overlay_paint(&mut pixels, sets, &scene.colors, &canvas, *visible, *opacity);
    }
    if let Some(Agreement {
        reference,
        predicted,
        visible,
        opacity,
        stripe,
    }) = &scene.agreement
    {
        agreement_paint(
            &mut pixels,
            reference,
            predicted,
            &verdict_colors(),
            &canvas,
            *visible,
            *opacity,
            *stripe,
        );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_counted_by_class() {
        // Background, right, missed, made up, mistaken; and where nothing was predicted.
        let reference = [0b001, 0b010, 0b010, 0b001, 0b010, 0b010];
        let predicted = [0b001, 0b010, 0b001, 0b100, 0b100, 0];
        assert_eq!(count_verdicts(&reference, &predicted, !1), [1, 1, 1, 1]);
        assert_eq!(
            count_verdicts(&reference, &predicted, 0b010),
            [1, 0, 2, 0],
            "one class alone"
        );
        assert_eq!(count_verdicts(&reference, &predicted, 0), [0; 4]);
    }
}
