//! The cohort of the session that is kept, piece by piece.

use super::store;
use crate::lab::Cohort;
use crate::lab::cohort::{Assembly, Piece};

const COHORT: &str = "cohort";

fn name(piece: usize) -> String {
    format!("piece {piece}")
}

/// Keeps a cohort where none is.
///
/// # Errors
/// As [`store::put`].
pub async fn put(cohort: &Cohort) -> Result<(), String> {
    for (number, piece) in cohort.pieces().enumerate() {
        store::put(&name(number), &piece).await?;
    }
    store::put(COHORT, &cohort.hollow()).await
}

/// The cohort that is kept, if all of it is.
pub async fn get() -> Option<Cohort> {
    let mut arriving = Assembly::new(store::get(COHORT).await?);
    for number in 0.. {
        let piece: Piece = store::get(&name(number)).await?;
        if let Some(cohort) = arriving.add(&piece).ok()? {
            return Some(cohort);
        }
    }
    None
}
