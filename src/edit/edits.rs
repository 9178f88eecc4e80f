//! A label as its file has it, and the strokes over it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The slice on which a stroke was drawn: the axis through it, and its number.
pub type Sheet = (usize, usize);

/// Strokes over a label. The label is always the base with the strokes that count, in order: taking one back is
/// exact, whatever was drawn over it on whichever plane.
#[derive(Clone, Debug)]
pub struct Edits {
    base: Arc<Vec<u8>>,
    current: Arc<Vec<u8>>,
    strokes: Vec<Stroke>,
    /// The stroke under way, not yet in `current`.
    drawing: Option<Stroke>,
}

#[derive(Clone, Debug)]
struct Stroke {
    sheet: Sheet,
    /// Class of each voxel that it changes.
    voxels: BTreeMap<usize, u8>,
    undone: bool,
}

impl Edits {
    #[must_use]
    pub fn new(base: Arc<Vec<u8>>) -> Self {
        Self {
            current: Arc::clone(&base),
            base,
            strokes: Vec::new(),
            drawing: None,
        }
    }

    /// A label that was drawn on before, `current`, over that of its file: what differs in an axial slice of `area` voxels is
    /// one stroke there.
    ///
    /// # Panics
    /// If the two are not of the same size.
    #[must_use]
    pub fn resumed(base: Arc<Vec<u8>>, current: Arc<Vec<u8>>, area: usize) -> Self {
        assert_eq!(base.len(), current.len(), "labels of two studies");
        let area = area.max(1);
        let slices = base.chunks(area).zip(current.chunks(area)).enumerate();
        let stroke = |(z, (before, after)): (usize, (&[u8], &[u8]))| {
            let pairs = before.iter().zip(after).enumerate();
            let differs = pairs.filter(|(_, (before, after))| before != after);
            Stroke {
                sheet: (2, z),
                voxels: differs.map(|(i, (_, after))| (z * area + i, *after)).collect(),
                undone: false,
            }
        };
        Self {
            strokes: slices
                .filter(|(_, (before, after))| before != after)
                .map(stroke)
                .collect(),
            base,
            current,
            drawing: None,
        }
    }

    /// The label with the strokes that count; the same array until they change.
    #[must_use]
    pub fn labels(&self) -> &Arc<Vec<u8>> {
        &self.current
    }

    pub fn begin(&mut self, sheet: Sheet) {
        self.drawing = Some(Stroke {
            sheet,
            voxels: BTreeMap::new(),
            undone: false,
        });
    }

    /// Adds to the stroke under way. A voxel that has that class already is no change.
    pub fn paint(&mut self, voxels: impl IntoIterator<Item = usize>, class: u8) {
        if let Some(stroke) = &mut self.drawing {
            let changed = voxels.into_iter().filter(|voxel| self.current[*voxel] != class);
            stroke.voxels.extend(changed.map(|voxel| (voxel, class)));
        }
    }

    /// What the stroke under way makes of voxels; nothing where none is.
    #[must_use]
    pub fn drawing(&self) -> Option<&BTreeMap<usize, u8>> {
        self.drawing.as_ref().map(|stroke| &stroke.voxels)
    }

    /// Forgets the stroke under way.
    pub fn cancel(&mut self) {
        self.drawing = None;
    }

    /// Ends the stroke under way; false if it changed nothing. What was taken back on its slice is gone for good.
    pub fn end(&mut self) -> bool {
        let Some(stroke) = self.drawing.take().filter(|stroke| !stroke.voxels.is_empty()) else {
            return false;
        };
        self.strokes
            .retain(|old| !(old.undone && old.sheet == stroke.sheet));
        self.strokes.push(stroke);
        self.replay()
    }

    /// Takes back the last stroke on a slice; false if there is none.
    pub fn undo(&mut self, sheet: Sheet) -> bool {
        let last = self.strokes.iter_mut().rev();
        Self::turn(last, sheet, true) && self.replay()
    }

    /// Brings back the first stroke that was taken back on a slice; false if there is none.
    pub fn redo(&mut self, sheet: Sheet) -> bool {
        let first = self.strokes.iter_mut();
        Self::turn(first, sheet, false) && self.replay()
    }

    /// Takes back every stroke on every slice, each of which can be brought back.
    pub fn revert(&mut self) {
        self.strokes.iter_mut().for_each(|stroke| stroke.undone = true);
        self.replay();
    }

    /// Strokes on a slice that can be taken back and brought back.
    #[must_use]
    pub fn counts(&self, sheet: Sheet) -> [usize; 2] {
        let on = |undone| {
            let is_one = |stroke: &&Stroke| stroke.sheet == sheet && stroke.undone == undone;
            self.strokes.iter().filter(is_one).count()
        };
        [on(false), on(true)]
    }

