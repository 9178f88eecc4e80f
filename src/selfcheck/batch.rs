//! Batches of slices that are moved, and of slices as they are.

use super::{Case, Probe};
use crate::gpu::Error;
use crate::net::{Draw, GpuBatch, Slices, batch_images, batch_maps};

/// D, M, H, W of a study.
const STUDY: [usize; 4] = [5, 2, 7, 9];

/// Neighbours on either side.
const CONTEXT: usize = 1;

pub(super) const CASES: &[Case] = &[Case {
    name: "net/batch",
    run: |p| Box::pin(batch(p)),
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
    let [slices, modalities, height, width] = STUDY;
    let draws = draws();
    let shape = [draws.len(), modalities, height, width];
    let channels = modalities * (2 * CONTEXT + 1);
    let (area, pixels) = (height * width, draws.len() * height * width);
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
    let batch = GpuBatch::record(&mut recording, [&image_gpu, &label_gpu], study, shape, CONTEXT)?;
    let study = [&p.tensor(&contours)?, &p.tensor(&weights)?];
    batch.record_maps(&mut recording, [&contour_gpu, &weight_gpu], study);
    batch.set(recording.context(), &draws);
    p.play(&recording);
    let study = Slices {
        images: &images,
        labels: &labels,
        scaling: &scaling,
        context: CONTEXT,
    };
    batch_images(&mut image, &mut label, &draws, &study, shape);
    batch_maps(&mut contour, &mut weight, &draws, &contours, &weights, shape);
    p.close(&image_gpu, &image).await?;
    p.equal(&label_gpu, &label).await?;
    p.equal(&contour_gpu, &contour).await?;
    p.close(&weight_gpu, &weight).await
}
