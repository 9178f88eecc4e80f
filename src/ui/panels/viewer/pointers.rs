//! The pointers that are down, and what their movement comes to.

/// Fingers, or one mouse or pen; positions in CSS pixels of the window.
#[derive(Clone, Debug, Default)]
pub struct Pointers {
    down: Vec<(i32, [f64; 2])>,
}

/// What one pointer's movement did to all that are down.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// Where the middle of the pointers is now.
    pub middle: [f64; 2],
    /// How far the middle went.
    pub by: [f32; 2],
    /// Distance of the first two after it, over that before; 1 for one pointer.
    pub spread: f32,
}

impl Pointers {
    pub fn put(&mut self, id: i32, at: [f64; 2]) {
        self.lift(id);
        self.down.push((id, at));
    }

    pub fn lift(&mut self, id: i32) {
        self.down.retain(|(known, _)| *known != id);
    }

    pub fn len(&self) -> usize {
        self.down.len()
    }

    /// `None` for a pointer that is not down.
    pub fn shift(&mut self, id: i32, at: [f64; 2]) -> Option<Change> {
        let (middle, apart) = (self.middle(), self.apart());
        self.down.iter_mut().find(|(known, _)| *known == id)?.1 = at;
        let now = self.middle();
        Some(Change {
            middle: now,
            by: [0, 1].map(|axis| (now[axis] - middle[axis]) as f32),
            spread: (self.apart() / apart) as f32,
        })
    }

    fn middle(&self) -> [f64; 2] {
        let count = self.down.len().max(1) as f64;
        [0, 1].map(|axis| self.down.iter().map(|(_, at)| at[axis]).sum::<f64>() / count)
    }

    /// Fingers nearer than a finger's width would make the ratio jump.
    fn apart(&self) -> f64 {
        match self.down[..] {
            [(_, a), (_, b), ..] => (a[0] - b[0]).hypot(a[1] - b[1]).max(20.0),
            _ => 1.0,
        }
    }
}
