use super::*;
use crate::nifti::{Remedy, Volume};

/// A NIfTI-1 file of `shape` (x, y, z, frames) with unit spacing, `shift` along x.
pub(crate) fn volume(shape: [usize; 4], shift: f32, values: impl Fn([usize; 4]) -> i16) -> Arc<Volume> {
    let mut bytes = vec![0; 352];
    let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
    put(0, &348_i32.to_le_bytes());
    for (i, size) in [4, shape[0], shape[1], shape[2], shape[3], 1, 1, 1]
        .iter()
        .enumerate()
    {
        put(40 + 2 * i, &(*size as i16).to_le_bytes());
        put(76 + 4 * i, &1.0_f32.to_le_bytes());
    }
    put(70, &4_i16.to_le_bytes());
    put(72, &16_i16.to_le_bytes());
    put(108, &352.0_f32.to_le_bytes());
    put(123, &[2]);
    put(254, &1_i16.to_le_bytes());
    for axis in 0..3 {
        put(280 + 20 * axis, &1.0_f32.to_le_bytes());
    }
    put(292, &shift.to_le_bytes());
    put(344, b"n+1\0");
    for t in 0..shape[3] {
        for z in 0..shape[2] {
            for y in 0..shape[1] {
                for x in 0..shape[0] {
                    bytes.extend(values([x, y, z, t]).to_le_bytes());
                }
            }
        }
    }
    Arc::new(Volume::from_bytes(&bytes).unwrap())
}

/// Labelled in slices 1 to the last but one; `values` are the numbers of the label in turn along x.
fn candidate(name: &str, slices: usize, values: &[i16], shift: f32) -> Candidate {
    let shape = [6, 5, slices, 1];
    let image = |scale: i16| volume(shape, 0.0, move |[x, y, z, _]| scale * (1 + x + y + z) as i16);
    let label = volume(shape, shift, |[x, _, z, _]| {
        if z == 0 || z + 1 == slices {
            0
        } else {
            values[x % values.len()]
        }
    });
    let images = vec![("T1ce".to_owned(), image(1)), ("FLAIR".to_owned(), image(10))];
    Candidate::new(name, images, label, Frames::One(0), true)
}

pub(crate) fn three() -> Cohort {
    let all = [
        candidate("case 1", 6, &[0, 1, 2, 4], 0.0),
        candidate("case 2", 5, &[0, 1], 0.0),
        candidate("case 3", 4, &[0, 2], 0.0),
    ];
    Cohort::open(1, "three", &all).unwrap()
}

#[test]
fn subjects_share_one_table_and_the_scheme_is_recognised() {
    let cohort = three();
    assert_eq!(cohort.table.values(), [0, 1, 2, 4]);
    assert_eq!(cohort.scheme.unwrap().name, "BraTS (1, 2, 4)");
    assert_eq!(cohort.subjects[2].counts, [6 * 5 * 4 - 15 * 2, 0, 15 * 2, 0]);
    // 16-bit images and labels, and a byte for each voxel's row.
    assert_eq!(cohort.bytes(), 30 * (6 + 5 + 4) * (2 + 2 + 2 + 1));
    assert_eq!(cohort.in_channels(), 2);
}

#[test]
fn by_subject_nothing_leaks_and_each_may_be_left_out_in_turn() {
    let mut cohort = three();
    assert_eq!(cohort.parts, [Part::Train, Part::Train, Part::Validation]);
    assert_eq!(cohort.split().train, [1, 2, 3, 4, 7, 8, 9]);
    assert_eq!(cohort.split().validation, [12, 13]);
    for subject in 0..3 {
        cohort.leave_one_out(subject);
        assert_eq!(cohort.leaks(), 0);
        assert!(cohort.split_of(subject).0.train.is_empty());
    }
    cohort.by = SplitBy::Scattered;
    assert!(cohort.leaks() > 0);
    cohort.by = SplitBy::Subject;
    cohort.parts = vec![Part::Train, Part::Unused, Part::Validation];
    assert_eq!(cohort.used(), [0, 2]);
    assert_eq!(cohort.split().validation, [7, 8]);
}

