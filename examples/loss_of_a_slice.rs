//! The contour-weighted compound loss (CWCD) of one axial slice, class by class, on the processor.
//!
//! ```sh
//! cargo run --example loss_of_a_slice
//! cargo run --example loss_of_a_slice -- image.nii.gz label.nii.gz
//! cargo run --example loss_of_a_slice -- image.nii.gz label.nii.gz 40
//! ```
//!
//! Without files it reads a sample of the page. Without a slice number it takes the slice with the most foreground. The
//! logits come from the simplest classifier: it knows the mean and the spread of the intensities of each class in this
//! slice, and nothing of the position.

use std::error::Error;
use std::path::{Path, PathBuf};

use contour_lab::contour::{self, cpu as maps_of};
use contour_lab::loss::{Facts, Params, cpu};
use contour_lab::nifti::{LabelDraft, LabelMap, Plane, Volume};

const SAMPLE: [&str; 2] = ["abdomen_ct_a_image.nii.gz", "abdomen_ct_a_label.nii.gz"];

/// A class of one pixel, or of equal pixels, has no spread: its classifier would divide by 0.
const LEAST_SPREAD: f64 = 1.0;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let sample = |file| {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("www/samples")
            .join(file)
    };
    let [image, label] = match (arguments.next(), arguments.next()) {
        (Some(image), Some(label)) => [image, label].map(PathBuf::from),
        (None, _) => SAMPLE.map(sample),
        _ => return Err("Name an image and its label map, both NIfTI.".into()),
    };
    let image = Volume::from_bytes(&std::fs::read(image)?)?;
    let label = Volume::from_bytes(&std::fs::read(label)?)?;
    // Checks that both lie on one grid, and names what does not agree.
    let label = LabelDraft::read(&label)?.finish(&image)?;
    let z = match arguments.next() {
        Some(number) => number.parse()?,
        None => fullest_slice(&label)?,
    };
    print_loss(&image, &label, z)
}

fn print_loss(image: &Volume, label: &LabelMap, z: usize) -> Result<(), Box<dyn Error>> {
    let intensities = image.slice(Plane::Axial, z, 0)?;
    let slice = label.slice(Plane::Axial, z)?;
    let labels: Vec<u32> = slice.values.iter().map(|class| u32::from(*class)).collect();
    let classes = label.classes();
    let logits = by_intensity(&intensities.values, &labels, classes);

    // The presets of the page: the paper's contour and the paper's loss.
    let params = Params::default();
    let parts = params.parts(&Facts::count(classes, labels.iter().copied()));
    let dims = [1, slice.height, slice.width];
    let contour = maps_of::contour(&labels, dims, &contour::Choice::default());
    let weight: Vec<f64> = maps_of::weight_map(&labels, &contour, dims, &params.weighting());
    let inputs = cpu::Inputs {
        logits: &logits,
        labels: &labels,
        contour: &contour,
        weight: &weight,
        shape: [1, classes, slice.height, slice.width],
    };
    let maps = cpu::maps(&inputs, &parts);

    println!("axial slice {z}, {} × {} pixels", slice.width, slice.height);
    println!("loss {:.5} = α · L_CE + β · L_SD", maps.terms.total);
    println!(
        "L_CE {:.5}, L_SD {:.5}, D(contour) {:.5}, D(rest) {:.5}",
        maps.terms.pixel, maps.terms.region, maps.terms.contour, maps.terms.rest
    );
    println!("What the pixels of each class add to the loss:");
    println!("class  pixels  contour       L_CE  D(contour)    D(rest)");
    let mut sum = 0.0;
    for class in (0..classes).filter(|class| labels.contains(&(*class as u32))) {
        let is_of_class = |x: &usize| labels[*x] == class as u32;
        let pixels: Vec<usize> = (0..labels.len()).filter(is_of_class).collect();
        let on_contour = pixels.iter().filter(|x| contour[**x] >> class & 1 == 1).count();
        let share =
            |term: usize| -> f64 { pixels.iter().map(|x| maps.shares[term * labels.len() + x]).sum() };
        let [cross_entropy, dice_contour, dice_rest] = [0, 1, 2].map(share);
        sum += cross_entropy + dice_contour + dice_rest;
        println!(
            "{class:5}  {:6}  {on_contour:7}  {cross_entropy:9.5}  {dice_contour:10.5}  {dice_rest:9.5}",
            pixels.len()
        );
    }
    println!("  sum  {sum:.5}");
    Ok(())
}

/// The slice with the most foreground.
fn fullest_slice(label: &LabelMap) -> Result<usize, Box<dyn Error>> {
    let [width, height, _] = label.grid().shape;
    let planes = label.labels().chunks_exact(width * height);
    let foreground = |plane: &[u8]| plane.iter().filter(|class| **class > 0).count();
    let fullest = planes.enumerate().max_by_key(|(_, plane)| foreground(plane));
    Ok(fullest.ok_or("The label map has no slice.")?.0)
}

/// Logits (K, H, W): the logarithms of how likely each intensity is in each class. A class without a pixel is very unlikely.
fn by_intensity(intensities: &[f32], labels: &[u32], classes: usize) -> Vec<f64> {
    let mut logits = Vec::with_capacity(classes * labels.len());
    for class in 0..classes as u32 {
        let own: Vec<f64> = intensities
            .iter()
            .zip(labels)
            .filter_map(|(value, label)| (*label == class).then_some(f64::from(*value)))
            .collect();
        let count = own.len() as f64;
        let mean = own.iter().sum::<f64>() / count;
        let variance = own.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        let spread = variance.sqrt().max(LEAST_SPREAD);
        logits.extend(intensities.iter().map(|value| {
            if own.is_empty() {
                return -50.0;
            }
            let deviation = (f64::from(*value) - mean) / spread;
            count.ln() - spread.ln() - 0.5 * deviation * deviation
        }));
    }
    logits
}
