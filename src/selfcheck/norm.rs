//! The norm, in groups of every size.

use super::net::{MANY, SHAPE, SLOPE, sink};
use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;

/// More shares of a channel than the norm adds up in one block.
const LONG: [usize; 4] = [1, 2, 12, 12];
/// What a variance is kept above.
const EPSILON: f32 = 1e-5;

pub(super) const CASES: &[Case] = &[Case {
    name: "net/norm",
    run: Run::Gpu(|p| Box::pin(norm(p))),
}];

async fn norm(p: &mut Probe) -> Result<(), Error> {
    for (shape, groups, added, passed) in [
        (SHAPE, 5, true, true),
        (SHAPE, 1, false, false),
        (MANY, 96, true, false),
        (MANY, 32, false, true),
        (LONG, 1, true, true),
    ] {
        let (len, channels) = (shape.iter().product(), shape[1]);
        let (x, weight, bias, dy) = (
            p.activations(len),
            p.reals(channels),
            p.reals(channels),
            p.reals(len),
        );
        let (x_gpu, dy_gpu) = (p.stored(&x)?, p.tensor(&dy)?);
        let (weight_gpu, bias_gpu) = (p.tensor(&weight)?, p.tensor(&bias)?);
        let mut statistics = vec![0.0; 2 * shape[0] * groups];
        let (mut y, mut dx) = (p.reals(len), p.reals(len));
        let (mut dweight, mut dbias) = (p.reals(channels), p.reals(channels));
        let (y_gpu, dx_gpu, statistics_gpu) = (p.stored(&y)?, p.tensor(&dx)?, p.noise(statistics.len())?);
        let (dweight_gpu, dbias_gpu) = (p.tensor(&dweight)?, p.tensor(&dbias)?);
        let mut recording = p.recording();
        ops::norm::record_forward(
            &mut recording,
            &y_gpu,
            &statistics_gpu,
            &x_gpu,
            &weight_gpu,
            &bias_gpu,
            shape,
            groups,
            EPSILON,
            passed.then_some(SLOPE),
        )?;
        ops::norm::record_backward(
            &mut recording,
            sink(&dx_gpu, added, passed.then_some(&x_gpu)),
            &dweight_gpu,
            &dbias_gpu,
            &x_gpu,
            &statistics_gpu,
            &weight_gpu,
            &dy_gpu,
            shape,
            groups,
        )?;
        p.play(&recording);
        twin::norm::norm_statistics(&mut statistics, &x, shape, groups, EPSILON);
        twin::norm::norm_forward(&mut y, &x, &statistics, &weight, &bias, shape, groups);
        twin::norm::norm_backward_input(&mut dx, &x, &statistics, &weight, &dy, shape, groups, added);
        if passed {
            let before = y.clone();
            twin::activation::activation_forward(&mut y, &before, SLOPE);
            twin::activation::activation_through(&mut dx, &x, SLOPE);
        }
        twin::norm::norm_backward_weight(&mut dweight, &mut dbias, &x, &statistics, &dy, shape, groups);
        p.close(&statistics_gpu, &statistics).await?;
        p.close(&y_gpu, &y).await?;
        p.close(&dx_gpu, &dx).await?;
        p.close(&dweight_gpu, &dweight).await?;
        p.close(&dbias_gpu, &dbias).await?;
    }
    Ok(())
}
