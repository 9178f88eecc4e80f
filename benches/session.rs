//! Steps of the workloads natively, on the processor or on the software Vulkan adapter: `make bench-native` sets them beside
//! those of others.
//!
//! `cargo bench --bench session -- U-8-64 U-16 --engine processor --steps 10`: one line of JSON for each workload.

use std::time::Instant;

use contour_lab::bench::{Given, Spec, Work};
use contour_lab::gpu::{Context, Request};
use pollster::block_on;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

const WARM_UP: usize = 3;

fn main() -> Result<(), Failure> {
    let mut works = Vec::new();
    let mut steps = 10;
    let mut engine = "processor".to_owned();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--steps" => steps = arguments.next().ok_or("--steps needs a number")?.parse()?,
            "--engine" => engine = arguments.next().ok_or("--engine needs a name")?,
            // Cargo's own.
            "--bench" => {}
            work => works.push(work.to_owned()),
        }
    }
    let context = match engine.as_str() {
        "processor" => None,
        "gpu" => Some(block_on(Context::new(Request::Software))?),
        other => return Err(format!("there is no engine {other}, but processor and gpu").into()),
    };
    for work in works {
        println!("{}", time(context.as_ref(), &work, steps)?);
    }
    let fault = context.and_then(|context| context.fault());
    fault.map_or(Ok(()), |fault| Err(fault.into()))
}

/// On the adapter, or on the processor.
fn time(context: Option<&Context>, name: &str, steps: usize) -> Result<Value, Failure> {
    let spec = Spec::named(name).ok_or_else(|| format!("there is no workload {name}"))?;
    let given = Given::of(&spec);
    let mut work = match context {
        Some(context) => block_on(Work::open(context, &spec, &given))?,
        None => Work::on_processor(Vec::new(), &spec, &given)?,
    };
    let peer = if context.is_some() {
        "ours-gpu"
    } else {
        "ours-processor"
    };
    let mut losses = Vec::new();
    let mut times_ms = Vec::new();
    for _ in 0..WARM_UP + steps {
        let start = Instant::now();
        work.submit();
        losses.push(block_on(work.wait())?);
        times_ms.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let mut warm = times_ms.split_off(WARM_UP);
    warm.sort_by(f64::total_cmp);
    Ok(json!({
        "kind": "result", "peer": peer, "work": name, "adapter": context.map(Context::adapter_name),
        "ms": {"median": warm[warm.len() / 2], "min": warm[0], "max": warm[warm.len() - 1], "n": warm.len()},
        "firstMs": times_ms[0], "loss0": losses[0], "loss1": losses[1],
    }))
}
