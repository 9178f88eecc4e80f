//! The process that does a part, as its parent hears it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::Error;
use super::job::{Clock, Job, Line};

/// What a child has told.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub object: Map<String, Value>,
    /// The number of the case that would have come next.
    pub case: usize,
    /// Why it has ended early.
    pub fault: Option<String>,
    /// Whether it was ended because it took too long.
    pub is_late: bool,
    doing: String,
}

impl Told {
    /// Starts a child, gives it its job, and listens until it has ended or has to be; `hear` gets every line.
    pub(super) fn by(mut command: Command, job: &Job, hear: &mut dyn FnMut(&Line)) -> Result<Self, Error> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let deadline = Clock::deadline(job.seconds);
        let sent = send(&mut child, job);
        let mut told = Self::default();
        let lines = listen(&mut child);
        loop {
            match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    hear(&line);
                    told.note(line);
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    told.is_late = true;
                    // It may have ended this moment.
                    let _ = child.kill();
                    break;
                }
            }
        }
        let status = end(&mut child)?;
        if told.is_late {
            told.fault = Some(format!("stopped for want of time; {} was under way", told.doing));
        } else if let Some(status) = status
            && !status.success()
            && told.fault.is_none()
        {
            told.fault = Some(format!("ended by {status}; {} was under way", told.doing));
        }
        // A child that did not live to hear of its job has told why, or its status has.
        match sent {
            Err(error) if told.fault.is_none() => Err(error),
            _ => Ok(told),
        }
    }

    fn note(&mut self, line: Line) {
        match line {
            Line::Doing(what) => self.doing = what,
            Line::Case(number) => self.case = number,
            Line::Set(key, value) => {
                self.object.insert(key, value);
            }
            Line::Row(key, value) => append(&mut self.object, Map::from_iter([(key, json!([value]))])),
            Line::Fault(text) => self.fault = Some(text),
            Line::Choices(_) | Line::Peak(_) => {}
        }
    }

    /// What it has told, and why no more.
    pub(super) fn into_value(mut self) -> Value {
        if let Some(fault) = self.fault {
            let key = if self.is_late { "stopped" } else { "fault" };
            self.object.insert(key.into(), fault.into());
        }
        self.object.into()
    }
}

/// How the child ended; `None` where it does not, as a process does whose driver never comes back.
fn end(child: &mut Child) -> Result<Option<ExitStatus>, Error> {
    const PATIENCE: Duration = Duration::from_secs(5);
    const BETWEEN: Duration = Duration::from_millis(10);
    let start = Instant::now();
    loop {
        let status = child.try_wait()?;
        if status.is_some() || start.elapsed() > PATIENCE {
            return Ok(status);
        }
        std::thread::sleep(BETWEEN);
    }
}

/// Adds to lists, sets the rest.
pub(super) fn append(all: &mut Map<String, Value>, more: Map<String, Value>) {
    for (key, value) in more {
        match (all.get_mut(&key), value) {
            (Some(Value::Array(list)), Value::Array(mut others)) => list.append(&mut others),
            (_, value) => {
                all.insert(key, value);
            }
        }
    }
}

/// The pipe is closed behind the job.
fn send(child: &mut Child, job: &Job) -> Result<(), Error> {
    let text = serde_json::to_string(job)?;
    match child.stdin.take() {
        Some(mut pipe) => Ok(pipe.write_all(text.as_bytes())?),
        None => Ok(()),
    }
}

/// What is no line of ours is a library's chatter.
fn listen(child: &mut Child) -> Receiver<Line> {
    let (sender, receiver) = channel();
    if let Some(pipe) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                let told = serde_json::from_str(&line);
                if told.is_ok_and(|line| sender.send(line).is_err()) {
                    return;
                }
            }
        });
    }
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::Request;
    use crate::report::Part;

    fn told(lines: &[Line], then: &str, seconds: f64) -> (Told, usize) {
        let lines = lines
            .iter()
            .map(|line| format!("echo '{}';", serde_json::to_string(line).unwrap()));
        let mut command = Command::new("sh");
        command.args([
            "-c",
            &format!("cat >/dev/null; {} {then}", lines.collect::<String>()),
        ]);
        let job = Job {
            part: Part::Adapter,
            request: Request::Fastest,
            seconds,
            choices: None,
        };
        let mut heard = 0;
        let told = Told::by(command, &job, &mut |_| heard += 1).unwrap();
        (told, heard)
    }

    #[test]
    fn what_a_child_told_before_it_died_is_kept() {
        let row = |i: u32| Line::Row("rows".into(), i.into());
        let lines = [
            Line::Doing("this".into()),
            row(1),
            row(2),
            Line::Set("a".into(), 3.into()),
        ];
        let (told, heard) = told(&lines, "echo chatter; kill -SEGV $$", 20.0);
        assert_eq!(heard, 4);
        assert!(
            told.fault.as_ref().unwrap().contains("this was under way"),
            "{told:?}"
        );
        let value = told.into_value();
        assert_eq!((&value["rows"], &value["a"]), (&json!([1, 2]), &json!(3)));
        assert!(value["fault"].as_str().unwrap().contains("signal"), "{value}");
    }

    #[test]
    fn a_child_that_hangs_is_ended() {
        let (told, _) = told(&[Line::Doing("that".into())], "exec sleep 100", -2.0);
        assert!(told.is_late);
        assert!(told.into_value()["stopped"].as_str().unwrap().contains("that"));
    }

    #[test]
    fn a_child_that_ends_well_has_no_fault() {
        let (told, _) = told(&[Line::Case(7)], "", 20.0);
        assert_eq!((told.case, told.fault), (7, None));
    }
}
