use super::super::fixture::File;
use super::*;

const SHAPE: [i16; 3] = [2, 2, 2];

fn image() -> Volume {
    File::i16(&SHAPE, &[-5, 7, 100, 3, 2, 900, 1, 0]).volume()
}

fn faults(image: &Volume, draft: &LabelDraft) -> Vec<(Fault, Severity)> {
    check_pair(image, draft)
        .into_iter()
        .map(|finding| (finding.fault, finding.severity))
        .collect()
}

/// The finding of that fault and its first remedy carried out.
fn remedied(image: &Volume, draft: &mut LabelDraft, fault: Fault) {
    let found = check_pair(image, draft)
        .into_iter()
        .find(|finding| finding.fault == fault)
        .unwrap();
    assert!(found.sentence.ends_with('.'));
    draft.apply(found.remedies[0], image).unwrap();
}

#[test]
fn a_good_pair_needs_nothing() {
    let draft = LabelDraft::read(&File::u8(&SHAPE, vec![0, 1, 2, 2, 0, 1, 1, 0]).volume()).unwrap();
    assert_eq!(faults(&image(), &draft), []);
    let map = draft.finish(&image()).unwrap();
    assert_eq!(map.labels(), [0, 1, 2, 2, 0, 1, 1, 0]);
    assert_eq!(
        (map.values(), map.counts()),
        ([0, 1, 2].as_slice(), vec![3, 3, 2])
    );
    assert_eq!(map.grid(), image().grid());
    let slice = map.slice(super::super::Plane::Coronal, 1).unwrap();
    assert_eq!(slice.values, [2, 2, 1, 0]);
}

#[test]
fn whole_floats_are_only_noted_and_fractions_are_rounded_on_demand() {
    let values = [0.0, 1.0, 2.0, 1.0, 0.0, 1.999_999_9, 0.0, 0.0];
    let whole = LabelDraft::read(&File::f32(&SHAPE, &values).volume()).unwrap();
    assert_eq!(faults(&image(), &whole), [(Fault::WholeFloats, Severity::Note)]);
    assert_eq!(whole.finish(&image()).unwrap().counts(), [4, 2, 2]);

    let values = [0.0, 0.6, 1.4, 1.0, 0.0, 2.2, 0.0, 0.0];
    let mut blurred = LabelDraft::read(&File::f32(&SHAPE, &values).volume()).unwrap();
    assert_eq!(
        faults(&image(), &blurred),
        [(Fault::FractionalLabels, Severity::Blocker)]
    );
    assert!(matches!(
        blurred.clone().finish(&image()),
        Err(Error::Unresolved { .. })
    ));
    remedied(&image(), &mut blurred, Fault::FractionalLabels);
    assert_eq!(
        blurred.finish(&image()).unwrap().labels(),
        [0, 1, 1, 1, 0, 2, 0, 0]
    );
}

#[test]
fn what_is_no_number_and_what_is_negative_becomes_background_on_demand() {
    let values = [f32::NAN, 1.0, -3.0, 1.0, f32::INFINITY, 2.0, -1.0, 0.0];
    let mut draft = LabelDraft::read(&File::f32(&SHAPE, &values).volume()).unwrap();
    remedied(&image(), &mut draft, Fault::NotFinite);
    assert!(draft.clone().finish(&image()).is_err());
    remedied(&image(), &mut draft, Fault::Negatives);
    assert_eq!(draft.finish(&image()).unwrap().labels(), [0, 1, 0, 1, 0, 2, 0, 0]);
}

#[test]
fn gaps_stay_or_are_closed_and_the_own_values_are_kept() {
    let file = File::i16(&SHAPE, &[0, 1, 5, 5, 0, 1, 1, 0]);
    let mut draft = LabelDraft::read(&file.volume()).unwrap();
    assert_eq!(faults(&image(), &draft), [(Fault::Gaps, Severity::Warning)]);
    let open = draft.clone().finish(&image()).unwrap();
    assert_eq!((open.classes(), open.labels()[2]), (6, 5));
    remedied(&image(), &mut draft, Fault::Gaps);
    let closed = draft.finish(&image()).unwrap();
    assert_eq!(closed.values(), [0, 1, 5]);
    assert_eq!(closed.labels(), [0, 1, 2, 2, 0, 1, 1, 0]);

    // Without any background, 0 is a class all the same.
    let file = File::i16(&SHAPE, &[1000, 7, 7, 7, 7, 7, 7, 7]);
    let mut draft = LabelDraft::read(&file.volume()).unwrap();
    assert_eq!(faults(&image(), &draft), [(Fault::Gaps, Severity::Blocker)]);
    remedied(&image(), &mut draft, Fault::Gaps);
    let map = draft.finish(&image()).unwrap();
    assert_eq!(
        (map.values(), map.counts()),
        ([0, 7, 1000].as_slice(), vec![0, 7, 1])
    );
}

