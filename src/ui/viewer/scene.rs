//! From the page's state to what a canvas shows.

use std::sync::Arc;

use super::orientation::mirror;
use super::{Layer, Layers, Window};
use crate::contour;
use crate::loss::Params;
use crate::nifti::Plane;
use crate::ui::maps::Shown;
use crate::ui::pixels::Drawn;
use crate::ui::state::Predictions;
use crate::view::{Classes, Fit, Heat, Image, Outline, Scene, pack};

/// Around the slice, as `--stage` in `www/css/tokens.css`: black, like the air in a CT.
const STAGE: [u8; 3] = [0, 0, 0];

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
    pub weight: HeatMap,
    /// What each pixel costs, if the network was asked about this slice.
    pub loss: Option<HeatMap>,
    /// Bit sets, if the network has said something of this slice.
    pub prediction: Option<Arc<[u32]>>,
}

/// Weight of each pixel of a slice under the loss.
pub fn weight_map(shown: &Shown, loss: &Params) -> Arc<[f32]> {
    let cut = &shown.cut;
    let labels: Vec<u32> = cut.classes.iter().map(|bits| bits.trailing_zeros()).collect();
    let dims = [1, cut.rows, cut.columns];
    contour::cpu::weight_map(&labels, &shown.contour, dims, &loss.weighting()).into()
}

/// The weights of the first and last colour. From 0, so that the colours keep the proportion; or stretched.
pub fn weight_ends(loss: &Params, stretch: bool) -> [f32; 2] {
    let (off, on) = loss.weighting().ends();
    let low = if stretch { off } else { 0.0 };
    [low, if on > low { on } else { low + 1.0 }]
}

/// The map of the loss, if it is of this slice.
pub fn loss_map(shown: &Shown, drawn: &Drawn) -> Option<HeatMap> {
    let (cut, asked) = (&shown.cut, &drawn.told.asked);
    let is_of_it =
        cut.plane == Plane::Axial && cut.index == asked.slice && Arc::ptr_eq(&cut.study, &asked.study);
    is_of_it.then(|| HeatMap {
        values: drawn.told.on_slice(drawn.share),
        ends: drawn.ends,
    })
}

/// The prediction of an axial slice as bit sets.
pub fn prediction_of(shown: &Shown, predictions: &Predictions) -> Option<Arc<[u32]>> {
    if shown.cut.plane != Plane::Axial {
        return None;
    }
    let labels = predictions.get(&shown.cut.index)?;
    (labels.len() == shown.cut.classes.len()).then(|| labels.iter().map(|k| 1 << k).collect())
}

impl Look {
    pub fn fit(&self, canvas: [u32; 2], zoom: Zoom) -> Fit {
        let cut = &self.shown.cut;
        let slice = [cut.columns as u32, cut.rows as u32];
        let mirror = mirror(cut.plane, self.layers.convention);
        Fit::contain(canvas, slice, cut.spacing_mm, mirror, zoom.factor, zoom.pan)
    }

    /// Whether the loss is on the picture.
    pub fn shows_loss(&self) -> bool {
        self.layers.loss.shown && self.loss.is_some()
    }

    fn heat(&self) -> Option<Heat> {
        let layers = &self.layers;
        let (map, layer) = match &self.loss {
            Some(loss) if layers.loss.shown => (loss, layers.loss),
            _ => (&self.weight, layers.weight),
        };
        layer.shown.then(|| Heat {
            values: Arc::clone(&map.values),
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
            low,
            high,
            smooth: layers.smooth,
        };
        Scene {
            canvas,
            slice: [cut.columns as u32, cut.rows as u32],
            fit: self.fit(canvas, zoom),
            background: pack(STAGE),
            colors: Arc::clone(&cut.study.colors),
            image: layers.image.then(image),
            heat: self.heat(),
            fill: classes(&cut.classes, self.visible & !1, layers.labels),
            contour: classes(&shown.contour, class_contour, layers.contour),
            outline: line(&cut.classes, layers.outline, 0),
            prediction: self
                .prediction
                .as_ref()
                .and_then(|sets| line(sets, layers.prediction, width * 4)),
        }
    }
}
