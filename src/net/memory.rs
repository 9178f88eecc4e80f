//! Who lives where and when: tensors of a plan on buffers that they share one after the other.
//!
//! A buffer holds one tensor at a time, so that no dispatch binds one both to be read and to be written.

/// A tensor of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    /// Elements.
    pub len: usize,
    /// The first and the last moment at which it holds something.
    pub from: usize,
    pub until: usize,
}

/// Buffers, and which of them holds which tensor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Elements of each.
    pub buffers: Vec<usize>,
    /// A buffer for each tensor.
    pub places: Vec<usize>,
}

impl Life {
    fn meets(&self, other: &Self) -> bool {
        self.from <= other.until && other.from <= self.until
    }
}

/// Largest first, each into the smallest buffer that is free for as long as it lives (Pisarchyk & Lee 2020, "greedy
/// by size" for shared objects).
pub(super) fn share(lives: &[Life]) -> Layout {
    let mut order: Vec<usize> = (0..lives.len()).collect();
    order.sort_by_key(|&tensor| (std::cmp::Reverse(lives[tensor].len), lives[tensor].from));
    let mut buffers: Vec<usize> = Vec::new();
    let mut tenants: Vec<Vec<usize>> = Vec::new();
    let mut places = vec![0; lives.len()];
    for tensor in order {
        let is_free = |buffer: &usize| {
            tenants[*buffer]
                .iter()
                .all(|other| !lives[*other].meets(&lives[tensor]))
        };
        // Buffers stand in falling order of size: the last free one fits best.
        let place = (0..buffers.len()).rev().find(is_free).unwrap_or_else(|| {
            buffers.push(lives[tensor].len);
            buffers.len() - 1
        });
        tenants.resize(buffers.len(), Vec::new());
        tenants[place].push(tensor);
        places[tensor] = place;
    }
    Layout { buffers, places }
}

/// The least that any layout takes: elements alive at the fullest moment.
#[cfg(test)]
pub(super) fn least(lives: &[Life]) -> usize {
    let at = |moment: usize| {
        let alive = lives
            .iter()
            .filter(|life| life.from <= moment && moment <= life.until);
        alive.map(|life| life.len).sum()
    };
    lives.iter().map(|life| at(life.from)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg32;

    use super::*;

    fn check(lives: &[Life]) -> Layout {
        let layout = share(lives);
        for (i, life) in lives.iter().enumerate() {
            assert!(layout.buffers[layout.places[i]] >= life.len);
            for (j, other) in lives.iter().enumerate().filter(|(j, _)| *j != i) {
                assert!(
                    layout.places[i] != layout.places[j] || !life.meets(other),
                    "{i} and {j}"
                );
            }
        }
        assert!(layout.buffers.iter().sum::<usize>() >= least(lives));
        layout
    }

    #[test]
    fn a_chain_takes_two_buffers() {
        let lives: Vec<Life> = (0..9)
            .map(|i| Life {
                len: 100 - i,
                from: i,
                until: i + 1,
            })
            .collect();
        assert_eq!(check(&lives).buffers, [100, 99]);
    }

    #[test]
    fn what_meets_only_in_one_moment_has_buffers_of_its_own() {
        let lives = [(5, 0, 3), (5, 3, 4), (7, 3, 3)].map(|(len, from, until)| Life { len, from, until });
        assert_eq!(check(&lives).buffers, [7, 5, 5]);
    }

    #[test]
    fn lives_at_random_never_share_a_moment() {
        let mut random = Pcg32::seed_from_u64(1);
        for _ in 0..50 {
            let lives: Vec<Life> = (0..40)
                .map(|_| {
                    let from = random.random_range(0..50);
                    Life {
                        len: random.random_range(1..1000),
                        from,
                        until: from + random.random_range(0..20),
                    }
                })
                .collect();
            check(&lives);
        }
    }
}
