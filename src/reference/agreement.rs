//! Twin of `shaders/view/agreement.wgsl`.

use super::canvas::{Canvas, blend};

const TRUE_POSITIVE: usize = 0;
const FALSE_POSITIVE: usize = 1;
const FALSE_NEGATIVE: usize = 2;
const OTHER_CLASS: usize = 3;
/// Opacity between the stripes, as a share of that on them.
const FAINT: f32 = 0.3;

/// What is to be said of a voxel; `None` where nothing is compared or nothing was predicted.
#[must_use]
pub fn verdict(reference: u32, predicted: u32, visible: u32) -> Option<usize> {
    let wanted = reference & visible;
    let said = predicted & visible;
    if predicted == 0 || wanted | said == 0 {
        return None;
    }
    Some(if wanted == said {
        TRUE_POSITIVE
    } else if wanted == 0 {
        FALSE_POSITIVE
    } else if said == 0 {
        FALSE_NEGATIVE
    } else {
        OTHER_CLASS
    })
}

/// Lays a colour and a pattern for each verdict on the visible classes over `pixels`. Bit k of `reference` and
/// `predicted`: class k is in that voxel; nothing predicted, nothing painted.
pub fn agreement_paint(
    pixels: &mut [u32],
    reference: &[u32],
    predicted: &[u32],
    colors: &[u32],
    canvas: &Canvas,
    visible: u32,
    opacity: f32,
    stripe: u32,
) {
    for i in 0..canvas.len() {
        let pixel = canvas.pixel(i);
        let Some(voxel) = canvas.voxel_under(pixel) else {
            continue;
        };
        let Some(verdict) = verdict(reference[voxel], predicted[voxel], visible) else {
            continue;
        };
        let [x, y] = pixel.map(|side| side as u32);
        let inked = match verdict {
            FALSE_POSITIVE => (x + y) % (2 * stripe) < stripe,
            FALSE_NEGATIVE => (x + canvas.size[1] - y) % (2 * stripe) < stripe,
            OTHER_CLASS => (x / stripe + y / stripe).is_multiple_of(2),
            _ => true,
        };
        let part = if inked { 1.0 } else { FAINT };
        pixels[i] = blend(pixels[i], colors[verdict], opacity * part);
    }
}
