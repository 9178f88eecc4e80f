//! Whether a run fits: what every graphics adapter grants, and what a page may ask of a computer.

use crate::train::{Extent, Needs, Piece};

/// What every adapter lets a shader see in one piece: WebGPU's default of 128 MiB.
pub const MOST_BYTES: usize = 128 << 20;
/// What a run is planned to take in all.
const MOST_PLANNED: u64 = 1 << 30;

/// What is too large for one piece of an adapter's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oversize {
    /// A tensor of a batch.
    Piece(Piece),
    /// The images of all slices, in bytes.
    Images(usize),
}

/// Whether a run can be had where a shader sees no more than [`MOST_BYTES`] in one piece.
///
/// # Errors
/// [`Oversize`], the first thing that does not fit.
pub fn fits(needs: &Needs, data: &Extent) -> Result<(), Oversize> {
    let too_large = |piece: &&Piece| piece.bytes as usize > MOST_BYTES;
    if let Some(piece) = needs.pieces.iter().find(too_large) {
        return Err(Oversize::Piece(*piece));
    }
    let [width, height] = data.grid;
    let images = 4 * width * height * data.slices * data.modalities;
    if images > MOST_BYTES {
        return Err(Oversize::Images(images));
    }
    Ok(())
}

/// Whether a run is small enough to be proposed.
pub(super) fn is_modest(needs: &Needs, data: &Extent, on_gpu: bool) -> bool {
    needs.bytes <= MOST_PLANNED && (!on_gpu || fits(needs, data).is_ok())
}
