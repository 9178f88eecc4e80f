//! A volume on its way: first without its voxels, then piece by piece.

use std::ops::Range;

use super::Volume;
use super::voxels::{PIECE_BYTES, declared_bytes};

impl Volume {
    /// Some of its bytes as they are stored.
    #[must_use]
    pub fn stored(&self, bytes: Range<usize>) -> Vec<u8> {
        self.voxels.stored(bytes)
    }

    /// The next of its bytes, as [`Volume::stored`] has given them: all but the last a multiple of [`Volume::PIECE_BYTES`].
    pub fn refill(&mut self, bytes: &[u8]) {
        self.voxels.refill(bytes);
    }

    /// Bytes of the voxels once they are there.
    #[must_use]
    pub fn declared_bytes(&self) -> usize {
        // A volume was read, so they fit.
        declared_bytes(self.header()) as usize
    }

    /// What bytes are given in.
    pub const PIECE_BYTES: usize = PIECE_BYTES;
}

#[cfg(test)]
mod tests {
    use super::super::fixture::File;

    #[test]
    fn a_volume_is_the_same_after_its_way() {
        let values: Vec<i16> = (0..24_000).collect();
        let whole = File::i16(&[20, 30, 40], &values).volume();
        let bytes = whole.stored_bytes();
        let mut arrived = whole.hollow();
        assert_eq!(arrived.stored_bytes(), 0);
        assert_eq!(whole.stored(bytes..bytes + 9).len(), 0, "nothing behind the end");
        arrived.refill(&whole.stored(0..bytes));
        assert_eq!(arrived.stored_bytes(), bytes);
        assert_eq!(arrived.frame_f32(0).unwrap(), whole.frame_f32(0).unwrap());
    }
}
