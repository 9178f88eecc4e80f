//! Who computes a run, and why.

use crate::engine::Processor;
use crate::gpu::{AdapterKind, Error, software_name};

/// What is known of the graphics adapter.
#[derive(Clone, Debug, PartialEq)]
pub enum Graphics {
    /// It is still looked for.
    Sought,
    /// What it calls itself, and what it is.
    Found { name: String, kind: AdapterKind },
    /// Why there is none.
    Absent(Error),
}

/// What the address and the visitor say; the visitor, who speaks later, is heard first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    pub address: Option<Processor>,
    pub visitor: Option<Processor>,
}

/// Who computes, in one line with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub processor: Processor,
    pub line: String,
}

/// The engine for this machine: a graphics adapter where there is a real one, unless somebody wishes otherwise. `None` while
/// nobody does and the adapter is still looked for.
#[must_use]
pub fn choose(graphics: &Graphics, wishes: Wishes) -> Option<Choice> {
    let by_visitor = wishes
        .visitor
        .map(|wish| (wish, "you chose it", "you chose the graphics adapter"));
    let by_address = wishes.address.map(|wish| {
        (
            wish,
            "the address asks for it",
            "the address asks for the graphics adapter",
        )
    });
    let choice = |processor, line| Some(Choice { processor, line });
    match (by_visitor.or(by_address), graphics) {
        (None, Graphics::Sought) => None,
        (
            None,
            Graphics::Found {
                name,
                kind: AdapterKind::Software,
            },
        ) => choice(
            Processor::Cpu,
            format!(
                "Trains on the processor, because the graphics adapter is a software one ({}).",
                common(name)
            ),
        ),
        (None, Graphics::Found { name, .. }) => choice(
            Processor::Gpu,
            format!("Trains on the graphics adapter, because there is one ({name})."),
        ),
        (None, Graphics::Absent(error)) => choice(
            Processor::Cpu,
            format!("Trains on the processor, because {}.", missing(error)),
        ),
        (Some((Processor::Cpu, who, _)), _) => {
            choice(Processor::Cpu, format!("Trains on the processor, because {who}."))
        }
        (Some((Processor::Gpu, _, whose)), Graphics::Absent(error)) => choice(
            Processor::Cpu,
            format!(
                "Trains on the processor, although {whose}, because {}.",
                missing(error)
            ),
        ),
        (
            Some((Processor::Gpu, who, _)),
            Graphics::Found {
                name,
                kind: AdapterKind::Software,
            },
        ) => choice(
            Processor::Gpu,
            format!(
                "Trains on the graphics adapter, because {who}, although it is a software one ({}).",
                common(name)
            ),
        ),
        (Some((Processor::Gpu, who, _)), Graphics::Found { name, .. }) => choice(
            Processor::Gpu,
            format!("Trains on the graphics adapter, because {who} ({name})."),
        ),
        (Some((Processor::Gpu, who, _)), Graphics::Sought) => choice(
            Processor::Gpu,
            format!("Trains on the graphics adapter, because {who}."),
        ),
    }
}

/// The common name of a software adapter, or its own.
fn common(name: &str) -> &str {
    software_name(name).unwrap_or(name)
}

fn missing(error: &Error) -> &'static str {
    match error {
        Error::InsecureContext => "this page is not secure, which hides graphics adapters from it",
        Error::NoApi => "this browser has no WebGPU",
        Error::NoAdapter(_) => "no graphics adapter answered",
        Error::NoDevice(_) => "the graphics adapter refused",
        Error::Lost(_) | Error::Readback(_) => "the graphics device was lost",
        Error::TooLarge { .. } => "the graphics adapter is too small",
    }
}

