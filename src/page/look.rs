//! From the page's state to what a canvas shows.

use std::sync::Arc;

use super::{Asked, Cut, Drawn, Layer, Layers, Predictions, Shown, Study, Told, Window, mirror};
use crate::loss::Params;
use crate::nifti::Plane;
use crate::train::SliceOfSubject;
use crate::view::{Agreement, Classes, Fit, Heat, Image, Outline, Scene, count_verdicts, pack};

/// Around the slice, as `--stage` in `www/css/tokens.css`: black, like the air in a CT.
const STAGE: [u8; 3] = [0, 0, 0];

/// Width of the stripes that tell verdicts apart, in CSS pixels.
const STRIPE_PX: f32 = 3.0;

/// How far the picture is zoomed in, and moved as a share of the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zoom {
    pub factor: f32,
    pub pan: [f32; 2],
}

impl Default for Zoom {
    fn default() -> Self {
        Self {
            factor: 1.0,
            pan: [0.0; 2],
        }
    }
}

impl Zoom {
    pub const RANGE: [f32; 2] = [0.5, 16.0];
    /// At most a whole canvas away at no zoom, so that the picture can be found again.
    pub const REACH: f32 = 1.0;

    /// Magnified `by`, while the point at the share `at` of the canvas from its middle stays where it is.
    #[must_use]
    pub fn about(self, by: f32, at: [f32; 2]) -> Self {
        let factor = (self.factor * by).clamp(Self::RANGE[0], Self::RANGE[1]);
        let by = factor / self.factor;
        let pan = [0, 1].map(|axis| at[axis] - (at[axis] - self.pan[axis]) * by);
        Self { factor, pan }.in_reach()
    }

    /// Moved by a share of the canvas.
    #[must_use]
    pub fn moved(self, by: [f32; 2]) -> Self {
        let pan = [0, 1].map(|axis| self.pan[axis] + by[axis]);
        Self { pan, ..self }.in_reach()
    }

    fn in_reach(self) -> Self {
        let most = Self::REACH * self.factor.max(1.0);
        Self {
            pan: self.pan.map(|share| share.clamp(-most, most)),
            ..self
        }
    }
}

/// A number for each pixel of the slice, and the numbers of the first and last colour.
#[derive(Clone, Debug)]
pub struct HeatMap {
    pub values: Arc<[f32]>,
    pub ends: [f32; 2],
}

/// Everything but the canvas that decides the picture.
#[derive(Clone, Debug)]
pub struct Look {
    pub shown: Arc<Shown>,
    pub window: Window,
    pub layers: Layers,
    /// Bit k: class k is drawn.
    pub visible: u32,
    pub selected: Option<u8>,
    /// The weights of the first and last colour.
    pub weight_ends: [f32; 2],
    /// What each pixel costs, if the network was asked about this slice.
    pub loss: Option<HeatMap>,
    /// How probable a class is, under the same condition.
    pub probability: Option<HeatMap>,
    /// Packed rgba8 of each class, whose alpha is its opacity.
    pub colors: Arc<[u32]>,
    /// Bit sets, if the network has said something of this slice.
    pub prediction: Option<Arc<[u32]>>,
}

/// The weights of the first and last colour. From 0, so that the colours keep the proportion; or stretched.
pub fn weight_ends(loss: &Params, stretch: bool) -> [f32; 2] {
    let (off, on) = loss.weighting().ends();
    let low = if stretch { off } else { 0.0 };
    [low, if on > low { on } else { low + 1.0 }]
}

/// The map of the loss, if it is of this slice.
pub fn loss_map(shown: &Shown, drawn: &Drawn) -> Option<HeatMap> {
    let asked = &drawn.told.asked;
    is_of(shown, asked).then(|| HeatMap {
        values: drawn.told.on_slice(drawn.share),
        ends: drawn.ends,
    })
}

/// How probable the network finds a class, if it was asked about this slice and has that class.
pub fn probability_map(shown: &Shown, told: &Told, class: u8) -> Option<HeatMap> {
    let values = is_of(shown, &told.asked)
        .then(|| told.probability(class.into()))
        .flatten()?;
    Some(HeatMap {
        values,
        ends: [0.0, 1.0],
    })
}

fn is_of(shown: &Shown, asked: &Asked) -> bool {
    let cut = &shown.cut;
    cut.plane == Plane::Axial
        && SliceOfSubject(cut.index) == asked.slice
        && cut.study.is_same_scan(&asked.study)
}

/// The prediction as bit sets, 0 where there is none and where the reference ignores what it says; `None` where there is
/// none in all of the slice.
pub fn prediction_of(shown: &Shown, predictions: &Predictions) -> Option<Arc<[u32]>> {
    let cut = &shown.cut;
    let [width, height, _] = cut.study.shape;
    let of_slice = |z: usize| {
        predictions
            .get(&SliceOfSubject(z))
            .filter(|labels| labels.len() == width * height)
    };
    if cut.plane == Plane::Axial {
        let of_pixel = |(i, class): (usize, &u8)| if cut.is_ignored(i) { 0 } else { 1 << class };
        return Some(of_slice(cut.index)?.iter().enumerate().map(of_pixel).collect());
    }
    // The rows of the other planes are axial slices.
    if !(0..cut.rows).any(|z| of_slice(z).is_some()) {
        return None;
    }
    let class_at = |i: usize| {
        if cut.is_ignored(i) {
            return 0;
        }
        let [x, y, z] = cut.plane.voxel(i % cut.columns, i / cut.columns, cut.index);
        of_slice(z).map_or(0, |labels| 1 << labels[x + y * width])
    };
    Some((0..cut.columns * cut.rows).map(class_at).collect())
}

