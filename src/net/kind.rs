//! Which networks there are.

use serde::{Deserialize, Serialize};

/// How the levels of a network are made and joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Ronneberger et al. 2015.
    #[default]
    Plain,
    /// Blocks with a shortcut, after He et al. 2016.
    Residual,
    /// Additive gates on the skips, Oktay et al. 2018.
    Attention,
    /// A coarse map from the deeper levels weights the skips of the shallow ones, after Wu et al. 2019.
    PartialDecoder,
}

impl Kind {
    /// In the order of a menu.
    pub const ALL: [Self; 4] = [Self::Plain, Self::Residual, Self::Attention, Self::PartialDecoder];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "UNet",
            Self::Residual => "Residual UNet",
            Self::Attention => "Attention UNet",
            Self::PartialDecoder => "Partial decoder",
        }
    }

    /// As a part of a file's name.
    #[must_use]
    pub fn stem(self) -> &'static str {
        match self {
            Self::Plain => "unet",
            Self::Residual => "residual_unet",
            Self::Attention => "attention_unet",
            Self::PartialDecoder => "partial_decoder",
        }
    }

    /// What it does and whose it is, in sentences.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Plain => {
                "Two convolutions at each level on the way down and up; a skip hands each level's detail across \
                 (Ronneberger et al. 2015, with instance norms, padding and a nearest-neighbour way up)."
            }
            Self::Residual => {
                "The UNet with a shortcut around the two convolutions of each level, so that they only learn what has \
                 to be added to their input (He et al. 2016). Where the number of channels changes, the shortcut is \
                 a 1 × 1 convolution."
            }
            Self::Attention => {
                "The UNet with a gate on each skip: what comes from below and the skip itself decide together, pixel by \
                 pixel, how much of the skip is let through (Oktay et al. 2018). Unlike in the paper, the gate is worked \
                 out at the skip's own resolution, and the first skip has one too."
            }
            Self::PartialDecoder => {
                "A light decoder joins only the deeper levels into a coarse map; the map weights the skips of the \
                 shallow levels, where the rest is decoded. The name and the idea of a light network with a partial \
                 decoder are those of PDANet (Huang et al. 2026, arXiv 2601.14338); how it is built here is our reading \
                 of it, after the cascaded partial decoder of Wu et al. 2019, and not the authors' network."
            }
        }
    }

    /// The fewest levels that it can be made of.
    #[must_use]
    pub fn least_depth(self) -> usize {
        match self {
            Self::PartialDecoder => 2,
            _ => 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::net::{Kind, Op, Unet};

    fn graph(kind: Kind, depth: usize) -> crate::net::Graph {
        let unet = Unet {
            kind,
            depth,
            width: 4,
            classes: 3,
            ..Unet::default()
        };
        unet.graph(32, 48).unwrap()
    }

    fn count(kind: Kind, depth: usize, op: Op) -> usize {
        let nodes = graph(kind, depth).nodes;
        nodes.iter().filter(|node| node.op == op).count()
    }

    #[test]
    fn each_kind_has_what_it_is_named_for() {
        assert_eq!(Kind::ALL.map(|kind| count(kind, 4, Op::Add)), [0, 7, 3, 0]);
        assert_eq!(Kind::ALL.map(|kind| count(kind, 4, Op::Attend)), [0, 0, 3, 1]);
        assert_eq!(Kind::ALL.map(|kind| count(kind, 4, Op::Sigmoid)), [0, 0, 3, 1]);
        assert_eq!(count(Kind::PartialDecoder, 5, Op::Attend), 2);
        assert_eq!(count(Kind::PartialDecoder, 2, Op::Attend), 1);
    }

    #[test]
    fn every_name_is_given_once() {
        for kind in Kind::ALL {
            let graph = graph(kind, 4);
            let mut nodes: Vec<&str> = graph.nodes.iter().map(|node| node.name.as_str()).collect();
            let mut parameters: Vec<&str> = graph.parameters.iter().map(|p| p.name.as_str()).collect();
            for names in [&mut nodes, &mut parameters] {
                let before = names.len();
                names.sort_unstable();
                names.dedup();
                assert_eq!(names.len(), before, "{kind:?}");
            }
        }
    }

    #[test]
    fn a_partial_decoder_is_lighter_than_the_network_it_is_part_of() {
        let [plain, .., partial] = Kind::ALL.map(|kind| graph(kind, 4).parameter_count());
        assert!(partial < plain, "{partial} of {plain}");
        let unet = Unet {
            kind: Kind::PartialDecoder,
            depth: 1,
            ..Unet::default()
        };
        let error = unet.graph(32, 32).unwrap_err().to_string();
        assert!(error.contains("depth") && error.contains("2 to 6"), "{error}");
    }
}
