//! The three planes, and how they lie on the screen.

/// A plane through the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    Axial,
    Coronal,
    Sagittal,
}
