//! How a plane lies on the screen.

use crate::nifti::Plane;

/// Which side of the screen shows the patient's right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    /// The patient's right on the viewer's left, as if looking up from the feet.
    Radiological,
    /// The patient's right on the viewer's right.
    Neurological,
}

/// Whether columns and rows run backwards on the screen. The front and the head are up; in the sagittal plane
/// the front is on the left.
pub fn mirror(plane: Plane, convention: Convention) -> [bool; 2] {
    let columns = plane == Plane::Sagittal || convention == Convention::Radiological;
    [columns, true]
}

/// Letters at the left, right, top and bottom.
pub fn letters(plane: Plane, convention: Convention) -> [&'static str; 4] {
    let [left, right] = match (plane, convention) {
        (Plane::Sagittal, _) => ["A", "P"],
        (_, Convention::Radiological) => ["R", "L"],
        (_, Convention::Neurological) => ["L", "R"],
    };
    let [top, bottom] = if plane == Plane::Axial {
        ["A", "P"]
    } else {
        ["S", "I"]
    };
    [left, right, top, bottom]
}
