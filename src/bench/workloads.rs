//! The workloads by name, as `www/bench/workloads.js` lists them for the other libraries.

use super::{Kind, Spec};

/// A convolution of the workloads' UNets, in the order of the forward walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Convolution {
    /// Of our network.
    pub name: String,
    /// Columns, and rows, of the kernel.
    pub kernel: usize,
    pub inputs: usize,
    pub outputs: usize,
    /// Pixels of an image.
    pub pixels: usize,
    /// Number of the norm and the activation behind it in its block; `None` for the head, which has neither.
    pub half: Option<usize>,
    /// Whether its input is a skip and what comes up from the level below.
    pub joins: bool,
}

impl Spec {
    /// The workload of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (stem, suffix) = ["-IN-fwd", "-fwd", "-IN"]
            .iter()
            .find_map(|suffix| Some((name.strip_suffix(suffix)?, *suffix)))
            .unwrap_or((name, ""));
        let mut spec = match stem {
            "U-16" => unet(4, 128, &[16, 32, 64]),
            "U-32-256" => unet(2, 256, &[32, 64, 128, 256]),
            "U-8-64" => unet(2, 64, &[8, 16, 32]),
            "U-8-128" => unet(2, 128, &[8, 16, 32]),
            "U-8-256" => unet(2, 256, &[8, 16, 32]),
            "U-4-tiny" => unet(2, 32, &[4, 8]),
            "C-16" => Self {
                kind: Kind::Convolve,
                ..unet(4, 128, &[16, 32, 64])
            },
            "L-256" => loss(256),
            "L-64" => loss(64),
            _ => return None,
        };
        if suffix.is_empty() {
            return Some(spec);
        }
        if spec.kind != Kind::Train {
            return None;
        }
        if suffix.starts_with("-IN") {
            spec.norm = Some("instance".into());
        }
        if suffix.ends_with("-fwd") {
            spec.kind = Kind::Infer;
        }
        Some(spec)
    }

    /// Floating-point operations of the convolutions in a step, two a multiply-add; 0 for a loss. A training step needs
    /// of each the forward pass, the gradient of its weights, and that of its input but for the first.
    #[must_use]
    pub fn flops(&self) -> u64 {
        let each: Vec<u64> = self
            .convolutions()
            .iter()
            .map(|conv| conv.flops(self.images))
            .collect();
        let all: u64 = each.iter().sum();
        match (self.kind, each.as_slice()) {
            (Kind::Train, [first, ..]) => 3 * all - first,
            (Kind::Convolve, [.., head]) => all - head,
            _ => all,
        }
    }

    /// Twice a level on the way down and on the way up, then the head.
    pub(super) fn convolutions(&self) -> Vec<Convolution> {
        let (Some(first), Some(last)) = (self.widths.first(), self.widths.len().checked_sub(1)) else {
            return Vec::new();
        };
        let down = (0..=last).map(|level| ("enc", level, 0));
        let up = (0..last).rev().map(|level| ("dec", level, self.widths[level]));
        let mut list = Vec::new();
        let mut inputs = self.channels;
        for (way, level, skip) in down.chain(up) {
            for half in [1, 2] {
                let joins = skip > 0 && half == 1;
                list.push(Convolution {
                    name: format!("{way}{level}.conv{half}"),
                    kernel: 3,
                    inputs: if joins { inputs + skip } else { inputs },
                    outputs: self.widths[level],
                    pixels: (self.height >> level) * (self.width >> level),
                    half: Some(half),
                    joins,
                });
                inputs = self.widths[level];
            }
        }
        list.push(Convolution {
            name: "head".into(),
            kernel: 1,
            inputs: *first,
            outputs: self.classes,
            pixels: self.height * self.width,
            half: None,
            joins: false,
        });
        list
    }
}

impl Convolution {
    fn flops(&self, images: usize) -> u64 {
        (2 * self.kernel * self.kernel * self.inputs * self.outputs * self.pixels * images) as u64
    }
}

fn unet(images: usize, size: usize, widths: &[usize]) -> Spec {
    Spec {
        kind: Kind::Train,
        images,
        height: size,
        width: size,
        channels: 1,
        classes: 4,
        widths: widths.to_vec(),
        norm: None,
        contour_weight: 0.0,
    }
}

fn loss(size: usize) -> Spec {
    Spec {
        kind: Kind::Loss,
        images: 8,
        height: size,
        width: size,
        channels: 0,
        classes: 4,
        widths: Vec::new(),
        norm: None,
        contour_weight: 10.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_what_the_other_libraries_are_given() {
        // Of `flops` in www/bench/workloads.js.
        for (name, flops) in [
            ("U-16", 10_934_550_528),
            ("U-16-IN", 10_934_550_528),
            ("U-16-fwd", 3_651_141_632),
            ("U-32-256", 127_087_411_200),
            ("U-32-256-fwd", 42_387_636_224),
            ("U-8-64", 343_670_784),
            ("U-8-128", 1_374_683_136),
            ("U-8-256", 5_498_732_544),
            ("U-4-tiny", 11_993_088),
            ("C-16", 3_642_753_024),
            ("L-256", 0),
        ] {
            assert_eq!(Spec::named(name).unwrap().flops(), flops, "{name}");
        }
        for name in ["", "U-17", "U-16-", "L-256-fwd", "C-16-IN", "U-16-IN-IN"] {
            assert_eq!(Spec::named(name), None, "{name}");
        }
    }

    #[test]
    fn a_description_and_a_name_are_one_workload() {
        let described = r#"{"kind": "infer", "N": 4, "H": 128, "W": 128, "cin": 1, "classes": 4, "widths": [16, 32, 64],
            "norm": "instance"}"#;
        assert_eq!(Spec::named("U-16-IN-fwd"), Some(Spec::read(described).unwrap()));
        let described = r#"{"kind": "loss", "N": 8, "H": 256, "W": 256, "classes": 4, "contourWeight": 10}"#;
        assert_eq!(Spec::named("L-256"), Some(Spec::read(described).unwrap()));
    }
}
