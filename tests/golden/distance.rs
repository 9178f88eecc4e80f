//! Exact distances, the signed map of the boundary loss, and the weight maps made of distances; 2D and 3D.

use contour_lab::contour::{Choice, Distance, Frame, SignedDistance, WeightMap, Weighting, cpu, objects};
use contour_lab::gpu::{Context, Recording, Tensor};
use pollster::block_on;
use serde_json::Value;

use crate::morphology::dims;
use crate::report::{Path, Report};
use crate::store::{Array, Group, number, widen};

pub fn check(context: &Context, group: &Group, report: &mut Report) {
    for case in group.cases() {
        report.case();
        let case = Case::read(context, group, case);
        for map in case.manifest["maps"].as_array().expect("maps") {
            case.map(map, report);
        }
        for name in ["unet_weight", "boundary_weight"] {
            if let Some(weight) = case.manifest.get(name) {
                case.weight(name, weight, report);
            }
        }
    }
}

struct Case<'a> {
    context: &'a Context,
    group: &'a Group,
    manifest: &'a Value,
    id: &'a str,
    labels: Vec<u32>,
    bits: Vec<u32>,
    classes: usize,
    /// Of the label: a slice, or a volume.
    dims: [usize; 3],
    frame: Frame,
}

impl<'a> Case<'a> {
    fn read(context: &'a Context, group: &'a Group, manifest: &'a Value) -> Self {
        let label = group.array(&manifest["label"]);
        let labels = label.u32();
        Self {
            context,
            group,
            manifest,
            id: manifest["id"].as_str().expect("an id"),
            bits: labels.iter().map(|label| 1 << label).collect(),
            labels,
            classes: manifest["n_classes"].as_u64().expect("n_classes") as usize,
            dims: dims(&label.shape),
            frame: if label.shape.len() == 3 {
                Frame::Volume
            } else {
                Frame::Slice
            },
        }
    }

    fn tolerance(&self, name: &str) -> f64 {
        number(&self.manifest["tolerance"][name])
    }

    /// All maps of one spacing.
    fn map(&self, map: &Value, report: &mut Report) {
        let axes: Vec<f64> = map["spacing"]
            .as_array()
            .expect("a spacing")
            .iter()
            .map(number)
            .collect();
        let mut spacing = [1.0; 3];
        spacing[3 - axes.len()..].copy_from_slice(&axes);
        let undefined: Vec<u64> = map["undefined_classes"]
            .as_array()
            .expect("classes")
            .iter()
            .map(|class| class.as_u64().expect("a class"))
            .collect();
        let defined = |class: usize| !undefined.contains(&(class as u64));
        let what = |name: &str| format!("{} {axes:?} {name}", self.id);

        // The distance is given for the pixels of the class, the signed map for all of them.
        let gpu = widen(&self.gpu_distance(spacing, true));
        let twin = cpu::distance(&self.bits, self.dims, self.classes, spacing, self.frame);
        let edt = self.group.array(&map["edt"]);
        let (gpu, twin) = (self.inside(&gpu, defined), self.inside(&twin, defined));
        self.close(&what("edt"), [&gpu, &twin], &edt, self.tolerance("edt"), report);

        if let Some(name) = map.get("edt_sq") {
            assert_eq!(self.manifest["tolerance"]["edt_sq"], "exact");
            let expected = self.group.array(name).values;
            let gpu = widen(&self.gpu_distance(spacing, false));
            let twin = cpu::distance_squared(&self.bits, self.dims, self.classes, spacing, self.frame);
            report.term();
            let what = what("edt_sq");
            report.equal(Path::Gpu, &what, &self.inside(&gpu, defined), &expected);
            report.equal(Path::Twin, &what, &self.inside(&twin, defined), &expected);
        }
        if let Some(name) = map.get("signed") {
            assert!(
                undefined.is_empty(),
                "{} has a signed map of undefined classes",
                self.id
            );
            let expected = self.group.array(name);
            let gpu = self.planes(&widen(&self.gpu_signed(spacing)));
            let twin = cpu::signed_distance(&self.bits, self.dims, self.classes, spacing, self.frame);
            let twin = self.planes(&twin);
            self.close(
                &what("signed"),
                [&gpu, &twin],
                &expected,
                self.tolerance("signed"),
                report,
            );
        }
    }

