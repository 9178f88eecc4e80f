//! What can be said on the command line.

use contour_lab::optim::{Adam, Optimiser, Shape};
use contour_lab::plan::{Preset, Settings, with_learning_rate, with_weight_decay};
use contour_lab::train::Augmentation;

use super::Failure;

/// Names and values, in pairs.
pub(crate) struct Options(Vec<(String, String)>);

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut pairs = Vec::new();
        while let Some(name) = arguments.next() {
            let name = name
                .strip_prefix("--")
                .ok_or("An option begins with --.")?
                .to_owned();
            let value = arguments
                .next()
                .ok_or_else(|| format!("--{name} needs a value."))?;
            pairs.push((name, value));
        }
        // That every name is known shows at once, not after a run.
        let options = Self(pairs);
        options.change(&mut Settings::default())?;
        Ok(options)
    }

    /// What is not a setting of a run.
    fn other(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// `--preset quick|standard|thorough`: whose plan counts.
    pub(crate) fn preset(&self) -> Result<Preset, Failure> {
        let named = |name: &str| {
            let is = |preset: &Preset| preset.name().to_lowercase() == name;
            Preset::ALL.into_iter().find(is)
        };
        let preset = named(self.other("preset").unwrap_or("quick"));
        Ok(preset.ok_or("--preset is quick, standard or thorough.")?)
    }

    /// `--workers`: of the processor that is planned for.
    pub(crate) fn workers(&self) -> Result<usize, Failure> {
        Ok(self.other("workers").unwrap_or("2").parse()?)
    }

    /// `--seeds 1,2,3`: as many runs.
    pub(crate) fn seeds(&self) -> Result<Vec<u64>, Failure> {
        let seeds = self.other("seeds").unwrap_or("1").split(',');
        Ok(seeds.map(str::parse).collect::<Result<_, _>>()?)
    }

    /// `--gflops`: floating-point operations a second of the page's crew, in thousand millions.
    pub(crate) fn gflops(&self) -> Result<f64, Failure> {
        Ok(self.other("gflops").unwrap_or("40").parse()?)
    }

    /// `--date`: for the figures of a file.
    pub(crate) fn date(&self) -> &str {
        self.other("date").unwrap_or("")
    }

    /// `--machine`: as well.
    pub(crate) fn machine(&self) -> &str {
        self.other("machine").unwrap_or("")
    }

    /// `--out`: a folder for the files, if not `www/weights`.
    pub(crate) fn out(&self) -> Option<&str> {
        self.other("out")
    }

    /// The options as they were typed.
    pub(crate) fn said(&self) -> String {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| format!(" --{name} {value}")).collect()
    }

    /// Changes the settings of a run.
    pub(crate) fn change(&self, settings: &mut Settings) -> Result<(), Failure> {
        for (name, value) in &self.0 {
            set(settings, name, value).map_err(|error| format!("--{name} {value}: {error}"))?;
        }
        Ok(())
    }
}

fn set(settings: &mut Settings, name: &str, value: &str) -> Result<(), Failure> {
    let number = || value.parse::<f64>();
    match name {
        "preset" | "workers" | "seeds" | "gflops" | "date" | "machine" | "out" => {}
        "size" => settings.size = value.parse()?,
        "width" => settings.width = value.parse()?,
        "depth" => settings.depth = value.parse()?,
        "batch" => settings.batch = number()?,
        "steps" => settings.steps = number()?,
        "validate-every" => settings.validate_every = number()?,
        "optimiser" => {
            let rate = settings.optimiser.learning_rate();
            settings.optimiser = match value {
                "adam" => with_learning_rate(Optimiser::Adam(Adam::default()), rate),
                "adamw" => with_learning_rate(Optimiser::AdamW(Adam::decoupled()), rate),
                _ => return Err("It is adam or adamw.".into()),
            };
        }
        "rate" => settings.optimiser = with_learning_rate(settings.optimiser, number()?),
        "decay" => settings.optimiser = with_weight_decay(settings.optimiser, number()?),
        "beta2" => match &mut settings.optimiser {
            Optimiser::Adam(adam) | Optimiser::AdamW(adam) => adam.beta2 = number()?,
            Optimiser::Sgd(_) => {}
        },
        "shape" => {
            let shape = Shape::ALL
                .into_iter()
                .find(|it| it.name().to_lowercase() == value);
            settings.learning.shape = shape.ok_or("It is constant, poly or cosine.")?;
        }
        "warm-up" => settings.learning.warmup_steps = number()?,
        "floor" => settings.learning.floor = number()?,
        "clip" => {
            settings.learning.clips = number()? > 0.0;
            settings.learning.clip_norm = number()?;
        }
        "averaging" => {
            settings.learning.averages = number()? > 0.0;
            settings.learning.averaging = number()?;
        }
        "by-class" => settings.augmentation.by_class = number()?,
        // All that changes a slice, but which are drawn, by this factor.
        "augment" => {
            let (factor, it) = (number()?, settings.augmentation);
            settings.augmentation = Augmentation {
                rotation_degrees: factor * it.rotation_degrees,
                scale: factor * it.scale,
                shift: factor * it.shift,
                gamma: factor * it.gamma,
                noise: factor * it.noise,
                ..it
            };
        }
        "rotation" => settings.augmentation.rotation_degrees = number()?,
        "scale" => settings.augmentation.scale = number()?,
        "shift" => settings.augmentation.shift = number()?,
        "gamma" => settings.augmentation.gamma = number()?,
        "noise" => settings.augmentation.noise = number()?,
        "elastic" => settings.augmentation.elastic_pixels = number()?,
        _ => return Err("There is no such option; see src/bin/pretrain/options.rs.".into()),
    }
    Ok(())
}
