//! The patch that is walked over: which pixels, of which class, and how it lies on the screen.

use std::sync::Arc;

use leptos::prelude::*;

use crate::contour::walk::{Walk, Window, nearest_boundary};
use crate::contour::{Choice, Frame, Shape};
use crate::nifti::Plane;
use crate::page::{Study, mirror};
use crate::ui::store::{Data, State, View};

/// Pixels along a side. With the ring that B needs around it, a radius of 1 leaves 24 CSS pixels for each on a
/// telephone.
const SIDE: usize = 12;

/// A walk, with what is needed to draw it and to speak of it.
#[derive(Clone, Debug)]
pub struct Patch {
    pub walk: Walk,
    pub class: u8,
    pub name: String,
    /// sRGB.
    pub color: [u8; 3],
    /// Names of the axes along columns, along rows and through the slice.
    pub axes: [&'static str; 3],
    /// Column and row of the crosshair.
    pub around: [usize; 2],
}

impl Patch {
    /// The window around the crosshair, for a class; `None` without a study or while the choice is invalid.
    pub fn of(state: State, class: Option<u8>) -> Option<Self> {
        let study = state.data.study.get()?;
        let class = class?;
        let known = study.classes.get(usize::from(class))?;
        let plane = state.view.plane.get();
        let cursor = state.view.cursor.get();
        let [column, row, slice] = plane.axes().map(|axis| cursor[axis]);
        let extent = plane.extent(study.shape);
        let convention = state.view.layers.with(|layers| layers.convention);
        let window = Window::around([column, row, slice], SIDE, extent, mirror(plane, convention));
        let walk = Walk::new(
            labels(&study, plane),
            extent,
            window,
            class,
            state.objective.contour.get(),
        )
        .ok()?;
        Some(Self {
            walk,
            class,
            name: known.name.clone(),
            color: known.color,
            axes: plane.axes().map(|axis| ["x", "y", "z"][axis]),
            around: [column, row],
        })
    }

    pub fn choice(&self) -> Choice {
        self.walk.choice()
    }

    /// What B is made of.
    pub fn unit(&self) -> &'static str {
        if self.choice().frame == Frame::Volume {
            "voxels"
        } else {
            "pixels"
        }
    }

    /// Pixels around the window that B can reach from within it.
    pub fn ring(&self) -> i32 {
        let choice = self.choice();
        if choice.shape == Shape::SquareEven {
            1
        } else {
            choice.radius as i32
        }
    }

    /// Where a pixel is drawn, in pixels from the window's corner at the top left.
    pub fn drawn(&self, pixel: [i32; 2]) -> [i32; 2] {
        let window = self.walk.window();
        [0, 1].map(|axis| {
            let place = pixel[axis] - window.first[axis] as i32;
            if window.backwards[axis] {
                window.size[axis] as i32 - 1 - place
            } else {
                place
            }
        })
    }

    /// How an offset along columns and rows is drawn.
    pub fn turned(&self, offset: [i32; 3]) -> [i32; 2] {
        let backwards = self.walk.window().backwards;
        [0, 1].map(|axis| {
            if backwards[axis] {
                -offset[axis]
            } else {
                offset[axis]
            }
        })
    }

    /// Every pixel of the window, with the place where it is drawn.
    pub fn pixels(&self) -> impl Iterator<Item = ([usize; 2], [i32; 2])> {
        let window = self.walk.window();
        (0..window.area()).map(move |turn| {
            let pixel = window.pixel(turn);
            (pixel, self.drawn(pixel.map(|index| index as i32)))
        })
    }

    /// Whether any pixel becomes contour.
    pub fn has_contour(&self) -> bool {
        self.contour_pixels(self.walk.len()) > 0
    }

    /// Contour pixels after so many steps.
    pub fn contour_pixels(&self, steps: usize) -> usize {
        use crate::contour::walk::{Made, Square};
        let found =
            |(pixel, _): &([usize; 2], _)| self.walk.square(Made::Contour, steps, *pixel) == Square::In;
        self.pixels().filter(found).count()
    }
}

/// The class at `[column, row, slice]` of a plane.
fn labels(study: &Arc<Study>, plane: Plane) -> impl Fn([usize; 3]) -> u8 + use<> {
    let study = Arc::clone(study);
    move |[column, row, slice]| study.labels[study.index(plane.voxel(column, row, slice))]
}

/// The class to walk for: the one asked for, else the one whose contour alone is drawn, else the one under the
/// crosshair.
pub fn class_of(data: Data, view: View, asked: Option<u8>) -> Option<u8> {
    let study = data.study.get()?;
    let under = study.labels.get(study.index(view.cursor.get())).copied()?;
    let is_class = usize::from(under) < study.classes.len();
    Some(
        asked
            .or(view.selected.get())
            .unwrap_or(if is_class { under } else { 0 }),
    )
}

/// Moves the crosshair to the nearest boundary of a class. `false` if it has none in any slice.
pub fn go_to_boundary(data: Data, view: View, class: u8) -> bool {
    let Some(study) = data.study.get_untracked() else {
        return false;
    };
    let plane = view.plane.get_untracked();
    let cursor = view.cursor.get_untracked();
    let from = plane.axes().map(|axis| cursor[axis]);
    let found = nearest_boundary(labels(&study, plane), plane.extent(study.shape), class, from);
    if let Some([column, row, slice]) = found {
        view.cursor.set(plane.voxel(column, row, slice));
    }
    found.is_some()
}