    /// Voxels in which the label differs from its file.
    #[must_use]
    pub fn changed(&self) -> usize {
        let drawn = self.strokes.iter().filter(|stroke| !stroke.undone);
        let voxels: BTreeSet<_> = drawn.flat_map(|stroke| stroke.voxels.keys()).collect();
        let differs = |voxel: &&&usize| self.base[***voxel] != self.current[***voxel];
        voxels.iter().filter(differs).count()
    }

    /// Turns the first stroke on a slice that is not so yet.
    fn turn<'a>(mut strokes: impl Iterator<Item = &'a mut Stroke>, sheet: Sheet, undone: bool) -> bool {
        let found = strokes.find(|stroke| stroke.sheet == sheet && stroke.undone != undone);
        found.map(|stroke| stroke.undone = undone).is_some()
    }

    /// Always true, since something has changed.
    fn replay(&mut self) -> bool {
        let strokes: Vec<_> = self.strokes.iter().filter(|stroke| !stroke.undone).collect();
        if strokes.is_empty() {
            self.current = Arc::clone(&self.base);
            return true;
        }
        let mut labels = Vec::clone(&self.base);
        for stroke in strokes {
            for (voxel, class) in &stroke.voxels {
                labels[*voxel] = *class;
            }
        }
        self.current = Arc::new(labels);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AXIAL: Sheet = (2, 0);
    const CORONAL: Sheet = (1, 3);

    fn draw(edits: &mut Edits, sheet: Sheet, voxels: &[usize], class: u8) -> bool {
        edits.begin(sheet);
        edits.paint(voxels.iter().copied(), class);
        edits.end()
    }

    #[test]
    fn strokes_are_taken_back_slice_by_slice_and_exactly() {
        let mut edits = Edits::new(Arc::new(vec![0; 6]));
        assert!(draw(&mut edits, AXIAL, &[0, 1], 1));
        assert!(draw(&mut edits, CORONAL, &[1, 2], 2));
        assert!(draw(&mut edits, AXIAL, &[3], 3));
        assert_eq!(**edits.labels(), [1, 2, 2, 3, 0, 0]);
        assert!(edits.undo(AXIAL) && edits.undo(AXIAL) && !edits.undo(AXIAL));
        assert_eq!(
            **edits.labels(),
            [0, 2, 2, 0, 0, 0],
            "the other plane's stroke stays"
        );
        assert_eq!((edits.counts(AXIAL), edits.counts(CORONAL)), ([0, 2], [1, 0]));
        assert!(edits.redo(AXIAL));
        assert_eq!(
            **edits.labels(),
            [1, 2, 2, 0, 0, 0],
            "and lies over it, as it was drawn later"
        );
        assert!(draw(&mut edits, AXIAL, &[5], 4));
        assert!(!edits.redo(AXIAL), "a new stroke ends what could be brought back");
        assert_eq!(edits.changed(), 4);
    }

    #[test]
    fn a_stroke_that_changes_nothing_is_none() {
        let base: Arc<Vec<u8>> = Arc::new(vec![7, 7]);
        let mut edits = Edits::new(Arc::clone(&base));
        assert!(!draw(&mut edits, AXIAL, &[0, 1], 7));
        edits.begin(AXIAL);
        edits.paint([0], 1);
        assert_eq!(edits.drawing().map(BTreeMap::len), Some(1));
        edits.cancel();
        assert!(!edits.end() && edits.changed() == 0);
        assert!(Arc::ptr_eq(edits.labels(), &base));
    }

    #[test]
    fn what_was_drawn_before_is_a_stroke_of_its_slice() {
        let base = Arc::new(vec![0, 1, 0, 0, 2, 2]);
        let current = Arc::new(vec![0, 0, 0, 0, 3, 2]);
        let mut edits = Edits::resumed(Arc::clone(&base), Arc::clone(&current), 2);
        assert!(Arc::ptr_eq(edits.labels(), &current));
        assert_eq!(
            (edits.changed(), edits.counts((2, 0)), edits.counts((2, 1))),
            (2, [1, 0], [0, 0])
        );
        assert!(edits.undo((2, 2)));
        assert_eq!(**edits.labels(), [0, 0, 0, 0, 2, 2]);
        assert!(edits.undo((2, 0)) && Arc::ptr_eq(edits.labels(), &base));
        assert!(edits.redo((2, 2)));
        assert_eq!(**edits.labels(), [0, 1, 0, 0, 3, 2]);
    }

    #[test]
    fn all_can_be_reverted_and_each_brought_back() {
        let base: Arc<Vec<u8>> = Arc::new(vec![0; 3]);
        let mut edits = Edits::new(Arc::clone(&base));
        assert!(draw(&mut edits, AXIAL, &[0], 1) && draw(&mut edits, CORONAL, &[2], 1));
        edits.revert();
        assert!(Arc::ptr_eq(edits.labels(), &base) && edits.changed() == 0);
        assert!(edits.redo(CORONAL));
        assert_eq!(**edits.labels(), [0, 0, 1]);
    }
}
