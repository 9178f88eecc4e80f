//! The workloads in burn: same data, same initial weights, same loss. One line of JSON for each workload and backend.
//!
//! `cargo run --release -- U-8-64 L-256 --backend flex,wgpu --steps 10 --warmup 3`

mod given;
mod losses;
mod unet;

use std::time::Instant;

use burn::optim::{AdamConfig, GradientsParams};
use burn::prelude::*;
use burn::tensor::DeviceKind;
use serde_json::{Value, json};

use given::{Given, Spec};
use unet::Unet;

pub type Failure = Box<dyn std::error::Error>;

/// A step, which gives the loss before it.
type Step = Box<dyn FnMut() -> f32>;

fn main() -> Result<(), Failure> {
    let mut works = Vec::new();
    let (mut backends, mut steps, mut warm_up) = ("flex,ndarray,wgpu".to_owned(), 10, 3);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--backend" => backends = value()?,
            "--steps" => steps = value()?.parse()?,
            "--warmup" => warm_up = value()?.parse()?,
            _ => works.push(argument),
        }
    }
    for work in &works {
        for backend in backends.split(',') {
            println!("{}", time(work, backend, warm_up.max(2), steps)?);
        }
    }
    Ok(())
}

fn device(backend: &str) -> Result<Device, Failure> {
    match backend {
        "flex" => Ok(Device::flex()),
        #[expect(deprecated, reason = "it is there, and may be the faster one")]
        "ndarray" => Ok(Device::ndarray()),
        #[cfg(feature = "cpu")]
        "cpu" => Ok(Device::cpu()),
        // Whatever adapter Vulkan names first: the software adapter where no other is there.
        "wgpu" => Ok(Device::wgpu(DeviceKind::DefaultDevice)),
        _ => Err(format!("there is no backend {backend}").into()),
    }
}

fn time(work: &str, backend: &str, warm_up: usize, steps: usize) -> Result<Value, Failure> {
    let given = Given::load(work)?;
    let device = device(backend)?;
    let mut step = match given.spec.kind.as_str() {
        "train" => train(&given, &device.clone().autodiff())?,
        "infer" => infer(&given, &device)?,
        "loss" => loss(&given, &device.clone().autodiff())?,
        kind => return Err(format!("{kind} is not offered").into()),
    };
    let (mut losses, mut times_ms) = (Vec::new(), Vec::new());
    for _ in 0..warm_up + steps {
        let start = Instant::now();
        losses.push(step());
        device.sync()?;
        times_ms.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let mut warm = times_ms.split_off(warm_up);
    warm.sort_by(f64::total_cmp);
    Ok(json!({
        "kind": "result", "peer": format!("burn-{backend}"), "work": work,
        "ms": {"median": warm[warm.len() / 2], "min": warm[0], "max": warm[warm.len() - 1], "n": warm.len()},
        "firstMs": times_ms[0], "loss0": losses[0], "loss1": losses[1],
    }))
}

fn images(given: &Given, device: &Device) -> Result<Tensor<4>, Failure> {
    let Spec {
        images,
        height,
        width,
        ..
    } = given.spec;
    Ok(Tensor::from_data(
        TensorData::new(given.tensor("x")?, [images, 1, height, width]),
        device,
    ))
}

fn network(given: &Given, device: &Device) -> Result<Unet, Failure> {
    match &given.spec.norm {
        None => Unet::new(given, device),
        Some(norm) => Err(format!("{norm} norm is not offered").into()),
    }
}

fn train(given: &Given, device: &Device) -> Result<Step, Failure> {
    let Spec {
        images: n,
        classes,
        height,
        width,
        ..
    } = given.spec;
    let x = images(given, device)?;
    let t: Tensor<4> = Tensor::from_data(
        TensorData::new(given.one_hot()?, [n, classes, height, width]),
        device,
    );
    let mut optimiser = AdamConfig::new().with_epsilon(1e-7).init();
    let mut unet = Some(network(given, device)?);
    Ok(Box::new(move || {
        let Some(now) = unet.take() else { return f32::NAN };
        let loss = losses::network(now.forward(x.clone()), t.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &now);
        unet = Some(optimiser.step(1e-3, now, gradients));
        loss.into_scalar()
    }))
}

fn infer(given: &Given, device: &Device) -> Result<Step, Failure> {
    let x = images(given, device)?;
    let unet = network(given, device)?;
    Ok(Box::new(move || unet.forward(x.clone()).sum().into_scalar()))
}

fn loss(given: &Given, device: &Device) -> Result<Step, Failure> {
    let Spec {
        images: n,
        classes,
        height,
        width,
        contour_weight,
        ..
    } = given.spec;
    let z: Tensor<4> = Tensor::from_data(
        TensorData::new(given.tensor("z")?, [n, classes, height, width]),
        device,
    )
    .require_grad();
    let labels: Vec<i32> = given.tensor("y")?.into_iter().map(|class| class as i32).collect();
    let labels: Tensor<4, Int> = Tensor::from_data(TensorData::new(labels, [n, 1, height, width]), device);
    let numbers: Tensor<4, Int> = Tensor::arange(0..classes as i64, device).reshape([1, classes, 1, 1]);
    Ok(Box::new(move || {
        let loss = losses::contour(z.clone(), labels.clone(), numbers.clone(), contour_weight);
        let gradients = loss.backward();
        let gradient = z.grad(&gradients);
        assert!(gradient.is_some(), "the logits have a gradient");
        loss.into_scalar()
    }))
}
