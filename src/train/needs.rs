//! What a run takes of a machine, before it is made.

use serde::{Deserialize, Serialize};

use super::{Dataset, Error, Recipe};
use crate::net::Graph;

/// The size of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extent {
    /// Width and height of a slice in pixels.
    pub grid: [usize; 2],
    pub slices: usize,
    /// Channels of a slice, neighbours not counted.
    pub modalities: usize,
    /// Slices that validate.
    pub validation: usize,
}

/// So many images at once, with the largest piece of memory that they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub images: usize,
    /// Width and height in pixels.
    pub size: [usize; 2],
    pub bytes: u64,
}

#[derive(Clone, Debug)]
pub struct Needs {
    /// Of a training step.
    pub graph: Graph,
    /// Memory, but for what belongs to the loss and to the assembly of batches: a few numbers a pixel.
    pub bytes: u64,
    /// Of a training step, and of a validation.
    pub pieces: [Piece; 2],
    /// Multiply-adds of the convolutions of a step, forwards.
    pub work: u64,
}

impl Dataset {
    #[must_use]
    pub fn extent(&self) -> Extent {
        Extent {
            grid: self.grid,
            slices: self.slices,
            modalities: self.modalities,
            validation: self.split.validation.len(),
        }
    }
}

impl Recipe {
    /// What a run of this recipe takes: the network for what a step sees, and for whole slices, of which a chunk is validated
    /// and one is shown.
    ///
    /// # Errors
    /// Where there is no such network, or the patch does not fit.
    pub fn needs(&self, data: &Extent) -> Result<Needs, Error> {
        let [width, height] = data.grid;
        let size = self.window(data.grid)?;
        let graph = self.training_graph(height, width)?;
        let whole = self.graph(height, width)?;
        let chunk = self.chunk(data.validation, data.grid)?;
        let exact = Graph {
            halves: false,
            ..whole.clone()
        };
        let exact = if self.half_activations {
            exact.inference_bytes(1)
        } else {
            0
        };
        let averaged = self.regimen.averaging.map_or(0, |_| 4 * graph.arena_len() as u64);
        // Of each slice its channels, label, contour and weight.
        let pixels = width * height * data.slices;
        let slices = 4 * pixels as u64 * (data.modalities as u64 + 3);
        let validation = whole.inference_bytes(chunk) + whole.inference_bytes(1) + exact;
        let step = Piece {
            images: self.batch,
            size,
            bytes: graph.largest_bytes(self.batch),
        };
        let check = Piece {
            images: chunk,
            size: data.grid,
            bytes: whole.largest_inference_bytes(chunk),
        };
        Ok(Needs {
            bytes: graph.training_bytes(self.batch) + validation + averaged + slices,
            pieces: [step, check],
            work: graph.multiply_adds(self.batch),
            graph,
        })
    }
}
