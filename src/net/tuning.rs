//! Which variant of a convolution is the fastest on this adapter, found by trying.
//!
//! The first time that an adapter is seen, all variants run once on a small shape, and those that are far behind are
//! left out from then on: workgroup memory is fast on a GPU and hopeless on a software adapter. Then each shape of the
//! network is measured with the rest. What was found is kept in [`Context::choices`].

use std::collections::BTreeSet;

use super::{Graph, Op};
use crate::gpu::{Context, Error, Recording, Tensor, time};
use crate::ops::conv3x3::{
    Finish, NAMES, STEM, VARIANTS, Variant, WEIGHT_NAMES, WEIGHT_STEM, WEIGHT_VARIANTS, WeightVariant, key,
};

/// What tells the variants of an adapter apart: N, C, H, W and the channels made of them.
const TRIAL: ([usize; 4], usize) = ([2, 8, 32, 32], 8);
/// Under this key stand the variants that are not tried again.
pub const LEFT_OUT: &str = "left out";
/// A variant that takes so many times what the best one takes on [`TRIAL`] is left out.
const HOPELESS: f64 = 3.0;
/// How many times faster than the leader of all shapes a variant has to be.
const WORTH_COMPILING: f64 = 1.25;
/// Runs of which the fastest counts.
const REPEATS: usize = 3;
/// Enough work to tell variants apart: some 30 ms of a software adapter. Of a large batch only so many images are taken.
const ENOUGH_FLOPS: usize = 300_000_000;
/// So many shapes of an op are measured with all candidates,
const SHAPES: usize = 3;
/// and from then on without those that have taken so many times what the leader took. Where one is left, it is taken.
const BEHIND: f64 = 1.2;

/// A shape whose fastest variant is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Job {
    stem: &'static str,
    shape: [usize; 4],
    outputs: usize,
}

/// Measures every shape of the network that this adapter has not been measured on; `progress` is told how many of how
/// many are done.
///
/// # Errors
/// When a tensor does not fit a binding, or the device failed.
pub async fn tune(
    context: &Context,
    graph: &Graph,
    images: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), Error> {
    let jobs = jobs(context, graph, images);
    progress(0, jobs.len());
    leave_out(context, &jobs).await?;
    let mut rankings = Vec::new();
    for (done, job) in jobs.iter().enumerate() {
        progress(done, jobs.len());
        let mut candidates = candidates(context, job.stem);
        let before = jobs
            .iter()
            .zip(&rankings)
            .filter(|(other, _)| other.stem == job.stem);
        let before: Vec<&Ranking> = before
            .map(|(_, ranking): (_, &Vec<_>)| ranking.as_slice())
            .collect();
        if before.len() >= SHAPES {
            let behind = behind(&totals(before.into_iter()));
            candidates.retain(|name| !behind.contains(name));
        }
        rankings.push(match candidates[..] {
            // Nothing to compare with.
            [name] => vec![(0.0, name)],
            _ => measure(context, job, &candidates).await?,
        });
    }
    progress(jobs.len(), jobs.len());
    for (job, ranking) in jobs.iter().zip(&rankings) {
        let of_stem = jobs
            .iter()
            .zip(&rankings)
            .filter(|(other, _)| other.stem == job.stem);
        let leader = leader(of_stem.map(|(_, ranking)| ranking.as_slice()));
        if let Some(name) = settle(ranking, leader) {
            context
                .choices()
                .set(job.stem, &key(job.shape, job.outputs), name);
        }
    }
    Ok(())
}

/// Milliseconds of each variant on one shape, the fastest first.
type Ranking = [(f64, &'static str)];

/// The variant that takes the least time for all shapes together.
fn leader<'a>(rankings: impl Iterator<Item = &'a Ranking>) -> Option<&'static str> {
    totals(rankings).first().map(|(_, name)| *name)
}

/// The variants that are too far behind the leader to be worth more measurements.
fn behind(totals: &Ranking) -> Vec<&'static str> {
    let least = totals.first().map_or(0.0, |(ms, _)| *ms);
    let behind = totals.iter().filter(|(ms, _)| *ms > BEHIND * least);
    behind.map(|(_, name)| *name).collect()
}

