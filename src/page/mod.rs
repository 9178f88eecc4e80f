//! The page without a browser: what is on screen, what a run would be, and what was found out, as plain values.

pub mod benchmark;
pub mod build;
pub mod comparison;
mod cut;
mod extents;
pub mod figures;
mod kept;
mod layers;
mod look;
mod numbers;
mod orientation;
mod pace;
mod pixels;
mod plan;
mod run;
pub mod scores;
mod shown;
mod study;
#[cfg(test)]
mod tests;
mod units;
mod volume;
mod window;

pub use cut::{Cut, mapping};
pub use extents::Extents;
pub use kept::{Kept, Left};
pub use layers::{Layer, Layers};
pub use look::*;
pub use numbers::{figure, grouped, trim};
pub use orientation::{Convention, letters, mirror};
pub use pace::Pace;
pub use pixels::{Asked, Drawn, Told};
pub use plan::{Outlook, Plan};
pub use run::{Break, Made, Phase, Predicted, Resumed};
pub use shown::Shown;
pub use study::{Class, Modality, Split, Study};
pub use units::{bytes, counted};
pub use volume::{PredictedVolume, Predictions, VolumeState, file_stem};
pub use window::Window;