#[test]
fn too_many_classes_are_cut_to_the_most_frequent() {
    let shape = [40, 2, 1];
    let image = File::i16(&shape, &[3; 80]).volume();
    let values: Vec<i16> = (0..40)
        .chain((0..40).map(|v| if v < 20 { v } else { 39 }))
        .collect();
    let mut draft = LabelDraft::read(&File::i16(&shape, &values).volume()).unwrap();
    assert_eq!(
        faults(&image, &draft),
        [(Fault::TooManyClasses, Severity::Blocker)]
    );
    remedied(&image, &mut draft, Fault::TooManyClasses);
    let map = draft.finish(&image).unwrap();
    assert_eq!(map.classes(), MAX_CLASSES);
    assert_eq!(map.values()[31], 39);
    assert_eq!(map.counts()[31], 21);
    assert_eq!(map.counts().iter().sum::<usize>(), 80);
}

#[test]
fn an_image_or_a_colour_is_no_label() {
    let values: Vec<i16> = (0..5000).collect();
    let volume = File::i16(&[5000, 1, 1], &values).volume();
    assert!(matches!(LabelDraft::read(&volume), Err(Error::NotALabel { .. })));
    let mut colour = File::u8(&[1, 1, 1], vec![1, 2, 3]);
    colour.datatype = 128;
    assert_eq!(
        LabelDraft::read(&colour.volume()).unwrap_err(),
        Error::ColourLabel
    );
}

#[test]
fn another_voxel_order_is_no_fault() {
    let image = image();
    let flipped = File::u8(&SHAPE, vec![1, 0, 2, 2, 1, 0, 0, 1]).with_sform([
        [-2.0, 0.0, 0.0, -3.0],
        [0.0, 2.5, 0.0, -7.0],
        [0.0, 0.0, 3.0, -9.0],
    ]);
    let draft = LabelDraft::read(&flipped.volume()).unwrap();
    assert_eq!(faults(&image, &draft), []);
    assert_eq!(draft.finish(&image).unwrap().labels(), [0, 1, 2, 2, 0, 1, 1, 0]);
}

#[test]
fn a_label_that_lost_its_place_takes_the_images() {
    // Stored in the image's order (LPS), with an identity matrix in its header.
    let lps = [[-2.0, 0.0, 0.0, 9.0], [0.0, -2.5, 0.0, 9.0], [0.0, 0.0, 3.0, 0.0]];
    let image = File::i16(&[3, 2, 1], &[1, 2, 3, 4, 5, 6])
        .with_sform(lps)
        .volume();
    let identity = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]];
    let file = File::u8(&[3, 2, 1], vec![0, 1, 1, 0, 0, 2]).with_sform(identity);
    let mut draft = LabelDraft::read(&file.volume()).unwrap();
    assert_eq!(faults(&image, &draft), [(Fault::Affine, Severity::Blocker)]);
    remedied(&image, &mut draft, Fault::Affine);
    let map = draft.finish(&image).unwrap();
    assert_eq!(map.labels(), [2, 0, 0, 1, 1, 0]);
    assert_eq!(map.grid(), image.grid());
}

#[test]
fn the_tolerance_is_a_twentieth_of_the_smallest_edge() {
    for (shift, agrees) in [(0.09, true), (0.11, false)] {
        let file = File::u8(&SHAPE, vec![1; 8]).with_sform([
            [2.0, 0.0, 0.0, -5.0 + shift],
            [0.0, 2.5, 0.0, -7.0],
            [0.0, 0.0, 3.0, -9.0],
        ]);
        let draft = LabelDraft::read(&file.volume()).unwrap();
        assert_eq!(faults(&image(), &draft).is_empty(), agrees);
    }
}

#[test]
fn another_grid_is_resampled_by_the_nearest_voxel() {
    let image = image();
    // Half the voxel size along x, and one voxel further to the right.
    let file = File::u8(
        &[4, 2, 2],
        vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    )
    .with_sform([
        [1.0, 0.0, 0.0, -3.0],
        [0.0, 2.5, 0.0, -7.0],
        [0.0, 0.0, 3.0, -9.0],
    ]);
    let mut draft = LabelDraft::read(&file.volume()).unwrap();
    assert_eq!(faults(&image, &draft), [(Fault::Shape, Severity::Blocker)]);
    assert!(draft.apply(Remedy::UseImageAffine, &image).is_err());
    remedied(&image, &mut draft, Fault::Shape);
    draft.apply(Remedy::RemapToConsecutive, &image).unwrap();
    let map = draft.finish(&image).unwrap();
    let values: Vec<i64> = map
        .labels()
        .iter()
        .map(|&class| map.values()[usize::from(class)])
        .collect();
    assert_eq!(values, [0, 0, 0, 4, 0, 8, 0, 12]);

    let far = File::u8(&[4, 2, 2], vec![1; 16]).with_sform([
        [1.0, 0.0, 0.0, 900.0],
        [0.0, 2.5, 0.0, -7.0],
        [0.0, 0.0, 3.0, -9.0],
    ]);
    let mut draft = LabelDraft::read(&far.volume()).unwrap();
    assert_eq!(
        draft.apply(Remedy::ResampleLabelNearest, &image),
        Err(Error::NoOverlap)
    );
}
