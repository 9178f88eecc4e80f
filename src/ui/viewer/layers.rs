//! What is drawn over the image, and how strongly.

/// Which layers are drawn; opacities from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layers {
    pub image: bool,
    pub fill: Option<f32>,
}

impl Default for Layers {
    fn default() -> Self {
        Self {
            image: true,
            fill: None,
        }
    }
}
