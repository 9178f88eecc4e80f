//! Class sets and weight maps, in a slice and in a volume.

use super::{Case, Probe, Run};
use crate::contour::{Choice, Frame, IGNORED, Shape};
use crate::gpu::{Error, Tensor};
use crate::ops;
use crate::reference as twin;

/// D, H, W: odd, and more voxels than a workgroup has invocations.
const DIMS: [[usize; 3]; 2] = [[1, 9, 11], [3, 7, 5]];

pub(super) const CASES: &[Case] = &[
    Case {
        name: "contour/one_hot",
        run: Run::Gpu(|p| Box::pin(one_hot(p))),
    },
    Case {
        name: "contour/erode",
        run: Run::Gpu(|p| Box::pin(erode(p))),
    },
    Case {
        name: "contour/dilate",
        run: Run::Gpu(|p| Box::pin(dilate(p))),
    },
    Case {
        name: "contour/contour",
        run: Run::Gpu(|p| Box::pin(contour(p))),
    },
    Case {
        name: "contour/weight_map",
        run: Run::Gpu(|p| Box::pin(weight_map(p))),
    },
    Case {
        name: "contour/label_contour",
        run: Run::Gpu(|p| Box::pin(label_contour(p))),
    },
    Case {
        name: "contour/marks",
        run: Run::Gpu(|p| Box::pin(marks(p))),
    },
];

/// A disk, a cross, and the even square whose mirror image is another; in a volume the latter two reach over
/// slices.
fn elements([depth, ..]: [usize; 3]) -> Vec<Vec<[i32; 3]>> {
    let frame = if depth > 1 { Frame::Volume } else { Frame::Slice };
    let element = |shape, radius, frame| {
        let choice = Choice {
            shape,
            radius,
            frame,
            ..Choice::default()
        };
        choice.offsets()
    };
    vec![
        element(Shape::Disk, 2, Frame::Slice),
        element(Shape::Cross, 1, frame),
        element(Shape::SquareEven, 1, frame),
    ]
}

fn element_tensor(p: &Probe, element: &[[i32; 3]]) -> Result<Tensor, Error> {
    let offsets: Vec<i32> = element.iter().flat_map(|[x, y, z]| [*x, *y, *z, 0]).collect();
    p.tensor(&offsets)
}

/// Any of the 32 bits, each half of the time.
fn sets(p: &mut Probe, len: usize) -> Vec<u32> {
    p.naturals(len, u32::MAX)
}

async fn one_hot(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        let labels = p.labels(dims.iter().product(), 32);
        for ignored in [0, !0] {
            let mut bits = vec![0; labels.len()];
            let (labels_gpu, bits_gpu) = (p.tensor(&labels)?, p.noise(labels.len())?);
            let mut recording = p.recording();
            ops::one_hot::record(&mut recording, &bits_gpu, &labels_gpu, ignored);
            p.play(&recording);
            twin::one_hot::one_hot(&mut bits, &labels, ignored);
            p.equal(&bits_gpu, &bits).await?;
        }
    }
    Ok(())
}

async fn erode(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        // Seven of eight bits, so that something is left of them.
        let [a, b, c] = [(); 3].map(|()| sets(p, dims.iter().product()));
        let bits: Vec<u32> = (0..a.len()).map(|i| a[i] | b[i] | c[i]).collect();
        let bits_gpu = p.tensor(&bits)?;
        for element in elements(dims) {
            let element_gpu = element_tensor(p, &element)?;
            for outside in [0, !0] {
                let mut eroded = vec![0; bits.len()];
                let eroded_gpu = p.noise(bits.len())?;
                let mut recording = p.recording();
                ops::erode::record(
                    &mut recording,
                    &eroded_gpu,
                    &bits_gpu,
                    &element_gpu,
                    dims,
                    outside,
                );
                p.play(&recording);
                twin::erode::erode(&mut eroded, &bits, &element, dims, outside);
                p.equal(&eroded_gpu, &eroded).await?;
            }
        }
    }
    Ok(())
}

