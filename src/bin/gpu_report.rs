//! What this machine's graphics adapter does with the application's kernels, as JSON: `scripts/gpu-report.sh` builds it,
//! `docs/benchmarks.md` says what each field means.
//!
//! One file that needs a Vulkan driver and the Vulkan loader, no other file and no network.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::io::{Read, Write};
    use std::process::{Command, ExitCode};

    use contour_lab::gpu::Request;
    use contour_lab::report::{self, Job, Line, Options};

    const USAGE: &str = "gpu_report [--budget SECONDS] [--work NAME,…] [--software | --adapter NUMBER] [--leave-out check,shapes]
           [--check TEXT]

Times the application's kernels on this machine's graphics adapter. JSON goes to stdout, progress and a table to stderr.

  --budget SECONDS   for everything; 150 if not given
  --work NAME,…      U-8-64,L-256,U-16,U-32-256 if not given; others stand in www/bench/workloads.js
  --software         the software adapter instead of the fastest
  --adapter NUMBER   the adapter of this number in the report's list
  --leave-out PART,… check: kernels against their twins; shapes: convolutions by every variant
  --check TEXT       only those kernels whose names hold the text

Ends with 0 when all is well, 1 when a kernel or a workload failed (the report says which), 2 when there is no report.";

    /// How the program is started for a part, which it reads.
    const PART: &str = "--part";

    enum Asked {
        Report(Options),
        Part,
        Usage,
    }

    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
        let mut options = Options::default();
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
            let number = |text: String| {
                text.parse::<f64>()
                    .ok()
                    .filter(|number| *number >= 0.0)
                    .ok_or(format!("{text} is no number"))
            };
            match name.as_str() {
                PART => return Ok(Asked::Part),
                "--help" | "-h" => return Ok(Asked::Usage),
                "--budget" => options.seconds = number(value()?)?,
                "--work" => {
                    options.works = value()?
                        .split(',')
                        .filter(|name| !name.is_empty())
                        .map(str::to_owned)
                        .collect()
                }
                "--software" => options.request = Request::Software,
                "--adapter" => options.request = Request::Numbered(number(value()?)? as usize),
                "--check" => options.holding = value()?,
                "--leave-out" => {
                    for part in value()?.split(',') {
                        match part {
                            "check" => options.parts.check = false,
                            "shapes" => options.parts.shapes = false,
                            other => return Err(format!("{other} cannot be left out")),
                        }
                    }
                }
                other => return Err(format!("{other} is no option\n\n{USAGE}")),
            }
        }
        Ok(Asked::Report(options))
    }

    pub(super) fn main() -> ExitCode {
        match parse(std::env::args().skip(1)) {
            Ok(Asked::Report(options)) => report(&options),
            Ok(Asked::Part) => part(),
            Ok(Asked::Usage) => {
                println!("{USAGE}");
                ExitCode::SUCCESS
            }
            Err(fault) => {
                eprintln!("gpu_report: {fault}");
                ExitCode::from(2)
            }
        }
    }

    fn report(options: &Options) -> ExitCode {
        let made = std::env::current_exe()
            .map_err(report::Error::from)
            .and_then(|program| {
                let child = || {
                    let mut command = Command::new(&program);
                    command.arg(PART);
                    command
                };
                report::run(options, &child, &mut |what| eprintln!("{what}"))
            });
        match made {
            Ok(mut report) => {
                report["commit"] = option_env!("CONTOUR_LAB_COMMIT").into();
                eprintln!("\n{}", report::table(&report));
                println!("{}", report::text(&report));
                let faults = report["faults"].as_array().map_or(0, Vec::len);
                ExitCode::from(u8::from(faults > 0))
            }
            Err(error) => {
                eprintln!("gpu_report: {error}");
                ExitCode::from(2)
            }
        }
    }

    /// The child. A panic (a lost device is one, natively) is told as the fault that it is.
    fn part() -> ExitCode {
        std::panic::set_hook(Box::new(|panic| tell(Line::Fault(panic.to_string()))));
        let mut text = String::new();
        let job = match std::io::stdin().read_to_string(&mut text) {
            Ok(_) => serde_json::from_str::<Job>(&text).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match job {
            Ok(job) => report::perform(&job, &mut tell),
            Err(fault) => tell(Line::Fault(format!("{PART} is for the program itself: {fault}"))),
        }
        ExitCode::SUCCESS
    }

    /// Nobody listens any more when this fails.
    fn tell(line: Line) {
        let Ok(text) = serde_json::to_string(&line) else {
            return;
        };
        let _ = writeln!(std::io::stdout(), "{text}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
