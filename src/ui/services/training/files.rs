//! What a visitor takes home: the history as CSV, the weights as safetensors, and the run with all that decided it as JSON.

use crate::lab::cohort::Decisions;
use crate::lab::{History, Record};
use crate::net::write_safetensors;
use crate::page::Made;
use crate::ui::ground::browser::save;

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

fn decisions(made: &Made) -> Decisions {
    let size = made.plan.settings.size;
    made.plan.cohort.decisions([size, size])
}

pub fn save_record(made: &Made, history: &History) {
    let settings = &made.plan.settings;
    let record = Record {
        made_by: format!("Contour Lab {}", env!("CARGO_PKG_VERSION")),
        recipe: made.outlook.recipe.clone(),
        data: Some(decisions(made)),
        start: settings.start.said(settings.seed),
        history: history.clone(),
    };
    if let Ok(json) = record.to_json() {
        save("contour-lab-run.json", json.as_bytes());
    }
}

pub fn save_weights(made: &Made, history: &History, step: u64, arena: &[f32]) {
    let recipe = &made.outlook.recipe;
    let unet = recipe.network;
    let notes = [
        ("made_by", "Contour Lab".to_owned()),
        ("steps", step.to_string()),
        ("study", made.plan.study.title.clone()),
        ("recipe", serde_json::to_string(recipe).unwrap_or_default()),
        (
            "trained_on",
            serde_json::to_string(&history.trained_on).unwrap_or_default(),
        ),
        (
            "data",
            serde_json::to_string(&decisions(made)).unwrap_or_default(),
        ),
    ];
    // The arena belongs to the graph that it was trained in.
    if let Ok(bytes) = write_safetensors(&made.outlook.graph, arena, &notes) {
        let name = format!(
            "{}_w{}_d{}_step{step}.safetensors",
            unet.kind.stem(),
            unet.width,
            unet.depth
        );
        save(&name, &bytes);
    }
}