/// The study's colours, each with its class's opacity as alpha.
pub fn class_colors(study: &Study, opacities: &[u8; 32]) -> Arc<[u32]> {
    let faded = |(color, opacity): (&u32, &u8)| color & 0x00ff_ffff | u32::from(*opacity) << 24;
    study.colors.iter().zip(opacities).map(faded).collect()
}

/// Which labels a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The reference, and the prediction over it.
    Both,
    Reference,
    /// The prediction, drawn as the reference is.
    Prediction,
}

impl Look {
    pub fn fit(&self, canvas: [u32; 2], zoom: Zoom) -> Fit {
        let cut = &self.shown.cut;
        let slice = [cut.columns as u32, cut.rows as u32];
        let mirror = mirror(cut.plane, self.layers.convention);
        Fit::contain(canvas, slice, cut.spacing_mm, mirror, zoom.factor, zoom.pan)
    }

    pub fn shows_probability(&self) -> bool {
        self.layers.probability.shown && self.probability.is_some()
    }

    /// Whether the loss is on the picture.
    pub fn shows_loss(&self) -> bool {
        self.layers.loss.shown && self.loss.is_some() && !self.shows_probability()
    }

    pub fn shows_weight(&self) -> bool {
        self.layers.weight.shown && !self.shows_loss() && !self.shows_probability()
    }

    pub fn shows_agreement(&self) -> bool {
        self.layers.agreement.shown && self.prediction.is_some()
    }

    /// The classes that are compared: those drawn, or the one that is chosen.
    fn compared(&self) -> u32 {
        self.selected.map_or(self.visible & !1, |class| 1 << class)
    }

    /// Pixels of each verdict on the prediction.
    pub fn verdicts(&self) -> Option<[usize; 4]> {
        let predicted = self.prediction.as_ref()?;
        Some(count_verdicts(
            &self.shown.cut.classes,
            predicted,
            self.compared(),
        ))
    }

    /// The same place with one side's labels only.
    #[must_use]
    pub fn sided(&self, side: Side) -> Self {
        let mut look = self.clone();
        if side == Side::Both {
            return look;
        }
        look.layers.prediction.shown = false;
        look.layers.agreement.shown = false;
        // Something has to be seen of the two.
        look.layers.outline.shown |= !look.layers.labels.shown;
        if side == Side::Prediction {
            look.layers.contour.shown = false;
            look.predicted_as_labels();
        }
        look
    }

    /// Draws the prediction as labels are; where there is none, nothing.
    pub fn predicted_as_labels(&mut self) {
        let Some(classes) = self.prediction.clone() else {
            self.layers.labels.shown = false;
            self.layers.outline.shown = false;
            return;
        };
        let cut = Cut {
            classes,
            ..(*self.shown.cut).clone()
        };
        self.shown = Arc::new(Shown {
            cut: cut.into(),
            ..(*self.shown).clone()
        });
    }

    fn heat(&self) -> Option<Heat> {
        let layers = &self.layers;
        let weight = HeatMap {
            values: Arc::clone(&self.shown.weight),
            ends: self.weight_ends,
        };
        let (map, layer) = match (&self.probability, &self.loss) {
            (Some(map), _) if layers.probability.shown => (map, layers.probability),
            (_, Some(map)) if layers.loss.shown => (map, layers.loss),
            _ => (&weight, layers.weight),
        };
        layer.shown.then(|| Heat {
            values: Arc::clone(&map.values),
            colors: layers.heat_colors.colors(),
            low: map.ends[0],
            high: map.ends[1],
            opacity: layer.opacity,
        })
    }

    /// The picture on a canvas of that size, with `pixel_ratio` canvas pixels in a CSS pixel.
    pub fn scene(&self, canvas: [u32; 2], zoom: Zoom, pixel_ratio: f32) -> Scene {
        let Self { shown, layers, .. } = self;
        let [low, high] = self.window.ends();
        let cut = &shown.cut;
        let class_contour = self.selected.map_or(self.visible, |class| 1 << class);
        let classes = |sets: &Arc<[u32]>, visible, layer: Layer| {
            layer.shown.then(|| Classes {
                sets: Arc::clone(sets),
                visible,
                opacity: layer.opacity,
            })
        };
        let width = ((layers.line_px as f32 * pixel_ratio).round() as u32).max(1);
        let line = |sets, layer, dash| {
            classes(sets, self.visible & !1, layer).map(|classes| Outline { classes, width, dash })
        };
        let image = || Image {
            values: Arc::clone(&cut.values),
            colors: layers.image_colors.colors(),
            low,
            high,
            smooth: layers.smooth,
        };
        Scene {
            canvas,
            slice: [cut.columns as u32, cut.rows as u32],
            fit: self.fit(canvas, zoom),
            background: pack(STAGE),
            colors: Arc::clone(&self.colors),
            image: layers.image.then(image),
            heat: self.heat(),
            fill: classes(&cut.classes, self.visible & !1, layers.labels),
            contour: classes(&shown.contour, class_contour, layers.contour),
            agreement: self
                .prediction
                .as_ref()
                .filter(|_| layers.agreement.shown)
                .map(|predicted| Agreement {
                    reference: Arc::clone(&cut.classes),
                    predicted: Arc::clone(predicted),
                    visible: self.compared(),
                    opacity: layers.agreement.opacity,
                    stripe: ((STRIPE_PX * pixel_ratio).round() as u32).max(1),
                }),
            outline: line(&cut.classes, layers.outline, 0),
            prediction: self
                .prediction
                .as_ref()
                .and_then(|sets| line(sets, layers.prediction, width * 4)),
        }
    }
}
