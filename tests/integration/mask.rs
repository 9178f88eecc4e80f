//! A mask lies where its image lies: every file of the corpus gets one, and other eyes than ours read it back.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::PathBuf;

use contour_lab::nifti::{AffineSource, FileSpace, Version, Volume};
use flate2::read::GzDecoder;
use nifti::volume::RandomAccessNiftiVolume;
use nifti::{InMemNiftiObject, NiftiHeader, NiftiObject, NiftiVolume};
use serde_json::Value;

/// What a 64-bit matrix of NIfTI-2 loses in the 32-bit floats of NIfTI-1, of its largest entry.
const F32_ROUNDING: f64 = 1.2e-7;
/// The list's own tolerance for matrices, in millimetres.
const LISTED_TOLERANCE_MM: f64 = 1e-4;

/// Written for classes 0 to 4: not in order, and one that needs all eight bits.
const VALUES: [i64; 5] = [0, 3, 250, 1, 17];

/// A class by an image's value alone, so that whoever reads the image in its own order knows the class.
fn class(value: f64) -> u8 {
    (value.to_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61) as u8 % 5
}

fn corpus() -> Vec<(String, Value, Volume)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/conformance");
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let list: Value = serde_json::from_str(&text).unwrap();
    let mut found = Vec::new();
    for (name, expected) in list["files"].as_object().unwrap() {
        let files: Vec<Vec<u8>> = expected["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| std::fs::read(folder.join(file.as_str().unwrap())).unwrap())
            .collect();
        let volume = match &files[..] {
            [only] => Volume::from_bytes(only),
            [header, image] => Volume::from_pair(header, image),
            _ => panic!("{name}: one file or two"),
        };
        // What cannot be opened cannot be predicted.
        if let Ok(volume) = volume {
            found.push((name.clone(), expected.clone(), volume));
        }
    }
    found
}

/// A mask as the `nifti` crate reads it.
fn read(bytes: &[u8]) -> InMemNiftiObject {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    InMemNiftiObject::from_reader(&plain[..]).unwrap()
}

fn check_forms(name: &str, mask: &NiftiHeader, image: &Volume) {
    let header = image.header();
    let narrow = |numbers: &[f64]| {
        numbers
            .iter()
            .map(|number| (*number as f32).to_bits())
            .collect::<Vec<_>>()
    };
    let bits = |numbers: &[f32]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&mask.pixdim), narrow(&header.pixdim), "{name}: pixdim");
    assert_eq!(
        i32::from(mask.qform_code),
        header.qform_code,
        "{name}: qform code"
    );
    assert_eq!(mask.xyzt_units, header.xyzt_units, "{name}: units");
    let quaternion = [mask.quatern_b, mask.quatern_c, mask.quatern_d];
    assert_eq!(
        bits(&quaternion),
        narrow(&header.quaternion),
        "{name}: quaternion"
    );
    let offset = [mask.quatern_x, mask.quatern_y, mask.quatern_z];
    assert_eq!(bits(&offset), narrow(&header.qoffset), "{name}: offset");
    if image.affine_source() == AffineSource::Sform {
        assert_eq!(
            i32::from(mask.sform_code),
            header.sform_code,
            "{name}: sform code"
        );
        for (found, stated) in [mask.srow_x, mask.srow_y, mask.srow_z].iter().zip(&header.sform) {
            assert_eq!(bits(found), narrow(stated), "{name}: sform");
        }
    } else {
        assert_eq!(mask.sform_code, 0, "{name}: sform code");
    }
    let mut sizes: Vec<u64> = header.shape.iter().copied().take(3).collect();
    assert_eq!(u64::from(mask.dim[0]), sizes.len() as u64, "{name}: axes");
    sizes.resize(7, 1);
    assert_eq!(
        mask.dim[1..]
            .iter()
            .map(|size| u64::from(*size))
            .collect::<Vec<_>>(),
        sizes,
        "{name}"
    );
}

fn check_voxels(name: &str, mask: &InMemNiftiObject, image: &Volume) -> usize {
    let shape = image.file_grid().shape;
    let axes = mask.volume().dimensionality();
    let mut met = BTreeSet::new();
    for z in 0..shape[2] {
        for y in 0..shape[1] {
            for x in 0..shape[0] {
                let index = [x, y, z];
                let coordinates: Vec<u16> = index[..axes].iter().map(|i| *i as u16).collect();
                let found = mask.volume().get_f64(&coordinates).unwrap();
                // A colour's grey is not among the file's numbers: its voxels are checked by their count.
                if image.components() == 1 {
                    let value = image.file_value(&index[..axes], 0).unwrap();
                    let expected = VALUES[usize::from(class(f64::from(value as f32)))];
                    assert!(
                        found == expected as f64,
                        "{name}: {found} at {index:?}, not {expected}"
                    );
                }
                met.insert(found as i64);
            }
        }
    }
    met.len()
}

#[test]
fn every_image_gets_its_mask_back_in_its_own_order_and_place() {
    let (mut orders, mut sources, mut rich) = (BTreeSet::new(), Vec::new(), 0);
    for (name, expected, image) in corpus() {
        let classes: Vec<u8> = image
            .frame_f32(0)
            .unwrap()
            .iter()
            .map(|value| class(f64::from(*value)))
            .collect();
        let bytes = FileSpace::of(&image).write_labels(&classes, &VALUES).unwrap();
        let mask = read(&bytes);
        check_forms(&name, mask.header(), &image);
        rich += usize::from(check_voxels(&name, &mask, &image) == VALUES.len());

        let again = Volume::from_bytes(&bytes).unwrap();
        let (found, wanted) = (again.file_grid(), image.file_grid());
        let largest = wanted
            .world_from_voxel
            .as_flattened()
            .iter()
            .fold(0.0_f64, |largest, x| largest.max(x.abs()));
        let tolerance = if image.header().version == Version::Two {
            F32_ROUNDING * largest
        } else {
            0.0
        };
        for row in 0..3 {
            for column in 0..4 {
                let apart =
                    (found.world_from_voxel[row][column] - wanted.world_from_voxel[row][column]).abs();
                assert!(apart <= tolerance, "{name}: {apart} mm apart");
                if let Some(listed) = expected["affine"][row][column].as_f64() {
                    let apart = (found.world_from_voxel[row][column] - listed).abs();
                    assert!(apart <= LISTED_TOLERANCE_MM, "{name}: {apart} mm from the list");
                }
            }
        }
        orders.insert(again.axis_codes());
        if !sources.contains(&image.affine_source()) {
            sources.push(image.affine_source());
        }
    }
    // All kinds were there: six voxel orders at least, sform, qform and neither, and enough to tell apart.
    assert!(orders.len() >= 6, "only {orders:?}");
    assert_eq!(sources.len(), 3, "only {sources:?}");
    assert!(rich >= 20, "only {rich} files with every class");
}

#[test]
fn a_mask_in_the_wrong_order_is_caught() {
    let (name, _, image) = corpus()
        .into_iter()
        .find(|(name, ..)| name.contains("orient_PIR"))
        .unwrap();
    let mut classes: Vec<u8> = image
        .frame_f32(0)
        .unwrap()
        .iter()
        .map(|value| class(f64::from(*value)))
        .collect();
    classes.reverse();
    let mask = read(&FileSpace::of(&image).write_labels(&classes, &VALUES).unwrap());
    assert!(std::panic::catch_unwind(|| check_voxels(&name, &mask, &image)).is_err());
}
