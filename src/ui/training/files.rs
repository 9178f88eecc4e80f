//! What a visitor takes home: the history as CSV, the weights as safetensors.

use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, HtmlAnchorElement, Url};

use super::state::Made;
use crate::lab::History;
use crate::net::write_safetensors;

pub fn save_history(made: &Made, history: &History) {
    let names: Vec<String> = made
        .plan
        .study
        .classes
        .iter()
        .map(|class| class.name.clone())
        .collect();
    save("contour-lab-history.csv", history.csv(&names).as_bytes());
}

pub fn save_weights(made: &Made, step: u64, arena: &[f32]) {
    let recipe = &made.outlook.recipe;
    let unet = recipe.network;
    let notes = [
        ("made_by", "Contour Lab".to_owned()),
        ("steps", step.to_string()),
        ("study", made.plan.study.title.clone()),
        ("recipe", serde_json::to_string(recipe).unwrap_or_default()),
    ];
    // The arena belongs to the graph that it was trained in.
    if let Ok(bytes) = write_safetensors(&made.outlook.graph, arena, &notes) {
        let name = format!("unet_w{}_d{}_step{step}.safetensors", unet.width, unet.depth);
        save(&name, &bytes);
    }
}

/// Offers bytes as a file.
fn save(name: &str, bytes: &[u8]) {
    let parts = Array::of1(&Uint8Array::from(bytes).into());
    let Ok(address) =
        Blob::new_with_u8_array_sequence(&parts).and_then(|blob| Url::create_object_url_with_blob(&blob))
    else {
        return;
    };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    // The browser has taken the bytes by the next minute; until then they must stay.
    let release = move || {
        let _ = Url::revoke_object_url(&address);
    };
    set_timeout(release, std::time::Duration::from_secs(60));
}
