//! Each kernel of a U-16 training step (4 images of 128 × 128), on the software Vulkan adapter: submit, and wait until
//! it is done. Rates are multiply-adds of the convolutions, and elements of the tensor that is read elsewhere.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a benchmark without its adapter has nothing to time"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use contour_lab::contour;
use contour_lab::gpu::{Context, Error, Recording, Request, Tensor};
use contour_lab::loss::{Facts, GpuLoss, Inputs, LossStep, Params};
use contour_lab::net::{Norm, Op, Unet};
use contour_lab::ops::{
    Sink, activation, channel_sum, concat, conv1x1, conv3x3, norm, pool, softmax, upsample,
};
use contour_lab::optim::{GpuState, Optimiser, Options};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pollster::block_on;

const IMAGES: usize = 4;
const SIZE: usize = 128;
const CLASSES: usize = 4;
/// Channels of the first level.
const WIDTH: usize = 16;
/// Of the ReLU.
const SLOPE: f32 = 0.0;

struct Bench<'a> {
    criterion: &'a mut Criterion,
    context: Context,
}

impl Bench<'_> {
    /// Numbers between −1 and 1.
    fn tensor(&self, len: usize) -> Tensor {
        let values: Vec<f32> = (0..len).map(|i| (i as f32 * 0.37).sin()).collect();
        Tensor::from_slice(&self.context, "benchmark", &values).expect("it fits a binding")
    }

    /// Times what `record` records; `rate`: multiply-adds or elements of it.
    fn time(
        &mut self,
        [group, name]: [&str; 2],
        rate: usize,
        record: impl FnOnce(&mut Recording) -> Result<(), Error>,
    ) {
        let mut recording = Recording::new(&self.context);
        record(&mut recording).expect("it fits a binding");
        let context = self.context.clone();
        let mut group = self.criterion.benchmark_group(group);
        group.throughput(Throughput::Elements(rate as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                context.submit(|encoder| recording.replay(encoder));
                context.settle();
            });
        });
        group.finish();
    }

    /// 3 × 3, all of the network's shapes.
    fn conv3x3(&mut self) {
        let network = Unet {
            kind: contour_lab::net::Kind::Plain,
            in_channels: 1,
            classes: CLASSES,
            width: WIDTH,
            depth: 3,
            norm: Norm::None,
            slope: 0.0,
        };
        let graph = network.graph(SIZE, SIZE).expect("a UNet of this size");
        let convolutions = graph.nodes.iter().filter(|node| node.op == Op::Conv3x3);
        let shapes: BTreeSet<_> = convolutions
            .map(|node| (graph.shapes[node.inputs[0]], graph.shapes[node.output][0]))
            .collect();
        for ([c_in, h, w], c_out) in shapes {
            let shape = [IMAGES, c_in, h, w];
            let [x, y] = [c_in, c_out].map(|channels| self.tensor(IMAGES * channels * h * w));
            let [weight, bias] = [9 * c_in * c_out, c_out].map(|len| self.tensor(len));
            let work = 9 * c_in * c_out * IMAGES * h * w;
            let name = |what: &str| format!("conv3x3 {what}, {c_in} to {c_out} at {h}");
            let finish = conv3x3::Finish {
                bias: Some(&bias),
                slope: Some(SLOPE),
            };
            for variant in conv3x3::VARIANTS {
                self.time([&name("forward"), variant.name], work, |recording| {
                    variant.record_forward(recording, &y, &x, &weight, finish, shape, c_out)
                });
                self.time([&name("backward input"), variant.name], work, |recording| {
                    let sink = Sink::write(&x);
                    variant.record_backward_input(recording, sink, &y, &weight, shape, c_out)
                });
            }
            for variant in conv3x3::WEIGHT_VARIANTS {
                self.time([&name("backward weight"), variant.name], work, |recording| {
                    variant.record_backward_weight(recording, &weight, None, &x, &y, shape, c_out)
                });
            }
        }
    }

    /// The head.
    fn conv1x1(&mut self) {
        let shape = [IMAGES, WIDTH, SIZE, SIZE];
        let [x, y] = [WIDTH, CLASSES].map(|channels| self.tensor(IMAGES * channels * SIZE * SIZE));
        let [weight, bias] = [WIDTH * CLASSES, CLASSES].map(|len| self.tensor(len));
        let work = WIDTH * CLASSES * IMAGES * SIZE * SIZE;
        self.time(["conv1x1", "forward"], work, |recording| {
            conv1x1::record_forward(recording, &y, &x, &weight, Some(&bias), shape, CLASSES);
            Ok(())
        });
        self.time(["conv1x1", "backward input"], work, |recording| {
            conv1x1::record_backward_input(recording, Sink::write(&x), &y, &weight, shape, CLASSES);
            Ok(())
        });
        self.time(["conv1x1", "backward weight"], work, |recording| {
            conv1x1::record_backward_weight(recording, &weight, None, &x, &y, shape, CLASSES)
        });
        self.time(["channel_sum", "bias"], y.len(), |recording| {
            channel_sum::record(recording, &bias, &y, [IMAGES, CLASSES, SIZE, SIZE])
        });
    }

    /// What has no weights, and the norm, at the first level.
    fn pointwise(&mut self) {
        let shape = [IMAGES, WIDTH, SIZE, SIZE];
        let half = [IMAGES, WIDTH, SIZE / 2, SIZE / 2];
        let len = shape.iter().product();
        let [x, y] = [(); 2].map(|()| self.tensor(len));
        let [small, large] = [len / 4, 2 * len].map(|len| self.tensor(len));
        let statistics = self.tensor(2 * IMAGES * WIDTH);
        let [weight, bias, dweight, dbias] = [(); 4].map(|()| self.tensor(WIDTH));
        self.time(["norm", "forward"], len, |recording| {
            norm::record_forward(
                recording,
                &y,
                &statistics,
                &x,
                &weight,
                &bias,
                shape,
                WIDTH,
                1e-5,
                Some(SLOPE),
            )
        });
        self.time(["norm", "backward"], len, |recording| {
            norm::record_backward(
                recording,
                Sink::write(&y),
                &dweight,
                &dbias,
                &x,
                &statistics,
                &weight,
                &large,
                shape,
                WIDTH,
            )
        });
        self.time(["activation", "forward"], len, |recording| {
            activation::record_forward(recording, &y, &x, SLOPE);
            Ok(())
        });
        self.time(["activation", "backward"], len, |recording| {
            activation::record_backward(recording, &y, &x, &large, SLOPE, false);
            Ok(())
        });
        self.time(["pool", "forward"], len, |recording| {
            pool::record_max_forward(recording, &small, &x, shape);
            Ok(())
        });
        self.time(["pool", "backward"], len, |recording| {
            pool::record_max_backward(recording, Sink::write(&y), &x, &small, shape);
            Ok(())
        });
        self.time(["upsample", "forward"], len, |recording| {
            upsample::record_nearest_forward(recording, &y, &small, half);
            Ok(())
        });
        self.time(["upsample", "backward"], len, |recording| {
            upsample::record_nearest_backward(recording, Sink::write(&small), &y, half);
            Ok(())
        });
        self.time(["concat", "forward"], large.len(), |recording| {
            concat::record_forward(recording, &large, &x, &y, IMAGES);
            Ok(())
        });
        self.time(["concat", "backward"], large.len(), |recording| {
            concat::record_backward(
                recording,
                [Some(&x), Some(&y)],
                &large,
                [x.len(), y.len()].map(|len| len / IMAGES),
            );
            Ok(())
        });
    }

    /// Labels to gradient of the logits, as a whole and in parts.
    fn loss(&mut self) {
        let shape = [IMAGES, CLASSES, SIZE, SIZE];
        let dims = [IMAGES, SIZE, SIZE];
        let pixels: usize = dims.iter().product();
        let classes: Vec<u32> = (0..pixels as u32).map(|i| i / 97 % CLASSES as u32).collect();
        let labels = Tensor::from_slice(&self.context, "labels", &classes).expect("it fits a binding");
        let [logits, dlogits] = [(); 2].map(|()| self.tensor(pixels * CLASSES));
        self.time(["softmax", "forward"], logits.len(), |recording| {
            softmax::record_forward(recording, &dlogits, &logits, shape);
            Ok(())
        });
        let parts = Params::default().parts(&Facts::of(CLASSES));
        let mut recording = Recording::new(&self.context);
        let choice = contour::Choice::default();
        let plan = contour::Plan::record(&mut recording, &labels, dims, &choice).expect("it fits a binding");
        let weighting = parts.weighting.cast();
        let map = contour::WeightMap::record(&mut recording, &classes, &plan.contour, dims, &weighting)
            .expect("it fits a binding");
        self.context.submit(|encoder| recording.replay(encoder));
        self.time(["contour", "map"], pixels, |recording| {
            contour::Plan::record(recording, &labels, dims, &choice).map(drop)
        });
        self.time(["contour", "weight"], pixels, |recording| {
            contour::WeightMap::record(recording, &classes, &plan.contour, dims, &weighting).map(drop)
        });
        let inputs = Inputs {
            logits: &logits,
            labels: &labels,
            contour: &plan.contour,
            weight: &map.weight,
            shape,
        };
        self.time(["loss", "value"], pixels, |recording| {
            GpuLoss::record_forward(recording, inputs, &parts).map(drop)
        });
        self.time(["loss", "gradient"], pixels, |recording| {
            GpuLoss::record(recording, inputs, &dlogits, &parts).map(drop)
        });
        self.time(["loss", "labels to gradient"], pixels, |recording| {
            LossStep::record(recording, &logits, &labels, &choice, &parts, shape).map(drop)
        });
    }

    /// One update of 118,036 parameters: U-16's.
    fn optimisers(&mut self) {
        let [parameters, gradients] = [(); 2].map(|()| self.tensor(118_036));
        for optimiser in Optimiser::all() {
            self.time(["optimiser", optimiser.name()], parameters.len(), |recording| {
                GpuState::record(recording, &parameters, &gradients, optimiser, Options::default()).map(drop)
            });
        }
    }
}

fn kernels(criterion: &mut Criterion) {
    let context = block_on(Context::new(Request::Software)).expect("a Vulkan adapter, software or other");
    println!("on {}", context.adapter_name());
    let mut bench = Bench {
        criterion,
        context: context.clone(),
    };
    bench.conv3x3();
    bench.conv1x1();
    bench.pointwise();
    bench.loss();
    bench.optimisers();
    assert_eq!(context.fault(), None);
}

criterion_group! {
    name = all;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2));
    targets = kernels
}
criterion_main!(all);
