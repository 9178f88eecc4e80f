//! Scores of distances between two surfaces, in both directions.

use serde::{Deserialize, Serialize};

use super::nearest::Pair;

/// Slack for a distance that equals the tolerance on paper: a spacing of 0.8 mm is 0.800000012 mm in the 32-bit
/// floats of a file's header.
const ON_THE_LINE: f64 = 1e-6;

/// From every point of one surface to the other, in mm, ascending, with what each point weighs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Directed {
    distances_mm: Vec<f64>,
    /// What the points up to this one weigh together.
    sizes_so_far: Vec<f64>,
    /// The sum of distance times weight.
    moment: f64,
}

impl Directed {
    /// From distances in ascending order.
    pub(super) fn new(pairs: &[Pair]) -> Self {
        let mut size = 0.0;
        let so_far = |(_, part): &Pair| {
            size += part;
            size
        };
        Self {
            distances_mm: pairs.iter().map(|(distance, _)| *distance).collect(),
            sizes_so_far: pairs.iter().map(so_far).collect(),
            moment: pairs.iter().map(|(distance, size)| distance * size).sum(),
        }
    }

    /// Points of the surface.
    #[must_use]
    pub fn len(&self) -> usize {
        self.distances_mm.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.distances_mm.is_empty()
    }

    /// The mean distance, each point with its weight.
    #[must_use]
    pub fn mean_mm(&self) -> f64 {
        self.moment / self.size()
    }

    /// What all points weigh.
    fn size(&self) -> f64 {
        self.sizes_so_far.last().copied().unwrap_or(0.0)
    }

    fn size_within(&self, tolerance_mm: f64) -> f64 {
        let limit = tolerance_mm * (1.0 + ON_THE_LINE);
        let count = self.distances_mm.partition_point(|distance| *distance <= limit);
        count.checked_sub(1).map_or(0.0, |last| self.sizes_so_far[last])
    }

    fn largest_mm(&self) -> f64 {
        self.distances_mm.last().copied().unwrap_or(f64::NAN)
    }

    /// The smallest distance within which this share of the weight lies.
    fn percentile_by_size_mm(&self, share: f64) -> f64 {
        let size = self.size();
        let below = self.sizes_so_far.partition_point(|so_far| so_far / size < share);
        self.distances_mm.get(below).copied().unwrap_or(self.largest_mm())
    }
}

/// Both directions. Neither is empty where anything is asked of them: the empty-class rule comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distances {
    /// From the prediction's surface.
    pub to_reference: Directed,
    /// From the reference's surface.
    pub to_prediction: Directed,
    hausdorff95_pooled_mm: f64,
}

impl Distances {
    pub(super) fn new(to_reference: Directed, to_prediction: Directed) -> Self {
        let mut all = [&to_reference.distances_mm[..], &to_prediction.distances_mm[..]].concat();
        // Two stretches in order: the stable sort only merges them.
        all.sort_by(f64::total_cmp);
        Self {
            to_reference,
            to_prediction,
            hausdorff95_pooled_mm: percentile(&all, 0.95),
        }
    }

    fn both(&self) -> [&Directed; 2] {
        [&self.to_reference, &self.to_prediction]
    }

    /// The Hausdorff distance: the largest of all distances.
    #[must_use]
    pub fn hausdorff_mm(&self) -> f64 {
        larger(self.both().map(Directed::largest_mm))
    }

    /// The larger of the two directed 95th percentiles, interpolated linearly: MONAI's HD95.
    #[must_use]
    pub fn hausdorff95_directed_mm(&self) -> f64 {
        larger(
            self.both()
                .map(|directed| percentile(&directed.distances_mm, 0.95)),
        )
    }

    /// The 95th percentile of both lists together, interpolated linearly: medpy's HD95.
    #[must_use]
    pub fn hausdorff95_pooled_mm(&self) -> f64 {
        self.hausdorff95_pooled_mm
    }

    /// The larger of the two distances within which 95 % of each surface lies: DeepMind's HD95.
    #[must_use]
    pub fn hausdorff95_by_size_mm(&self) -> f64 {
        larger(self.both().map(|directed| directed.percentile_by_size_mm(0.95)))
    }

    /// The average symmetric surface distance: the mean over the points of both surfaces.
    #[must_use]
    pub fn assd_mm(&self) -> f64 {
        let [there, back] = self.both();
        (there.moment + back.moment) / (there.size() + back.size())
    }

    /// The share of both surfaces that lies within the tolerance of the other.
    #[must_use]
    pub fn surface_dice(&self, tolerance_mm: f64) -> f64 {
        let [there, back] = self.both();
        (there.size_within(tolerance_mm) + back.size_within(tolerance_mm)) / (there.size() + back.size())
    }
}

fn larger([a, b]: [f64; 2]) -> f64 {
    if a >= b { a } else { b }
}

/// Between the two nearest ranks in proportion, as numpy does by default.
fn percentile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else {
        return f64::NAN;
    };
    let rank = share * last as f64;
    let below = ascending[rank.floor() as usize];
    let above = ascending[rank.ceil() as usize];
    below + (above - below) * rank.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distances() -> Distances {
        Distances::new(
            Directed::new(&[(0.0, 2.0), (1.0, 3.0), (4.0, 1.0)]),
            Directed::new(&[(0.0, 1.0), (2.0, 3.0)]),
        )
    }

    #[test]
    fn weights_follow_their_points() {
        let distances = distances();
        assert_eq!(distances.to_reference.mean_mm(), 7.0 / 6.0);
        assert_eq!(distances.assd_mm(), (7.0 + 6.0) / 10.0);
        assert_eq!(distances.surface_dice(1.0), (5.0 + 1.0) / 10.0);
        assert_eq!(distances.hausdorff_mm(), 4.0);
        assert_eq!(distances.hausdorff95_by_size_mm(), 4.0);
        assert_eq!(distances.to_reference.percentile_by_size_mm(0.5), 1.0);
    }

    #[test]
    fn percentiles_lie_between_ranks_and_the_two_definitions_differ() {
        assert_eq!(percentile(&[0.0, 10.0], 0.95), 9.5);
        assert_eq!(percentile(&[3.0], 0.95), 3.0);
        let distances = distances();
        assert!((distances.hausdorff95_directed_mm() - (1.0 + 0.9 * 3.0)).abs() <= 1e-12);
        assert!((distances.hausdorff95_pooled_mm() - (2.0 + 0.8 * 2.0)).abs() <= 1e-12);
    }

    #[test]
    fn a_distance_on_the_line_is_within() {
        let on = Directed::new(&[(2.0 * f64::from(0.8_f32), 1.0)]);
        assert_eq!(on.size_within(1.6), 1.0);
        assert_eq!(on.size_within(1.599), 0.0);
    }
}
