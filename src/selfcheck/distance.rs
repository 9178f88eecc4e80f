//! Distances and what is made of them, in a slice and in a volume.

use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;

/// D, H, W: odd, and more pixels than a workgroup has invocations.
const DIMS: [[usize; 3]; 2] = [[1, 9, 11], [3, 7, 5]];

/// The last one is absent, the one before it is in the first slice alone.
const CLASSES: usize = 5;

/// Along z, y, x: one that keeps squares whole, one that differs from axis to axis.
const SPACINGS: [[f32; 3]; 2] = [[1.0; 3], [2.5, 0.7, 1.3]];

pub(super) const CASES: &[Case] = &[
    Case {
        name: "contour/distance_transform",
        run: Run::Gpu(|p| Box::pin(distance_transform(p))),
    },
    Case {
        name: "contour/signed_distance",
        run: Run::Gpu(|p| Box::pin(signed_distance(p))),
    },
    Case {
        name: "contour/near_contour",
        run: Run::Gpu(|p| Box::pin(near_contour(p))),
    },
    Case {
        name: "contour/between_objects",
        run: Run::Gpu(|p| Box::pin(between_objects(p))),
    },
];

/// Class sets of a large patch with a hole, a bar, and single pixels on a background.
fn sets([depth, height, width]: [usize; 3]) -> Vec<u32> {
    let label = |i: usize| {
        let (z, y, x) = (i / (height * width), i / width % height, i % width);
        if z == 0 && y + 1 == height && x == 1 {
            3
        } else if x + 1 == width && y < 3 {
            2
        } else if (2..height - 2).contains(&y) && (1..width - 1).contains(&x) && (y, x) != (4, 3) {
            1
        } else {
            0
        }
    };
    (0..depth * height * width).map(|i| 1 << label(i)).collect()
}

async fn distance_transform(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        for spacing in SPACINGS {
            for root in [false, true] {
                passes(p, dims, spacing, root).await?;
            }
        }
    }
    Ok(())
}

/// All three axes one after the other; where squares are whole, every pass agrees bit by bit.
async fn passes(p: &mut Probe, dims: [usize; 3], spacing: [f32; 3], root: bool) -> Result<(), Error> {
    let bits = sets(dims);
    let whole = spacing == [1.0; 3];
    let mut before = vec![0.0; bits.len() * CLASSES];
    let bits_gpu = p.tensor(&bits)?;
    let mut before_gpu = p.noise(before.len())?;
    for axis in [2, 1, 0] {
        let mut distance = before.clone();
        let distance_gpu = p.noise(distance.len())?;
        let pass = ops::distance_transform::Pass {
            dims,
            classes: CLASSES,
            axis,
            spacing: spacing[axis],
        };
        let twin_pass = twin::distance_transform::Pass {
            dims,
            classes: CLASSES,
            axis,
            spacing: spacing[axis],
        };
        let last = axis == 0;
        let mut recording = p.recording();
        if axis == 2 {
            ops::distance_transform::record_first(&mut recording, &distance_gpu, &bits_gpu, pass);
            twin::distance_transform::distance_transform_first(&mut distance, &bits, twin_pass);
        } else {
            let (to, from) = (&distance_gpu, &before_gpu);
            ops::distance_transform::record_next(&mut recording, to, &bits_gpu, from, pass, last, root);
            twin::distance_transform::distance_transform_next(
                &mut distance,
                &bits,
                &before,
                twin_pass,
                last,
                root,
            );
        }
        p.play(&recording);
        if last {
            p.close(&distance_gpu, &distance).await?;
        }
        if whole && !(last && root) {
            p.equal(&distance_gpu, &words(&distance)).await?;
        }
        (before, before_gpu) = (distance, distance_gpu);
    }
    Ok(())
}

fn words(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

async fn signed_distance(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        let (bits, area) = (sets(dims), dims[1] * dims[2]);
        // Some of it nearer than 1, and some 0, which means that there is no other side.
        let distance: Vec<f32> = p
            .naturals(bits.len() * CLASSES, 9)
            .iter()
            .map(|quarters| *quarters as f32 / 4.0)
            .collect();
        let mut signed = vec![0.0; distance.len()];
        let (bits_gpu, distance_gpu) = (p.tensor(&bits)?, p.tensor(&distance)?);
        let signed_gpu = p.noise(signed.len())?;
        let mut recording = p.recording();
        ops::signed_distance::record(
            &mut recording,
            &signed_gpu,
            &bits_gpu,
            &distance_gpu,
            area,
            CLASSES,
        );
        p.play(&recording);
        twin::signed_distance::signed_distance(&mut signed, &bits, &distance, area, CLASSES);
        p.close(&signed_gpu, &signed).await?;
    }
    Ok(())
}

async fn near_contour(p: &mut Probe) -> Result<(), Error> {
    let len = DIMS[0].iter().product();
    // None, the background's, another class's, both.
    let contour = p.naturals(len, 4);
    let (mut marks, mut weight) = (vec![0; len], vec![0.0; len]);
    // Whole squares; off the contour, 0 means that the slice has none.
    let squared: Vec<f32> = p.naturals(len, 9).iter().map(|square| *square as f32).collect();
    let (contour_gpu, squared_gpu) = (p.tensor(&contour)?, p.tensor(&squared)?);
    let (marks_gpu, weight_gpu) = (p.noise(len)?, p.noise(len)?);
    let params = ops::near_contour::Params {
        count: len as u32,
        w0: 3.0,
        sigma: 1.7,
    };
    let mut recording = p.recording();
    ops::near_contour::record_mark(&mut recording, &marks_gpu, &contour_gpu);
    ops::near_contour::record_weigh(&mut recording, &weight_gpu, &marks_gpu, &squared_gpu, &params);
    p.play(&recording);
    twin::near_contour::near_contour_mark(&mut marks, &contour);
    twin::near_contour::near_contour_weigh(&mut weight, &marks, &squared, params.w0, params.sigma);
    p.equal(&marks_gpu, &marks).await?;
    p.close(&weight_gpu, &weight).await
}

async fn between_objects(p: &mut Probe) -> Result<(), Error> {
    for [depth, height, width] in DIMS {
        let len = depth * height * width;
        // The second slice has one object, the last has none.
        let objects: Vec<u32> = p
            .naturals(len, 24)
            .iter()
            .enumerate()
            .map(|(i, number)| match i / (height * width) {
                0 if *number < 4 => *number,
                1 if *number < 2 => *number,
                _ => 0,
            })
            .collect();
        let (mut rows, mut weight) = (vec![0; len], vec![0.0; len]);
        let objects_gpu = p.tensor(&objects)?;
        let (rows_gpu, weight_gpu) = (p.noise(len)?, p.noise(len)?);
        let params = ops::between_objects::Params {
            count: len as u32,
            width: width as u32,
            height: height as u32,
            w0: 3.0,
            sigma: 4.0,
        };
        let mut recording = p.recording();
        ops::between_objects::record_first(&mut recording, &rows_gpu, &objects_gpu, &params);
        ops::between_objects::record_weigh(&mut recording, &weight_gpu, &objects_gpu, &rows_gpu, &params);
        p.play(&recording);
        twin::between_objects::between_objects_first(&mut rows, &objects, width, height);
        twin::between_objects::between_objects_weigh(
            &mut weight,
            &objects,
            &rows,
            width,
            height,
            params.w0,
            params.sigma,
        );
        p.equal(&rows_gpu, &rows).await?;
        p.close(&weight_gpu, &weight).await?;
    }
    Ok(())
}
