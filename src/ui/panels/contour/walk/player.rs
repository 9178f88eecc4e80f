//! How far the walk is, and who moves it: hands or a timer.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::patch::Patch;

/// Steps a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    Slow,
    Medium,
    Fast,
}

impl Speed {
    fn interval(self) -> Duration {
        Duration::from_millis(match self {
            Self::Slow => 1000,
            Self::Medium => 200,
            Self::Fast => 40,
        })
    }
}

/// The position in a walk. Whatever a hand does stops the timer.
#[derive(Clone, Copy)]
pub struct Player {
    pub patch: Memo<Option<Arc<Patch>>>,
    /// Steps done. May belong to an earlier walk: ask [`Player::steps`].
    steps: RwSignal<usize>,
    pub playing: RwSignal<bool>,
    pub speed: RwSignal<Speed>,
}

impl Player {
    pub fn new(patch: Memo<Option<Arc<Patch>>>) -> Self {
        let player = Self {
            patch,
            steps: RwSignal::new(0),
            playing: RwSignal::new(false),
            speed: RwSignal::new(Speed::Medium),
        };
        player.follow_patch();
        player.run_timer();
        player
    }

    /// A new patch begins at a telling pixel. The same patch under another choice stays at its pixel, or at the end.
    fn follow_patch(self) {
        Effect::new(move |before: Option<Option<Arc<Patch>>>| {
            let patch = self.patch.get();
            let Some(now) = &patch else { return patch };
            self.playing.set(false);
            let same = before
                .flatten()
                .filter(|before| before.walk.window() == now.walk.window() && before.class == now.class);
            let steps = match same {
                Some(before) => {
                    let steps = self.steps.get_untracked().min(before.walk.len());
                    match steps {
                        0 => 0,
                        _ if steps == before.walk.len() => now.walk.len(),
                        _ => (steps - 1) % now.walk.window().area() + 1,
                    }
                }
                None => now.walk.telling(now.around),
            };
            self.steps.set(steps);
            patch
        });
    }

    /// Ticks while playing; ends with the panel, at the last step, and when the tab is hidden.
    fn run_timer(self) {
        Effect::new(move || {
            if !self.playing.get() {
                return;
            }
            let tick = move || {
                if self.move_by(1) {
                    self.playing.set(false);
                }
            };
            let timer = set_interval_with_handle(tick, self.speed.get().interval());
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
        let hidden = window_event_listener_untyped("visibilitychange", move |_| {
            if document().hidden() {
                self.playing.set(false);
            }
        });
        on_cleanup(move || hidden.remove());
    }

    /// Steps in all; 0 without a patch.
    pub fn len(self) -> usize {
        self.patch
            .with(|patch| patch.as_ref().map_or(0, |patch| patch.walk.len()))
    }

    /// Steps done.
    pub fn steps(self) -> usize {
        self.steps.get().min(self.len())
    }

    /// Whether that was the last step.
    fn move_by(self, by: isize) -> bool {
        let len = untrack(|| self.len());
        let steps = untrack(|| self.steps()).saturating_add_signed(by).min(len);
        self.steps.set(steps);
        steps == len
    }

    /// Moves by hand.
    pub fn nudge(self, by: isize) {
        self.playing.set(false);
        self.move_by(by);
    }

    /// Moves by hand.
    pub fn go(self, steps: usize) {
        self.playing.set(false);
        self.steps.set(steps);
    }

    /// From the end, playing begins anew.
    pub fn toggle(self) {
        let plays = !self.playing.get_untracked();
        if plays && untrack(|| self.steps() == self.len()) {
            self.steps.set(0);
        }
        self.playing.set(plays);
    }

    /// To the verdict on a pixel, in the pass that is under way.
    pub fn jump(self, pixel: [usize; 2]) {
        let steps = untrack(|| self.steps());
        self.patch.with_untracked(|patch| {
            let Some(walk) = patch.as_ref().map(|patch| &patch.walk) else {
                return;
            };
            if let Some(turn) = walk.window().turn(pixel) {
                let area = walk.window().area();
                self.go(steps.saturating_sub(1) / area * area + turn + 1);
            }
        });
    }

    pub fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let row = self.patch.with_untracked(|patch| {
            patch
                .as_ref()
                .map_or(1, |patch| patch.walk.window().size[0] as isize)
        });
        match event.key().as_str() {
            " " => self.toggle(),
            "ArrowLeft" => self.nudge(-1),
            "ArrowRight" => self.nudge(1),
            "ArrowUp" => self.nudge(-row),
            "ArrowDown" => self.nudge(row),
            "Home" => self.go(0),
            "End" => self.go(untrack(|| self.len())),
            _ => return,
        }
        event.prevent_default();
    }
}
