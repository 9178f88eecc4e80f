//! Twin of `shaders/net/batch.wgsl`.

use serde::{Deserialize, Serialize};

use super::Real;

/// One image of a batch: which slice, and what is done to it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draw {
    pub slice: u32,
    /// Of the noise.
    pub seed: u32,
    /// xx, xy, x0, yx, yy, y0: the pixel (x, y) of the image is taken at (xx·x + xy·y + x0, yx·x + yy·y + y0) of the
    /// slice.
    pub source: [f32; 6],
    /// The power that the image is raised to.
    pub gamma: f32,
    /// Standard deviation.
    pub noise: f32,
    /// First and last slice of the subject: neighbours are looked for between them.
    pub range: [u32; 2],
    /// Furthest that a smooth random field moves a pixel along an axis, in pixels.
    pub elastic: f32,
    /// Pixels between two nodes of that field.
    pub cell: f32,
}

impl Draw {
    /// The slice as it is, as if the subject had no other.
    #[must_use]
    pub fn plain(slice: u32) -> Self {
        Self {
            slice,
            seed: 0,
            source: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            gamma: 1.0,
            noise: 0.0,
            range: [slice, slice],
            elastic: 0.0,
            cell: 1.0,
        }
    }

    /// The same of a window whose first pixel lies `places` columns and rows further on in the slice.
    #[must_use]
    pub fn further(mut self, places: [i64; 2]) -> Self {
        self.source[2] += places[0] as f32;
        self.source[5] += places[1] as f32;
        self
    }
}

fn hash(value: u32) -> u32 {
    let state = value.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

fn noise<T: Real>(seed: u32, i: usize) -> T {
    let a = hash(hash(i as u32) ^ seed);
    let b = hash(a);
    let sum = (a & 0xffff) + (a >> 16) + (b & 0xffff) + (b >> 16);
    (T::of(f64::from(sum)) / T::of(65_535.0) - T::of(2.0)) * T::of(1.732_050_8)
}

/// Where the field's node (column, row) goes: −1 to 1 along both axes.
fn node(seed: u32, [column, row]: [u32; 2]) -> [f32; 2] {
    let a = hash(hash(row * 4096 + column) ^ seed.wrapping_add(1));
    [a & 0xffff, a >> 16].map(|half| half as f32 / 32_767.5 - 1.0)
}

/// How far the elastic field moves a pixel.
fn bend(draw: &Draw, x: f32, y: f32) -> [f32; 2] {
    let at = [x / draw.cell, y / draw.cell];
    let [column, row] = at.map(|place| place.floor() as u32);
    let [across, down] = at.map(|place| {
        let part = place - place.floor();
        part * part * (3.0 - 2.0 * part)
    });
    let mix = |a: [f32; 2], b: [f32; 2], part: f32| [0, 1].map(|i| a[i] * (1.0 - part) + b[i] * part);
    let along = |row| {
        mix(
            node(draw.seed, [column, row]),
            node(draw.seed, [column + 1, row]),
            across,
        )
    };
    mix(along(row), along(row + 1), down).map(|part| draw.elastic * part)
}

/// What batches are made of.
#[derive(Clone, Copy, Debug)]
pub struct Slices<'a, T> {
    /// (D, M, H', W'), 0 to 1.
    pub images: &'a [T],
    /// (D, H', W')
    pub labels: &'a [u32],
    /// (D, M): factor and summand of what the network sees.
    pub scaling: &'a [[f32; 2]],
    /// H', W'.
    pub extent: [usize; 2],
    /// Neighbouring slices on either side that come along as channels.
    pub context: usize,
}

/// `image` (N, C, H, W) and `label` (N, H, W) from slices; `shape` is (N, M, H, W), and C = M·(2·context + 1): first all
/// modalities of the lowest neighbour, last those of the highest. Places are worked out in f32 in any case, so that labels
/// come from the same pixels.
pub fn batch_images<T: Real>(
    image: &mut [T],
    label: &mut [u32],
    draws: &[Draw],
    study: &Slices<'_, T>,
    [_, modalities, height, width]: [usize; 4],
) {
    let area = height * width;
    let [study_height, study_width] = study.extent;
    let study_area = study_height * study_width;
    let channels = modalities * (2 * study.context + 1);
    let inside = |x: f32, y: f32| {
        let is_inside = x >= 0.0 && y >= 0.0 && x < study_width as f32 && y < study_height as f32;
        is_inside.then_some(y as usize * study_width + x as usize)
    };
    for (n, draw) in draws.iter().enumerate() {
        let slice = draw.slice as usize;
        let [xx, xy, x0, yx, yy, y0] = draw.source;
        for place in 0..area {
            let (mut x, mut y) = ((place % width) as f32, (place / width) as f32);
            if draw.elastic != 0.0 {
                let [across, down] = bend(draw, x, y);
                (x, y) = (x + across, y + down);
            }
            let (x, y) = (xx * x + xy * y + x0, yx * x + yy * y + y0);
            let nearest = inside((x + 0.5).floor(), (y + 0.5).floor());
            label[n * area + place] = nearest.map_or(0, |from| study.labels[slice * study_area + from]);
            let (left, top) = (x.floor(), y.floor());
            let (right, below) = (T::of(f64::from(x - left)), T::of(f64::from(y - top)));
            for channel in 0..channels {
                let neighbour = (draw.slice as usize + channel / modalities) as i64 - study.context as i64;
                let neighbour = neighbour.clamp(i64::from(draw.range[0]), i64::from(draw.range[1])) as usize;
                let plane = neighbour * modalities + channel % modalities;
                let [factor, summand] = study.scaling[plane].map(|number| T::of(f64::from(number)));
                let plane = &study.images[plane * study_area..][..study_area];
                let pixel = |x: f32, y: f32| inside(x, y).map_or(T::zero(), |from| plane[from]);
                let across = |y: f32| pixel(left, y) * (T::one() - right) + pixel(left + 1.0, y) * right;
                let mut value = across(top) * (T::one() - below) + across(top + 1.0) * below;
                if draw.gamma != 1.0 {
                    value = value.max(T::zero()).powf(T::of(f64::from(draw.gamma)));
                }
                let at = channel * area + place;
                if draw.noise != 0.0 {
                    value += T::of(f64::from(draw.noise)) * noise(draw.seed, at);
                }
                image[n * channels * area + at] = factor * value + summand;
            }
        }
    }
}

/// `contour` and `weight` (N, H, W) from those of a study (D, `extent`): windows of slices that do not move.
pub fn batch_maps<T: Real>(
    contour: &mut [u32],
    weight: &mut [T],
    draws: &[Draw],
    (study_contour, study_weight): (&[u32], &[T]),
    extent: [usize; 2],
    [_, _, height, width]: [usize; 4],
) {
    let area = height * width;
    for (n, draw) in draws.iter().enumerate() {
        let [column, row] = [draw.source[2], draw.source[5]].map(|place| place as usize);
        for i in 0..area {
            let (x, y) = (column + i % width, row + i / width);
            let from = (draw.slice as usize * extent[0] + y) * extent[1] + x;
            contour[n * area + i] = study_contour[from];
            weight[n * area + i] = study_weight[from];
        }
    }
}
