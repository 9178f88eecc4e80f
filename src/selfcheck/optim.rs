//! Optimisers: three steps, each with its own gradients and learning rate.

use super::{Case, Probe};
use crate::gpu::Error;
use crate::optim::{Adam, CpuState, GpuState, Optimiser, Sgd};

/// Parameters: more than a workgroup has invocations, and no multiple of them.
const LEN: usize = 77;
/// Of the steps.
const LEARNING_RATES: [f64; 3] = [0.1, 0.3, 0.05];

pub(super) const CASES: &[Case] = &[
    Case {
        name: "optim/adam",
        run: |p| Box::pin(adam(p)),
    },
    Case {
        name: "optim/sgd",
        run: |p| Box::pin(sgd(p)),
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
    let mut parameters = p.reals(LEN);
    let (parameters_gpu, gradients_gpu) = (p.tensor(&parameters)?, p.noise(LEN)?);
    let mut recording = p.recording();
    let mut gpu = GpuState::record(&mut recording, &parameters_gpu, &gradients_gpu, optimiser)?;
    let mut cpu = CpuState::new(optimiser, LEN);
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
