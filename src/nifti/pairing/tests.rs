use super::*;

fn pair(paths: &[&str]) -> (Vec<String>, Vec<String>) {
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let pairing = group(&assign(&paths));
    let file = |number: usize| paths[number].rsplit('/').next().unwrap_or_default();
    let groups = pairing.groups.iter().map(|group| {
        let channels: Vec<String> = group
            .channels
            .iter()
            .map(|(name, number)| format!("{name}={}", file(*number)))
            .collect();
        format!(
            "{}: {} | {}",
            group.subject,
            channels.join(" "),
            file(group.label)
        )
    });
    let left = pairing
        .left_over
        .iter()
        .map(|left| format!("{}: {}", file(left.file), left.why));
    (groups.collect(), left.collect())
}

#[test]
fn nnunet_folders_pair_by_name_and_number() {
    let (groups, left) = pair(&[
        "Task/imagesTr/liver_10_0000.nii.gz",
        "Task/imagesTr/liver_10_0001.nii.gz",
        "Task/imagesTr/liver_9_0001.nii.gz",
        "Task/imagesTr/liver_9_0000.nii.gz",
        "Task/imagesTs/liver_3_0000.nii.gz",
        "Task/labelsTr/liver_9.nii.gz",
        "Task/labelsTr/liver_10.nii.gz",
        "Task/dataset.json",
    ]);
    assert_eq!(
        groups,
        [
            "liver_9: 0000=liver_9_0000.nii.gz 0001=liver_9_0001.nii.gz | liver_9.nii.gz",
            "liver_10: 0000=liver_10_0000.nii.gz 0001=liver_10_0001.nii.gz | liver_10.nii.gz",
        ]
    );
    assert_eq!(
        left,
        [
            "liver_3_0000.nii.gz: there is no label for liver_3_0000",
            "dataset.json: no NIfTI file by its name",
        ]
    );
}

#[test]
fn a_subject_whose_name_ends_in_four_digits_keeps_them() {
    let (groups, left) = pair(&[
        "imagesTr/amos_0001.nii.gz",
        "imagesTr/amos_0004.nii.gz",
        "labelsTr/amos_0001.nii.gz",
        "labelsTr/amos_0004.nii.gz",
    ]);
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[1], "amos_0004: =amos_0004.nii.gz | amos_0004.nii.gz");
    assert!(left.is_empty());
}

#[test]
fn brats_folders_give_four_channels_in_one_order_and_say_what_is_missing() {
    let subject = |n: usize, kinds: &[&str]| -> Vec<String> {
        kinds
            .iter()
            .map(|kind| format!("MICCAI/BraTS20_{n:03}/BraTS20_{n:03}_{kind}.nii.gz"))
            .collect()
    };
    let mut paths = subject(2, &["flair", "seg", "t1", "t1ce", "t2"]);
    paths.extend(subject(1, &["t2", "t1ce", "t1", "flair", "seg"]));
    paths.extend(subject(3, &["t2", "t1ce", "flair", "seg"]));
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let (groups, left) = pair(&paths);
    assert_eq!(groups.len(), 2);
    assert!(
        groups[0].starts_with("BraTS20_001: T1=BraTS20_001_t1.nii.gz T1ce=BraTS20_001_t1ce.nii.gz T2="),
        "{}",
        groups[0]
    );
    assert_eq!(left.len(), 4);
    assert!(
        left.iter()
            .all(|left| left.ends_with("BraTS20_003 lacks T1, which others have")),
        "{left:?}"
    );
}

#[test]
fn loose_pairs_find_each_other_and_lone_files_are_told() {
    let (groups, left) = pair(&[
        "b_mask.nii",
        "a.nii",
        "b.nii",
        "a_seg.nii",
        "c.nii",
        "d_label.nii",
    ]);
    assert_eq!(groups, ["a: =a.nii | a_seg.nii", "b: =b.nii | b_mask.nii"]);
    assert_eq!(
        left,
        [
            "c.nii: there is no label for c",
            "d_label.nii: there is no image for d"
        ]
    );
}

#[test]
fn subjects_of_one_name_in_two_folders_are_two() {
    let (groups, left) = pair(&[
        "siteA/case1/image.nii",
        "siteA/case1/label.nii",
        "siteB/case1/image.nii",
        "siteB/case1/label.nii",
    ]);
    assert_eq!(groups.len(), 2);
    assert!(groups[0].starts_with("siteA/case1/case1: "), "{}", groups[0]);
    assert!(left.is_empty());
}

#[test]
fn too_many_of_a_kind_are_left_over() {
    let (groups, left) = pair(&[
        "a.nii",
        "a_seg.nii",
        "a_mask.nii",
        "b_t1.nii",
        "b-T1.nii",
        "b_seg.nii",
    ]);
    assert!(groups.is_empty());
    assert!(
        left[0].ends_with("a has more than one label") && left[3].ends_with("b has more than one T1"),
        "{left:?}"
    );
}

#[test]
fn a_hand_can_set_right_what_names_do_not_say() {
    let paths = ["x.nii", "y.nii", "z.nii"].map(str::to_owned);
    let mut assignments = assign(&paths);
    assert!(group(&assignments).groups.is_empty());
    for (assignment, role) in assignments.iter_mut().zip([
        Role::Channel("first".to_owned()),
        Role::Channel("second".to_owned()),
        Role::Label,
    ]) {
        assignment.subject = "me".to_owned();
        assignment.role = role;
    }
    let pairing = group(&assignments);
    assert_eq!(
        pairing.groups[0].channels,
        [("first".to_owned(), 0), ("second".to_owned(), 1)]
    );
    assert_eq!(pairing.groups[0].label, 2);
    assignments[1].role = Role::Unused;
    assert_eq!(
        group(&assignments).left_over,
        [LeftOver {
            file: 1,
            why: "left out by hand".to_owned()
        }]
    );
}
