//! The 3 × 3 convolution: every variant with every ending, on shapes that no tile divides.

use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::ops::Sink;
use crate::ops::conv3x3::{Finish, VARIANTS, Variant, WEIGHT_VARIANTS, WeightVariant};
use crate::reference as twin;

/// N, C, H, W and the channels made of them: rows that end in one, four or two pixels of a quad, channels that no block
/// divides, one channel alone, more than a workgroup's chunk; rows and columns enough for a second tile.
const SHAPES: [([usize; 4], usize); 5] = [
    ([2, 5, 7, 9], 6),
    ([1, 3, 5, 8], 9),
    ([2, 1, 19, 6], 3),
    ([1, 9, 18, 36], 5),
    ([1, 18, 9, 17], 17),
];
/// More blocks of pixels than strips that they are added up in.
const MANY: ([usize; 4], usize) = ([2, 1, 68, 36], 2);
/// Of the activation.
const SLOPE: f32 = 0.25;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "net/conv3x3.direct",
        run: Run::Gpu(|p| Box::pin(variants(p, "direct"))),
    },
    Case {
        name: "net/conv3x3.winograd",
        run: Run::Gpu(|p| Box::pin(variants(p, "winograd"))),
    },
    Case {
        name: "net/conv3x3.tiled",
        run: Run::Gpu(|p| Box::pin(variants(p, "tiled"))),
    },
    Case {
        name: "net/conv3x3.direct_weight",
        run: Run::Gpu(|p| Box::pin(weight_variants(p, "direct"))),
    },
    Case {
        name: "net/conv3x3.tiled_weight",
        run: Run::Gpu(|p| Box::pin(weight_variants(p, "tiled"))),
    },
];

/// [`CASES`] with each variant by itself, under the name by which the page's address forces it; last those that a software
/// adapter compiles for a long time.
pub(super) const BY_VARIANT: &[Case] = &[
    Case {
        name: "net/conv3x3:direct_4x4x4",
        run: Run::Gpu(|p| Box::pin(variants(p, "direct_4x4x4"))),
    },
    Case {
        name: "net/conv3x3:direct_4x2x4",
        run: Run::Gpu(|p| Box::pin(variants(p, "direct_4x2x4"))),
    },
    Case {
        name: "net/conv3x3:winograd",
        run: Run::Gpu(|p| Box::pin(variants(p, "winograd"))),
    },
    Case {
        name: "net/conv3x3:tiled",
        run: Run::Gpu(|p| Box::pin(variants(p, "tiled"))),
    },
    Case {
        name: "net/conv3x3_weight:direct_1",
        run: Run::Gpu(|p| Box::pin(weight_variants(p, "direct_1"))),
    },
    Case {
        name: "net/conv3x3_weight:direct_2",
        run: Run::Gpu(|p| Box::pin(weight_variants(p, "direct_2"))),
    },
    Case {
        name: "net/conv3x3_weight:direct_4",
        run: Run::Gpu(|p| Box::pin(weight_variants(p, "direct_4"))),
    },
    Case {
        name: "net/conv3x3_weight:tiled",
        run: Run::Gpu(|p| Box::pin(weight_variants(p, "tiled"))),
    },
    Case {
        name: "net/conv3x3:direct_4x8x4",
        run: Run::Gpu(|p| Box::pin(variants(p, "direct_4x8x4"))),
    },
    Case {
        name: "net/conv3x3:direct_8x8x4",
        run: Run::Gpu(|p| Box::pin(variants(p, "direct_8x8x4"))),
    },
];

async fn variants(p: &mut Probe, name: &str) -> Result<(), Error> {
    for variant in VARIANTS.iter().filter(|variant| variant.name.starts_with(name)) {
        for (place, (shape, c_out)) in SHAPES.into_iter().enumerate() {
            forward(p, *variant, shape, c_out, place != 2).await?;
            backward_input(p, *variant, shape, c_out, [place % 2 == 0, place % 4 < 2]).await?;
            backward_input(p, *variant, shape, c_out, [place % 2 == 1, place % 4 < 2]).await?;
        }
    }
    Ok(())
}

async fn weight_variants(p: &mut Probe, name: &str) -> Result<(), Error> {
    let all = WEIGHT_VARIANTS
        .iter()
        .filter(|variant| variant.name.starts_with(name));
    for variant in all.take(most(p)) {
        for (place, (shape, c_out)) in SHAPES.into_iter().chain([MANY]).enumerate() {
            backward_weight(p, *variant, shape, c_out, place % 2 == 0).await?;
        }
    }
    Ok(())
}

