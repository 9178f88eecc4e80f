//! What the viewer shows, held against pictures in the repository: by the CPU painter exactly, by the GPU within a tolerance.
//! `UPDATE=1 cargo test --test pictures` writes the pictures anew; their change is then seen in review.

#![allow(clippy::unwrap_used, reason = "a test that unwraps fails with the fault")]

mod png;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use contour_lab::contour::{self, cpu as contour_cpu};
use contour_lab::gpu::{Context, Request};
use contour_lab::loss::Params;
use contour_lab::nifti::{LabelDraft, Plane, Volume};
use contour_lab::view::{
    Agreement, Classes, ColorMap, Compositor, Fit, Heat, Image, Outline, Scene, compose, heat_colors, pack,
};
use pollster::block_on;

/// A division and a few products in f32 may round differently by one unit in the last place, which moves a colour across a
/// rounding edge at most.
const CHANNEL_TOLERANCE: u8 = 1;

const SAMPLE: &str = "abdomen_ct_a";
/// Liver, kidneys, spleen, stomach, gallbladder and vessels are in this slice.
const SLICE: usize = 90;
/// Soft tissue, in HU.
const WINDOW: [f32; 2] = [-160.0, 240.0];
/// Odd, and no multiple of the slice: pixels and voxels do not coincide.
const CANVAS: [u32; 2] = [251, 209];
const STAGE: [u8; 3] = [0, 0, 0];
/// Of each class that a label can have; all different.
const COLORS: [[u8; 3]; 32] = {
    let mut colors = [[0; 3]; 32];
    let mut k = 0;
    while k < 32 {
        let hue = k as u8;
        colors[k] = [
            hue.wrapping_mul(97) | 32,
            hue.wrapping_mul(151) | 32,
            hue.wrapping_mul(53) | 32,
        ];
        k += 1;
    }
    colors
};

/// A slice of the sample: values, class sets, contour, weight map, and a prediction that is off by some pixels.
struct Slice {
    size: [u32; 2],
    values: Arc<[f32]>,
    sets: Arc<[u32]>,
    contour: Arc<[u32]>,
    weight: Arc<[f32]>,
    predicted: Arc<[u32]>,
}

fn slice() -> Slice {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples");
    let read = |what: &str| {
        let bytes = std::fs::read(samples.join(format!("{SAMPLE}_{what}.nii.gz"))).unwrap();
        Volume::from_bytes(&bytes).unwrap()
    };
    let image = read("image");
    let label = LabelDraft::read(&read("label")).unwrap().finish(&image).unwrap();
    let values = image.slice(Plane::Axial, SLICE, 0).unwrap();
    let classes = label.slice(Plane::Axial, SLICE).unwrap();
    let labels: Vec<u32> = classes.values.iter().map(|class| u32::from(*class)).collect();
    let dims = [1, classes.height, classes.width];
    let contour = contour_cpu::contour(&labels, dims, &contour::Choice::default());
    let weight: Vec<f32> = contour_cpu::weight_map(&labels, &contour, dims, &Params::default().weighting());
    // Moved by three pixels to the right.
    let moved = |i: usize| labels[i - (i % classes.width).min(3)];
    Slice {
        size: [classes.width as u32, classes.height as u32],
        values: values.values.into(),
        sets: labels.iter().map(|label| 1 << label).collect(),
        contour: contour.into(),
        weight: weight.into(),
        predicted: (0..labels.len()).map(|i| 1 << moved(i)).collect(),
    }
}

/// The image alone, fitted as the page does it: the patient's right on the left, the front on top.
fn plain(slice: &Slice) -> Scene {
    Scene {
        canvas: CANVAS,
        slice: slice.size,
        fit: Fit::contain(CANVAS, slice.size, [1.0; 2], [true, true], 1.0, [0.0; 2]),
        background: pack(STAGE),
        colors: COLORS.map(pack).into(),
        image: Some(Image {
            values: Arc::clone(&slice.values),
            colors: ColorMap::Grey.colors(),
            low: WINDOW[0],
            high: WINDOW[1],
            smooth: true,
        }),
        heat: None,
        fill: None,
        contour: None,
        agreement: None,
        outline: None,
        prediction: None,
    }
}

