//! Layers, each with inputs that no tile divides.

use super::{Case, Probe, Run};
use crate::gpu::{Error, Tensor};
use crate::ops::{self, Sink};
use crate::reference as twin;

/// N, C, H, W: odd in every axis that an op may tile.
pub(super) const SHAPE: [usize; 4] = [2, 5, 7, 9];
/// Elements of [`SHAPE`].
const LEN: usize = 2 * 5 * 7 * 9;
/// Elements of a halved [`SHAPE`]: the last odd row and column are dropped.
const HALF: usize = 2 * 5 * 3 * 4;
/// Of the convolutions, with the channels that they make: rows that end in one, four or two pixels of a quad, and
/// channels that are no multiple of four; more rows than a band of a weight gradient.
const CONVOLVED: [([usize; 4], usize); 3] = [(SHAPE, 6), ([1, 3, 5, 8], 6), ([2, 4, 11, 6], 3)];
/// Enough channels and pixels that an invocation of a reduction adds up several, for the convolutions,
const MANY_CONVOLVED_1X1: ([usize; 4], usize) = ([4, 32, 9, 9], 32);
/// for the norm and the sum over a channel.
pub(super) const MANY: [usize; 4] = [4, 96, 9, 20];

/// Of the leaky ReLUs.
pub(super) const SLOPE: f32 = 0.1;
/// With a bias, added to what is there, passed through the ReLU that made the input.
const WAYS: [(bool, bool, bool); 4] = [
    (true, true, true),
    (false, false, false),
    (true, true, false),
    (false, false, true),
];

/// Where a gradient goes; `x` if it is passed through the ReLU that made it.
pub(super) fn sink<'a>(dx: &'a Tensor, accumulate: bool, x: Option<&'a Tensor>) -> Sink<'a> {
    let sink = Sink::new(dx, accumulate);
    x.map_or(sink, |x| sink.through(x, SLOPE))
}

pub(super) const CASES: &[Case] = &[
    Case {
        name: "net/conv1x1",
        run: Run::Gpu(|p| Box::pin(conv1x1(p))),
    },
    Case {
        name: "net/activation",
        run: Run::Gpu(|p| Box::pin(activation(p))),
    },
    Case {
        name: "net/pool",
        run: Run::Gpu(|p| Box::pin(pool(p))),
    },
    Case {
        name: "net/upsample",
        run: Run::Gpu(|p| Box::pin(upsample(p))),
    },
    Case {
        name: "net/concat",
        run: Run::Gpu(|p| Box::pin(concat(p))),
    },
    Case {
        name: "net/add",
        run: Run::Gpu(|p| Box::pin(add(p))),
    },
    Case {
        name: "net/sigmoid",
        run: Run::Gpu(|p| Box::pin(sigmoid(p))),
    },
    Case {
        name: "net/attend",
        run: Run::Gpu(|p| Box::pin(attend(p))),
    },
    Case {
        name: "net/channel_sum",
        run: Run::Gpu(|p| Box::pin(channel_sum(p))),
    },
    Case {
        name: "net/partial_sum",
        run: Run::Gpu(|p| Box::pin(partial_sum(p))),
    },
];

