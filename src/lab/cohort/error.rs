//! What can stop files from becoming a cohort, or a cohort from becoming a data set.

use crate::{nifti, train};

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Check that a subject is complete and has no question open.
    #[error(
        "No subject is ready. Drop images together with their labels, and settle what is asked about them."
    )]
    NothingToOpen,
    /// Check the label files against each other.
    #[error(
        "The label files hold {found} different numbers with 0; {limit} are possible here. Open fewer subjects, or merge labels before."
    )]
    TooManyClasses { found: usize, limit: usize },
    /// Check the number of the subject or of the channel.
    #[error("There is no subject {subject} with a channel {channel}.")]
    Missing { subject: usize, channel: usize },
    /// Check who sent it: pieces come in the order in which they were made, and none twice.
    #[error("A piece of the scans has no place among those before. Open the scans again.")]
    Piece,
    /// Check the files.
    #[error(transparent)]
    Nifti(#[from] nifti::Error),
    /// Check what the network is to see.
    #[error(transparent)]
    Train(#[from] train::Error),
}
