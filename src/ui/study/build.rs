//! From volumes to a study.

use std::sync::Arc;

use super::samples::{Sample, title};
use super::{Class, Modality, Split, Study};
use crate::nifti::{Error, FileSpace, LabelMap, Volume};
use crate::train;
use crate::ui::viewer::Window;
use crate::view::pack;

/// The background has a contour too, which is drawn in this grey.
const BACKGROUND: [u8; 3] = [214, 214, 214];

/// Values below this occur in no modality but CT (air is −1000 HU).
const CT_BELOW: f32 = -200.0;

/// A study of a sample, or of the visitor's own files under the name `name`.
pub fn build(image: &Volume, labels: &LabelMap, name: &str, sample: Option<&Sample>) -> Result<Study, Error> {
    let grid = image.grid();
    let values: Arc<[f32]> = image.frame_f32(0)?.into();
    let (automatic, full) = windows(&values);
    let is_ct = sample.map_or(full.ends()[0] < CT_BELOW, Sample::is_ct);
    let classes = classes(labels, sample);
    let colors = (0..32).map(|k| pack(classes.get(k).map_or(BACKGROUND, |class: &Class| class.color)));
    let [a, b, c, _] = grid.world_from_voxel;
    let split = sample.and_then(Sample::split);
    let slices = labels.labels().chunks_exact(grid.shape[0] * grid.shape[1]);
    let labelled: Vec<bool> = slices
        .map(|slice| slice.iter().any(|class| *class != 0))
        .collect();
    Ok(Study {
        title: sample.map_or_else(|| name.into(), |_| title(name)),
        sample: sample.map(|_| name.into()),
        modality: if is_ct { Modality::Ct } else { Modality::Other },
        shape: grid.shape,
        spacing_mm: grid.spacing_mm.map(|mm| mm as f32),
        world_from_voxel: [a, b, c],
        file: FileSpace::of(image),
        split: split.unwrap_or_else(|| slabs(&labelled)),
        values,
        labels: labels.labels().into(),
        colors: colors.collect(),
        classes,
        automatic,
        full,
        notes: image.notices().iter().map(ToString::to_string).collect(),
    })
}

fn classes(labels: &LabelMap, sample: Option<&Sample>) -> Vec<Class> {
    let counts = labels.counts();
    let class = |k: usize| {
        let known = sample.and_then(|sample| sample.classes.get(k));
        let name = match known {
            Some(known) => known.name.clone(),
            None if k == 0 => "background".into(),
            None => format!("class {}", labels.values()[k]),
        };
        let color = known.and_then(|known| known.color()).unwrap_or_else(|| color(k));
        Class {
            name,
            color: if k == 0 { BACKGROUND } else { color },
            value: labels.values()[k],
            voxels: counts[k],
        }
    };
    (0..counts.len()).map(class).collect()
}

/// Hues a golden angle apart, so that neighbours in number differ; two lightnesses in turn.
fn color(class: usize) -> [u8; 3] {
    let hue = (class as f32 * 137.508) % 360.0;
    let light = if class.is_multiple_of(2) { 0.72 } else { 0.6 };
    let [r, g, b, _] = colorgrad::Color::from_oklcha(light, 0.15, hue.to_radians(), 1.0).to_rgba8();
    [r, g, b]
}

/// 0.5 to 99.5 % of the finite values, and all of them.
fn windows(values: &[f32]) -> (Window, Window) {
    // A sample of some 100,000 values gives percentiles to a fraction of a grey level.
    let stride = (values.len() / 100_000).max(1);
    let mut some: Vec<f32> = values
        .iter()
        .step_by(stride)
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    some.sort_by(f32::total_cmp);
    let at = |part: f64| {
        some.get((part * some.len().saturating_sub(1) as f64) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = (
        finite().fold(f32::MAX, f32::min),
        finite().fold(f32::MIN, f32::max),
    );
    let full = if low <= high {
        Window::between(low, high)
    } else {
        Window::between(0.0, 1.0)
    };
    (Window::between(at(0.005), at(0.995)), full)
}

/// As training makes them: contiguous slabs with a gap on either side.
fn slabs(labelled: &[bool]) -> Split {
    let train::Split { train, validation } = train::Split::slabs(labelled);
    let numbers = |slices: Vec<u32>| slices.into_iter().map(|slice| slice as usize).collect();
    Split {
        train: numbers(train),
        validation: numbers(validation),
    }
}