async fn conv1x1(p: &mut Probe) -> Result<(), Error> {
    // With and without a bias; written, added, and passed through the ReLU that made the input.
    let shapes = CONVOLVED.into_iter().chain([MANY_CONVOLVED_1X1]);
    for ((shape, c_out), (biased, added, passed)) in shapes.zip(WAYS) {
        let [n, c_in, h, w] = shape;
        let (len, out, weights) = (n * c_in * h * w, c_out * n * h * w, c_out * c_in);
        let (x, weight, bias, dy) = (p.activations(len), p.reals(weights), p.reals(c_out), p.reals(out));
        let (mut y, mut dx, mut dweight) = (p.reals(out), p.reals(len), p.reals(weights));
        // As large as the sums that are added to it, which may be anywhere near 0.
        let mut dbias: Vec<f32> = p.reals(c_out).iter().map(|start| 8.0 * start).collect();
        let (x_gpu, weight_gpu, bias_gpu) = (p.stored(&x)?, p.tensor(&weight)?, p.tensor(&bias)?);
        let (y_gpu, dx_gpu, dweight_gpu) = (p.stored(&y)?, p.tensor(&dx)?, p.tensor(&dweight)?);
        let (dy_gpu, dbias_gpu) = (p.tensor(&dy)?, p.tensor(&dbias)?);
        let (bias, bias_gpu) = (biased.then_some(bias.as_slice()), biased.then_some(&bias_gpu));
        let mut recording = p.recording();
        let r = &mut recording;
        let sink = sink(&dx_gpu, added, passed.then_some(&x_gpu));
        let db_gpu = biased.then_some(&dbias_gpu);
        ops::conv1x1::record_forward(r, &y_gpu, &x_gpu, &weight_gpu, bias_gpu, shape, c_out);
        ops::conv1x1::record_backward_input(r, sink, &dy_gpu, &weight_gpu, shape, c_out);
        ops::conv1x1::record_backward_weight(r, &dweight_gpu, db_gpu, &x_gpu, &dy_gpu, shape, c_out)?;
        p.play(&recording);
        twin::conv1x1::conv1x1_forward(&mut y, &x, &weight, bias, shape, c_out);
        twin::conv1x1::conv1x1_backward_input(&mut dx, &dy, &weight, shape, c_out, added);
        if passed {
            twin::activation::activation_through(&mut dx, &x, SLOPE);
        }
        twin::conv1x1::conv1x1_backward_weight(&mut dweight, &x, &dy, shape, c_out);
        if biased {
            twin::channel_sum::channel_sum(&mut dbias, &dy, [n, c_out, h, w]);
        }
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
        p.close(&dweight_gpu, &dweight).await?;
        p.close(&dbias_gpu, &dbias).await?;
    }
    Ok(())
}

async fn activation(p: &mut Probe) -> Result<(), Error> {
    let (x, dy) = (p.coarse(LEN), p.reals(LEN));
    let (x_gpu, dy_gpu) = (p.stored(&x)?, p.tensor(&dy)?);
    for (slope, added) in [(0.0, true), (0.01, false)] {
        let (mut y, mut dx) = (p.reals(LEN), p.reals(LEN));
        let (y_gpu, dx_gpu) = (p.stored(&y)?, p.tensor(&dx)?);
        let mut recording = p.recording();
        ops::activation::record_forward(&mut recording, &y_gpu, &x_gpu, slope);
        ops::activation::record_backward(&mut recording, &dx_gpu, &x_gpu, &dy_gpu, slope, added);
        p.play(&recording);
        twin::activation::activation_forward(&mut y, &x, slope);
        twin::activation::activation_backward(&mut dx, &x, &dy, slope, added);
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
    }
    Ok(())
}

async fn pool(p: &mut Probe) -> Result<(), Error> {
    let (x, dy) = (p.coarse(LEN), p.reals(HALF));
    let (x_gpu, dy_gpu) = (p.stored(&x)?, p.tensor(&dy)?);
    for (added, passed) in WAYS.map(|(added, _, passed)| (added, passed)) {
        let (mut y, mut dx) = (p.reals(HALF), p.reals(LEN));
        let (y_gpu, dx_gpu) = (p.stored(&y)?, p.tensor(&dx)?);
        let to = sink(&dx_gpu, added, passed.then_some(&x_gpu));
        let mut recording = p.recording();
        ops::pool::record_max_forward(&mut recording, &y_gpu, &x_gpu, SHAPE);
        ops::pool::record_max_backward(&mut recording, to, &x_gpu, &dy_gpu, SHAPE);
        p.play(&recording);
        twin::pool::pool_max_forward(&mut y, &x, SHAPE);
        twin::pool::pool_max_backward(&mut dx, &x, &dy, SHAPE, added);
        if passed {
            twin::activation::activation_through(&mut dx, &x, SLOPE);
        }
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
    }
    Ok(())
}

