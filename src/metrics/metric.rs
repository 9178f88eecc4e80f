//! The scores by name, with what each of them means.

/// A column of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    Dice,
    Iou,
    Precision,
    Recall,
    Hausdorff,
    Hausdorff95Directed,
    Hausdorff95Pooled,
    Assd,
    SurfaceDice,
}

impl Metric {
    pub const COUNT: usize = 9;

    pub const ALL: [Self; Self::COUNT] = [
        Self::Dice,
        Self::Iou,
        Self::Precision,
        Self::Recall,
        Self::Hausdorff,
        Self::Hausdorff95Directed,
        Self::Hausdorff95Pooled,
        Self::Assd,
        Self::SurfaceDice,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dice => "Dice",
            Self::Iou => "IoU",
            Self::Precision => "Precision",
            Self::Recall => "Recall",
            Self::Hausdorff => "HD",
            Self::Hausdorff95Directed => "HD95, larger",
            Self::Hausdorff95Pooled => "HD95, pooled",
            Self::Assd => "ASSD",
            Self::SurfaceDice => "Surface Dice",
        }
    }

    /// A distance, for which 0 is best; the others lie between 0 and 1, which is best.
    #[must_use]
    pub fn is_distance(self) -> bool {
        matches!(
            self,
            Self::Hausdorff | Self::Hausdorff95Directed | Self::Hausdorff95Pooled | Self::Assd
        )
    }

    /// `mm`, or nothing.
    #[must_use]
    pub fn unit(self) -> &'static str {
        if self.is_distance() { "mm" } else { "" }
    }

    /// How it is computed, for who reads the number.
    #[must_use]
    pub fn formula(self) -> &'static str {
        match self {
            Self::Dice => "2 · both / (predicted + reference), in voxels",
            Self::Iou => "both / (predicted + reference − both), in voxels",
            Self::Precision => "both / predicted: the share of the prediction that is right",
            Self::Recall => "both / reference: the share of the reference that was found",
            Self::Hausdorff => {
                "the largest distance from a point of either surface to the nearest point of the other"
            }
            Self::Hausdorff95Directed => {
                "the 95th percentile of the distances from each surface to the other, and of these two the larger"
            }
            Self::Hausdorff95Pooled => {
                "the 95th percentile of the distances in both directions, put together in one list"
            }
            Self::Assd => {
                "average symmetric surface distance: the mean of the distances in both directions, in one list"
            }
            Self::SurfaceDice => "the share of both surfaces that lies within the tolerance of the other",
        }
    }

    /// Where the definition comes from.
    #[must_use]
    pub fn source(self) -> &'static str {
        match self {
            Self::Dice => "Dice 1945",
            Self::Iou => "Jaccard 1912",
            Self::Precision | Self::Recall => "Van Rijsbergen 1979",
            Self::Hausdorff => "Huttenlocher et al. 1993; MONAI, medpy",
            Self::Hausdorff95Directed => "As MONAI computes it",
            Self::Hausdorff95Pooled => "As medpy computes it",
            Self::Assd => "Heimann et al. 2009; MONAI, medpy",
            Self::SurfaceDice => "Nikolov et al. 2021, arXiv:1809.04430",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_stands_where_its_number_says() {
        for (i, metric) in Metric::ALL.into_iter().enumerate() {
            assert_eq!(metric as usize, i);
            assert!(!metric.formula().ends_with('.') && !metric.source().is_empty());
        }
    }
}
