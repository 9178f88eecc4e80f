//! The maps of two losses, made comparable.

use std::sync::Arc;

use super::Told;
use super::figures::Figures;
use crate::loss::Share;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Loss,
    Gradient,
}

/// One of the three maps.
#[derive(Clone, Debug)]
pub struct Side {
    /// On the study's pixels.
    pub values: Arc<[f32]>,
    /// Of the network's grid.
    pub figures: Figures,
}

/// Two losses on the same logits.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub a: Arc<Told>,
    pub b: Arc<Told>,
    pub quantity: Quantity,
    pub scaled: bool,
    /// A, B, B − A.
    pub sides: [Side; 3],
    /// The values of the first and last colour of A and of B.
    pub ends: [f32; 2],
    /// Those of the difference, as far below 0 as above; 0 where no pixel differs.
    pub reach: f32,
    /// Degrees.
    pub angle: Option<f64>,
}

impl Comparison {
    pub fn new(a: Arc<Told>, b: Arc<Told>, quantity: Quantity, scaled: bool) -> Self {
        let share = match quantity {
            Quantity::Loss => Share::Total,
            Quantity::Gradient => Share::Gradient,
        };
        let both = [&a, &b].map(|told| {
            let mut values = told.explained.map(share);
            let [mut low, mut high] = told.ends(share);
            let size = mean_size(&values);
            if scaled && size > 0.0 {
                values.iter_mut().for_each(|value| *value /= size);
                [low, high] = [low / size, high / size];
            }
            (values, [low, high])
        });
        let [(of_a, ends_a), (of_b, ends_b)] = both;
        let difference: Vec<f32> = of_b.iter().zip(&of_a).map(|(b, a)| b - a).collect();
        let side = |values: &[f32]| Side {
            values: a.asked.fit.to_source(values).into(),
            figures: Figures::of(values),
        };
        Self {
            sides: [side(&of_a), side(&of_b), side(&difference)],
            ends: [ends_a[0].min(ends_b[0]), ends_a[1].max(ends_b[1])],
            reach: reach(&difference),
            angle: a.explained.angle(&b.explained),
            a,
            b,
            quantity,
            scaled,
        }
    }
}

fn mean_size(values: &[f32]) -> f32 {
    let sum: f64 = values.iter().map(|value| f64::from(value.abs())).sum();
    (sum / values.len().max(1) as f64) as f32
}

/// What all but one pixel in 200 stay under in size, as the ends of a map are found; the largest if that is 0.
fn reach(difference: &[f32]) -> f32 {
    let mut sizes: Vec<f32> = difference.iter().map(|value| value.abs()).collect();
    sizes.sort_unstable_by(f32::total_cmp);
    let Some(largest) = sizes.last().copied() else {
        return 0.0;
    };
    let common = sizes[(sizes.len() * 199 / 200).min(sizes.len() - 1)];
    if common > 0.0 { common } else { largest }
}
