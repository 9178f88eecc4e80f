//! NIfTI-1 files made by hand for the tests of this room.

use super::{Affine, Volume};

pub(super) struct File {
    pub(super) shape: Vec<i16>,
    pub(super) datatype: i16,
    pub(super) data: Vec<u8>,
    pub(super) pixdim: [f32; 8],
    pub(super) slope: f32,
    pub(super) inter: f32,
    pub(super) qform: Option<[f32; 6]>,
    pub(super) sform: Option<[[f32; 4]; 3]>,
    pub(super) intent: i16,
    pub(super) units: u8,
    pub(super) magic: [u8; 4],
    pub(super) offset: f32,
}

impl File {
    pub(super) fn u8(shape: &[i16], data: Vec<u8>) -> Self {
        Self {
            shape: shape.to_vec(),
            datatype: 2,
            data,
            pixdim: [1.0, 2.0, 2.5, 3.0, 1.0, 1.0, 1.0, 1.0],
            slope: 0.0,
            inter: 0.0,
            qform: None,
            sform: Some([
                [2.0, 0.0, 0.0, -5.0],
                [0.0, 2.5, 0.0, -7.0],
                [0.0, 0.0, 3.0, -9.0],
            ]),
            intent: 0,
            units: 2,
            magic: *b"n+1\0",
            offset: 352.0,
        }
    }

    pub(super) fn i16(shape: &[i16], values: &[i16]) -> Self {
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self {
            datatype: 4,
            ..Self::u8(shape, data)
        }
    }

    pub(super) fn f32(shape: &[i16], values: &[f32]) -> Self {
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self {
            datatype: 16,
            ..Self::u8(shape, data)
        }
    }

    pub(super) fn with_sform(mut self, rows: [[f32; 4]; 3]) -> Self {
        self.sform = Some(rows);
        self
    }

    pub(super) fn header(&self) -> Vec<u8> {
        let mut bytes = vec![0; 348];
        let mut put =
            |offset: usize, field: &[u8]| bytes[offset..offset + field.len()].copy_from_slice(field);
        put(0, &348_i32.to_le_bytes());
        put(40, &(self.shape.len() as i16).to_le_bytes());
        for (axis, size) in self.shape.iter().enumerate() {
            put(42 + 2 * axis, &size.to_le_bytes());
        }
        put(68, &self.intent.to_le_bytes());
        put(70, &self.datatype.to_le_bytes());
        for (axis, zoom) in self.pixdim.iter().enumerate() {
            put(76 + 4 * axis, &zoom.to_le_bytes());
        }
        put(108, &self.offset.to_le_bytes());
        put(112, &self.slope.to_le_bytes());
        put(116, &self.inter.to_le_bytes());
        put(123, &[self.units]);
        put(252, &i16::from(self.qform.is_some()).to_le_bytes());
        put(254, &i16::from(self.sform.is_some()).to_le_bytes());
        for (index, number) in self.qform.iter().flatten().enumerate() {
            put(256 + 4 * index, &number.to_le_bytes());
        }
        for (index, number) in self.sform.iter().flatten().flatten().enumerate() {
            put(280 + 4 * index, &number.to_le_bytes());
        }
        put(344, &self.magic);
        bytes
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.header();
        bytes.extend([0; 4]);
        bytes.extend(&self.data);
        bytes
    }

    pub(super) fn volume(&self) -> Volume {
        Volume::from_bytes(&self.bytes()).unwrap()
    }
}

pub(super) fn assert_affine(found: &Affine, expected: [[f64; 4]; 3]) {
    for row in 0..3 {
        for column in 0..4 {
            assert!(
                (found[row][column] - expected[row][column]).abs() < 1e-5,
                "{found:?}, not {expected:?}"
            );
        }
    }
}
