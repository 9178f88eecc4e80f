//! Optimisers: three steps, each with its own gradients and learning rate.

use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::ops;
use crate::optim::{Adam, CpuState, GpuState, Optimiser, Options, Sgd};
use crate::reference as twin;

/// Parameters: more quads than a workgroup has invocations, and no multiple of them.
const LEN: usize = 4 * 77;
/// Gradients of which an invocation adds up more than a block, in each of both passes.
const MANY: usize = 4 * 1200;
/// Of gradients that are longer.
const CLIP_NORM: f64 = 5.0;
/// Of the steps.
const LEARNING_RATES: [f64; 3] = [0.1, 0.3, 0.05];

pub(super) const CASES: &[Case] = &[
    Case {
        name: "optim/adam",
        run: Run::Gpu(|p| Box::pin(adam(p))),
    },
    Case {
        name: "optim/sgd",
        run: Run::Gpu(|p| Box::pin(sgd(p))),
    },
    Case {
        name: "optim/gradient_norm",
        run: Run::Gpu(|p| Box::pin(gradient_norm(p))),
    },
    Case {
        name: "optim/average",
        run: Run::Gpu(|p| Box::pin(average(p))),
    },
];

async fn adam(p: &mut Probe) -> Result<(), Error> {
    let adam = Adam {
        weight_decay: 0.2,
        eps: 1e-3,
        ..Adam::default()
    };
    steps(p, Optimiser::Adam(adam)).await?;
    steps(p, Optimiser::AdamW(adam)).await
}

async fn sgd(p: &mut Probe) -> Result<(), Error> {
    for nesterov in [false, true] {
        let sgd = Sgd {
            momentum: 0.9,
            weight_decay: 0.2,
            nesterov,
            ..Sgd::default()
        };
        steps(p, Optimiser::Sgd(sgd)).await?;
    }
    Ok(())
}

async fn steps(p: &mut Probe, optimiser: Optimiser) -> Result<(), Error> {
    let options = Options {
        clip_norm: Some(CLIP_NORM),
        ..Options::default()
    };
    let mut parameters = p.reals(LEN);
    let (parameters_gpu, gradients_gpu) = (p.tensor(&parameters)?, p.noise(LEN)?);
    let mut recording = p.recording();
    let mut gpu = GpuState::record(
        &mut recording,
        &parameters_gpu,
        &gradients_gpu,
        optimiser,
        options,
    )?;
    let mut cpu = CpuState::new(optimiser, options, LEN);
    for learning_rate in LEARNING_RATES {
        let gradients = p.reals(LEN);
        p.write(&gradients_gpu, &gradients);
        gpu.advance(learning_rate);
        p.play(&recording);
        cpu.update(&mut parameters, &gradients, learning_rate);
        p.close(&parameters_gpu, &parameters).await?;
    }
    for (gpu, cpu) in gpu.moments().iter().zip(cpu.moments()) {
        p.close(gpu, cpu).await?;
    }
    Ok(())
}

async fn gradient_norm(p: &mut Probe) -> Result<(), Error> {
    // Shortened, and short enough.
    for max_norm in [CLIP_NORM as f32, 1e3] {
        let gradients = p.reals(MANY);
        let (gradients_gpu, clip_gpu) = (p.tensor(&gradients)?, p.noise(ops::gradient_norm::CLIP)?);
        let mut recording = p.recording();
        ops::gradient_norm::record(&mut recording, &clip_gpu, &gradients_gpu, max_norm)?;
        p.play(&recording);
        let clip = twin::gradient_norm::gradient_norm(&gradients, max_norm);
        // Each by itself: the norm is much the larger.
        p.close(&clip_gpu.slice(0, 1), &clip[..1]).await?;
        p.close(&clip_gpu, &clip).await?;
    }
    Ok(())
}

async fn average(p: &mut Probe) -> Result<(), Error> {
    let (parameters, mut average) = (p.reals(LEN), p.reals(LEN));
    let (parameters_gpu, average_gpu) = (p.tensor(&parameters)?, p.tensor(&average)?);
    let rate = 0.3;
    let params = ops::average::Params {
        count: LEN as u32,
        rate,
    };
    let mut recording = p.recording();
    ops::average::record(&mut recording, &average_gpu, &parameters_gpu, &params);
    p.play(&recording);
    twin::average::average(&mut average, &parameters, rate);
    p.close(&average_gpu, &average).await
}
