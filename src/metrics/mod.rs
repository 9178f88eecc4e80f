//! How well a predicted label map agrees with its reference, class by class.
//!
//! A [`Comparison`] holds what the scores of one class are made of: counted voxels ([`Overlap`]) and the
//! distances between the two surfaces in mm ([`Distances`]), in a slice or in a volume ([`Field`]). What is said of
//! a class that is missing on one side or on both stands in `rule`, for all scores alike.

mod comparison;
mod cubes;
mod distance;
mod field;
mod metric;
mod nearest;
mod overlap;
mod report;
mod rule;
mod surface;

pub use comparison::{Comparison, Measuring};
pub use distance::{Directed, Distances};
pub use field::Field;
pub use metric::Metric;
pub use overlap::{Overlap, mean_dice};
pub use report::{Scores, Summary};
pub use rule::{Outcome, Presence, RULE, mean};
pub use surface::SurfaceKind;