/// Whether the engine has to run on the page's own thread: where a graphics adapter is to train that the browser offers there
/// alone. `kind` is that of the page's adapter, if it has one.
#[must_use]
pub fn needs_page(has_webgpu: bool, kind: Option<AdapterKind>, asked: Option<Processor>) -> bool {
    let trains = |kind| kind != AdapterKind::Software || asked == Some(Processor::Gpu);
    !has_webgpu && asked != Some(Processor::Cpu) && kind.is_some_and(trains)
}

/// Milliseconds of one step on either engine, in words.
#[must_use]
pub fn compared(gpu_ms: f64, processor_ms: f64) -> String {
    let [gpu, processor] = [gpu_ms, processor_ms].map(duration);
    let times = |ratio: f64| {
        if ratio < 10.0 {
            format!("{ratio:.1}")
        } else {
            format!("{ratio:.0}")
        }
    };
    let faster = |who: &str, ratio: f64| format!("the {who} is {} times as fast", times(ratio));
    let ratio = processor_ms / gpu_ms;
    let verdict = if ratio >= ABOUT {
        faster("graphics adapter", ratio)
    } else if ratio <= 1.0 / ABOUT {
        faster("processor", 1.0 / ratio)
    } else {
        "both are about as fast".into()
    };
    format!("One step takes {gpu} on the graphics adapter and {processor} on the processor: {verdict}.")
}

/// Less than a tenth is within what one measurement differs from the next.
const ABOUT: f64 = 1.1;

fn duration(ms: f64) -> String {
    match ms {
        ms if ms >= 1e4 => format!("{:.0} s", ms / 1e3),
        ms if ms >= 1e3 => format!("{:.1} s", ms / 1e3),
        ms if ms >= 10.0 => format!("{ms:.0} ms"),
        ms => format!("{ms:.1} ms"),
    }
}

/// What the engine may do for a run that is not asked for yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chore {
    /// To compile what the run would wait for.
    Prepare,
    /// To try which variants of its kernels are the fastest.
    Try,
}

/// What decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leisure {
    pub processor: Processor,
    pub kind: AdapterKind,
    /// The page has its picture, and nothing has been asked of a session for a while.
    pub is_idle: bool,
    /// What it would run now is compiled.
    pub is_prepared: bool,
    /// What the address says of trials.
    pub trials: Option<bool>,
}

impl Leisure {
    /// The next chore. On a software adapter nothing is tried unless the address wants it: trials take the cores that the page
    /// needs, and what is usual there has been measured.
    #[must_use]
    pub fn chore(&self) -> Option<Chore> {
        if self.processor == Processor::Cpu || !self.is_idle {
            return None;
        }
        if !self.is_prepared {
            return Some(Chore::Prepare);
        }
        let tries = self.trials.unwrap_or(self.kind != AdapterKind::Software);
        tries.then_some(Chore::Try)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, kind: AdapterKind) -> Graphics {
        Graphics::Found {
            name: name.into(),
            kind,
        }
    }

    fn line(graphics: &Graphics, wishes: Wishes) -> (Processor, String) {
        let Choice { processor, line } = choose(graphics, wishes).unwrap();
        (processor, line)
    }

    #[test]
    fn a_real_adapter_trains_and_a_software_one_does_not() {
        let alone = Wishes::default();
        let software = found("google swiftshader", AdapterKind::Software);
        assert_eq!(
            line(&software, alone),
            (
                Processor::Cpu,
                "Trains on the processor, because the graphics adapter is a software one (SwiftShader)."
                    .into()
            )
        );
        for kind in [AdapterKind::Discrete, AdapterKind::Integrated] {
            assert_eq!(
                line(&found("nvidia ampere", kind), alone),
                (
                    Processor::Gpu,
                    "Trains on the graphics adapter, because there is one (nvidia ampere).".into()
                )
            );
        }
        let (processor, said) = line(&Graphics::Absent(Error::NoApi), alone);
        assert_eq!(processor, Processor::Cpu);
        assert_eq!(
            said,
            "Trains on the processor, because this browser has no WebGPU."
        );
        assert_eq!(choose(&Graphics::Sought, alone), None);
    }

