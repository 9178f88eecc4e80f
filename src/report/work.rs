//! A workload: its steps, and where their time goes.

use std::time::Instant;

use serde_json::json;

use super::budget::{Steps, Tempo};
use super::job::{Clock, Line, Teller};
use super::json::rounded;
use super::{Error, budget};
use crate::bench::{Given, Spec, Work};
use crate::gpu::Context;
use crate::limits;

/// Before those that count: the first steps learn how to cut a recording, and clocks speed up.
const WARM_UP: usize = 3;
/// Steps that are submitted before the first of them is waited for.
const AHEAD: f64 = 50.0;

/// Losses before the first step and before the second: those of the other libraries (`make bench`), but of U-32-256 only ours
/// on llvmpipe.
const LOSSES: [(&str, [f64; 2]); 4] = [
    ("U-8-64", [2.393_559, 2.318_187]),
    ("U-16", [2.379_098, 1.614_110]),
    ("U-32-256", [5.881_090, 2.178_944]),
    ("L-256", [2.725_529, 2.725_529]),
];
/// Relative, at the first loss and at the second, which is behind a whole step: as in `bench/lib/measure.mjs`.
const TOLERANCES: [f64; 2] = [2e-5, 5e-5];

pub(super) async fn time(
    context: &Context,
    name: &str,
    clock: Clock,
    tell: &mut Teller<'_>,
) -> Result<(), Error> {
    let spec = Spec::named(name).ok_or_else(|| Error::NoWorkload(name.into()))?;
    tell.set("flops", spec.flops());
    tell.doing(format!("{name}: choosing and compiling kernels"));
    let start = Instant::now();
    let mut work = Work::open(context, &spec, &Given::of(&spec)).await?;
    tell.set("openMs", ms_since(start));
    tell.set("tensorBytes", context.tensor_bytes());

    tell.doing(format!("{name}: first steps"));
    let first = step(context, &mut work).await?;
    tell.set(
        "first",
        json!({"ms": rounded(first.ms), "dispatches": first.dispatches, "submits": first.submits}),
    );
    let mut tempo = Tempo::new(clock, first.ms);
    let second = step(context, &mut work).await?;
    tell.set("losses", json!([first.loss, second.loss]));
    if let Some(agree) = losses_agree(name, [first.loss, second.loss]) {
        tell.set("lossesAgree", agree);
    }
    tempo.note(second.ms);
    for _ in 0..tempo.warm_up(WARM_UP) {
        tempo.note(step(context, &mut work).await?.ms);
    }

    let mut steps = Steps::default();
    let mut told = f64::NEG_INFINITY;
    while tempo.wants_more(&steps) {
        if clock.passed() - told > 1.0 {
            told = clock.passed();
            tell.doing(format!("{name}: step {}, {:.1} ms each", steps.len(), tempo.ms()));
        }
        let step = step(context, &mut work).await?;
        steps.push(step.ms);
        tempo.note(step.ms);
        tell.set("dispatches", step.dispatches);
        tell.set("submits", step.submits);
    }
    let [median, min, max] = steps.median_min_max();
    let gflops = spec.flops() as f64 / median / 1e6;
    tell.set(
        "ms",
        json!({"median": rounded(median), "min": rounded(min), "max": rounded(max), "steps": steps.len()}),
    );
    if spec.flops() > 0 {
        tell.set("gflops", rounded(gflops));
    }
    if steps.len() < budget::ENOUGH_STEPS {
        tell.row(
            "cutShort",
            json!(format!(
                "{} steps instead of {}",
                steps.len(),
                budget::ENOUGH_STEPS
            )),
        );
    }

    let ahead = (0.1 * clock.left() * 1e3 / median).min(AHEAD) as usize;
    if ahead >= 5 {
        tell.doing(format!("{name}: {ahead} steps ahead"));
        let start = Instant::now();
        for _ in 0..ahead {
            work.submit();
        }
        for _ in 0..ahead {
            work.wait().await?;
        }
        let each = start.elapsed().as_secs_f64() * 1e3 / ahead as f64;
        tell.set("ahead", json!({"ms": rounded(each), "steps": ahead}));
    } else {
        tell.row("cutShort", json!("steps ahead: the steps are too slow"));
    }
    // The adapter is as warm as it gets.
    (tell.line)(Line::Peak(limits::flops_per_second(context).await?));
    nodes(name, &mut work, tempo.ms(), clock, tell).await
}

/// A step that was waited for.
struct Step {
    ms: f64,
    loss: f64,
    dispatches: u64,
    submits: u64,
}

async fn step(context: &Context, work: &mut Work) -> Result<Step, Error> {
    let before = [context.dispatches(), context.submissions()];
    let start = Instant::now();
    work.submit();
    let loss = work.wait().await?;
    Ok(Step {
        ms: start.elapsed().as_secs_f64() * 1e3,
        loss,
        dispatches: context.dispatches() - before[0],
        submits: context.submissions() - before[1],
    })
}

/// `None` where nobody knows better.
fn losses_agree(name: &str, losses: [f64; 2]) -> Option<bool> {
    let (_, expected) = LOSSES.iter().find(|(known, _)| *known == name)?;
    let mut all = losses.iter().zip(expected).zip(TOLERANCES);
    Some(all.all(|((loss, expected), tolerance)| (loss - expected).abs() <= tolerance * expected.abs()))
}

/// Where a step's time goes, if there is time to find out.
async fn nodes(
    name: &str,
    work: &mut Work,
    step_ms: f64,
    clock: Clock,
    tell: &mut Teller<'_>,
) -> Result<(), Error> {
    if budget::PROFILE_STEPS * step_ms > clock.left() * 1e3 {
        tell.row("cutShort", json!("the time by node: the steps are too slow"));
        return Ok(());
    }
    tell.doing(format!("{name}: time by node"));
    let Some(profile) = work.profile().await? else {
        return Ok(());
    };
    let total: f64 = profile.timings.iter().map(|timing| timing.ms).sum();
    tell.set("nodesMs", rounded(total));
    tell.set("clock", json!(profile.clock));
    tell.set("clockResolutionMs", rounded(profile.resolution_ms));
    for timing in &profile.timings {
        let per_second = |amount: u64| rounded(amount as f64 / timing.ms / 1e6);
        tell.row(
            "nodes",
            json!({
                "node": timing.owner, "kernel": timing.entry_point, "dispatches": timing.dispatches,
                "ms": rounded(timing.ms), "share": rounded(timing.ms / total),
                "gflops": per_second(timing.flops), "gbytes": per_second(timing.bytes),
            }),
        );
    }
    Ok(())
}

fn ms_since(start: Instant) -> serde_json::Value {
    rounded(start.elapsed().as_secs_f64() * 1e3)
}
