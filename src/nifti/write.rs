//! A label map written into the space of the image that it belongs to.
//!
//! Source of the field offsets: <https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h>.

use std::io::Write;

use serde::{Deserialize, Serialize};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::header::{INTENT_LABEL, Version};
use super::orientation::Walk;
use super::voxels::reserved;
use super::{AffineSource, Datatype, Error, Header, Orientation, Volume};

/// NIfTI-1 keeps sizes as 16-bit numbers.
const LARGEST_SIZE: u64 = i16::MAX as u64;

/// What another file needs of an image to lie where it lies: voxel order, forms and their codes, voxel size and
/// unit, as the image's own file states them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileSpace {
    header: Header,
    orientation: Orientation,
    /// Voxels along the file's own axes.
    shape: [usize; 3],
}

impl FileSpace {
    #[must_use]
    pub fn of(image: &Volume) -> Self {
        let mut header = image.header().clone();
        if image.affine_source() != AffineSource::Sform {
            // An sform that cannot be used placed nothing, and other readers may take it at its word.
            header.sform_code = 0;
            header.sform = [[0.0; 4]; 3];
        }
        Self {
            header,
            orientation: *image.orientation(),
            shape: image.file_grid().shape,
        }
    }

    /// A label map as `.nii.gz`: NIfTI-1, one frame, little-endian, in the image file's voxel order and space.
    ///
    /// `classes` holds a class for each voxel in RAS order, x fastest; `values` the number to be written for each
    /// class. Voxels are 8-bit where these numbers allow it, else the smallest signed whole numbers that hold them.
    ///
    /// # Errors
    /// [`Error::MaskSize`], [`Error::MaskClass`]; [`Error::MaskShape`] where the format cannot say the shape;
    /// [`Error::TooLarge`] where memory does not suffice.
    pub fn write_labels(&self, classes: &[u8], values: &[i64]) -> Result<Vec<u8>, Error> {
        let voxels = self.shape.iter().product();
        if classes.len() != voxels {
            return Err(Error::MaskSize {
                found: classes.len(),
                voxels,
            });
        }
        if let Some(class) = classes.iter().find(|class| usize::from(**class) >= values.len()) {
            return Err(Error::MaskClass { class: *class });
        }
        let datatype = datatype_for(values);
        let bytes_each = datatype.component_bytes();
        let mut data = reserved(voxels * bytes_each)?;
        data.resize(voxels * bytes_each, 0);
        let walk = Walk::new(&self.orientation, self.shape);
        let [nx, ny, nz] = self.orientation.file_axis.map(|axis| self.shape[axis]);
        let mut classes = classes.iter();
        for z in 0..nz {
            for y in 0..ny {
                for (x, class) in (0..nx).zip(&mut classes) {
                    // The low bytes of a number in two's complement are the number, where it fits.
                    let value = values[usize::from(*class)].to_le_bytes();
                    let start = walk.at([x, y, z]) * bytes_each;
                    data[start..start + bytes_each].copy_from_slice(&value[..bytes_each]);
                }
            }
        }
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        let header = self.header_bytes(datatype)?;
        let all = gzip.write_all(&header).and_then(|()| gzip.write_all(&data));
        Ok(all
            .and_then(|()| gzip.finish())
            .expect("a vector takes every byte"))
    }

    /// The header, and the four zeros that announce no extensions.
    fn header_bytes(&self, datatype: Datatype) -> Result<Vec<u8>, Error> {
        let header = &self.header;
        let axes = header.shape.len().min(3);
        let first_voxel = Version::One.first_voxel();
        let mut bytes = vec![0; first_voxel as usize];
        let mut put =
            |offset: usize, field: &[u8]| bytes[offset..offset + field.len()].copy_from_slice(field);
        put(0, &(Version::One.header_bytes() as i32).to_le_bytes());
        // What the format's predecessor wanted to see there.
        put(38, b"r");
        put(40, &(axes as i16).to_le_bytes());
        for axis in 0..7 {
            let size = if axis < axes { header.shape[axis] } else { 1 };
            if size > LARGEST_SIZE {
                return Err(Error::MaskShape {
                    size,
                    limit: LARGEST_SIZE,
                });
            }
            put(42 + 2 * axis, &(size as i16).to_le_bytes());
        }
        put(68, &(INTENT_LABEL as i16).to_le_bytes());
        put(70, &datatype.code().to_le_bytes());
        put(72, &(8 * datatype.component_bytes() as i16).to_le_bytes());
        let mut floats = |offset: usize, numbers: &[f64]| {
            for (i, number) in numbers.iter().enumerate() {
                put(offset + 4 * i, &(*number as f32).to_le_bytes());
            }
        };
        floats(76, &header.pixdim);
        floats(108, &[first_voxel as f64, 1.0]);
        floats(256, &header.quaternion);
        floats(268, &header.qoffset);
        floats(280, header.sform.as_flattened());
        put(123, &[header.xyzt_units]);
        put(148, b"Labels by Contour Lab");
        put(252, &(header.qform_code as i16).to_le_bytes());
        put(254, &(header.sform_code as i16).to_le_bytes());
        put(344, b"n+1\0");
        Ok(bytes)
    }
}