#[test]
fn a_data_set_has_all_channels_and_its_classes_follow_the_table() {
    let mut cohort = three();
    let dataset = cohort.dataset([8, 8]).unwrap();
    assert_eq!((dataset.slices, dataset.modalities, dataset.classes), (15, 2, 4));
    assert_eq!(dataset.split, cohort.split());
    // In slice 1 of the first subject the columns are 0, 1, 2, 4, 0, 1.
    assert_eq!(cohort.counts()[0], [10, 10, 5, 5]);
    assert_eq!(cohort.counts().len(), cohort.split().train.len());
    let scheme = cohort.scheme.unwrap();
    scheme.apply(&scheme.views[3], &mut cohort.table);
    let dataset = cohort.dataset([8, 8]).unwrap();
    assert_eq!(dataset.classes, 2);
    // Only the first subject has an enhancing tumour: one column of six in four slices.
    assert_eq!(dataset.split.train, [1, 2, 3, 4]);
    assert_eq!(dataset.labels.iter().sum::<u32>(), 5 * 4);
    cohort.context = 1;
    assert_eq!(cohort.in_channels(), 6);
    assert_eq!(cohort.dataset([8, 8]).unwrap().channels(), 6);
}

/// Of what decides a run.
const CHANGES: [fn(&mut Cohort); 7] = [
    |it| it.pixel_mm = Some(2.0),
    |it| it.table.count_as(1, 2),
    |it| it.leave_one_out(0),
    |it| it.by = SplitBy::Slab,
    |it| it.crops = true,
    |it| it.context = 1,
    |it| it.normalisations[1] = Normalisation::ZScore { low: 1.0, high: 99.0 },
];

#[test]
fn what_decides_a_run_is_told_from_what_does_not() {
    let cohort = three();
    let mut named = cohort.clone();
    named.table.rename(1, "core");
    named.table.recolor(2, [1, 2, 3]);
    assert_eq!(named, cohort);
    for change in CHANGES {
        let mut changed = cohort.clone();
        change(&mut changed);
        assert_ne!(changed, cohort);
    }
}

#[test]
fn a_run_says_what_was_decided_about_its_data() {
    let cohort = three();
    let grid = [64, 48];
    let plain = cohort.decisions(grid);
    assert_eq!((plain.split, plain.gap, plain.grid), (SplitBy::Subject, 1, grid));
    assert_eq!(plain.channels[1].name, "FLAIR");
    assert_eq!(plain.channels[1].normalisation, cohort.normalisations[1]);
    assert_eq!(plain.subjects[2].part, Part::Validation);
    assert_eq!(plain.subjects[0].slices, cohort.split_of(0));
    let values: Vec<&[i64]> = plain
        .classes
        .iter()
        .map(|class| class.values.as_slice())
        .collect();
    assert_eq!(values, [&[0][..], &[1], &[2], &[4]]);
    // Whatever decides a run is in it.
    let more: [fn(&mut Cohort); 2] = [
        |it| it.parts[1] = Part::Unused,
        |it| it.redraw(0, &vec![1; 6 * 5 * 6].into()),
    ];
    let mut said = vec![plain.said()];
    for change in CHANGES.into_iter().chain(more) {
        let mut changed = cohort.clone();
        change(&mut changed);
        let decisions = changed.decisions(grid);
        assert_ne!(decisions, plain);
        said.push(decisions.said());
        let json = serde_json::to_string(&decisions).unwrap();
        assert_eq!(serde_json::from_str::<Decisions>(&json).unwrap(), decisions);
    }
    for (number, words) in said.iter().enumerate() {
        assert!(!said[..number].contains(words), "{words:?} says two things");
    }
    let merged = &said[2].iter().find(|(name, _)| *name == "Classes").unwrap().1;
    assert!(merged.contains("(1, 2)"), "{merged}");
}

