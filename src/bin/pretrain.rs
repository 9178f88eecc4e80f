//! Trains the weights that the page ships, through the same session that the page uses.
//!
//! `cargo run --release --bin pretrain -- --steps 600 --minutes 60`: trains the default UNet on the training
//! slices of `abdomen_ct_a` until either limit, and writes the weights of the best validation with their card.

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};

    use contour_lab::gpu::{Context, Request};
    use contour_lab::lab::{History, Series};
    use contour_lab::metrics::mean_dice;
    use contour_lab::net::{read_safetensors, write_safetensors};
    use contour_lab::nifti::{LabelDraft, Volume};
    use contour_lab::train::{Augmentation, Dataset, Event, Recipe, Regimen, Session, Source, Split};
    use contour_lab::{contour, loss, net, optim};
    use pollster::block_on;

    type Failure = Box<dyn std::error::Error>;

    const SAMPLE: &str = "abdomen_ct_a";
    /// Hounsfield units: the abdominal soft-tissue window.
    const WINDOW: [f32; 2] = [-160.0, 240.0];
    const GRID: [usize; 2] = [128, 128];
    const VALIDATE_EVERY: u64 = 20;

    struct Options {
        steps: u64,
        limit: Duration,
        width: usize,
        depth: usize,
        batch: usize,
        learning_rate: f64,
        preset: loss::Preset,
        from: Option<PathBuf>,
    }

    impl Options {
        fn parse() -> Result<Self, Failure> {
            let mut options = Self {
                steps: 600,
                limit: Duration::from_secs(3600),
                width: 16,
                depth: 4,
                batch: 4,
                learning_rate: 1e-3,
                preset: loss::Preset::Paper,
                from: None,
            };
            let mut arguments = std::env::args().skip(1);
            while let Some(name) = arguments.next() {
                let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
                match name.as_str() {
                    "--steps" => options.steps = value.parse()?,
                    "--minutes" => options.limit = Duration::from_secs(60 * value.parse::<u64>()?),
                    "--width" => options.width = value.parse()?,
                    "--depth" => options.depth = value.parse()?,
                    "--batch" => options.batch = value.parse()?,
                    "--learning-rate" => options.learning_rate = value.parse()?,
                    "--preset" => {
                        options.preset = serde_json::from_value(value.into())
                            .map_err(|_| "--preset is Paper or AuthorsCode")?;
                    }
                    "--from" => options.from = Some(value.into()),
                    _ => {
                        return Err(
                            format!("{name} is no option; see the head of src/bin/pretrain.rs").into(),
                        );
                    }
                }
            }
            Ok(options)
        }

        fn recipe(&self, classes: usize) -> Recipe {
            let adam = optim::Adam {
                learning_rate: self.learning_rate,
                ..optim::Adam::default()
            };
            Recipe {
                network: net::Unet {
                    in_channels: 1,
                    classes,
                    width: self.width,
                    depth: self.depth,
                    ..net::Unet::default()
                },
                contour: contour::Choice::default(),
                loss: self.preset.params(),
                optimiser: optim::Optimiser::Adam(adam),
                batch: self.batch,
                steps: self.steps,
                validate_every: VALIDATE_EVERY,
                seed: 1,
                augmentation: Augmentation::default(),
                half_activations: false,
                patch: None,
                regimen: Regimen::default(),
            }
        }
    }

    fn dataset() -> Result<(Dataset, Vec<String>), Failure> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples");
        let samples: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join("samples.json"))?)?;
        let sample = &samples[SAMPLE];
        let text = |value: &serde_json::Value| {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or("samples.json: a name is missing")
        };
        let slices = |name: &str| -> Result<Vec<u32>, Failure> {
            Ok(serde_json::from_value(sample["split"][name].clone())?)
        };
        let volume = |name: &str| -> Result<Volume, Failure> {
            Ok(Volume::from_bytes(&std::fs::read(
                folder.join(text(&sample[name])?),
            )?)?)
        };
        let (image, label) = (volume("image")?, volume("label")?);
        let [width, height, depth, _] = image.shape();
        let labels = LabelDraft::read(&label)?.finish(&image)?;
        let names: Result<Vec<String>, _> = sample["classes"]
            .as_array()
            .ok_or("samples.json: classes are missing")?
            .iter()
            .map(|class| text(&class["name"]))
            .collect();
        let source = Source {
            image: &image.frame_f32(0)?,
            labels: labels.labels(),
            shape: [width, height, depth],
            classes: labels.classes(),
            window: WINDOW,
        };
        let split = Split {
            train: slices("train_slices")?,
            validation: slices("val_slices")?,
        };
        Ok((Dataset::new(source, GRID, Some(split))?, names?))
    }

    /// The best weights so far.
    struct Best {
        step: u64,
        dice: f64,
        arena: Vec<f32>,
    }

    pub(super) fn main() -> Result<(), Failure> {
        let options = Options::parse()?;
        let (dataset, names) = dataset()?;
        let recipe = options.recipe(dataset.classes);
        let context = block_on(Context::new(Request::Fastest))?;
        println!("{} on {}", SAMPLE, context.adapter_name());
        let [width, height] = dataset.grid;
        let graph = recipe.network.graph(height, width)?;
        let weights = options.from.as_ref().map(std::fs::read).transpose()?;
        let weights = weights
            .map(|bytes| read_safetensors(&graph, &bytes))
            .transpose()?;
        let mut session = Session::on_gpu(&context, recipe.clone(), &dataset, weights)?;
        let mut history = History::default();
        let mut best: Option<Best> = None;
        let start = Instant::now();
        while !session.finished() && start.elapsed() < options.limit {
            session.step();
            if session.steps().is_multiple_of(VALIDATE_EVERY) || session.finished() {
                session.read_weights();
            }
            while session.in_flight() > 2 || session.finished() && session.in_flight() > 0 {
                let Some(event) = block_on(session.next()) else {
                    break;
                };
                let event = event?;
                history.add(&event);
                take(&event, &history, &mut best, start, &options, &recipe, &names)?;
            }
        }
        std::fs::write(weights_path(&recipe).with_extension("csv"), history.csv(&names))?;
        Ok(())
    }

    fn take(
        event: &Event,
        history: &History,
        best: &mut Option<Best>,
        start: Instant,
        options: &Options,
        recipe: &Recipe,
        names: &[String],
    ) -> Result<(), Failure> {
        let Event::Weights { step, arena } = event else {
            return Ok(());
        };
        let Some(pass) = history.validation.last() else {
            return Ok(());
        };
        let dice = mean_dice(&pass.overlaps).unwrap_or(0.0);
        let train = history
            .line(Series::TrainTotal)
            .values
            .last()
            .copied()
            .flatten()
            .unwrap_or(f64::NAN);
        let elapsed = start.elapsed().as_secs_f64();
        println!(
            "step {step}: loss {train:.4}, validation {:.4}, mean Dice {dice:.3}, {elapsed:.0} s",
            pass.terms.total
        );
        if best.as_ref().is_some_and(|best| best.dice >= dice) {
            return Ok(());
        }
        *best = Some(Best {
            step: *step,
            dice,
            arena: arena.clone(),
        });
        write(best.as_ref(), history, options, recipe, names, elapsed)
    }

    fn weights_path(recipe: &Recipe) -> PathBuf {
        let net::Unet { width, depth, .. } = recipe.network;
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("www/weights/unet_w{width}_d{depth}_{SAMPLE}.safetensors"))
    }

    /// The weights and, beside them, what a card has to say.
    fn write(
        best: Option<&Best>,
        history: &History,
        options: &Options,
        recipe: &Recipe,
        names: &[String],
        seconds: f64,
    ) -> Result<(), Failure> {
        let (Some(best), Some(pass)) = (best, history.validation.last()) else {
            return Ok(());
        };
        let graph = recipe.network.graph(GRID[1], GRID[0])?;
        let notes = [
            ("sample", SAMPLE.to_owned()),
            ("steps", best.step.to_string()),
            ("mean_validation_dice", format!("{:.4}", best.dice)),
            ("recipe", serde_json::to_string(recipe)?),
        ];
        let path = weights_path(recipe);
        std::fs::create_dir_all(path.parent().ok_or("a folder for the weights")?)?;
        std::fs::write(&path, write_safetensors(&graph, &best.arena, &notes)?)?;
        let dice: serde_json::Map<_, _> = names
            .iter()
            .zip(&pass.overlaps)
            .skip(1)
            .map(|(name, overlap)| (name.clone(), serde_json::json!(overlap.outcome().dice())))
            .collect();
        let report = serde_json::json!({
            "sample": SAMPLE, "window_hu": WINDOW, "grid": GRID, "recipe": recipe, "step": best.step,
            "seconds": seconds.round(), "continued": options.from.is_some(),
            "mean_validation_dice": best.dice, "validation_dice": dice,
        });
        std::fs::write(
            path.with_extension("json"),
            serde_json::to_string_pretty(&report)? + "\n",
        )?;
        Ok(())
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    native::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