async fn dilate(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        // One of eight bits, so that not everything is filled.
        let [a, b, c] = [(); 3].map(|()| sets(p, dims.iter().product()));
        let bits: Vec<u32> = (0..a.len()).map(|i| a[i] & b[i] & c[i]).collect();
        let bits_gpu = p.tensor(&bits)?;
        for element in elements(dims) {
            let mut dilated = vec![0; bits.len()];
            let (element_gpu, dilated_gpu) = (element_tensor(p, &element)?, p.noise(bits.len())?);
            let mut recording = p.recording();
            ops::dilate::record(&mut recording, &dilated_gpu, &bits_gpu, &element_gpu, dims);
            p.play(&recording);
            twin::dilate::dilate(&mut dilated, &bits, &element, dims);
            p.equal(&dilated_gpu, &dilated).await?;
        }
    }
    Ok(())
}

async fn contour(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        let [larger, smaller] = [(); 2].map(|()| sets(p, dims.iter().product()));
        let mut bits = vec![0; larger.len()];
        let (larger_gpu, smaller_gpu) = (p.tensor(&larger)?, p.tensor(&smaller)?);
        let labels = p.labels(bits.len(), 3);
        let (bits_gpu, labels_gpu) = (p.noise(bits.len())?, p.tensor(&labels)?);
        let mut recording = p.recording();
        ops::contour::record(&mut recording, &bits_gpu, &larger_gpu, &smaller_gpu, &labels_gpu);
        p.play(&recording);
        twin::contour::contour(&mut bits, &larger, &smaller, &labels);
        p.equal(&bits_gpu, &bits).await?;
    }
    Ok(())
}

async fn weight_map(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        // No contour, the background's, another class's, both.
        let contour = p.naturals(dims.iter().product(), 4);
        let contour_gpu = p.tensor(&contour)?;
        for (classes, base, lambda) in [(!0, 0.0, 1.0), (!1, 1.3, 2.1)] {
            let mut weight = vec![0.0; contour.len()];
            let weight_gpu = p.noise(contour.len())?;
            let params = ops::weight_map::Params {
                count: contour.len() as u32,
                classes,
                base,
                lambda,
            };
            let mut recording = p.recording();
            ops::weight_map::record(&mut recording, &weight_gpu, &contour_gpu, &params);
            p.play(&recording);
            twin::weight_map::weight_map(&mut weight, &contour, classes, base, lambda);
            p.close(&weight_gpu, &weight).await?;
        }
    }
    Ok(())
}

async fn label_contour(p: &mut Probe) -> Result<(), Error> {
    // Columns that fill the strips and that do not, rows for more than one strip.
    for dims in [[1, 9, 11], [3, 35, 16], [2, 33, 17], [1, 70, 2]] {
        for classes in [2, 27] {
            // Runs of 6 pixels, and single pixels of another class or of none in between.
            let (coarse, odd) = (p.naturals(dims.iter().product(), 23), p.naturals(1, 9)[0]);
            let labels: Vec<u32> = (0..coarse.len())
                .map(|i| match coarse[i] {
                    0 => i as u32 % classes,
                    1 => IGNORED,
                    _ => (i % dims[2] / 6 + i / dims[2] / 5) as u32 * odd % classes,
                })
                .collect();
            let labels_gpu = p.tensor(&labels)?;
            for (outside, packed) in [(0, false), (!0, false), (!0, true)] {
                let mut contour = vec![0; labels.len()];
                let contour_gpu = p.noise(labels.len())?;
                let mut recording = p.recording();
                ops::label_contour::record(&mut recording, &contour_gpu, &labels_gpu, dims, outside, packed);
                p.play(&recording);
                twin::label_contour::label_contour(&mut contour, &labels, dims, outside, packed);
                p.equal(&contour_gpu, &contour).await?;
            }
        }
    }
    Ok(())
}

async fn marks(p: &mut Probe) -> Result<(), Error> {
    for dims in DIMS {
        let labels = p.labels(dims.iter().product(), 27);
        let contour = p.naturals(labels.len(), 1 << 27);
        let mut marks = vec![0; labels.len()];
        let (labels_gpu, contour_gpu) = (p.tensor(&labels)?, p.tensor(&contour)?);
        let marks_gpu = p.noise(labels.len())?;
        let mut recording = p.recording();
        ops::marks::record(&mut recording, &marks_gpu, &labels_gpu, &contour_gpu);
        p.play(&recording);
        twin::marks::marks(&mut marks, &labels, &contour);
        p.equal(&marks_gpu, &marks).await?;
    }
    Ok(())
}