/// How many variants of one text are run.
fn most(p: &Probe) -> usize {
    if p.is_brief() { 1 } else { usize::MAX }
}

/// With bias and activation, or without.
async fn forward(
    p: &mut Probe,
    variant: Variant,
    shape: [usize; 4],
    c_out: usize,
    finished: bool,
) -> Result<(), Error> {
    let [n, c_in, h, w] = shape;
    let (x, weight, bias) = (
        p.activations(n * c_in * h * w),
        p.reals(9 * c_in * c_out),
        p.reals(c_out),
    );
    let (x_gpu, weight_gpu, bias_gpu) = (p.stored(&x)?, p.tensor(&weight)?, p.tensor(&bias)?);
    let mut sums = vec![0.0; n * c_out * h * w];
    let noise = p.reals(sums.len());
    let y_gpu = p.stored(&noise)?;
    let finish = Finish {
        bias: finished.then_some(&bias_gpu),
        slope: finished.then_some(SLOPE),
    };
    let mut recording = p.recording();
    variant.record_forward(&mut recording, &y_gpu, &x_gpu, &weight_gpu, finish, shape, c_out)?;
    p.play(&recording);
    let bias = finished.then_some(bias.as_slice());
    twin::conv3x3::conv3x3_forward(&mut sums, &x, &weight, bias, shape, c_out);
    let mut y = sums.clone();
    if finished {
        twin::activation::activation_forward(&mut y, &sums, SLOPE);
    }
    p.close(&y_gpu, &y).await
}

/// Passed through an activation or not, added to what is there or not.
async fn backward_input(
    p: &mut Probe,
    variant: Variant,
    shape: [usize; 4],
    c_out: usize,
    [gated, accumulate]: [bool; 2],
) -> Result<(), Error> {
    let [n, c_in, h, w] = shape;
    let (dy, weight) = (p.reals(n * c_out * h * w), p.reals(9 * c_in * c_out));
    let (activation, mut sums) = (p.activations(n * c_in * h * w), p.reals(n * c_in * h * w));
    let (dy_gpu, weight_gpu, activation_gpu) = (p.tensor(&dy)?, p.tensor(&weight)?, p.stored(&activation)?);
    let dx_gpu = p.tensor(&sums)?;
    let sink = Sink {
        dx: &dx_gpu,
        accumulate,
        through: gated.then_some((&activation_gpu, SLOPE)),
    };
    let mut recording = p.recording();
    variant.record_backward_input(&mut recording, sink, &dy_gpu, &weight_gpu, shape, c_out)?;
    p.play(&recording);
    twin::conv3x3::conv3x3_backward_input(&mut sums, &dy, &weight, shape, c_out, accumulate);
    let mut dx = sums.clone();
    if gated {
        twin::activation::activation_backward(&mut dx, &activation, &sums, SLOPE, false);
    }
    p.close(&dx_gpu, &dx).await
}

/// With the gradient of a bias, which stands behind that of the weight in one arena, or without.
async fn backward_weight(
    p: &mut Probe,
    variant: WeightVariant,
    shape: [usize; 4],
    c_out: usize,
    with_bias: bool,
) -> Result<(), Error> {
    let [n, c_in, h, w] = shape;
    let (x, dy) = (p.activations(n * c_in * h * w), p.reals(n * c_out * h * w));
    let (x_gpu, dy_gpu) = (p.stored(&x)?, p.tensor(&dy)?);
    let weights = 9 * c_in * c_out;
    let start = weights.next_multiple_of(crate::gpu::Tensor::ALIGNMENT);
    let mut arena = p.reals(start + c_out);
    let arena_gpu = p.tensor(&arena)?;
    let (dweight, dbias) = (arena_gpu.slice(0, weights), arena_gpu.slice(start, c_out));
    let mut recording = p.recording();
    let bias = with_bias.then_some(&dbias);
    variant.record_backward_weight(&mut recording, &dweight, bias, &x_gpu, &dy_gpu, shape, c_out)?;
    p.play(&recording);
    twin::conv3x3::conv3x3_backward_weight(&mut arena[..weights], &x, &dy, shape, c_out);
    if with_bias {
        twin::channel_sum::channel_sum(&mut arena[start..], &dy, [n, c_out, h, w]);
    }
    p.close(&arena_gpu, &arena).await
}
