//! Steps of the workloads natively, on the software Vulkan adapter: `make bench-native` sets them beside PyTorch's.
//!
//! `cargo bench --bench session -- U-8-64 U-16 --steps 10`: one line of JSON for each workload.

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
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--steps" => steps = arguments.next().ok_or("--steps needs a number")?.parse()?,
            // Cargo's own.
            "--bench" => {}
            work => works.push(work.to_owned()),
        }
    }
    let context = block_on(Context::new(Request::Software))?;
    for work in works {
        println!("{}", time(&context, &work, steps)?);
    }
    context.fault().map_or(Ok(()), |fault| Err(fault.into()))
}

fn time(context: &Context, name: &str, steps: usize) -> Result<Value, Failure> {
    let spec = Spec::named(name).ok_or_else(|| format!("there is no workload {name}"))?;
    let given = Given::of(&spec);
    let mut work = block_on(Work::open(context, &spec, &given))?;
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
        "kind": "result", "peer": "ours-native", "work": name, "adapter": context.adapter_name(),
        "ms": {"median": warm[warm.len() / 2], "min": warm[0], "max": warm[warm.len() - 1], "n": warm.len()},
        "firstMs": times_ms[0], "loss0": losses[0], "loss1": losses[1],
    }))
}
