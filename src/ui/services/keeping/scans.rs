//! The cohort of the session that is kept, piece by piece.

use crate::lab::Cohort;
use crate::lab::cohort::{Assembly, Piece};
use crate::ui::ground::database;

const COHORT: &str = "cohort";

fn name(piece: usize) -> String {
    format!("piece {piece}")
}

/// Keeps a cohort where none is.
///
/// # Errors
/// As [`database::put`].
pub async fn put(cohort: &Cohort) -> Result<(), String> {
    for (number, piece) in cohort.pieces().enumerate() {
        database::put(&name(number), &piece).await?;
    }
    database::put(COHORT, &cohort.hollow()).await
}

/// The cohort that is kept, if all of it is.
pub async fn get() -> Option<Cohort> {
    let mut arriving = Assembly::new(database::get(COHORT).await?);
    for number in 0.. {
        let piece: Piece = database::get(&name(number)).await?;
        if let Some(cohort) = arriving.add(&piece).ok()? {
            return Some(cohort);
        }
    }
    None
}
