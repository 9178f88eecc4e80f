//! Live curves, each with its numbers beside it.

mod chart;
mod data;
mod dice;
mod explain;
mod loss;
mod palette;
mod table;
mod uplot;

pub use dice::DiceCurves;
pub use loss::LossCurves;
