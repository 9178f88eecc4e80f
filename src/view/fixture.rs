//! A scene with every layer, for the tests.

use std::sync::Arc;

use super::{Agreement, Classes, ColorMap, Fit, Heat, Image, Outline, Scene, pack};

/// Of odd values, classes and colours.
pub(super) fn scene(canvas: [u32; 2], slice: [u32; 2], mirror: [bool; 2]) -> Scene {
    let len = (slice[0] * slice[1]) as usize;
    let values: Arc<[f32]> = (0..len).map(|i| ((i * 37) % 101) as f32 - 20.0).collect();
    let labels: Arc<[u32]> = (0..len).map(|i| 1 << ((i / 3) % 5)).collect();
    let contour: Arc<[u32]> = (0..len).map(|i| ((i * 7) % 32) as u32 & !1).collect();
    let other: Arc<[u32]> = (0..len).map(|i| 1 << ((i / 4) % 4)).collect();
    let classes = |sets: &Arc<[u32]>, opacity| Classes {
        sets: Arc::clone(sets),
        visible: !1,
        opacity,
    };
    Scene {
        canvas,
        slice,
        fit: Fit::contain(canvas, slice, [0.7, 1.3], mirror, 0.93, [0.013, -0.027]),
        background: pack([9, 10, 11]),
        // The opacity of a class is the alpha of its colour.
        colors: (0..32_u8)
            .map(|k| pack([k * 7, 255 - k * 5, k * 3]) & 0x7fff_ffff | u32::from(k % 2) << 31)
            .collect(),
        image: Some(Image {
            values: Arc::clone(&values),
            colors: ColorMap::InvertedGrey.colors(),
            low: -13.7,
            high: 61.3,
            smooth: true,
        }),
        heat: Some(Heat {
            values,
            colors: ColorMap::Viridis.colors(),
            low: 1.0,
            high: 77.7,
            opacity: 0.4,
        }),
        fill: Some(classes(&labels, 0.3)),
        contour: Some(classes(&contour, 0.8)),
        agreement: Some(Agreement {
            reference: Arc::clone(&labels),
            predicted: Arc::clone(&other),
            visible: !1,
            opacity: 0.7,
            stripe: 4,
        }),
        outline: Some(Outline {
            classes: classes(&labels, 1.0),
            width: 2,
            dash: 0,
        }),
        prediction: Some(Outline {
            classes: classes(&other, 0.9),
            width: 1,
            dash: 5,
        }),
    }
}
