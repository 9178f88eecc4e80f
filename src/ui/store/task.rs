//! What the page is busy with, and the one error that it has to tell.

#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    Idle,
    /// Such as "Reading Abdomen CT A".
    Busy(String),
    /// What went wrong and what to do, in words. The previous study stays.
    Failed(String),
}