async fn upsample(p: &mut Probe) -> Result<(), Error> {
    let (x, dy) = (p.coarse(LEN), p.reals(4 * LEN));
    let (x_gpu, dy_gpu) = (p.stored(&x)?, p.tensor(&dy)?);
    for (added, passed) in [(true, true), (false, false)] {
        let (mut y, mut dx) = (p.reals(4 * LEN), p.reals(LEN));
        let (y_gpu, dx_gpu) = (p.stored(&y)?, p.tensor(&dx)?);
        let to = sink(&dx_gpu, added, passed.then_some(&x_gpu));
        let mut recording = p.recording();
        ops::upsample::record_nearest_forward(&mut recording, &y_gpu, &x_gpu, SHAPE);
        ops::upsample::record_nearest_backward(&mut recording, to, &dy_gpu, SHAPE);
        p.play(&recording);
        twin::upsample::upsample_nearest_forward(&mut y, &x, SHAPE);
        twin::upsample::upsample_nearest_backward(&mut dx, &dy, SHAPE, added);
        if passed {
            twin::activation::activation_through(&mut dx, &x, SLOPE);
        }
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;

        // The other way round.
        let to = sink(&dx_gpu, !added, (!passed).then_some(&x_gpu));
        let mut recording = p.recording();
        ops::upsample::record_bilinear_forward(&mut recording, &y_gpu, &x_gpu, SHAPE);
        ops::upsample::record_bilinear_backward(&mut recording, to, &dy_gpu, SHAPE);
        p.play(&recording);
        twin::upsample::upsample_bilinear_forward(&mut y, &x, SHAPE);
        twin::upsample::upsample_bilinear_backward(&mut dx, &dy, SHAPE, !added);
        if !passed {
            twin::activation::activation_through(&mut dx, &x, SLOPE);
        }
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
    }
    Ok(())
}

async fn concat(p: &mut Probe) -> Result<(), Error> {
    for (first, second) in [(35, 105), (12, 28)] {
        let images = SHAPE[0];
        let [len1, len2, both] = [first, second, first + second].map(|run| images * run);
        let (x1, x2, dy) = (p.activations(len1), p.activations(len2), p.reals(both));
        let (mut y, mut dx1, mut dx2) = (p.reals(both), p.reals(len1), p.reals(len2));
        // A copy moves even numbers of f16; what a network doubles has no others.
        let stored = |values: &[f32]| {
            if first % 2 == 0 {
                p.stored(values)
            } else {
                p.tensor(values)
            }
        };
        let (x1_gpu, x2_gpu, y_gpu) = (stored(&x1)?, stored(&x2)?, stored(&y)?);
        let (dy_gpu, dx1_gpu, dx2_gpu) = (p.tensor(&dy)?, p.tensor(&dx1)?, p.tensor(&dx2)?);
        let mut recording = p.recording();
        ops::concat::record_forward(&mut recording, &y_gpu, &x1_gpu, &x2_gpu, images);
        ops::concat::record_backward(
            &mut recording,
            [Some(&dx1_gpu), Some(&dx2_gpu)],
            &dy_gpu,
            [first, second],
        );
        p.play(&recording);
        twin::concat::concat_forward(&mut y, &x1, &x2, images);
        twin::concat::concat_backward(&mut dx1, &mut dx2, &dy, images, [false; 2]);
        p.close(&y_gpu, &y).await?;
        p.close(&dx1_gpu, &dx1).await?;
        p.close(&dx2_gpu, &dx2).await?;
    }
    Ok(())
}

async fn add(p: &mut Probe) -> Result<(), Error> {
    let (x1, x2, dy) = (p.coarse(LEN), p.activations(LEN), p.reals(LEN));
    let (x1_gpu, x2_gpu, dy_gpu) = (p.stored(&x1)?, p.stored(&x2)?, p.tensor(&dy)?);
    for (added, passed) in WAYS.map(|(added, _, passed)| (added, passed)) {
        let (mut y, mut dx) = (p.reals(LEN), p.reals(LEN));
        let (y_gpu, dx_gpu) = (p.stored(&y)?, p.tensor(&dx)?);
        let to = sink(&dx_gpu, added, passed.then_some(&x1_gpu));
        let mut recording = p.recording();
        ops::add::record_forward(&mut recording, &y_gpu, &x1_gpu, &x2_gpu);
        ops::add::record_backward(&mut recording, to, &dy_gpu);
        p.play(&recording);
        twin::add::add_forward(&mut y, &x1, &x2);
        twin::add::add_backward(&mut dx, &dy, added);
        if passed {
            twin::activation::activation_through(&mut dx, &x1, SLOPE);
        }
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
    }
    Ok(())
}

