//! Contour maps of whole labels, for the page and for data sets.

use std::ops::Range;

use super::{Choice, Error, Frame, IGNORED, Plan, cpu};
use crate::gpu::{self, Context, Kernel, Recording, Ring, Tensor};

/// Voxels handed to the device at a time, where the halo allows: 32 MiB for each class set, of which a
/// gradient contour needs seven.
const WINDOW_VOXELS: usize = 8 << 20;

/// Makes contour maps on the GPU or on the CPU. Keep it: a call with the choice and dimensions of the one before
/// records nothing anew.
#[derive(Debug)]
pub struct Mapper {
    device: Option<Device>,
    window_voxels: usize,
}

#[derive(Debug)]
struct Device {
    context: Context,
    ring: Ring<u64>,
    asked: u64,
    recorded: Option<Recorded>,
}

#[derive(Debug)]
struct Recorded {
    choice: Choice,
    dims: [usize; 3],
    labels: Tensor,
    contour: Tensor,
    recording: Recording,
}

impl Mapper {
    #[must_use]
    pub fn gpu(context: &Context) -> Self {
        let device = Device {
            context: context.clone(),
            ring: Ring::new(context),
            asked: 0,
            recorded: None,
        };
        Self {
            device: Some(device),
            window_voxels: WINDOW_VOXELS,
        }
    }

    /// Compiles the kernels that a choice needs, in a browser in parallel and in the background.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn prepare(context: &Context, choice: &Choice) -> Result<(), gpu::Error> {
        let recorded = Recorded::new(context, [1; 3], choice)?;
        let kernels: Vec<Kernel> = recorded.recording.kernels().cloned().collect();
        context.compile(&kernels, &mut |_, _| {}).await;
        Ok(())
    }

    /// Where there is no GPU.
    #[must_use]
    pub fn cpu() -> Self {
        Self {
            device: None,
            window_voxels: WINDOW_VOXELS,
        }
    }

    /// Hands over about `voxels` at a time instead of some eight millions.
    #[must_use]
    pub fn with_window(self, voxels: usize) -> Self {
        Self {
            window_voxels: voxels,
            ..self
        }
    }

    /// The contour of every class of `labels` (D, H, W), class k at bit k.
    ///
    /// # Errors
    /// When the choice, a label or the dimensions mean nothing, or the device failed.
    pub async fn map<L: Copy + Into<u32>>(
        &mut self,
        labels: &[L],
        dims: [usize; 3],
        choice: &Choice,
    ) -> Result<Vec<u32>, Error> {
        self.map_slices(labels, dims, choice, 0..dims[0]).await
    }

    /// As [`Mapper::map`], for some slices of the label only.
    ///
    /// # Errors
    /// As [`Mapper::map`].
    pub async fn map_slices<L: Copy + Into<u32>>(
        &mut self,
        labels: &[L],
        dims: [usize; 3],
        choice: &Choice,
        slices: Range<usize>,
    ) -> Result<Vec<u32>, Error> {
        choice.validate()?;
        let [depth, height, width] = dims;
        if labels.len() != depth * height * width || labels.is_empty() || slices.end > depth {
            let len = labels.len();
            return Err(Error::Dimensions { len, dims });
        }
        let area = height * width;
        let halo = if choice.frame == Frame::Volume {
            choice.reach() as usize
        } else {
            0
        };
        let mut map = Vec::with_capacity(area * slices.len());
        for window in windows(slices, depth, halo, self.window_voxels / area) {
            let labels: Vec<u32> = labels[area * window.read.start..area * window.read.end]
                .iter()
                .map(|label| (*label).into())
                .collect();
            if let Some(label) = labels.iter().find(|label| !is_label(**label)) {
                return Err(Error::Classes(*label as usize + 1));
            }
            let dims = [window.read.len(), height, width];
            let contour = match &mut self.device {
                Some(device) => device.contour(&labels, dims, choice).await?,
                None => cpu::contour(&labels, dims, choice),
            };
            let skip = area * (window.keep.start - window.read.start);
            map.extend_from_slice(&contour[skip..skip + area * window.keep.len()]);
        }
        Ok(map)
    }
}