    #[test]
    fn wishes_go_first_and_the_visitors_before_the_addresss() {
        let card = found("nvidia ampere", AdapterKind::Discrete);
        let wish = |address, visitor| Wishes { address, visitor };
        let (gpu, cpu) = (Some(Processor::Gpu), Some(Processor::Cpu));
        assert_eq!(
            line(&card, wish(cpu, None)).1,
            "Trains on the processor, because the address asks for it."
        );
        assert_eq!(line(&card, wish(cpu, gpu)).0, Processor::Gpu);
        assert_eq!(
            line(&card, wish(gpu, cpu)).1,
            "Trains on the processor, because you chose it."
        );
        let software = found("google swiftshader", AdapterKind::Software);
        let (processor, said) = line(&software, wish(gpu, None));
        assert_eq!(processor, Processor::Gpu);
        assert!(
            said.ends_with("although it is a software one (SwiftShader)."),
            "{said}"
        );
        // What is not there cannot be had.
        let (processor, said) = line(&Graphics::Absent(Error::NoApi), wish(None, gpu));
        assert_eq!(processor, Processor::Cpu);
        assert!(said.contains("although you chose the graphics adapter"), "{said}");
        for sought in [wish(gpu, None), wish(None, cpu)] {
            assert!(
                choose(&Graphics::Sought, sought).is_some(),
                "a wish need not wait"
            );
        }
    }

    #[test]
    fn only_an_adapter_that_trains_brings_the_engine_to_the_page() {
        let (card, software) = (Some(AdapterKind::Discrete), Some(AdapterKind::Software));
        assert!(needs_page(false, card, None));
        assert!(needs_page(false, software, Some(Processor::Gpu)));
        for (has_webgpu, kind, asked) in [
            (true, card, None),
            (false, None, Some(Processor::Gpu)),
            (false, software, None),
            (false, card, Some(Processor::Cpu)),
        ] {
            assert!(
                !needs_page(has_webgpu, kind, asked),
                "{has_webgpu} {kind:?} {asked:?}"
            );
        }
    }

    #[test]
    fn a_comparison_names_both_times_and_the_ratio() {
        for (gpu_ms, processor_ms, said) in [
            (
                12.0,
                384.0,
                "One step takes 12 ms on the graphics adapter and 384 ms on the processor: the graphics adapter is 32 times as fast.",
            ),
            (
                3000.0,
                600.0,
                "One step takes 3.0 s on the graphics adapter and 600 ms on the processor: the processor is 5.0 times as fast.",
            ),
            (
                9.96,
                10.4,
                "One step takes 10.0 ms on the graphics adapter and 10 ms on the processor: both are about as fast.",
            ),
        ] {
            assert_eq!(compared(gpu_ms, processor_ms), said);
        }
    }

    #[test]
    fn chores_are_for_an_idle_page_with_a_graphics_adapter() {
        let idle = Leisure {
            processor: Processor::Gpu,
            kind: AdapterKind::Discrete,
            is_idle: true,
            is_prepared: false,
            trials: None,
        };
        let prepared = Leisure {
            is_prepared: true,
            ..idle
        };
        let software = Leisure {
            kind: AdapterKind::Software,
            ..prepared
        };
        assert_eq!(idle.chore(), Some(Chore::Prepare));
        assert_eq!(prepared.chore(), Some(Chore::Try));
        assert_eq!(software.chore(), None);
        assert_eq!(
            Leisure {
                trials: Some(true),
                ..software
            }
            .chore(),
            Some(Chore::Try)
        );
        assert_eq!(
            Leisure {
                trials: Some(false),
                ..prepared
            }
            .chore(),
            None
        );
        for busy in [
            Leisure {
                is_idle: false,
                ..idle
            },
            Leisure {
                processor: Processor::Cpu,
                ..prepared
            },
        ] {
            assert_eq!(busy.chore(), None);
        }
    }
}
