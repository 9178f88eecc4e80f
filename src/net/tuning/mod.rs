//! Which variant of a convolution is the fastest on this adapter, found by trying.
//!
//! The first time that an adapter is seen, all variants run once on a small shape, and those that are far behind are
//! left out from then on: workgroup memory is fast on a GPU and hopeless on a software adapter. Then each shape of the
//! network is measured with the rest. What was found is kept in [`Context::choices`]. Until then an adapter takes what is
//! [usual](take_usual) for its kind.

mod job;
mod ranking;
mod usual;

use std::collections::VecDeque;

use super::Graph;
use crate::gpu::{Context, Error, Recording, time};
use job::{Job, jobs, names};
use ranking::{Ranking, behind, hopeless, leader, settle, sort};
pub use usual::{take_usual, why_usual};

/// Under this key stand the variants that are not tried again.
pub const LEFT_OUT: &str = "left out";
/// Runs of which the fastest counts.
const REPEATS: usize = 3;
/// So many shapes of an op are measured with all candidates, and from then on without those that are behind. Where one is
/// left, it is taken.
const SHAPES: usize = 3;

/// Trials of all that an adapter has not been measured on, in pieces of one variant on one shape. Choices change with the last
/// of them, all at once; only what is hopeless is left out as soon as it is known.
pub struct Tuning {
    context: Context,
    jobs: Vec<Job>,
    /// The first is under way.
    tasks: VecDeque<Task>,
    /// Of the first of the jobs.
    rankings: Vec<Vec<(f64, &'static str)>>,
}

/// A shape, and the variants that are tried on it.
struct Task {
    job: Job,
    /// It only finds out who is hopeless.
    is_small: bool,
    /// Those that are still to be tried, the next one last; `None` until the task is under way.
    open: Option<Vec<&'static str>>,
    ranking: Vec<(f64, &'static str)>,
}

impl Tuning {
    /// For batches of so many images.
    #[must_use]
    pub fn new(context: &Context, graph: &Graph, images: usize) -> Self {
        let jobs = jobs(context, graph, images);
        let mut tasks: VecDeque<Task> = VecDeque::new();
        for job in &jobs {
            let is_first = tasks.back().is_none_or(|before| before.job.stem != job.stem);
            if is_first && context.choices().known(job.stem, LEFT_OUT).is_none() {
                tasks.push_back(Task::new(Job::small(job.stem), true));
            }
            tasks.push_back(Task::new(job.clone(), false));
        }
        Self {
            context: context.clone(),
            jobs,
            tasks,
            rankings: Vec::new(),
        }
    }

    /// Whether these are the trials that the network would be given now, so that they can go on.
    #[must_use]
    pub fn is_of(&self, context: &Context, graph: &Graph, images: usize) -> bool {
        self.context.fault().is_none() && self.jobs == jobs(context, graph, images)
    }

    /// Shapes that have been measured, and all of them.
    #[must_use]
    pub fn progress(&self) -> [usize; 2] {
        [self.rankings.len(), self.jobs.len()]
    }

    /// Milliseconds of the next piece, to be [kept](Tuning::keep) unless something else ran meanwhile: then it is the next
    /// once more. `None` when nothing is left to try.
    ///
    /// # Errors
    /// When a tensor does not fit a binding, or the device failed.
    pub async fn time_next(&mut self) -> Result<Option<f64>, Error> {
        let Some(recording) = self.next()? else {
            // Others may have put back since what was known before.
            self.choose();
            return Ok(None);
        };
        time(&recording, REPEATS).await.map(Some)
    }

    /// Takes in what the next piece took.
    pub fn keep(&mut self, ms: f64) {
        if let Some(task) = self.tasks.front_mut()
            && let Some(name) = task.open.as_mut().and_then(Vec::pop)
        {
            task.ranking.push((ms, name));
            self.move_on();
        }
    }

