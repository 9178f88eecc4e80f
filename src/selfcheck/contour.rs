//! Contour maps: bit by bit, of 32 classes in a volume whose sizes are odd.

use super::{Case, Probe};
use crate::contour::Choice;
use crate::contour::{Border, Frame, Operator, Shape};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;

/// D, H, W.
const DIMS: [usize; 3] = [3, 7, 11];
/// Voxels of [`DIMS`].
const LEN: usize = 3 * 7 * 11;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "contour/one_hot",
        run: |p| Box::pin(one_hot(p)),
    },
    Case {
        name: "contour/erode",
        run: |p| Box::pin(erode(p)),
    },
    Case {
        name: "contour/dilate",
        run: |p| Box::pin(dilate(p)),
    },
    Case {
        name: "contour/contour",
        run: |p| Box::pin(contour(p)),
    },
    Case {
        name: "contour/weight_map",
        run: |p| Box::pin(weight_map(p)),
    },
];

/// A ball of radius 2 in the volume, as the twin and the kernel take it.
fn element() -> (Vec<[i32; 3]>, Vec<i32>) {
    let choice = Choice {
        operator: Operator::Gradient,
        shape: Shape::Disk,
        radius: 2,
        iterations: 1,
        border: Border::Background,
        frame: Frame::Volume,
    };
    let offsets = choice.offsets();
    let padded = offsets.iter().flat_map(|[x, y, z]| [*x, *y, *z, 0]).collect();
    (offsets, padded)
}

/// Class sets that are neither full nor empty after a pass.
fn bits(p: &mut Probe) -> Vec<u32> {
    let (a, b) = (p.naturals(LEN, u32::MAX), p.naturals(LEN, 32));
    a.iter().zip(b).map(|(a, b)| a | (0xFFFF << b)).collect()
}

async fn one_hot(p: &mut Probe) -> Result<(), Error> {
    let labels = p.naturals(LEN, 32);
    let mut bits = vec![0; LEN];
    let (bits_gpu, labels_gpu) = (p.noise(LEN)?, p.tensor(&labels)?);
    let mut recording = p.recording();
    ops::one_hot::record(&mut recording, &bits_gpu, &labels_gpu);
    p.play(&recording);
    twin::one_hot::one_hot(&mut bits, &labels);
    p.equal(&bits_gpu, &bits).await
}

async fn erode(p: &mut Probe) -> Result<(), Error> {
    let bits = bits(p);
    let (offsets, padded) = element();
    let (bits_gpu, element_gpu) = (p.tensor(&bits)?, p.tensor(&padded)?);
    for outside in [0, !0] {
        let mut eroded = vec![0; LEN];
        let eroded_gpu = p.noise(LEN)?;
        let mut recording = p.recording();
        ops::erode::record(
            &mut recording,
            &eroded_gpu,
            &bits_gpu,
            &element_gpu,
            DIMS,
            outside,
        );
        p.play(&recording);
        twin::erode::erode(&mut eroded, &bits, &offsets, DIMS, outside);
        p.equal(&eroded_gpu, &eroded).await?;
    }
    Ok(())
}

async fn dilate(p: &mut Probe) -> Result<(), Error> {
    let bits: Vec<u32> = bits(p).iter().map(|bits| !bits).collect();
    let (offsets, padded) = element();
    let mut dilated = vec![0; LEN];
    let (dilated_gpu, bits_gpu, element_gpu) = (p.noise(LEN)?, p.tensor(&bits)?, p.tensor(&padded)?);
    let mut recording = p.recording();
    ops::dilate::record(&mut recording, &dilated_gpu, &bits_gpu, &element_gpu, DIMS);
    p.play(&recording);
    twin::dilate::dilate(&mut dilated, &bits, &offsets, DIMS);
    p.equal(&dilated_gpu, &dilated).await
}

async fn contour(p: &mut Probe) -> Result<(), Error> {
    let (larger, smaller) = (bits(p), bits(p));
    let mut contour = vec![0; LEN];
    let (contour_gpu, larger_gpu, smaller_gpu) = (p.noise(LEN)?, p.tensor(&larger)?, p.tensor(&smaller)?);
    let mut recording = p.recording();
    ops::contour::record(&mut recording, &contour_gpu, &larger_gpu, &smaller_gpu);
    p.play(&recording);
    twin::contour::contour(&mut contour, &larger, &smaller);
    p.equal(&contour_gpu, &contour).await
}

async fn weight_map(p: &mut Probe) -> Result<(), Error> {
    let contour = p.naturals(LEN, 4);
    let mut weight = vec![0.0; LEN];
    let (weight_gpu, contour_gpu) = (p.noise(LEN)?, p.tensor(&contour)?);
    let params = ops::weight_map::Params {
        count: LEN as u32,
        classes: !1,
        base: 2.0,
        lambda: 3.0,
    };
    let mut recording = p.recording();
    ops::weight_map::record(&mut recording, &weight_gpu, &contour_gpu, &params);
    p.play(&recording);
    twin::weight_map::weight_map(&mut weight, &contour, params.classes, params.base, params.lambda);
    p.close(&weight_gpu, &weight).await
}
