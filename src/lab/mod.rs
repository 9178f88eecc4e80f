//! What a lesson needs of its data and of a run: the samples, files on their way, the cohort, and the run's history, also as
//! a file.

pub mod cohort;
mod history;
mod intake;
mod record;
mod samples;

pub use cohort::Cohort;
pub use history::{History, Line, Series, TrainedOn, Validation};
pub use intake::{Intake, Overview, Roles, Settling, Shared};
pub use record::Record;
pub use samples::{Catalogue, Listed, ListedClass, Sample, label_source, title};
