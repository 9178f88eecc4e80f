//! Twenty training steps on a sample of the page, on all cores of the processor: the loss of each step, and the Dice of the
//! liver on slices that the network has not seen.
//!
//! ```sh
//! cargo run --release --example train
//! ```

use std::error::Error;
use std::path::Path;

use contour_lab::metrics::mean_dice;
use contour_lab::nifti::{LabelDraft, Volume};
use contour_lab::train::{Augmentation, Crew, Dataset, Event, Recipe, Regimen, Session, Source};
use contour_lab::{contour, loss, net, optim};
use pollster::block_on;

/// The intensities that become 0 and 1, in Hounsfield units: soft tissue.
const WINDOW: [f32; 2] = [-160.0, 240.0];
/// Width and height of what the network sees.
const GRID: [usize; 2] = [64, 64];
/// The liver's number in the label file. Twenty steps are enough for one large organ.
const LIVER: u8 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let dataset = dataset()?;
    let recipe = Recipe {
        network: net::Unet {
            in_channels: 1,
            classes: dataset.classes,
            width: 8,
            depth: 3,
            ..net::Unet::default()
        },
        contour: contour::Choice::default(),
        loss: loss::Params::default(),
        optimiser: optim::Optimiser::Adam(optim::Adam {
            learning_rate: 1e-2,
            ..optim::Adam::default()
        }),
        batch: 4,
        steps: 20,
        validate_every: 10,
        seed: 1,
        augmentation: Augmentation::default(),
        half_activations: false,
        patch: None,
        regimen: Regimen::default(),
    };
    println!(
        "{} slices train, {} validate",
        dataset.split.train.len(),
        dataset.split.validation.len()
    );
    // An empty crew: nobody but this process computes.
    let mut session = Session::on_processor(recipe, &dataset, None, Crew::new())?;
    while !session.finished() {
        session.step();
        while let Some(event) = block_on(session.next()) {
            print(&event?);
        }
    }
    Ok(())
}

fn print(event: &Event) {
    match event {
        Event::Step { step, terms } => println!("step {:2}  loss {:.4}", step + 1, terms.total),
        Event::Validation {
            step,
            terms,
            overlaps,
        } => println!(
            "validation after {step} steps  loss {:.4}  Dice {:.3}",
            terms.total,
            // No class but the liver is in the mean; without any liver there is no Dice.
            mean_dice(overlaps).unwrap_or(f64::NAN)
        ),
        _ => {}
    }
}

/// The slices of one abdomen; every validation slab has a gap to the training slices.
fn dataset() -> Result<Dataset, Box<dyn Error>> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples");
    let read = |file: &str| -> Result<Volume, Box<dyn Error>> {
        Ok(Volume::from_bytes(&std::fs::read(samples.join(file))?)?)
    };
    let image = read("abdomen_ct_a_image.nii.gz")?;
    let label = LabelDraft::read(&read("abdomen_ct_a_label.nii.gz")?)?.finish(&image)?;
    let is_liver = |class: &u8| u8::from(*class == LIVER);
    let source = Source {
        image: &image.frame_f32(0)?,
        labels: &label.labels().iter().map(is_liver).collect::<Vec<_>>(),
        shape: image.grid().shape,
        classes: 2,
        window: WINDOW,
    };
    Ok(Dataset::new(source, GRID, None)?)
}
