//! Whose picture is it? The study on screen, where it came from, and what is wrong with the next one.

mod bar;
mod drop_area;
mod intake;
mod task;

pub use bar::StudyBar;
pub use drop_area::DropArea;
pub use intake::IntakePanel;
pub use task::TaskLine;
