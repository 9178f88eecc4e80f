//! A phantom in which one organ is never predicted must not look good.

use contour_lab::metrics::{Comparison, Field, Metric, Presence, Scores, Summary, SurfaceKind};

/// (D, H, W), and (z, y, x) of a voxel: thick slices, as in the clinic.
const SHAPE: [usize; 3] = [14, 40, 48];
const SPACING_MM: [f64; 3] = [5.0, 1.5, 1.25];
/// Background, a large organ, a middle one, a small one, and one that is nowhere.
const CLASSES: u8 = 5;
const SMALL: u8 = 3;
const NOWHERE: u8 = 4;
const TOLERANCE_MM: f64 = 2.0;
/// Sums and roots in float64.
const ROUNDING: f64 = 1e-12;

/// Three ellipsoids: centre and radii in voxels (z, y, x).
const ORGANS: [([f64; 3], [f64; 3]); 3] = [
    ([7.0, 18.0, 15.0], [5.0, 13.0, 11.0]),
    ([6.0, 25.0, 36.0], [3.5, 7.0, 5.0]),
    ([8.0, 10.0, 38.0], [1.5, 2.5, 3.0]),
];

fn phantom() -> Vec<u8> {
    let [_, height, width] = SHAPE;
    (0..SHAPE.iter().product())
        .map(|i| {
            let place = [i / (height * width), i / width % height, i % width].map(|index| index as f64);
            let holds = |(centre, radii): &([f64; 3], [f64; 3])| {
                (0..3)
                    .map(|axis| ((place[axis] - centre[axis]) / radii[axis]).powi(2))
                    .sum::<f64>()
                    <= 1.0
            };
            ORGANS.iter().position(holds).map_or(0, |organ| organ as u8 + 1)
        })
        .collect()
}

/// The phantom with its small organ never predicted, and everything else exactly as it is.
fn never_predicted(reference: &[u8]) -> Vec<u8> {
    reference
        .iter()
        .map(|class| if *class == SMALL { 0 } else { *class })
        .collect()
}

fn report(predicted: &[u8], reference: &[u8]) -> Vec<Comparison> {
    let field = Field::volume(SHAPE, SPACING_MM);
    (0..CLASSES)
        .map(|class| Comparison::new(predicted, reference, class, field))
        .collect()
}

/// Of the foreground.
fn scores(classes: &[Comparison], kind: SurfaceKind) -> Vec<Scores> {
    classes[1..]
        .iter()
        .map(|class| class.scores(kind, TOLERANCE_MM))
        .collect()
}

fn close(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() <= ROUNDING * expected.abs().max(1.0))
}

#[test]
fn an_organ_that_is_never_predicted_pulls_every_mean_down() {
    let reference = phantom();
    let classes = report(&never_predicted(&reference), &reference);
    for kind in [SurfaceKind::EdgePixels, SurfaceKind::ContourLength] {
        let summary = Summary::of(&scores(&classes, kind));
        assert_eq!([summary.scored, summary.missed, summary.absent], [3, 1, 1]);
        // Two organs are perfect and one is missing: two thirds, and a third of the field's diagonal.
        let diagonal_mm = (70.0_f64.powi(2) + 60.0_f64.powi(2) * 2.0).sqrt();
        for metric in Metric::ALL {
            let expected = if metric.is_distance() {
                diagonal_mm / 3.0
            } else {
                2.0 / 3.0
            };
            let found = summary.mean(metric);
            assert!(close(found, expected), "{metric:?}: {found:?}, not {expected}");
        }
        // What the same run would seem to be worth if the organ were left out.
        let found = &scores(&classes, kind)[..2];
        assert!(found.iter().all(|scores| scores.get(Metric::Dice) == Some(1.0)));
        assert!(
            found
                .iter()
                .all(|scores| scores.get(Metric::Hausdorff95Directed) == Some(0.0))
        );
    }
}

#[test]
fn every_score_of_the_missing_organ_is_the_worst_there_is() {
    let reference = phantom();
    let classes = report(&never_predicted(&reference), &reference);
    let missed = &classes[usize::from(SMALL)];
    assert_eq!(missed.presence(), Presence::Missed);
    assert!(missed.overlap.reference > 0);
    for metric in Metric::ALL {
        let score = missed.score(metric, SurfaceKind::EdgePixels, TOLERANCE_MM);
        let worst = if metric.is_distance() {
            missed.field.diagonal_mm()
        } else {
            0.0
        };
        assert_eq!(score, Some(worst), "{metric:?}");
        let absent = classes[usize::from(NOWHERE)].score(metric, SurfaceKind::EdgePixels, TOLERANCE_MM);
        assert_eq!(absent, None, "{metric:?}");
    }
}

#[test]
fn an_organ_that_is_not_there_counts_as_much_as_one_that_is_not_found() {
    let reference = phantom();
    // The other way round: the prediction invents the small organ.
    let classes = report(&reference, &never_predicted(&reference));
    let summary = Summary::of(&scores(&classes, SurfaceKind::EdgePixels));
    assert_eq!([summary.scored, summary.missed, summary.absent], [3, 1, 1]);
    assert!(close(summary.mean(Metric::Dice), 2.0 / 3.0));
    assert!(close(summary.mean(Metric::Precision), 2.0 / 3.0));
}

#[test]
fn a_shift_by_one_voxel_is_measured_along_its_axis_in_millimetres() {
    let reference = phantom();
    let [_, height, width] = SHAPE;
    for (axis, stride) in [height * width, width, 1].into_iter().enumerate() {
        let mut predicted = reference.clone();
        predicted.rotate_right(stride);
        let scores = report(&predicted, &reference)[1].scores(SurfaceKind::EdgePixels, TOLERANCE_MM);
        // The tips of the organ move by one voxel, and nothing moves further.
        assert!(close(scores.get(Metric::Hausdorff), SPACING_MM[axis]));
        assert!(
            scores
                .get(Metric::Dice)
                .is_some_and(|dice| dice > 0.8 && dice < 1.0)
        );
        let within = scores.get(Metric::SurfaceDice);
        assert_eq!(within == Some(1.0), SPACING_MM[axis] <= TOLERANCE_MM);
    }
}

#[test]
fn a_slice_is_measured_in_its_plane() {
    let reference = phantom();
    let predicted = never_predicted(&reference);
    let [_, height, width] = SHAPE;
    let slice = |labels: &[u8], z: usize| labels[z * height * width..][..height * width].to_vec();
    let field = Field::slice([height, width], [SPACING_MM[1], SPACING_MM[2]]);
    let at = |z| Comparison::new(&slice(&predicted, z), &slice(&reference, z), SMALL, field);
    // Missed in the slices that show it, absent in the others; no neighbour above or below makes an edge.
    assert_eq!(at(8).presence(), Presence::Missed);
    assert_eq!(at(2).presence(), Presence::Absent);
    let own = Comparison::new(&slice(&reference, 7), &slice(&reference, 7), 1, field);
    let rim = own.edge_pixels.to_reference.len() as u64;
    assert!(rim > 0 && rim < own.overlap.reference / 2);
}