#[test]
fn a_remedy_can_be_taken_back() {
    let mut shifted = candidate("case 1", 5, &[0, 1], 3.0);
    assert!(!shifted.is_ready() && shifted.findings()[0].sentence.contains("3.0 mm"));
    shifted.apply(Remedy::UseImageAffine);
    assert!(shifted.is_ready());
    let cohort = Cohort::open(1, "one", std::slice::from_ref(&shifted)).unwrap();
    assert_eq!(
        cohort.subjects[0].notes,
        ["Use the image's position: changed by hand."]
    );
    shifted.undo(Remedy::UseImageAffine);
    assert!(!shifted.is_ready() && shifted.remedies().is_empty());
    assert_eq!(
        Cohort::open(1, "none", &[shifted]).unwrap_err(),
        Error::NothingToOpen
    );
}

#[test]
fn frames_are_channels_or_one_of_them_is_the_image() {
    let shape = [4, 4, 4, 3];
    let image = volume(shape, 0.0, |[x, _, _, t]| (100 * t + x) as i16);
    let label = volume([4, 4, 4, 1], 0.0, |[x, ..]| i16::from(x > 1));
    let mut candidate = Candidate::new("4D", vec![(String::new(), image)], label, Frames::Channels, false);
    assert_eq!(candidate.frames(), 3);
    let cohort = Cohort::open(1, "4D", std::slice::from_ref(&candidate)).unwrap();
    assert_eq!(cohort.channels, ["frame 1", "frame 2", "frame 3"]);
    assert_eq!(cohort.subjects[0].values(2).unwrap()[1], 201.0);
    assert!(matches!(
        cohort.subjects[0].values(3),
        Err(Error::Missing { channel: 3, .. })
    ));
    candidate.set_frames(Frames::One(1));
    let cohort = Cohort::open(1, "4D", &[candidate]).unwrap();
    assert_eq!(cohort.channels, [""]);
    assert_eq!(cohort.subjects[0].values(0).unwrap()[1], 101.0);
}

/// A second channel `shift` mm further to the right than the first, whose values are x.
fn apart(shift: f32) -> Candidate {
    let shape = [4, 4, 4, 1];
    let along = |shift| volume(shape, shift, |[x, ..]| x as i16);
    let images = vec![("T1".to_owned(), along(0.0)), ("T2".to_owned(), along(shift))];
    Candidate::new("apart", images, along(0.0), Frames::One(0), true)
}

