//! What a canvas pixel shows: the grey slice, and over it heat map, classes, contours and outlines.
//!
//! A [`Scene`] is plain data. A [`Compositor`] turns it into packed rgba8 pixels on the GPU, layer after layer
//! into one buffer; [`compose`] does the same on the CPU; a [`Painter`] shows what the first has made. To a painter
//! elsewhere, a scene goes as a [`Painting`].

mod compositor;
mod cpu;
#[cfg(test)]
mod fixture;
mod painter;
mod painting;
mod palette;
mod present;
mod scene;

pub use compositor::Compositor;
pub use cpu::{compose, count_verdicts};
pub use painter::{Error, Painter};
pub use painting::Painting;
pub use palette::{ColorMap, VERDICTS, colored, difference_colors, heat_colors, pack, verdict_colors};
pub use scene::{Agreement, Classes, Fit, Heat, Image, Outline, Scene};
