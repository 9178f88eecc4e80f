//! Where the time of a step goes, as numbers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Made, Outlook};
use crate::gpu::{Profile, Timing};

/// How far a benchmark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A session is made, or the steps under way are finished first.
    Waiting,
    /// The adapter's multiply-add peak.
    Peak,
    /// One training step.
    Step,
}

/// What has been measured; the last result stays until the next is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Benchmark {
    /// `None` when nothing is under way.
    pub stage: Option<Stage>,
    /// Floating-point operations a second.
    pub peak: Option<f64>,
    pub measured: Option<Arc<Measured>>,
}

/// A profile of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Steps that had been taken.
    pub step: u64,
    pub profile: Profile,
    /// Nodes of the network in order (those that were fused into another take no time), then the loss and the
    /// optimiser.
    pub rows: Vec<Row>,
    /// The sum of all rows.
    pub total: Figures,
    /// Everything that decides the run.
    recipe: Value,
    /// Height and width of the network's grid.
    grid: [usize; 2],
}

/// The dispatches of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub name: String,
    /// C, H, W of what the node gives, where it is one of the network.
    pub shape: Option<[usize; 3]>,
    pub parameters: usize,
    pub figures: Figures,
}

/// What was measured and counted of some dispatches.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub ms: f64,
    pub flops: u64,
    pub bytes: u64,
    pub dispatches: u32,
}

impl Figures {
    fn add(&mut self, timing: &Timing) {
        self.ms += timing.ms;
        self.flops += timing.flops;
        self.bytes += timing.bytes;
        self.dispatches += timing.dispatches;
    }

    /// Floating-point operations a second, where they are counted.
    pub fn flops_per_second(&self) -> Option<f64> {
        (self.flops > 0 && self.ms > 0.0).then(|| self.flops as f64 / self.ms * 1e3)
    }

    pub fn bytes_per_second(&self) -> Option<f64> {
        (self.ms > 0.0).then(|| self.bytes as f64 / self.ms * 1e3)
    }

    fn json(&self, peak: Option<f64>) -> Value {
        let rate = self.flops_per_second();
        json!({
            "ms": self.ms, "flops": self.flops, "bytes": self.bytes, "dispatches": self.dispatches,
            "flops_per_second": rate, "share_of_peak": rate.zip(peak).map(|(rate, peak)| rate / peak),
        })
    }
}

impl Measured {
    pub fn new(step: u64, profile: Profile, made: &Made) -> Self {
        let graph = &made.outlook.graph;
        let node = |node: &crate::net::Node| Row {
            name: node.name.clone(),
            shape: Some(graph.shapes[node.output]),
            parameters: node.parameters.iter().map(|id| graph.parameters[*id].len()).sum(),
            figures: Figures::default(),
        };
        let mut rows: Vec<Row> = graph.nodes.iter().map(node).collect();
        let mut total = Figures::default();
        for timing in &profile.timings {
            total.add(timing);
            match rows.iter_mut().find(|row| row.name == timing.owner) {
                Some(row) => row.figures.add(timing),
                None => {
                    let mut figures = Figures::default();
                    figures.add(timing);
                    rows.push(Row {
                        name: timing.owner.clone(),
                        shape: None,
                        parameters: 0,
                        figures,
                    });
                }
            }
        }
        let [_, height, width] = graph.shapes[graph.input];
        Self {
            step,
            profile,
            rows,
            total,
            recipe: serde_json::to_value(&made.outlook.recipe).unwrap_or_default(),
            grid: [height, width],
        }
    }

    /// Whether what was measured is a step of the run that `outlook` is of, as far as its network goes.
    pub fn is_of(&self, outlook: &Outlook) -> bool {
        let [_, height, width] = outlook.graph.shapes[outlook.graph.input];
        let network = serde_json::to_value(outlook.recipe.network).ok();
        self.grid == [height, width] && network.as_ref() == self.recipe.get("network")
    }

    /// Everything, for others to compare with.
    pub fn json(&self, adapter: &str, peak: Option<f64>, variants: &[String]) -> String {
        let row = |row: &Row| {
            let mut value = row.figures.json(peak);
            value["name"] = json!(row.name);
            value["shape"] = json!(row.shape);
            value["parameters"] = json!(row.parameters);
            value
        };
        let value = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "adapter": adapter,
            "peak_flops_per_second": peak,
            "recipe": self.recipe,
            "grid": self.grid,
            "step": self.step,
            "clock": self.profile.clock,
            "resolution_ms": self.profile.resolution_ms,
            "most_repeats": self.profile.most_repeats,
            "total": self.total.json(peak),
            "nodes": self.rows.iter().map(row).collect::<Vec<_>>(),
            "kernels": self.profile.timings,
            "variants": variants,
        });
        serde_json::to_string_pretty(&value).unwrap_or_default()
    }
}

impl Benchmark {
    /// Nothing is under way any more.
    pub fn stop(&mut self) {
        self.stage = None;
    }

    pub fn finish(&mut self, measured: Option<Measured>) {
        self.stage = None;
        self.measured = measured.map(Arc::new);
    }
}