    /// Compiles all that the task under way needs, so that every processor has something to do.
    async fn compile(&mut self) -> Result<(), Error> {
        self.move_on();
        let Some(task) = self.tasks.front() else {
            return Ok(());
        };
        let open = task.open.iter().flatten();
        let recordings: Vec<Recording> = open
            .map(|name| task.job.record(&self.context, name))
            .collect::<Result<_, Error>>()?;
        let kernels: Vec<_> = recordings.iter().flat_map(Recording::kernels).cloned().collect();
        self.context.compile(&kernels, &mut |_, _| {}).await;
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Recording>, Error> {
        self.move_on();
        let next = self
            .tasks
            .front()
            .and_then(|task| Some((task, task.open.as_ref()?.last()?)));
        next.map(|(task, name)| task.job.record(&self.context, name))
            .transpose()
    }

    /// Ends tasks of which nothing is open, and begins the first that has something to try.
    fn move_on(&mut self) {
        while let Some(task) = self.tasks.front() {
            match &task.open {
                None => {
                    let mut candidates = self.candidates(task);
                    let ranking = match candidates[..] {
                        // Nothing to compare with.
                        [name] => vec![(0.0, name)],
                        _ => Vec::new(),
                    };
                    if !ranking.is_empty() {
                        candidates.clear();
                    }
                    candidates.reverse();
                    if let Some(task) = self.tasks.front_mut() {
                        task.ranking = ranking;
                        task.open = Some(candidates);
                    }
                }
                Some(open) if open.is_empty() => self.end(),
                Some(_) => return,
            }
        }
    }

    fn end(&mut self) {
        let Some(mut task) = self.tasks.pop_front() else {
            return;
        };
        sort(&mut task.ranking);
        if task.is_small {
            let names = hopeless(&task.ranking).join(" ");
            self.context.choices().set(task.job.stem, LEFT_OUT, &names);
            return;
        }
        self.rankings.push(task.ranking);
        if self.tasks.is_empty() {
            self.choose();
        }
    }

    fn choose(&self) {
        for (job, ranking) in self.jobs.iter().zip(&self.rankings) {
            let leader = leader(self.rankings_of(job.stem));
            if let Some(name) = settle(ranking, leader) {
                self.context.choices().set(job.stem, &job.key(), name);
            }
        }
    }

    fn rankings_of(&self, stem: &str) -> impl Iterator<Item = &Ranking> {
        let all = self.jobs.iter().zip(&self.rankings);
        all.filter(move |(job, _)| job.stem == stem)
            .map(|(_, ranking)| ranking.as_slice())
    }

    /// The variants that are worth trying.
    fn candidates(&self, task: &Task) -> Vec<&'static str> {
        let stem = task.job.stem;
        let mut names = names(stem).to_vec();
        if task.is_small {
            return names;
        }
        let left_out = self.context.choices().known(stem, LEFT_OUT).unwrap_or_default();
        names.retain(|name| !left_out.split(' ').any(|other| other == *name));
        if self.rankings_of(stem).count() >= SHAPES {
            let behind = behind(self.rankings_of(stem));
            names.retain(|name| !behind.contains(name));
        }
        names
    }
}

impl Task {
    fn new(job: Job, is_small: bool) -> Self {
        Self {
            job,
            is_small,
            open: None,
            ranking: Vec::new(),
        }
    }
}

/// Measures every shape of the network that this adapter has not been measured on, without a pause; `progress` is told how
/// many of how many are done.
///
/// # Errors
/// When a tensor does not fit a binding, or the device failed.
pub async fn tune(
    context: &Context,
    graph: &Graph,
    images: usize,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), Error> {
    let mut tuning = Tuning::new(context, graph, images);
    let mut left = usize::MAX;
    loop {
        if tuning.tasks.len() < left {
            let [done, all] = tuning.progress();
            progress(done, all);
            tuning.compile().await?;
            left = tuning.tasks.len();
        }
        match tuning.time_next().await? {
            Some(ms) => tuning.keep(ms),
            None => {
                let [done, all] = tuning.progress();
                progress(done, all);
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::{Choices, Request};
    use crate::net::{Norm, Unet};

    fn graph() -> Graph {
        let unet = Unet {
            kind: crate::net::Kind::Plain,
            in_channels: 1,
            classes: 3,
            width: 2,
            depth: 2,
            norm: Norm::Instance,
            slope: 0.01,
        };
        unet.graph(8, 8).unwrap()
    }

    fn context() -> Context {
        pollster::block_on(Context::new(Request::Software)).unwrap()
    }

    #[test]
    fn every_shape_of_a_network_is_measured_once() {
        let (context, graph) = (context(), graph());
        let before = jobs(&context, &graph, 2);
        assert!(before.len() > 6, "{before:?}");
        let mut last = (0, 0);
        pollster::block_on(tune(&context, &graph, 2, &mut |done, all| last = (done, all))).unwrap();
        assert_eq!(last, (before.len(), before.len()));
        assert_eq!(jobs(&context, &graph, 2), []);
        for job in &before {
            let chosen = context.choices().get(job.stem, &job.key()).unwrap();
            assert!(names(job.stem).contains(&chosen.as_str()), "{chosen}");
        }
        assert_eq!(context.fault(), None);
    }

    #[test]
    fn trials_stop_after_any_piece_go_on_later_and_change_nothing_before_the_last() {
        let (context, graph) = (context(), graph());
        context.choices().usually("net/conv3x3", "tiled");
        let mut tuning = Tuning::new(&context, &graph, 2);
        let unknown = |context: &Context| jobs(context, &graph, 2).len();
        let all = unknown(&context);
        assert_eq!(tuning.progress(), [0, all]);
        // As if something else had run: the same piece is timed once more.
        assert!(pollster::block_on(tuning.time_next()).unwrap().is_some());
        let tasks = tuning.tasks.len();
        let mut pieces = 0;
        while let Some(ms) = pollster::block_on(tuning.time_next()).unwrap() {
            assert!(tuning.is_of(&context, &graph, 2), "trials that can go on");
            assert_eq!(unknown(&context), all, "nothing changes before the last piece");
            tuning.keep(ms);
            pieces += 1;
        }
        assert_eq!(tuning.progress(), [all, all]);
        assert_eq!(unknown(&context), 0);
        assert!(pieces > tasks, "{pieces} pieces of {tasks} tasks");
        assert!(pieces <= (2 + all) * names("net/conv3x3").len());
        // What is put back to what it was before is chosen once more.
        let old = Choices::default().to_json("adapter");
        assert!(context.choices().from_json("adapter", &old));
        assert_eq!(unknown(&context), all);
        assert_eq!(pollster::block_on(tuning.time_next()).unwrap(), None);
        assert_eq!(unknown(&context), 0);
    }
}
