//! The samples that come with the page.

use crate::ui::ground::browser;

pub use crate::lab::{Catalogue, Listed, title};

/// Where the catalogue lies, relative to the page.
const CATALOGUE: &str = "samples/samples.json";

/// Who made the samples, and what may be done with them.
pub const LICENCES: &str = "samples/LICENCES.md";

pub fn fetch_catalogue() -> impl Future<Output = Result<Catalogue, String>> {
    let catalogue = browser::fetch(CATALOGUE);
    async {
        serde_json::from_slice(&catalogue.await?)
            .map_err(|error| format!("{CATALOGUE} cannot be understood: {error}."))
    }
}
