//! From a cohort to the study on screen: one subject, one channel.

use std::sync::Arc;

use super::{Class, Modality, Split, Study, Window};
use crate::lab::Cohort;
use crate::lab::cohort::{BACKGROUND, Error};
use crate::train;
use crate::view::pack;

/// Values below this occur in no modality but CT (air is −1000 HU).
const CT_BELOW: f32 = -200.0;

/// Voxels that are read between two breaths of the page: some 5 ms.
const SLAB_VOXELS: usize = 1 << 19;
/// Enough for percentiles and a histogram to look at.
const SOME_VALUES: usize = 1 << 18;

/// The study of a subject and a channel, made a slab at a time. Before each slab but the first, `goes_on` lets others have their
/// turn and says whether the study is still wanted; `None` if it is not.
///
/// # Errors
/// Where there is no such subject, or its values cannot be read.
pub async fn build(
    cohort: &Cohort,
    subject: usize,
    channel: usize,
    goes_on: impl AsyncFn() -> bool,
) -> Result<Option<Study>, Error> {
    let own = cohort
        .subjects
        .get(subject)
        .ok_or(Error::Missing { subject, channel })?;
    let [width, height, slices] = own.shape();
    let area = (width * height).max(1);
    let one_in = (area * slices).div_ceil(SOME_VALUES).max(1);
    let (mut values, mut some) = (Vec::new(), Vec::new());
    let mut ends = [f32::MAX, f32::MIN];
    let slab = (SLAB_VOXELS / area).max(1);
    for start in (0..slices).step_by(slab) {
        if start > 0 && !goes_on().await {
            return Ok(None);
        }
        values.clear();
        own.extend_values(&mut values, channel, start..(start + slab).min(slices))?;
        for value in values.iter().filter(|value| value.is_finite()) {
            ends = [ends[0].min(*value), ends[1].max(*value)];
        }
        let before = start * area;
        let first = before.next_multiple_of(one_in) - before;
        some.extend(values.iter().skip(first).step_by(one_in));
    }
    let [low, high] = train::percentiles(some.iter().copied(), train::Normalisation::USUAL_PERCENT);
    let full = if ends[0] <= ends[1] {
        Window::between(ends[0], ends[1])
    } else {
        Window::between(0.0, 1.0)
    };
    let is_ct = full.ends()[0] < CT_BELOW || cohort.channels[channel] == "CT";
    let grid = &own.grid;
    let [a, b, c, _] = grid.world_from_voxel;
    let study = Study {
        title: String::new(),
        sample: cohort.sample.clone(),
        subject,
        channel,
        modality: if is_ct { Modality::Ct } else { Modality::Other },
        shape: grid.shape,
        spacing_mm: grid.spacing_mm.map(|mm| mm as f32),
        world_from_voxel: [a, b, c],
        file: own.file.clone(),
        split: Split::default(),
        image: own.channels[channel].clone(),
        some: some.into(),
        one_in,
        labels: Arc::clone(&own.rows),
        colors: Arc::default(),
        classes: Vec::new(),
        automatic: Window::between(low, high),
        full,
        notes: own.notes.clone(),
    };
    Ok(Some(with_table(&study, cohort)))
}

/// The same image under the cohort as it is now: names, colours, classes, and who trains.
pub fn with_table(study: &Study, cohort: &Cohort) -> Study {
    let own = &cohort.subjects[study.subject];
    let lookup = cohort.table.lookup();
    let mut voxels = vec![0; cohort.table.classes().len()];
    for (class, count) in lookup.iter().zip(&own.counts) {
        if let Some(sum) = voxels.get_mut(usize::from(*class)) {
            *sum += count;
        }
    }
    let class = |(row, voxels): (&crate::lab::cohort::Row, usize)| Class {
        name: row.name.clone(),
        color: row.color,
        value: row.value,
        voxels,
    };
    let classes: Vec<Class> = cohort
        .table
        .classes()
        .into_iter()
        .zip(voxels)
        .map(class)
        .collect();
    let colors = (0..32).map(|k| pack(classes.get(k).map_or(BACKGROUND, |class: &Class| class.color)));
    let train::Split { train, validation } = cohort.split_of(study.subject).0;
    let numbers = |slices: Vec<u32>| slices.into_iter().map(|slice| slice as usize).collect();
    Study {
        title: title(cohort, study.subject, study.channel),
        labels: own.labels(&lookup),
        colors: colors.collect(),
        classes,
        split: Split {
            train: numbers(train),
            validation: numbers(validation),
        },
        ..study.clone()
    }
}

/// Of several subjects their own name; of several channels the channel's too.
fn title(cohort: &Cohort, subject: usize, channel: usize) -> String {
    let name = if cohort.subjects.len() > 1 {
        &cohort.subjects[subject].name
    } else {
        &cohort.title
    };
    match cohort.channels.as_slice() {
        [_] => name.clone(),
        channels => format!("{name}, {}", channels[channel]),
    }
}