impl Device {
    async fn contour(
        &mut self,
        labels: &[u32],
        dims: [usize; 3],
        choice: &Choice,
    ) -> Result<Vec<u32>, gpu::Error> {
        let is_current = |recorded: &Recorded| recorded.choice == *choice && recorded.dims == dims;
        let recorded = match self.recorded.take().filter(is_current) {
            Some(recorded) => recorded,
            None => Recorded::new(&self.context, dims, choice)?,
        };
        let recorded = self.recorded.insert(recorded);
        recorded.labels.write(&self.context, labels);
        self.asked += 1;
        self.ring.submit(self.asked, &[&recorded.contour], |encoder| {
            recorded.recording.replay(encoder);
        });
        // A caller that went away in the middle leaves its answer behind.
        while let Some((asked, answer)) = self.ring.next().await {
            if asked == self.asked {
                return answer;
            }
        }
        Err(gpu::Error::Readback("the contour map never arrived".into()))
    }
}

impl Recorded {
    fn new(context: &Context, dims: [usize; 3], choice: &Choice) -> Result<Self, gpu::Error> {
        let mut recording = Recording::new(context);
        let labels = Tensor::new(context, "labels", dims.iter().product())?;
        let contour = Plan::record(&mut recording, &labels, dims, choice)?.contour;
        Ok(Self {
            choice: *choice,
            dims,
            labels,
            contour,
            recording,
        })
    }
}

/// A class, or none.
fn is_label(label: u32) -> bool {
    label < u32::BITS || label == IGNORED
}

/// Slices to read and slices of the result to keep.
#[derive(Debug, PartialEq, Eq)]
struct Window {
    read: Range<usize>,
    keep: Range<usize>,
}

/// Windows of one depth (as far as the volume is deep enough) that keep every one of `slices` once, with a halo
/// on either side of what they keep.
fn windows(slices: Range<usize>, depth: usize, halo: usize, at_once: usize) -> Vec<Window> {
    let first = slices.start.saturating_sub(halo);
    let last = (slices.end + halo).min(depth);
    let deep = at_once.max(2 * halo + 1).min(last - first);
    let mut windows = Vec::new();
    let mut kept = slices.start;
    while kept < slices.end {
        let start = kept.saturating_sub(halo).min(last - deep).max(first);
        let read = start..start + deep;
        let end = if read.end == last {
            slices.end
        } else {
            read.end - halo
        };
        windows.push(Window {
            read,
            keep: kept..end,
        });
        kept = end;
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_keep_each_slice_once_with_its_halo() {
        for (depth, halo, at_once) in [
            (1, 3, 9),
            (9, 0, 1),
            (20, 2, 7),
            (20, 2, 0),
            (21, 3, 8),
            (5, 8, 2),
        ] {
            for slices in [0..depth, 0..1, depth - 1..depth, depth / 2..depth] {
                let windows = windows(slices.clone(), depth, halo, at_once);
                let kept: Vec<usize> = windows.iter().flat_map(|window| window.keep.clone()).collect();
                assert_eq!(kept, slices.collect::<Vec<_>>());
                for window in &windows {
                    assert_eq!(window.read.len(), windows[0].read.len());
                    assert!(window.read.start == 0 || window.read.start + halo <= window.keep.start);
                    assert!(window.read.end == depth || window.keep.end + halo <= window.read.end);
                }
            }
        }
    }

    #[test]
    fn what_is_read_of_a_volume_says_all_about_its_slices() {
        // A ball that meets a wall, in slices of 12 × 10.
        let area = 120;
        let dims = [13, 12, 10];
        let class = |i: usize| {
            let [z, y, x] = [i / area, i % area / 10, i % 10];
            let apart = |a: usize, b: usize| a.abs_diff(b).pow(2);
            u8::from(apart(z, 5) + apart(y, 6) + apart(x, 4) < 30).max(2 * u8::from(x > 6))
        };
        let labels: Vec<u8> = (0..13 * area).map(class).collect();
        for (frame, radius, iterations) in [
            (Frame::Volume, 1, 1),
            (Frame::Volume, 2, 1),
            (Frame::Volume, 1, 2),
            (Frame::Slice, 1, 2),
        ] {
            let choice = Choice {
                frame,
                radius,
                iterations,
                ..Choice::default()
            };
            let all = pollster::block_on(Mapper::cpu().map(&labels, dims, &choice)).unwrap();
            let inside = all.iter().filter(|bits| **bits == 0).count();
            assert!((1..13 * area).contains(&inside), "{inside} of no contour");
            for slices in [0..1, 5..6, 12..13, 3..8, 0..13] {
                let read = choice.reads(slices.clone(), 13);
                let part = &labels[area * read.start..area * read.end];
                let own = slices.start - read.start..slices.end - read.start;
                let dims = [read.len(), 12, 10];
                let map = pollster::block_on(Mapper::cpu().map_slices(part, dims, &choice, own)).unwrap();
                assert_eq!(
                    map,
                    all[area * slices.start..area * slices.end],
                    "{slices:?} of {choice:?}"
                );
            }
        }
    }
}