#[test]
fn a_channel_that_lies_elsewhere_is_resampled_and_that_can_be_taken_back() {
    let mut candidate = apart(2.0);
    assert!(!candidate.is_ready());
    let finding = &candidate.findings()[0];
    assert!(finding.sentence.starts_with("Channel T2 lies up to 2.0 mm away"));
    assert_eq!(finding.remedies, [Remedy::ResampleChannels]);
    let bytes = candidate.bytes();
    candidate.apply(Remedy::ResampleChannels);
    assert!(candidate.is_ready() && candidate.fault().is_none());
    // Two bytes a voxel, and the classes of the label that is ready now.
    assert_eq!(candidate.bytes(), bytes + 64 * (2 + 1));
    let cohort = Cohort::open(1, "one", std::slice::from_ref(&candidate)).unwrap();
    let subject = &cohort.subjects[0];
    assert_eq!(subject.values(0).unwrap()[..4], [0.0, 1.0, 2.0, 3.0]);
    // Its field begins at the third voxel; before that it has its lowest value.
    assert_eq!(subject.values(1).unwrap()[..4], [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(
        subject.notes[0],
        "Resample the channels onto the first: changed by hand."
    );
    assert!(
        subject.notes[1].contains("50.0 % of the voxels lie outside"),
        "{:?}",
        subject.notes
    );
    candidate.apply(Remedy::ResampleChannels);
    assert_eq!(candidate.remedies().len(), 1, "once is enough");
    candidate.undo(Remedy::ResampleChannels);
    assert!(!candidate.is_ready() && candidate.remedies().is_empty());
    assert_eq!(candidate.bytes(), bytes);
    assert_eq!(candidate.channels()[1].slice(0)[..4], [0.0, 1.0, 2.0, 3.0]);
}

#[test]
fn a_channel_of_another_resolution_is_resampled_with_all_its_frames() {
    let image = volume([4, 4, 4, 1], 0.0, |[x, ..]| x as i16);
    let wide = volume([3, 4, 4, 2], 0.5, |[x, _, _, t]| (10 * x + 100 * t) as i16);
    let images = vec![("T1".to_owned(), Arc::clone(&image)), ("T2".to_owned(), wide)];
    let mut candidate = Candidate::new("wide", images, image, Frames::Channels, true);
    assert!(
        candidate.findings()[0]
            .sentence
            .starts_with("Channel T2 has 3 × 4 × 4 voxels")
    );
    candidate.apply(Remedy::ResampleChannels);
    let channels = candidate.channels();
    assert_eq!(channels.len(), 3);
    // Half a voxel around its centres belongs to it.
    assert_eq!(channels[2].slice(1)[..4], [100.0, 105.0, 115.0, 120.0]);
    assert!(channels[1].is_same(&candidate.channels()[1]), "resampled once");
}

#[test]
fn a_channel_that_shares_no_space_with_the_first_says_what_to_do() {
    let mut candidate = apart(900.0);
    candidate.apply(Remedy::ResampleChannels);
    assert!(!candidate.is_ready() && candidate.remedies().is_empty());
    let fault = candidate.fault().unwrap().to_string();
    assert!(fault.contains("Register it to the first before"), "{fault}");
}

#[test]
fn the_body_is_cut_out_with_a_margin() {
    let intensity = Intensity::between(0.0, 100.0);
    let mut values = vec![0.0; 20 * 10 * 2];
    values[20 * 4 + 7] = 50.0;
    values[200 + 20 * 5 + 12] = 11.0;
    values[0] = 9.0;
    assert_eq!(body(&values, [20, 10, 2], &intensity), [[5, 15], [2, 8]]);
    assert_eq!(body(&[0.0; 400], [20, 10, 2], &intensity), [[0, 20], [0, 10]]);
}

#[test]
fn a_pixel_of_the_grid_is_as_large_in_all_subjects_if_it_is_said() {
    let mut cohort = three();
    let step = |cohort: &Cohort| cohort.dataset([4, 4]).unwrap().subjects[0].fit.step;
    // 6 × 5 pixels on 4 × 4.
    assert!((step(&cohort) - 1.5).abs() <= 1e-12);
    for (pixel_mm, wanted) in [(2.0, 2.0), (0.5, 1.0)] {
        cohort.pixel_mm = Some(pixel_mm);
        assert!(
            (step(&cohort) - wanted).abs() <= 1e-12,
            "voxels are of 1 mm, and nothing is enlarged"
        );
    }
}

#[test]
fn drawn_classes_reach_the_data_set_and_come_off_again() {
    let mut cohort = three();
    let before = cohort.clone();
    let file = Arc::clone(&cohort.subjects[1].rows);
    let drawn = |voxel: usize, class: u8| -> Arc<Vec<u8>> {
        let mut labels = file.to_vec();
        labels[voxel] = class;
        Arc::new(labels)
    };
    let voxel = file.iter().position(|row| *row == 0).unwrap();
    let labels = drawn(voxel, 1);
    cohort.redraw(1, &labels);
    assert!(cohort != before, "another label makes another run");
    assert_eq!(cohort.subjects[1].counts[1], before.subjects[1].counts[1] + 1);
    let slices = [&before, &cohort].map(|cohort| cohort.dataset([8, 8]).unwrap().labels);
    assert_ne!(slices[0], slices[1]);
    cohort.redraw(1, &file);
    assert!(cohort == before, "nothing of it is left");
    assert_eq!(cohort.subjects[1].counts, before.subjects[1].counts);
}

#[test]
fn a_class_drawn_over_merged_rows_leaves_the_rows_of_the_file() {
    let mut cohort = three();
    cohort.table.count_as(2, 1);
    let lookup = cohort.table.lookup();
    let rows = Arc::clone(&cohort.subjects[0].rows);
    let labels = cohort.subjects[0].labels(&lookup);
    let mut drawn = labels.to_vec();
    let voxel = drawn.iter().position(|class| *class == 0).unwrap();
    drawn[voxel] = 1;
    cohort.redraw(0, &Arc::new(drawn.clone()));
    let mut expected = rows.to_vec();
    expected[voxel] = 1;
    assert_eq!(cohort.subjects[0].rows[..], expected[..]);
    assert_eq!(cohort.subjects[0].labels(&lookup)[..], drawn[..]);
}