/// The smallest type that holds all values; 8-bit without a sign, as most programs expect of a label.
fn datatype_for(values: &[i64]) -> Datatype {
    let all = |fits: fn(i64) -> bool| values.iter().all(|value| fits(*value));
    if all(|value| u8::try_from(value).is_ok()) {
        Datatype::U8
    } else if all(|value| i16::try_from(value).is_ok()) {
        Datatype::I16
    } else if all(|value| i32::try_from(value).is_ok()) {
        Datatype::I32
    } else {
        Datatype::I64
    }
}

#[cfg(test)]
mod tests {
    use super::super::LabelDraft;
    use super::super::fixture::File;
    use super::*;

    /// x runs to the left, then z downwards, then y.
    fn turned() -> Volume {
        let rows = [[-2.0, 0.0, 0.0, 9.0], [0.0, 0.0, 3.0, 4.0], [0.0, -2.5, 0.0, 5.0]];
        File::u8(&[2, 3, 4], (0..24).collect()).with_sform(rows).volume()
    }

    fn ranks(image: &Volume, classes: u8) -> Vec<u8> {
        let values = image.frame_f32(0).unwrap();
        values.iter().map(|value| *value as u8 % classes).collect()
    }

    #[test]
    fn labels_come_back_in_the_order_in_which_they_were_given() {
        let image = turned();
        let classes = ranks(&image, 5);
        for values in [
            [0, 1, 2, 3, 255],
            [0, 1, 2, 4, 500],
            [0, -1, 70_000, 7, 9],
            [0, 5_000_000_000, 1, 2, 3],
        ] {
            let bytes = FileSpace::of(&image).write_labels(&classes, &values).unwrap();
            let mask = Volume::from_bytes(&bytes).unwrap();
            assert_eq!(mask.axis_codes(), "LIA");
            assert_eq!(mask.file_grid(), image.file_grid());
            assert_eq!(mask.header().datatype, datatype_for(&values));
            assert!(mask.notices().is_empty());
            for voxel in 0..24 {
                let expected = values[usize::from(voxel as u8 % 5)];
                let index = [voxel % 2, voxel / 2 % 3, voxel / 6];
                assert_eq!(mask.file_integer(&index), Some(i128::from(expected)));
            }
        }
    }

    #[test]
    fn the_mask_is_taken_for_a_label_and_gives_the_same_classes() {
        let image = turned();
        let classes = ranks(&image, 3);
        let bytes = FileSpace::of(&image).write_labels(&classes, &[0, 1, 2]).unwrap();
        let mask = Volume::from_bytes(&bytes).unwrap();
        assert_eq!(mask.header().intent_code, INTENT_LABEL);
        let labels = LabelDraft::read(&mask).unwrap().finish(&image).unwrap();
        assert_eq!(labels.labels(), classes);
    }

    #[test]
    fn a_form_that_placed_nothing_is_left_out() {
        let mut file = File::u8(&[2, 3, 4], (0..24).collect()).with_sform([[f32::NAN; 4]; 3]);
        file.qform = Some([0.0, 0.0, 1.0, 10.0, 20.0, 30.0]);
        let image = file.volume();
        let bytes = FileSpace::of(&image).write_labels(&[0; 24], &[0]).unwrap();
        let mask = Volume::from_bytes(&bytes).unwrap();
        assert_eq!(mask.header().sform_code, 0);
        assert_eq!(mask.affine_source(), AffineSource::Qform);
        assert_eq!(mask.file_grid(), image.file_grid());
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let space = FileSpace::of(&turned());
        let refuse = |classes: &[u8], values: &[i64]| space.write_labels(classes, values).unwrap_err();
        assert_eq!(
            refuse(&[0; 23], &[0]),
            Error::MaskSize {
                found: 23,
                voxels: 24
            }
        );
        assert_eq!(refuse(&[2; 24], &[0, 1]), Error::MaskClass { class: 2 });
        let mut long = space.clone();
        long.header.shape[1] = 40_000;
        assert!(matches!(
            long.write_labels(&[0; 24], &[0]),
            Err(Error::MaskShape { size: 40_000, .. })
        ));
    }
}
