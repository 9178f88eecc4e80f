//! What is said of a map in numbers.

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
        Self {
            mean: values.clone().sum::<f64>() / values.len().max(1) as f64,
            least: values.clone().fold(f64::INFINITY, f64::min),
            largest: values.fold(f64::NEG_INFINITY, f64::max),
        }
    }
}