    /// (D, K, H, W) as (K, D, H, W), 0 outside the class and for a class without an outside.
    fn inside(&self, distance: &[f64], defined: impl Fn(usize) -> bool) -> Vec<f64> {
        let planes = self.planes(distance);
        let voxels = self.labels.len();
        let inside = |i: usize| self.labels[i % voxels] as usize == i / voxels && defined(i / voxels);
        (0..planes.len())
            .map(|i| if inside(i) { planes[i] } else { 0.0 })
            .collect()
    }

    /// (D, K, H, W) as (K, D, H, W).
    fn planes(&self, values: &[f64]) -> Vec<f64> {
        let [depth, height, width] = self.dims;
        let area = height * width;
        let plane = |i: usize| i % depth * self.classes + i / depth;
        (0..self.classes * depth)
            .flat_map(|i| &values[plane(i) * area..][..area])
            .copied()
            .collect()
    }

    fn gpu_distance(&self, spacing: [f64; 3], root: bool) -> Vec<f32> {
        self.play(|recording, bits| {
            let spacing = spacing.map(|spacing| spacing as f32);
            let record = if root {
                Distance::record
            } else {
                Distance::record_squared
            };
            record(recording, bits, self.dims, self.classes, spacing, self.frame)
                .expect("distances")
                .distance
        })
    }

    fn gpu_signed(&self, spacing: [f64; 3]) -> Vec<f32> {
        self.play(|recording, bits| {
            let spacing = spacing.map(|spacing| spacing as f32);
            SignedDistance::record(recording, bits, self.dims, self.classes, spacing, self.frame)
                .expect("signed distances")
                .signed
        })
    }

    fn play(&self, record: impl FnOnce(&mut Recording, &Tensor) -> Tensor) -> Vec<f32> {
        let bits = Tensor::from_slice(self.context, "bits", &self.bits).expect("class sets");
        let mut recording = Recording::new(self.context);
        let result = record(&mut recording, &bits);
        self.context.submit(|encoder| recording.replay(encoder));
        block_on(result.read(self.context)).expect("a result")
    }

    fn weight(&self, name: &str, entry: &Value, report: &mut Report) {
        let what = format!("{} {name}", self.id);
        let (w0, sigma) = (number(&entry["w0"]), number(&entry["sigma"]));
        let weighting = match name {
            "unet_weight" => {
                let expected = self.group.array(&entry["objects"]).u32();
                report.term();
                report.equal(Path::Twin, &what, &objects(&self.labels, self.dims), &expected);
                Weighting::BetweenObjects { w0, sigma }
            }
            _ => Weighting::NearContour { w0, sigma },
        };
        // 3 × 3 square, outside ignored.
        let contour = cpu::contour(&self.labels, self.dims, &Choice::default());
        let twin = cpu::weight_map(&self.labels, &contour, self.dims, &weighting);
        let narrow = weighting.cast();
        let gpu = self.play(|recording, _| {
            let contour = Tensor::from_slice(self.context, "contour", &contour).expect("a contour");
            WeightMap::record(recording, &self.labels, &contour, self.dims, &narrow)
                .expect("a weight map")
                .weight
        });
        let expected = self.group.array(&entry["map"]);
        let tolerance = self.tolerance(name);
        self.close(&what, [&widen(&gpu), &twin], &expected, tolerance, report);
    }

    /// Compares on both paths, and shows that an expectation that is off in one pixel would be noticed.
    fn close(
        &self,
        what: &str,
        [gpu, twin]: [&[f64]; 2],
        expected: &Array,
        tolerance: f64,
        report: &mut Report,
    ) {
        report.term();
        report.close(Path::Gpu, what, gpu, &expected.values, tolerance);
        report.close_twin(what, twin, &expected.values, expected.is_f32);
        let mut changed = expected.values.clone();
        let last = changed.len() - 1;
        changed[last] += 3.0 * tolerance;
        let mut scratch = Report::new("bites");
        scratch.close(Path::Gpu, what, gpu, &changed, tolerance);
        if !scratch.has_failures() {
            report.fail(format!("{what}: a changed pixel went unnoticed"));
        }
    }
}
