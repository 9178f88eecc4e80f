//! The settings that a plan decides, one by one: what the visitor has changed of them, and the way back.

use super::Settings;
use super::words::{counted, percent, significant};
use crate::optim::Shape;
use crate::train::Augmentation;

/// A setting of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    Size,
    Width,
    Depth,
    Optimiser,
    Batch,
    Steps,
    Validation,
    Schedule,
    Clipping,
    Augmentation,
    ByClass,
}

impl Aspect {
    /// In the order of the settings.
    pub const ALL: [Self; 11] = [
        Self::Size,
        Self::Width,
        Self::Depth,
        Self::Optimiser,
        Self::Batch,
        Self::Steps,
        Self::Validation,
        Self::Schedule,
        Self::Clipping,
        Self::Augmentation,
        Self::ByClass,
    ];

    /// Within a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "image size",
            Self::Width => "width",
            Self::Depth => "depth",
            Self::Optimiser => "optimiser",
            Self::Batch => "batch",
            Self::Steps => "steps",
            Self::Validation => "validation",
            Self::Schedule => "learning rate over time",
            Self::Clipping => "clipping",
            Self::Augmentation => "augmentation",
            Self::ByClass => "slices drawn by class",
        }
    }

    /// Whether two settings have it alike.
    #[must_use]
    pub fn is_same(self, one: &Settings, other: &Settings) -> bool {
        let mut changed = one.clone();
        self.copy(other, &mut changed);
        changed == *one
    }

    /// Takes it over from other settings.
    pub fn copy(self, from: &Settings, to: &mut Settings) {
        match self {
            Self::Size => to.size = from.size,
            Self::Width => to.width = from.width,
            Self::Depth => to.depth = from.depth,
            Self::Optimiser => to.optimiser = from.optimiser,
            Self::Batch => to.batch = from.batch,
            Self::Steps => to.steps = from.steps,
            Self::Validation => to.validate_every = from.validate_every,
            Self::Schedule => {
                to.learning.shape = from.learning.shape;
                to.learning.warmup_steps = from.learning.warmup_steps;
                to.learning.power = from.learning.power;
                to.learning.floor = from.learning.floor;
            }
            Self::Clipping => {
                to.learning.clips = from.learning.clips;
                to.learning.clip_norm = from.learning.clip_norm;
            }
            Self::Augmentation => {
                to.augmentation = Augmentation {
                    by_class: to.augmentation.by_class,
                    ..from.augmentation
                };
            }
            Self::ByClass => to.augmentation.by_class = from.augmentation.by_class,
        }
    }

    /// What some settings have of it, in a few words.
    #[must_use]
    pub fn said(self, settings: &Settings) -> String {
        let learning = &settings.learning;
        match self {
            Self::Size => format!("{0} × {0} pixels", settings.size),
            Self::Width => counted(settings.width, "channel"),
            Self::Depth => counted(settings.depth, "level"),
            Self::Optimiser => format!(
                "{} at {}",
                settings.optimiser.name(),
                significant(settings.optimiser.learning_rate(), 2)
            ),
            Self::Batch => format!("{} slices", settings.batch),
            Self::Steps => format!("{} steps", settings.steps),
            Self::Validation => format!("every {} steps", settings.validate_every),
            Self::Schedule => {
                let shape = match learning.shape {
                    Shape::Constant => "constant",
                    Shape::Poly => "poly",
                    Shape::Cosine => "cosine",
                };
                format!("{shape}, {} steps of warm-up", learning.warmup_steps)
            }
            Self::Clipping if learning.clips => {
                format!("at a norm of {}", significant(learning.clip_norm, 2))
            }
            Self::Clipping => "no limit".into(),
            Self::Augmentation => changes(&settings.augmentation),
            Self::ByClass if settings.augmentation.by_class > 0.0 => {
                format!("{} of a batch", percent(settings.augmentation.by_class))
            }
            Self::ByClass => "none".into(),
        }
    }
}

fn changes(of: &Augmentation) -> String {
    let named = [
        (of.flips, "flips"),
        (of.rotation_degrees != 0.0, "rotation"),
        (of.scale != 0.0, "scale"),
        (of.shift != 0.0, "shift"),
        (of.elastic_pixels != 0.0, "elastic"),
        (of.gamma != 0.0, "gamma"),
        (of.noise != 0.0, "noise"),
    ];
    let names: Vec<&str> = named
        .iter()
        .filter(|(is_on, _)| *is_on)
        .map(|(_, name)| *name)
        .collect();
    if names.is_empty() {
        "none".into()
    } else {
        names.join(", ")
    }
}

impl Settings {
    /// What differs from a plan of what it decides.
    #[must_use]
    pub fn changed(&self, plan: &Self) -> Vec<Aspect> {
        let differs = |aspect: &Aspect| !aspect.is_same(self, plan);
        Aspect::ALL.into_iter().filter(differs).collect()
    }

    /// The same with all that a plan decides.
    #[must_use]
    pub fn planned(&self, plan: &Self) -> Self {
        let mut settings = self.clone();
        for aspect in Aspect::ALL {
            aspect.copy(plan, &mut settings);
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{Adam, Optimiser};

    /// A change of each, and of nothing else.
    const CHANGES: [(Aspect, fn(&mut Settings)); 11] = [
        (Aspect::Size, |it| it.size = 32),
        (Aspect::Width, |it| it.width = 4),
        (Aspect::Depth, |it| it.depth = 2),
        (Aspect::Optimiser, |it| {
            it.optimiser = Optimiser::AdamW(Adam::decoupled())
        }),
        (Aspect::Batch, |it| it.batch = 7.0),
        (Aspect::Steps, |it| it.steps = 7.0),
        (Aspect::Validation, |it| it.validate_every = 7.0),
        (Aspect::Schedule, |it| it.learning.warmup_steps = 7.0),
        (Aspect::Clipping, |it| it.learning.clips = true),
        (Aspect::Augmentation, |it| it.augmentation.shift = 0.1),
        (Aspect::ByClass, |it| it.augmentation.by_class = 0.5),
    ];

    #[test]
    fn each_change_is_seen_alone_said_and_undone() {
        let plan = Settings::default();
        assert_eq!(CHANGES.map(|(aspect, _)| aspect), Aspect::ALL);
        for (aspect, change) in CHANGES {
            let mut settings = plan.clone();
            change(&mut settings);
            assert_eq!(settings.changed(&plan), [aspect]);
            assert_ne!(aspect.said(&settings), aspect.said(&plan), "{aspect:?}");
            assert_eq!(settings.planned(&plan), plan);
        }
    }

    #[test]
    fn what_no_plan_decides_stays() {
        let plan = Settings::default();
        let mut own = Settings {
            seed: 9.0,
            patch: Some(32),
            half_activations: true,
            ..plan.clone()
        };
        own.learning.keep_best = true;
        assert_eq!(own.changed(&plan), []);
        let changed = Settings {
            width: 4,
            ..own.clone()
        };
        assert_eq!(changed.planned(&plan), own);
    }
}
