//! Where the gradient of an input goes.

/// A gradient that shares are written to, or added to; whoever writes the last share passes the sum through the leaky ReLU
/// that made the input.
#[derive(Debug)]
pub struct Sink<'a> {
    dx: &'a mut [f32],
    accumulate: bool,
    /// The input, and the slope below 0.
    through: Option<(&'a [f32], f32)>,
}

impl<'a> Sink<'a> {
    /// Adds to `dx` if `accumulate`.
    #[must_use]
    pub fn new(dx: &'a mut [f32], accumulate: bool) -> Self {
        Self {
            dx,
            accumulate,
            through: None,
        }
    }

    /// The sum is passed through the leaky ReLU of this slope that made `x`.
    #[must_use]
    pub fn through(self, x: &'a [f32], slope: f32) -> Self {
        Self {
            through: Some((x, slope)),
            ..self
        }
    }

    /// The share of the elements from `first` on. Each element takes one share.
    #[inline(always)]
    pub(super) fn take(&mut self, first: usize, share: &[f32]) {
        self.take_with(first, share.len(), |i| share[i]);
    }

    /// As [`Sink::take`], worked out element by element.
    #[inline(always)]
    pub(super) fn take_with(&mut self, first: usize, count: usize, share: impl Fn(usize) -> f32) {
        let dx = &mut self.dx[first..first + count];
        match (self.accumulate, self.through) {
            (false, None) => (0..count).for_each(|i| dx[i] = share(i)),
            (true, None) => (0..count).for_each(|i| dx[i] += share(i)),
            (accumulate, Some((x, slope))) => {
                let x = &x[first..first + count];
                let factor = |i: usize| if x[i] <= 0.0 { slope } else { 1.0 };
                if accumulate {
                    (0..count).for_each(|i| dx[i] = (dx[i] + share(i)) * factor(i));
                } else {
                    (0..count).for_each(|i| dx[i] = share(i) * factor(i));
                }
            }
        }
    }

    /// A share that is as long as the whole gradient.
    pub(super) fn take_all(&mut self, share: &[f32]) {
        super::vectorised(
            #[inline(always)]
            || self.take(0, share),
        );
    }
}
