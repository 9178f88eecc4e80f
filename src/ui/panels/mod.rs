//! One folder for each question. No panel uses another.

pub mod benchmark;
pub mod check;
pub mod classes;
pub mod contour;
pub mod data;
pub mod kept;
pub mod loss;
pub mod pixels;
pub mod scores;
pub mod study;
pub mod training;
pub mod viewer;
