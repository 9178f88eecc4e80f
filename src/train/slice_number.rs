//! The two numberings of axial slices, as two types, so that the compiler refuses to take one for the other.

use serde::{Deserialize, Serialize};

/// The number of an axial slice within its own subject: the z of a voxel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SliceOfSubject(pub usize);

/// The number of a slice among the slices of all subjects of a data set. [`Placed`](super::Placed) converts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SliceOfDataset(pub u32);

impl std::fmt::Display for SliceOfSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Display for SliceOfDataset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
