//! From a contour to its weight map on the GPU.

use super::{Distance, Frame, Weighting, objects};
use crate::gpu::{Error, Recording, Tensor, Uniforms};
use crate::ops::{between_objects, near_contour, weight_map};

/// A recorded weight map, which may be weighted anew between replays.
#[derive(Clone, Debug)]
pub struct WeightMap {
    /// (D, H, W).
    pub weight: Tensor,
    dims: [usize; 3],
    weighting: Weighting,
    uniforms: Uniforms,
}

impl WeightMap {
    /// Records contour → weight. `contour` (D, H, W) holds class k at bit k; `labels` (D, H, W) are those it was made
    /// of, and decide what an object is where that matters; elsewhere they may be empty.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the map does not fit a binding.
    ///
    /// # Panics
    /// If `labels` or `contour` is not of the size that `dims` says, or objects are asked for in a slice of 65,535
    /// rows or more.
    pub fn record(
        recording: &mut Recording,
        labels: &[u32],
        contour: &Tensor,
        dims: [usize; 3],
        weighting: &Weighting,
    ) -> Result<Self, Error> {
        let pixels: usize = dims.iter().product();
        assert_eq!(contour.len(), pixels, "contour of {dims:?}");
        let weight = recording.scratch("weight map", pixels)?;
        let uniforms = match *weighting {
            Weighting::Contour {
                base,
                lambda,
                classes,
            } => {
                let params = contour_params(dims, base, lambda, classes);
                weight_map::record(recording, &weight, contour, &params)
            }
            Weighting::NearContour { w0, sigma } => {
                let marks = recording.scratch("contour marks", pixels)?;
                near_contour::record_mark(recording, &marks, contour);
                let squared = Distance::record_squared(recording, &marks, dims, 1, [1.0; 3], Frame::Slice)?;
                let params = near_params(dims, w0, sigma);
                near_contour::record_weigh(recording, &weight, &marks, &squared.distance, &params)
            }
            Weighting::BetweenObjects { w0, sigma } => {
                assert_eq!(labels.len(), pixels, "label of {dims:?}");
                assert!(dims[1] < 0xffff, "{} rows", dims[1]);
                let objects = Tensor::from_slice(recording.context(), "objects", &objects(labels, dims))?;
                let rows = recording.scratch("rows of the nearest objects", pixels)?;
                let params = between_params(dims, w0, sigma);
                between_objects::record_first(recording, &rows, &objects, &params);
                between_objects::record_weigh(recording, &weight, &objects, &rows, &params)
            }
        };
        Ok(Self {
            weight,
            dims,
            weighting: *weighting,
            uniforms,
        })
    }

    /// Takes effect for whatever is submitted afterwards.
    ///
    /// # Panics
    /// If the weighting is of another variant than the recorded one, whose dispatches are others.
    pub fn set(&self, weighting: &Weighting) {
        let dims = self.dims;
        match (*weighting, self.weighting) {
            (
                Weighting::Contour {
                    base,
                    lambda,
                    classes,
                },
                Weighting::Contour { .. },
            ) => {
                self.uniforms.write(&contour_params(dims, base, lambda, classes));
            }
            (Weighting::NearContour { w0, sigma }, Weighting::NearContour { .. }) => {
                self.uniforms.write(&near_params(dims, w0, sigma));
            }
            (Weighting::BetweenObjects { w0, sigma }, Weighting::BetweenObjects { .. }) => {
                self.uniforms.write(&between_params(dims, w0, sigma));
            }
            (asked, recorded) => panic!("{asked:?} was set where {recorded:?} is recorded"),
        }
    }
}

fn contour_params(dims: [usize; 3], base: f32, lambda: f32, classes: u32) -> weight_map::Params {
    weight_map::Params {
        count: dims.iter().product::<usize>() as u32,
        classes,
        base,
        lambda,
    }
}

fn near_params(dims: [usize; 3], w0: f32, sigma: f32) -> near_contour::Params {
    near_contour::Params {
        count: dims.iter().product::<usize>() as u32,
        w0,
        sigma,
    }
}

fn between_params([depth, height, width]: [usize; 3], w0: f32, sigma: f32) -> between_objects::Params {
    between_objects::Params {
        count: (depth * height * width) as u32,
        width: width as u32,
        height: height as u32,
        w0,
        sigma,
    }
}
