//! The slices of a study on the processor, and what the loss knows of them.

use super::{Dataset, Placed, Recipe};
use crate::contour;
use crate::loss::cpu::Inputs;
use crate::net::{Draw, Real, Slices as Study, batch_images, batch_maps};

/// The study's slices, contours and weights (D, …).
pub(super) struct Slices<T> {
    images: Vec<T>,
    labels: Vec<u32>,
    contour: Vec<u32>,
    weight: Vec<T>,
    scaling: Vec<[f32; 2]>,
    /// Neighbours on either side that come along as channels.
    context: usize,
    subjects: Vec<Placed>,
    /// H, W.
    grid: [usize; 2],
    modalities: usize,
    classes: usize,
    contour_choice: contour::Choice,
    weighting: contour::Weighting<T>,
}

/// What the loss knows of a batch.
pub(super) struct Maps<T> {
    pub labels: Vec<u32>,
    pub contour: Vec<u32>,
    pub weight: Vec<T>,
    /// N, K, H, W.
    pub shape: [usize; 4],
}

impl<T: Real> Slices<T> {
    pub(super) fn new(recipe: &Recipe, dataset: &Dataset) -> Self {
        let [width, height] = dataset.grid;
        let weighting = recipe.loss.weighting();
        let (mut bits, mut weight) = (Vec::new(), Vec::new());
        // One by one, so that no contour in the volume reaches into another subject.
        for subject in &dataset.subjects {
            let dims = [subject.slices, height, width];
            let labels = &dataset.labels[subject.first * dataset.area()..][..subject.slices * dataset.area()];
            let own = contour::cpu::fast_contour(labels, dims, &recipe.contour);
            weight.extend(contour::cpu::weight_map(labels, &own, dims, &weighting));
            bits.extend(own);
        }
        Self {
            images: dataset
                .images
                .iter()
                .map(|value| T::of(f64::from(*value)))
                .collect(),
            labels: dataset.labels.clone(),
            weight,
            contour: bits,
            grid: [height, width],
            scaling: dataset.scaling.clone(),
            context: dataset.context,
            subjects: dataset.subjects.clone(),
            modalities: dataset.modalities,
            classes: recipe.network.classes,
            contour_choice: recipe.contour,
            weighting,
        }
    }

    pub(super) fn subjects(&self) -> &[Placed] {
        &self.subjects
    }

    /// Puts the slices into the network's `input`, of images of `size`, and gives what the loss knows of them: contour and weight are worked
    /// out anew if the slices are `moved`, from so many pixels more around them.
    pub(super) fn load(
        &self,
        input: &mut [T],
        size: [usize; 2],
        draws: &[Draw],
        moved: Option<usize>,
    ) -> Maps<T> {
        let [height, width] = size;
        let rim = moved.unwrap_or(0);
        let dims = [draws.len(), height + 2 * rim, width + 2 * rim];
        let pixels = dims.iter().product();
        let shape = [dims[0], self.modalities, dims[1], dims[2]];
        let mut labels = vec![0; pixels];
        let study = Study {
            images: &self.images,
            labels: &self.labels,
            scaling: &self.scaling,
            extent: self.grid,
            context: self.context,
        };
        let mut rimmed = vec![T::zero(); if rim > 0 { pixels * self.channels() } else { 0 }];
        let seen = if rim > 0 { &mut rimmed[..] } else { &mut *input };
        batch_images(seen, &mut labels, draws, &study, shape);
        let (contour, weight) = if moved.is_some() {
            let contour = contour::cpu::fast_contour(&labels, dims, &self.contour_choice);
            let weight = contour::cpu::weight_map(&labels, &contour, dims, &self.weighting);
            (contour, weight)
        } else {
            let (mut contour, mut weight) = (vec![0; pixels], vec![T::zero(); pixels]);
            let study = (&self.contour[..], &self.weight[..]);
            batch_maps(&mut contour, &mut weight, draws, study, self.grid, shape);
            (contour, weight)
        };
        let maps = Maps {
            labels,
            contour,
            weight,
            shape: [draws.len(), self.classes, dims[1], dims[2]],
        };
        if rim == 0 {
            return maps;
        }
        maps.cut(&rimmed, input, rim)
    }

    /// Of the network's input.
    fn channels(&self) -> usize {
        self.modalities * (2 * self.context + 1)
    }
}

impl<T: Real> Maps<T> {
    /// Cuts a rim off: of `seen` (N, C, …) only `input` is left, and the maps of that.
    fn cut(&self, seen: &[T], input: &mut [T], rim: usize) -> Self {
        let [images, classes, seen_height, seen_width] = self.shape;
        let [height, width] = [seen_height - 2 * rim, seen_width - 2 * rim];
        let pixels = images * height * width;
        let shape = [images, input.len() / pixels, height, width];
        let extent = [seen_height, seen_width];
        let inner = |image: usize| Draw::plain(image as u32).further([rim as i64; 2]);
        let draws: Vec<Draw> = (0..images).map(inner).collect();
        let mut cut = Self {
            labels: vec![0; pixels],
            contour: vec![0; pixels],
            weight: vec![T::zero(); pixels],
            shape: [images, classes, height, width],
        };
        let study = Study {
            images: seen,
            labels: &self.labels,
            scaling: &vec![[1.0, 0.0]; images * shape[1]],
            extent,
            context: 0,
        };
        batch_images(input, &mut cut.labels, &draws, &study, shape);
        let study = (&self.contour[..], &self.weight[..]);
        batch_maps(&mut cut.contour, &mut cut.weight, &draws, study, extent, shape);
        cut
    }

    pub(super) fn inputs<'a>(&'a self, logits: &'a [T]) -> Inputs<'a, T> {
        Inputs {
            logits,
            labels: &self.labels,
            contour: &self.contour,
            weight: &self.weight,
            shape: self.shape,
        }
    }
}
