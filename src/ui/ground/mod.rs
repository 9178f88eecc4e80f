//! The browser, and the way to the engine.

pub mod browser;
pub mod database;
pub mod engine;
pub mod files;
pub mod latest;