/// Each state by its name, which is that of its picture.
fn states() -> Vec<(&'static str, Scene)> {
    let slice = slice();
    let plain = plain(&slice);
    let classes = |sets: &Arc<[u32]>, opacity| Classes {
        sets: Arc::clone(sets),
        visible: !1,
        opacity,
    };
    let outline = |sets, dash| Outline {
        classes: classes(sets, 1.0),
        width: 2,
        dash,
    };
    let with = |change: &dyn Fn(&mut Scene)| {
        let mut scene = plain.clone();
        change(&mut scene);
        scene
    };
    vec![
        ("empty", with(&|scene| scene.image = None)),
        ("image", plain.clone()),
        (
            "nearest",
            with(&|scene| scene.image.as_mut().unwrap().smooth = false),
        ),
        (
            "label",
            with(&|scene| scene.fill = Some(classes(&slice.sets, 0.4))),
        ),
        (
            "contour",
            with(&|scene| scene.contour = Some(classes(&slice.contour, 0.9))),
        ),
        (
            "weight",
            with(&|scene| {
                scene.heat = Some(Heat {
                    values: Arc::clone(&slice.weight),
                    colors: heat_colors(),
                    low: 1.0,
                    high: 3.0,
                    opacity: 0.8,
                });
            }),
        ),
        (
            "outline",
            with(&|scene| scene.outline = Some(outline(&slice.sets, 0))),
        ),
        (
            "prediction",
            with(&|scene| {
                scene.outline = Some(outline(&slice.sets, 0));
                scene.prediction = Some(outline(&slice.predicted, 4));
            }),
        ),
        (
            "agreement",
            with(&|scene| {
                scene.agreement = Some(Agreement {
                    reference: Arc::clone(&slice.sets),
                    predicted: Arc::clone(&slice.predicted),
                    visible: !1,
                    opacity: 0.7,
                    stripe: 3,
                });
            }),
        ),
    ]
}

fn reference(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    folder.join(format!("{name}.png"))
}

/// Pixels of which a channel differs by more than `tolerance`.
fn different(a: &[u32], b: &[u32], tolerance: u8) -> usize {
    let differs = |(a, b): &(&u32, &u32)| {
        let channels = a.to_le_bytes().into_iter().zip(b.to_le_bytes());
        channels.into_iter().any(|(a, b)| a.abs_diff(b) > tolerance)
    };
    a.iter().zip(b).filter(differs).count()
}

/// Writes the pictures anew if that is asked for, once, before any test reads one.
static UPDATED: LazyLock<()> = LazyLock::new(|| {
    if std::env::var_os("UPDATE").is_some() {
        for (name, scene) in states() {
            std::fs::write(reference(name), png::encode(&compose(&scene), CANVAS)).unwrap();
        }
    }
});

/// The state's reference picture.
fn expected(name: &str) -> Vec<u32> {
    LazyLock::force(&UPDATED);
    let path = reference(name);
    let file = std::fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. UPDATE=1 cargo test --test pictures writes it",
            path.display()
        )
    });
    let (pixels, size) = png::decode(&file);
    assert_eq!(size, CANVAS, "{name}");
    pixels
}

/// Says how many pixels differ, and leaves the picture as it is now beside the build.
fn fault(name: &str, painter: &str, pixels: &[u32], different: usize) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(format!("{name}-{painter}.png"));
    std::fs::write(&path, png::encode(pixels, CANVAS)).unwrap();
    format!(
        "{name}: {different} pixels differ from {}; now it is {}",
        reference(name).display(),
        path.display()
    )
}

#[test]
fn the_cpu_painter_paints_the_reference_pictures_exactly() {
    let mut faults = Vec::new();
    for (name, scene) in states() {
        let pixels = compose(&scene);
        let count = different(&pixels, &expected(name), 0);
        if count > 0 {
            faults.push(fault(name, "cpu", &pixels, count));
        }
    }
    assert!(
        faults.is_empty(),
        "{}\nIf that is meant, UPDATE=1 cargo test --test pictures writes the pictures anew.",
        faults.join("\n")
    );
}

#[test]
fn the_gpu_paints_the_reference_pictures() {
    let context = block_on(Context::poisoned(Request::Software)).unwrap();
    let mut compositor = Compositor::new(&context);
    let mut faults = Vec::new();
    for (name, scene) in states() {
        let tensor = compositor.compose(&scene).unwrap().clone();
        let pixels: Vec<u32> = block_on(tensor.read(&context)).unwrap();
        let count = different(&pixels, &expected(name), CHANNEL_TOLERANCE);
        if count > 0 {
            faults.push(fault(name, "gpu", &pixels, count));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Each picture is of something else, and a change of one step in one channel is seen.
#[test]
fn a_changed_picture_is_noticed() {
    let pictures: Vec<(&str, Vec<u32>)> = states()
        .iter()
        .map(|(name, scene)| (*name, compose(scene)))
        .collect();
    for (i, (a, pixels)) in pictures.iter().enumerate() {
        for (b, others) in &pictures[i + 1..] {
            assert!(different(pixels, others, 0) > 300, "{a} and {b} look the same");
        }
    }
    let (_, pixels) = &pictures[1];
    let mut changed = pixels.clone();
    changed[1234] ^= 2;
    assert_eq!(different(pixels, &changed, 0), 1);
    assert_eq!(different(pixels, &changed, CHANNEL_TOLERANCE), 1);
    assert_eq!(
        png::decode(&png::encode(pixels, CANVAS)),
        (pixels.clone(), CANVAS)
    );
}
