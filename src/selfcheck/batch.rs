//! Batches of slices that are moved, and of slices as they are; of whole slices, and of windows.

use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::net::{Draw, GpuBatch, Slices, batch_images, batch_maps};

/// D, M, H, W of a study.
const STUDY: [usize; 4] = [5, 2, 7, 9];

/// H, W of a window.
const WINDOW: [usize; 2] = [5, 6];

/// Neighbours on either side.
const CONTEXT: usize = 1;

pub(super) const CASES: &[Case] = &[Case {
    name: "net/batch",
    run: Run::Gpu(|p| Box::pin(batch(p))),
}];

/// A turn by 0.3 with a scale, and neighbours on both sides; a mirror image with a shift of a pixel, which is exact; the
/// last slice of a subject, bent; a slice as it is.
fn draws() -> [Draw; 4] {
    [
        Draw {
            seed: 7,
            source: [0.91, -0.281, 1.23, 0.279, 0.93, -1.17],
            gamma: 1.3,
            noise: 0.2,
            range: [2, 4],
            ..Draw::plain(3)
        },
        Draw {
            source: [-1.0, 0.0, 8.0, 0.0, 1.0, 1.0],
            ..Draw::plain(1)
        },
        Draw {
            seed: 11,
            elastic: 1.3,
            cell: 4.0,
            range: [3, 4],
            ..Draw::plain(4)
        },
        Draw::plain(2),
    ]
}

async fn batch(p: &mut Probe) -> Result<(), Error> {
    let [.., height, width] = STUDY;
    check(p, &draws(), &[3, 1, 4, 2].map(Draw::plain), [height, width]).await?;
    let places = [[0, 2], [3, 1], [2, 0], [1, 2]];
    let at = |draws: [Draw; 4]| -> Vec<Draw> {
        let pairs = draws.into_iter().zip(places);
        pairs.map(|(draw, place)| draw.further(place)).collect()
    };
    check(p, &at(draws()), &at([3, 1, 4, 2].map(Draw::plain)), WINDOW).await
}

/// Moved images and labels, and unmoved maps.
async fn check(
    p: &mut Probe,
    moved: &[Draw],
    unmoved: &[Draw],
    [height, width]: [usize; 2],
) -> Result<(), Error> {
    let [slices, modalities, study_height, study_width] = STUDY;
    let extent = [study_height, study_width];
    let shape = [moved.len(), modalities, height, width];
    let channels = modalities * (2 * CONTEXT + 1);
    let (area, pixels) = (study_height * study_width, moved.len() * height * width);
    let images: Vec<f32> = p
        .reals(slices * modalities * area)
        .iter()
        .map(|value| 0.5 + 0.5 * value)
        .collect();
    let (labels, contours, weights) = (
        p.naturals(slices * area, 5),
        p.naturals(slices * area, 32),
        p.reals(slices * area),
    );
    let scaling: Vec<[f32; 2]> = p
        .reals(2 * slices * modalities)
        .chunks_exact(2)
        .map(|pair| [1.5 + pair[0], pair[1]])
        .collect();
    let (mut image, mut label) = (vec![0.0; channels * pixels], vec![0; pixels]);
    let (mut contour, mut weight) = (vec![0; pixels], vec![0.0; pixels]);
    let (image_gpu, label_gpu) = (p.noise(image.len())?, p.noise(pixels)?);
    let (contour_gpu, weight_gpu) = (p.noise(pixels)?, p.noise(pixels)?);
    let study = [
        &p.tensor(&images)?,
        &p.tensor(&labels)?,
        &p.tensor(scaling.as_flattened())?,
    ];
    let mut recording = p.recording();
    let to = [&image_gpu, &label_gpu];
    let batch = GpuBatch::record(&mut recording, to, study, shape, extent, CONTEXT)?;
    batch.set(recording.context(), moved);
    p.play(&recording);
    // The same images and labels once more, which are not looked at: a batch has one list of draws.
    let again = [&p.noise(image.len())?, &p.noise(pixels)?];
    let mut recording = p.recording();
    let batch = GpuBatch::record(&mut recording, again, study, shape, extent, CONTEXT)?;
    let study = [&p.tensor(&contours)?, &p.tensor(&weights)?];
    batch.record_maps(&mut recording, [&contour_gpu, &weight_gpu], study);
    batch.set(recording.context(), unmoved);
    p.play(&recording);
    let study = Slices {
        images: &images,
        labels: &labels,
        scaling: &scaling,
        extent,
        context: CONTEXT,
    };
    batch_images(&mut image, &mut label, moved, &study, shape);
    batch_maps(
        &mut contour,
        &mut weight,
        unmoved,
        (&contours, &weights),
        extent,
        shape,
    );
    p.close(&image_gpu, &image).await?;
    p.equal(&label_gpu, &label).await?;
    p.equal(&contour_gpu, &contour).await?;
    p.close(&weight_gpu, &weight).await
}
