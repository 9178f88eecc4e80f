//! The process that starts one child for each part and puts together what they tell.

use std::process::Command;
use std::time::{Instant, SystemTime};

use serde_json::{Map, Value, json};

use super::child::{Told, append};
use super::job::{Job, Line, Part};
use super::{Error, budget, check, summary};
use crate::bench::Spec;
use crate::gpu::Request;

/// What is timed unless told otherwise, the short ones first.
pub const WORKS: [&str; 4] = ["U-8-64", "L-256", "U-16", "U-32-256"];

/// Of the time, what the selfcheck may take.
const CHECK_SHARE: f64 = 0.4;
/// Children of the selfcheck that may die before the rest is left out.
const MOST_DIED: usize = 5;
/// What a driver may take to answer at all.
const ADAPTER_SECONDS: f64 = 40.0;

/// What is asked of a report.
#[derive(Clone, Debug)]
pub struct Options {
    pub request: Request,
    /// For everything.
    pub seconds: f64,
    pub works: Vec<String>,
    pub parts: Parts,
    /// Of the selfcheck's cases those whose names hold this; all, if empty.
    pub holding: String,
}

/// Parts that may be left out.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    pub check: bool,
    /// Convolutions, each by every variant.
    pub shapes: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            request: Request::Fastest,
            seconds: 150.0,
            works: WORKS.map(String::from).into(),
            parts: Parts {
                check: true,
                shapes: true,
            },
            holding: String::new(),
        }
    }
}

/// Makes a report. `child`: starts this program as the one that calls [`perform`](super::perform) on the job that it
/// reads; `say` is told in words what is under way.
///
/// # Errors
/// When no adapter answered, a workload has no such name, or no child can be started. Whatever fails later is part of
/// the report.
pub fn run(
    options: &Options,
    child: &dyn Fn() -> Command,
    say: &mut dyn FnMut(&str),
) -> Result<Value, Error> {
    if let Some(name) = options.works.iter().find(|name| Spec::named(name).is_none()) {
        return Err(Error::NoWorkload(name.clone()));
    }
    let mut run = Run {
        options,
        child,
        say,
        start: Instant::now(),
        choices: None,
        peaks: Vec::new(),
        rate: None,
        checked: Checked::default(),
    };
    let mut report = json!({
        "report": "Contour Lab, GPU", "version": env!("CARGO_PKG_VERSION"),
        "date": summary::date(SystemTime::now()), "budgetSeconds": options.seconds,
        "system": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
    });
    report["adapter"] = run.adapter()?;
    if options.parts.check {
        run.check(CHECK_SHARE * options.seconds)?;
    }
    let works = options.works.iter().map(|name| run.work(name));
    report["works"] = works.collect::<Result<Vec<_>, _>>()?.into();
    report["variants"] = run.variants();
    if options.parts.check {
        run.check(run.left())?;
        report["check"] = run.checked();
    }
    if options.parts.shapes {
        report["shapes"] = run.shapes()?;
    }
    summary::finish(&mut report, &run.peaks);
    report["seconds"] = super::json::rounded(run.start.elapsed().as_secs_f64());
    Ok(report)
}

struct Run<'a> {
    options: &'a Options,
    child: &'a dyn Fn() -> Command,
    say: &'a mut dyn FnMut(&str),
    start: Instant,
    choices: Option<String>,
    /// Of the multiply-add probe, floating-point operations a second.
    peaks: Vec<f64>,
    /// Operations a second of the fastest training step so far.
    rate: Option<f64>,
    checked: Checked,
}

/// The selfcheck so far.
#[derive(Default)]
struct Checked {
    object: Map<String, Value>,
    /// Those that were under way when the time was over.
    left_out: Vec<&'static str>,
    /// The number of the case that comes next.
    next: usize,
    died: usize,
}

