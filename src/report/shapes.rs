//! The convolutions of workloads: each shape by every variant.

use std::collections::BTreeSet;

use serde_json::{Map, json};

use super::Error;
use super::job::{Clock, Teller};
use super::json::rounded;
use crate::bench::Spec;
use crate::gpu::{self, Context, Recording, Tensor, time as time_of};
use crate::net::Op;
use crate::ops::Sink;
use crate::ops::conv3x3::{Finish, VARIANTS, WEIGHT_VARIANTS};

/// Of which the fastest counts.
const REPEATS: usize = 3;

/// N, C, H, W and the channels made of them.
type Shape = ([usize; 4], usize);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Forward,
    Input,
    Weight,
}

impl Pass {
    fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::Input => "input gradient",
            Self::Weight => "weight gradient",
        }
    }
}

pub(super) async fn time(
    context: &Context,
    names: &[String],
    clock: Clock,
    tell: &mut Teller<'_>,
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    let mut slowest = 0.0_f64;
    for name in names {
        let spec = Spec::named(name).ok_or_else(|| Error::NoWorkload(name.into()))?;
        for shape in shapes(&spec)?.into_iter().filter(|shape| seen.insert(*shape)) {
            for pass in [Pass::Forward, Pass::Input, Pass::Weight] {
                let what = format!("{} {}", words(shape), pass.name());
                // The next one may be slower.
                if clock.left() < 3.0 * slowest {
                    tell.row("leftOut", json!(what));
                    continue;
                }
                tell.doing(what);
                let before = clock.passed();
                tell.row("rows", row(context, shape, pass).await?);
                slowest = slowest.max(clock.passed() - before);
            }
        }
    }
    Ok(())
}

/// Of the 3 × 3 convolutions.
fn shapes(spec: &Spec) -> Result<BTreeSet<Shape>, Error> {
    let graph = spec.graph()?;
    let convolutions = graph.nodes.iter().filter(|node| node.op == Op::Conv3x3);
    let shape = |node: &crate::net::Node| {
        let [channels, height, width] = graph.shapes[node.inputs[0]];
        (
            [spec.images, channels, height, width],
            graph.shapes[node.output][0],
        )
    };
    Ok(convolutions.map(shape).collect())
}

fn words(([images, channels, height, width], outputs): Shape) -> String {
    format!("{images}×{channels}×{height}×{width} to {outputs}")
}

async fn row(context: &Context, shape: Shape, pass: Pass) -> Result<serde_json::Value, Error> {
    let ([n, c_in, h, w], c_out) = shape;
    let values = |len: usize| (0..len).map(|i| (i as f32 * 0.37).sin()).collect::<Vec<_>>();
    let tensor = |len| Tensor::from_slice(context, "convolution", &values(len));
    let (x, y, weight) = (
        tensor(n * c_in * h * w)?,
        tensor(n * c_out * h * w)?,
        tensor(9 * c_in * c_out)?,
    );
    let count = if pass == Pass::Weight {
        WEIGHT_VARIANTS.len()
    } else {
        VARIANTS.len()
    };
    let mut ms = Map::new();
    let mut best = (f64::INFINITY, "");
    for number in 0..count {
        let mut recording = Recording::new(context);
        let name = record(&mut recording, number, pass, [&x, &y, &weight], shape)?;
        let taken = time_of(&recording, REPEATS).await?;
        ms.insert(name.into(), rounded(taken));
        if taken < best.0 {
            best = (taken, name);
        }
    }
    let flops = (18 * c_in * c_out * n * h * w) as f64;
    Ok(json!({
        "shape": words(shape), "pass": pass.name(), "channels": [c_in, c_out], "ms": ms, "best": best.1,
        "gflops": rounded(flops / best.0 / 1e6),
    }))
}

/// The variant of this number, and its name.
fn record(
    recording: &mut Recording,
    number: usize,
    pass: Pass,
    [x, y, weight]: [&Tensor; 3],
    (shape, c_out): Shape,
) -> Result<&'static str, gpu::Error> {
    match pass {
        Pass::Forward => {
            let variant = VARIANTS[number];
            variant.record_forward(recording, y, x, weight, Finish::default(), shape, c_out)?;
            Ok(variant.name)
        }
        Pass::Input => {
            let variant = VARIANTS[number];
            variant.record_backward_input(recording, Sink::write(x), y, weight, shape, c_out)?;
            Ok(variant.name)
        }
        Pass::Weight => {
            let variant = WEIGHT_VARIANTS[number];
            variant.record_backward_weight(recording, weight, None, x, y, shape, c_out)?;
            Ok(variant.name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_of_a_network_is_there_once() {
        let shapes = shapes(&Spec::named("U-16").unwrap()).unwrap();
        assert_eq!(shapes.len(), 8);
        assert!(shapes.contains(&([4, 96, 64, 64], 32)));
    }
}
