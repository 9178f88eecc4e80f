//! Live curves, each with its numbers beside it.

mod dice;
mod explain;
mod loss;
mod table;

pub use dice::DiceCurves;
pub use loss::LossCurves;