impl Run<'_> {
    fn left(&self) -> f64 {
        self.options.seconds - self.start.elapsed().as_secs_f64()
    }

    fn adapter(&mut self) -> Result<Value, Error> {
        let told = self.part(Part::Adapter, ADAPTER_SECONDS)?;
        if told.object.is_empty() {
            let why = told
                .fault
                .unwrap_or_else(|| "The graphics driver did not answer.".into());
            return Err(Error::NoAdapter(why));
        }
        Ok(told.into_value())
    }

    /// From where it stopped the last time. A child that dies takes one case with it.
    fn check(&mut self, seconds: f64) -> Result<(), Error> {
        let cases = check::cases(&self.options.holding);
        let until = self.left() - seconds;
        while self.checked.next < cases.len() && self.checked.died <= MOST_DIED && self.left() > until + 1.0 {
            let part = Part::Check {
                from: self.checked.next,
                holding: self.options.holding.clone(),
            };
            let told = self.part(part, self.left() - until)?;
            let checked = &mut self.checked;
            append(&mut checked.object, told.object);
            checked.next = told.case.max(checked.next);
            let (Some(fault), Some(case)) = (told.fault, cases.get(checked.next)) else {
                // It has noticed that there is no time left.
                break;
            };
            checked.next += 1;
            if told.is_late {
                checked.left_out.push(case.name);
                append(
                    &mut checked.object,
                    Map::from_iter([("stopped".into(), json!([fault]))]),
                );
                break;
            }
            checked.died += 1;
            let row = check::failed(case.name, "f32 or f16", &fault);
            append(
                &mut checked.object,
                Map::from_iter([("rows".into(), json!([row]))]),
            );
        }
        Ok(())
    }

    /// What [`Run::check`] has found.
    fn checked(&mut self) -> Value {
        let Checked {
            mut object,
            left_out,
            next,
            ..
        } = std::mem::take(&mut self.checked);
        let cases = check::cases(&self.options.holding);
        let rest = cases.iter().skip(next).map(|case| case.name);
        let left_out: Vec<_> = left_out.into_iter().chain(rest).collect();
        if !left_out.is_empty() {
            object.insert("leftOut".into(), json!(left_out));
        }
        object.into()
    }

    /// Which variant was chosen for which shape, by op.
    fn variants(&self) -> Value {
        let choices = self.choices.as_deref().map(serde_json::from_str::<Value>);
        choices
            .and_then(Result::ok)
            .map_or(Value::Null, |mut choices| choices["choices"].take())
    }

    fn work(&mut self, name: &str) -> Result<Value, Error> {
        let flops = Spec::named(name).map_or(0, |spec| spec.flops());
        let left = self.left();
        let needs = self.rate.map_or(0.0, |rate| budget::least_seconds(flops, rate));
        let mut value = if left < 5.0 || needs > left {
            json!({"leftOut": format!("it would take some {needs:.0} s, and {:.0} s are left", left.max(0.0))})
        } else {
            let told = self.part(Part::Work(name.into()), left)?;
            let rate = told
                .object
                .get("gflops")
                .and_then(Value::as_f64)
                .map(|gflops| 1e9 * gflops);
            self.rate = rate.into_iter().chain(self.rate).reduce(f64::max);
            told.into_value()
        };
        value["name"] = name.into();
        Ok(value)
    }

    fn shapes(&mut self) -> Result<Value, Error> {
        let left = self.left();
        if left < 5.0 {
            return Ok(json!({"leftOut": "there was no time left"}));
        }
        let is_unet = |name: &&String| Spec::named(name).is_some_and(|spec| spec.flops() > 0);
        let names = self.options.works.iter().filter(is_unet).cloned().collect();
        Ok(self.part(Part::Shapes(names), left)?.into_value())
    }

    fn part(&mut self, part: Part, seconds: f64) -> Result<Told, Error> {
        let job = Job {
            part,
            request: self.options.request,
            seconds,
            choices: self.choices.clone(),
        };
        let Self {
            say,
            start,
            choices,
            peaks,
            ..
        } = self;
        let told = Told::by((self.child)(), &job, &mut |line| match line {
            Line::Doing(what) => say(&format!("{:3} s  {what}", start.elapsed().as_secs())),
            Line::Choices(found) => *choices = Some(found.clone()),
            Line::Peak(peak) => peaks.push(*peak),
            _ => {}
        })?;
        if let Some(fault) = &told.fault {
            (self.say)(fault);
        }
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("cat >/dev/null; {script}")]);
        command
    }

    #[test]
    fn a_machine_without_an_adapter_gets_the_remedy() {
        let line = serde_json::to_string(&Line::Fault("Install one.".into())).unwrap();
        let script = format!("echo '{line}'");
        let error = run(&Options::default(), &|| shell(&script), &mut |_| {}).unwrap_err();
        assert_eq!(error.to_string(), "Install one.");
    }

    #[test]
    fn a_name_that_no_workload_has_is_refused() {
        let options = Options {
            works: vec!["U-17".into()],
            ..Options::default()
        };
        let error = run(&options, &|| shell("exit 1"), &mut |_| {}).unwrap_err();
        assert_eq!(error.to_string(), "There is no workload U-17");
    }
}
