//! What is said of a map in numbers.

/// A mean so much smaller than what it is taken of is what the rounding of f32 leaves of 0.
const CANCELLED: f64 = 1e-6;

/// Of the network's grid, as the loss sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    pub mean: f64,
    pub least: f64,
    pub largest: f64,
}

impl Figures {
    pub fn of(values: &[f32]) -> Self {
        let values = values.iter().map(|value| f64::from(*value));
        let count = values.len().max(1) as f64;
        let mean = values.clone().sum::<f64>() / count;
        let size = values.clone().map(f64::abs).sum::<f64>() / count;
        Self {
            mean: if mean.abs() <= CANCELLED * size { 0.0 } else { mean },
            least: values.clone().fold(f64::INFINITY, f64::min),
            largest: values.fold(f64::NEG_INFINITY, f64::max),
        }
    }
}