async fn sigmoid(p: &mut Probe) -> Result<(), Error> {
    // Up to where e^x passes the largest f32, on either side.
    let x: Vec<f32> = p
        .activations(LEN)
        .iter()
        .enumerate()
        .map(|(i, x)| x * [1.0, 8.0, 128.0][i % 3])
        .collect();
    let dy = p.reals(LEN);
    let (x_gpu, dy_gpu) = (p.stored(&x)?, p.tensor(&dy)?);
    for added in [true, false] {
        let (mut y, mut dx) = (p.reals(LEN), p.reals(LEN));
        let (y_gpu, dx_gpu) = (p.stored(&y)?, p.tensor(&dx)?);
        let mut recording = p.recording();
        ops::sigmoid::record_forward(&mut recording, &y_gpu, &x_gpu);
        ops::sigmoid::record_backward(&mut recording, &dx_gpu, &x_gpu, &dy_gpu, added);
        p.play(&recording);
        twin::sigmoid::sigmoid_forward(&mut y, &x);
        twin::sigmoid::sigmoid_backward(&mut dx, &x, &dy, added);
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
    }
    Ok(())
}

async fn attend(p: &mut Probe) -> Result<(), Error> {
    let pixels = LEN / SHAPE[1];
    let (x, map, dy) = (p.coarse(LEN), p.activations(pixels), p.reals(LEN));
    let (x_gpu, map_gpu, dy_gpu) = (p.stored(&x)?, p.stored(&map)?, p.tensor(&dy)?);
    for (added, passed) in WAYS.map(|(added, _, passed)| (added, passed)) {
        let (mut y, mut dx, mut dmap) = (p.reals(LEN), p.reals(LEN), p.reals(pixels));
        let (y_gpu, dx_gpu, dmap_gpu) = (p.stored(&y)?, p.tensor(&dx)?, p.tensor(&dmap)?);
        let to = sink(&dx_gpu, added, passed.then_some(&x_gpu));
        let mut recording = p.recording();
        ops::attend::record_forward(&mut recording, &y_gpu, &x_gpu, &map_gpu, SHAPE);
        ops::attend::record_backward_input(&mut recording, to, &map_gpu, &dy_gpu, SHAPE);
        ops::attend::record_backward_map(&mut recording, &dmap_gpu, &x_gpu, &dy_gpu, SHAPE, added);
        p.play(&recording);
        twin::attend::attend_forward(&mut y, &x, &map, SHAPE);
        twin::attend::attend_backward_input(&mut dx, &map, &dy, SHAPE, added);
        twin::attend::attend_backward_map(&mut dmap, &x, &dy, SHAPE, added);
        if passed {
            twin::activation::activation_through(&mut dx, &x, SLOPE);
        }
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
        p.close(&dmap_gpu, &dmap).await?;
    }
    Ok(())
}

async fn channel_sum(p: &mut Probe) -> Result<(), Error> {
    for shape in [SHAPE, MANY] {
        let (dy, mut dbias) = (p.reals(shape.iter().product()), p.reals(shape[1]));
        let (dy_gpu, dbias_gpu) = (p.tensor(&dy)?, p.tensor(&dbias)?);
        let mut recording = p.recording();
        ops::channel_sum::record(&mut recording, &dbias_gpu, &dy_gpu, shape)?;
        p.play(&recording);
        twin::channel_sum::channel_sum(&mut dbias, &dy, shape);
        p.close(&dbias_gpu, &dbias).await?;
    }
    Ok(())
}

async fn partial_sum(p: &mut Probe) -> Result<(), Error> {
    // More strips than a block of 32; then for two parameters of one arena.
    let (partial, mut sum) = (p.reals(39 * 77), p.reals(77));
    let (partial_gpu, sum_gpu) = (p.tensor(&partial)?, p.tensor(&sum)?);
    let (mut arena, second) = (p.reals(Tensor::ALIGNMENT + 30), Tensor::ALIGNMENT);
    let arena_gpu = p.tensor(&arena)?;
    let (first_gpu, second_gpu) = (arena_gpu.slice(0, 47), arena_gpu.slice(second, 30));
    let mut recording = p.recording();
    ops::partial_sum::record(&mut recording, &sum_gpu, &partial_gpu);
    ops::partial_sum::record_both(&mut recording, &first_gpu, Some(&second_gpu), &partial_gpu);
    p.play(&recording);
    let mut both = [&arena[..47], &arena[second..]].concat();
    twin::partial_sum::partial_sum(&mut sum, &partial);
    twin::partial_sum::partial_sum(&mut both, &partial);
    arena[..47].copy_from_slice(&both[..47]);
    arena[second..].copy_from_slice(&both[47..]);
    p.close(&sum_gpu, &sum).await?;
    p.close(&arena_gpu, &arena).await
}
