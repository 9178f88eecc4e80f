//! A class within a box of the image, and one pass of the structuring element over it.

/// A box of voxels `[x, y, z]` of the image: the first, and one past the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    low: [i32; 3],
    high: [i32; 3],
}

impl Region {
    pub(super) fn new(low: [i32; 3], high: [i32; 3]) -> Self {
        Self { low, high }
    }

    /// With `by` more voxels on either side of each axis, as far as the image goes.
    pub(super) fn grown(&self, by: [i32; 3], extent: [usize; 3]) -> Self {
        Self {
            low: std::array::from_fn(|axis| (self.low[axis] - by[axis]).max(0)),
            high: std::array::from_fn(|axis| (self.high[axis] + by[axis]).min(extent[axis] as i32)),
        }
    }

    fn size(&self, axis: usize) -> usize {
        (self.high[axis] - self.low[axis]).max(0) as usize
    }

    /// x runs fastest.
    fn index(&self, at: [i32; 3]) -> usize {
        let [x, y, z]: [usize; 3] = std::array::from_fn(|axis| (at[axis] - self.low[axis]) as usize);
        (z * self.size(1) + y) * self.size(0) + x
    }

    /// In the order of [`Region::index`].
    fn voxels(self) -> impl Iterator<Item = [i32; 3]> {
        let rows =
            (self.low[2]..self.high[2]).flat_map(move |z| (self.low[1]..self.high[1]).map(move |y| (y, z)));
        rows.flat_map(move |(y, z)| (self.low[0]..self.high[0]).map(move |x| [x, y, z]))
    }
}

/// What a pass makes of what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Kept if the whole element lies within the class. `outside`: what lies beyond the image counts as within.
    All { outside: bool },
    /// In if any part of the element lies within the class; beyond the image there is none of it.
    Any,
}

/// Offsets of an element with the same y and z, from one x to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    y: i32,
    z: i32,
    low: i32,
    high: i32,
}

impl Run {
    /// Every shape of element is convex, so that its rows have no gaps.
    pub(super) fn of(offsets: &[[i32; 3]]) -> Vec<Self> {
        let mut runs: Vec<Self> = Vec::new();
        for &[x, y, z] in offsets {
            if let Some(run) = runs.iter_mut().find(|run| run.y == y && run.z == z) {
                (run.low, run.high) = (run.low.min(x), run.high.max(x));
            } else {
                runs.push(Self {
                    y,
                    z,
                    low: x,
                    high: x,
                });
            }
        }
        runs
    }
}

/// Which voxels of a region are in the class.
#[derive(Clone, Debug)]
pub(super) struct Field {
    region: Region,
    members: Vec<bool>,
}

impl Field {
    pub(super) fn new(region: Region, is_member: impl Fn([usize; 3]) -> bool) -> Self {
        let members = region
            .voxels()
            .map(|at| is_member(at.map(|index| index as usize)));
        Self {
            region,
            members: members.collect(),
        }
    }

    /// A voxel of the region.
    pub(super) fn at(&self, voxel: [i32; 3]) -> bool {
        self.members[self.region.index(voxel)]
    }

    /// What one pass leaves in `target`, around which this field reaches as far as the element does.
    ///
    /// What an erosion looks for are voxels outside the class, what a dilation looks for are voxels of it. Rows of
    /// the element are looked through in one subtraction each: a ball of radius 8 has 2,109 voxels in 197 rows.
    pub(super) fn pass(&self, runs: &[Run], target: Region, extent: [usize; 3], rule: Rule) -> Self {
        let erodes = rule != Rule::Any;
        let beyond = rule == Rule::All { outside: false };
        let margin = runs.iter().map(|run| run.high.max(-run.low)).max().unwrap_or(0) as usize;
        let width = self.region.size(0);
        let stride = width + 2 * margin + 1;
        // Of each row, with a margin on either side: how many were found before each voxel.
        let mut counts = Vec::with_capacity(self.members.len() / width.max(1) * stride);
        for row in self.members.chunks_exact(width.max(1)) {
            let mut count = 0_u32;
            counts.push(count);
            for i in 0..stride - 1 {
                let member = i.checked_sub(margin).and_then(|x| row.get(x));
                count += u32::from(member.map_or(beyond, |member| *member != erodes));
                counts.push(count);
            }
        }
        let [_, rows, slices] = extent.map(|size| size as i32);
        let start = (target.low[0] - self.region.low[0]) + margin as i32;
        let mut members = Vec::new();
        let mut found = vec![false; target.size(0)];
        for z in target.low[2]..target.high[2] {
            for y in target.low[1]..target.high[1] {
                found.fill(false);
                for run in runs {
                    let (y, z) = (y + run.y, z + run.z);
                    if !(0..rows).contains(&y) || !(0..slices).contains(&z) {
                        found.iter_mut().for_each(|found| *found |= beyond);
                        continue;
                    }
                    let row = self.region.index([self.region.low[0], y, z]) / width * stride;
                    let from = row + (start + run.low) as usize;
                    let length = (run.high - run.low + 1) as usize;
                    let (before, after) = (&counts[from..], &counts[from + length..]);
                    for ((found, before), after) in found.iter_mut().zip(before).zip(after) {
                        *found |= before != after;
                    }
                }
                members.extend(found.iter().map(|found| *found != erodes));
            }
        }
        Self {
            region: target,
            members,
        }
    }
}