/// What each variant takes for the shapes that all of them were measured on, the least first.
fn totals<'a>(rankings: impl Iterator<Item = &'a Ranking>) -> Vec<(f64, &'static str)> {
    let rankings: Vec<&Ranking> = rankings.collect();
    let has = |ranking: &Ranking, name: &str| ranking.iter().any(|(_, other)| *other == name);
    let everywhere = |(_, name): &&(f64, &'static str)| rankings.iter().all(|ranking| has(ranking, name));
    let mut totals: Vec<(f64, &'static str)> = Vec::new();
    for (ms, name) in rankings.iter().copied().flatten().filter(everywhere) {
        match totals.iter_mut().find(|(_, other)| other == name) {
            Some((total, _)) => *total += ms,
            None => totals.push((*ms, *name)),
        }
    }
    totals.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    totals
}

/// The fastest variant, unless the leader is nearly as fast: each variant more is compiled before the first step.
fn settle(ranking: &Ranking, leader: Option<&'static str>) -> Option<&'static str> {
    let (best_ms, best) = ranking.first()?;
    let near = ranking
        .iter()
        .find(|(ms, name)| Some(*name) == leader && *ms < WORTH_COMPILING * best_ms);
    Some(near.map_or(*best, |(_, name)| *name))
}

fn jobs(context: &Context, graph: &Graph, images: usize) -> Vec<Job> {
    let mut jobs = BTreeSet::new();
    for node in graph.nodes.iter().filter(|node| node.op == Op::Conv3x3) {
        let [c_in, h, w] = graph.shapes[node.inputs[0]];
        let c_out = graph.shapes[node.output][0];
        let job = |stem, inputs, outputs| Job {
            stem,
            shape: [images, inputs, h, w],
            outputs,
        };
        jobs.insert(job(STEM, c_in, c_out));
        jobs.insert(job(WEIGHT_STEM, c_in, c_out));
        if node.inputs[0] != graph.input {
            jobs.insert(job(STEM, c_out, c_in));
        }
    }
    jobs.retain(|job| {
        context
            .choices()
            .get(job.stem, &key(job.shape, job.outputs))
            .is_none()
    });
    jobs.into_iter().collect()
}

fn names(stem: &str) -> &'static [&'static str] {
    if stem == STEM { &NAMES } else { &WEIGHT_NAMES }
}

/// The variants that are not hopeless on this adapter.
fn candidates(context: &Context, stem: &'static str) -> Vec<&'static str> {
    let left_out = context.choices().get(stem, LEFT_OUT).unwrap_or_default();
    let is_left = |name: &&str| !left_out.split(' ').any(|other| other == *name);
    names(stem).iter().copied().filter(is_left).collect()
}

/// Finds out which variants are hopeless, for each stem of the jobs for which that is not known.
async fn leave_out(context: &Context, jobs: &[Job]) -> Result<(), Error> {
    let stems: BTreeSet<&'static str> = jobs.iter().map(|job| job.stem).collect();
    let mut trials = Vec::new();
    for stem in stems {
        if context.choices().get(stem, LEFT_OUT).is_none() {
            let (shape, outputs) = TRIAL;
            let trial = Job { stem, shape, outputs };
            trials.push((stem, recordings(context, &trial, names(stem))?));
        }
    }
    // All at once, so that every processor has something to compile.
    compile(context, trials.iter().flat_map(|(_, recordings)| recordings)).await;
    for (stem, recordings) in &trials {
        let ranking = rank(recordings).await?;
        let best = ranking.first().map_or(0.0, |(ms, _)| *ms);
        let hopeless = ranking.iter().filter(|(ms, _)| *ms > HOPELESS * best);
        let names = hopeless.map(|(_, name)| *name).collect::<Vec<_>>().join(" ");
        context.choices().set(stem, LEFT_OUT, &names);
    }
    Ok(())
}

/// Milliseconds of each variant, the fastest first.
async fn measure(
    context: &Context,
    job: &Job,
    candidates: &[&'static str],
) -> Result<Vec<(f64, &'static str)>, Error> {
    let recordings = recordings(context, job, candidates)?;
    compile(context, &recordings).await;
    rank(&recordings).await
}

/// A job done by a variant.
type Trial = (Recording, &'static str);

async fn compile(context: &Context, trials: impl IntoIterator<Item = &Trial>) {
    let kernels: Vec<_> = trials
        .into_iter()
        .flat_map(|(recording, _)| recording.kernels().cloned())
        .collect();
    context.compile(&kernels, &mut |_, _| {}).await;
}

async fn rank(trials: &[Trial]) -> Result<Vec<(f64, &'static str)>, Error> {
    let mut ranking = Vec::new();
    for (recording, name) in trials {
        ranking.push((time(recording, REPEATS).await?, *name));
    }
    ranking.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    Ok(ranking)
}

/// The job by each of the candidates.
fn recordings(context: &Context, job: &Job, candidates: &[&'static str]) -> Result<Vec<Trial>, Error> {
    let Job {
        stem,
        shape: [images, inputs, h, w],
        outputs,
    } = *job;
    let n = images.min(ENOUGH_FLOPS / (18 * inputs * outputs * h * w)).max(1);
    let shape = [n, inputs, h, w];
    let x = Tensor::new(context, "tuning x", n * inputs * h * w)?;
    let y = Tensor::new(context, "tuning y", n * outputs * h * w)?;
    let weight = Tensor::new(context, "tuning weight", 9 * inputs * outputs)?;
    let mut recordings = Vec::new();
    for name in candidates {
        let mut recording = Recording::new(context);
        if stem == STEM {
            let variant = VARIANTS.iter().find(|variant| variant.name == *name);
            let record = variant.map(|variant| {
                Variant::record_forward(
                    *variant,
                    &mut recording,
                    &y,
                    &x,
                    &weight,
                    Finish::default(),
                    shape,
                    outputs,
                )
            });
            record.transpose()?;
        } else {
            let variant = WEIGHT_VARIANTS.iter().find(|variant| variant.name == *name);
            let record = variant.map(|variant| {
                WeightVariant::record_backward_weight(
                    *variant,
                    &mut recording,
                    &weight,
                    None,
                    &x,
                    &y,
                    shape,
                    outputs,
                )
            });
            record.transpose()?;
        }
        recordings.push((recording, *name));
    }
    Ok(recordings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Request;
    use crate::net::{Norm, Unet};

    #[test]
    fn one_variant_for_all_shapes_unless_another_is_worth_it() {
        let rankings: [&Ranking; 3] = [
            &[(1.0, "small"), (1.1, "large"), (9.0, "tiled")],
            // One that was behind is measured no more, and leads no more.
            &[(4.0, "large"), (9.0, "small")],
            &[(1.0, "small"), (1.3, "large")],
        ];
        let leader = leader(rankings.into_iter());
        assert_eq!(leader, Some("large"));
        assert_eq!(
            rankings.map(|ranking| settle(ranking, leader)),
            [Some("large"), Some("large"), Some("small")]
        );
        assert_eq!(settle(&[], leader), None);
        assert_eq!(behind(&totals(rankings[..1].iter().copied())), ["tiled"]);
    }

    #[test]
    fn every_shape_of_a_network_is_measured_once() {
        let context = pollster::block_on(Context::new(Request::Software)).unwrap();
        let unet = Unet {
            kind: crate::net::Kind::Plain,
            in_channels: 1,
            classes: 3,
            width: 2,
            depth: 2,
            norm: Norm::Instance,
            slope: 0.01,
        };
        let graph = unet.graph(8, 8).unwrap();
        let before = jobs(&context, &graph, 2);
        assert!(before.len() > 6, "{before:?}");
        let mut last = (0, 0);
        pollster::block_on(tune(&context, &graph, 2, &mut |done, all| last = (done, all))).unwrap();
        assert_eq!(last, (before.len(), before.len()));
        assert_eq!(jobs(&context, &graph, 2), []);
        for job in &before {
            let chosen = context
                .choices()
                .get(job.stem, &key(job.shape, job.outputs))
                .unwrap();
            assert!(names(job.stem).contains(&chosen.as_str()), "{chosen}");
        }
        assert_eq!(context.fault(), None);
    }
}
