//! The list of losses. Each is a file in `kind/`, named here twice: as a module and in the menu.

mod boundary;
mod boundary_dou;
mod contour_cross_entropy;
mod cross_entropy;
mod cwcd;
mod dice;
mod dice_boundary;
mod dice_cross_entropy;
mod dice_focal;
mod dice_focal_softmax;
mod dice_hausdorff;
mod dice_top_k;
mod distance_cross_entropy;
mod focal;
mod focal_tversky;
mod generalised_dice;
mod hausdorff;
mod label_smoothing;
mod log_hausdorff;
mod separable_dice;
mod shared;
mod top_k;
mod tversky;
mod wasserstein_dice;
mod weighted_cross_entropy;

use serde::{Deserialize, Serialize};

use super::definition::Definition;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $module:ident),+ $(,)?) => {
        /// Which loss.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($(#[$meta])* $kind),+ }

        impl Kind {
            /// In the order of the menu.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            #[must_use]
            pub fn definition(self) -> &'static Definition {
                match self { $(Self::$kind => &$module::DEFINITION),+ }
            }
        }
    };
}

kinds! {
    Cwcd = cwcd,
    ContourCrossEntropy = contour_cross_entropy,
    SeparableDice = separable_dice,
    CrossEntropy = cross_entropy,
    WeightedCrossEntropy = weighted_cross_entropy,
    LabelSmoothing = label_smoothing,
    Focal = focal,
    TopK = top_k,
    DistanceCrossEntropy = distance_cross_entropy,
    Dice = dice,
    DiceCrossEntropy = dice_cross_entropy,
    DiceFocal = dice_focal,
    DiceFocalSoftmax = dice_focal_softmax,
    DiceTopK = dice_top_k,
    Tversky = tversky,
    FocalTversky = focal_tversky,
    GeneralisedDice = generalised_dice,
    WassersteinDice = wasserstein_dice,
    BoundaryDou = boundary_dou,
    Boundary = boundary,
    DiceBoundary = dice_boundary,
    Hausdorff = hausdorff,
    DiceHausdorff = dice_hausdorff,
    LogHausdorff = log_hausdorff,
}

#[cfg(test)]
mod tests {
    use super::super::{Domain, Facts, Family, Params};
    use super::*;

    #[test]
    fn every_loss_is_complete() {
        for kind in Kind::ALL {
            let loss = kind.definition();
            assert_eq!(serde_json::to_value(kind).unwrap(), loss.key);
            assert!(Family::ALL.contains(&loss.family));
            for text in [loss.name, loss.about, loss.source] {
                assert!(!text.is_empty(), "{}", loss.key);
            }
            for parameter in loss.parameters {
                let what = format!("{} {}", loss.key, parameter.key);
                for text in [parameter.name, parameter.about, parameter.source] {
                    assert!(!text.is_empty(), "{what}");
                }
                if let Domain::Number {
                    low,
                    high,
                    step,
                    default,
                    ..
                } = parameter.domain
                {
                    assert!(
                        low < high && (low..=high).contains(&default) && step > 0.0,
                        "{what}"
                    );
                }
            }
            let params = Params::new(*kind);
            params
                .validate(4)
                .unwrap_or_else(|error| panic!("{}: {error}", loss.key));
            assert_eq!(params.parts(&Facts::of(4)).class_weight.len(), 4);
            for preset in loss.presets {
                params.clone().preset(preset.key).validate(4).unwrap();
            }
        }
    }

    #[test]
    fn a_formula_names_parameters_that_are_there() {
        for kind in Kind::ALL {
            let loss = kind.definition();
            assert!(!loss.formula.is_empty());
            for line in loss.formula {
                for part in line.split('⟨').skip(1) {
                    let (key, _) = part.split_once('⟩').expect("a closing bracket");
                    assert!(!loss.parameter(key).name.is_empty());
                }
            }
        }
    }

    #[test]
    fn what_means_nothing_is_refused_in_words() {
        let refuse = |params: Params| params.validate(3).unwrap_err().to_string();
        let cwcd = Params::default();
        assert!(refuse(cwcd.clone().with("lambda_w", f64::NAN)).contains("λ_w"));
        assert!(refuse(cwcd.clone().with("smooth", 0.0)).contains("outside"));
        assert!(refuse(cwcd.clone().with("pool", "all")).contains("per_class_batch"));
        assert!(refuse(cwcd.clone().with("alpha", "much")).contains("α"));
        assert!(refuse(cwcd.clone().with("class_weight", vec![1.0, 2.0])).contains("2 numbers for 3"));
        assert!(refuse(cwcd.with("alpha", 0.0).with("beta", 0.0)).contains("0 everywhere"));
        let unknown = r#"{"kind":"dice","values":{"gamma":2.0}}"#;
        assert!(refuse(serde_json::from_str(unknown).unwrap()).contains("gamma"));
    }

    #[test]
    fn what_is_said_and_what_is_left_out_are_the_same() {
        let said = Params::default().with("lambda_w", 2.0);
        assert_eq!(said, Params::default());
        let text = serde_json::to_string(&said.with("pool", "joint")).unwrap();
        let back: Params = serde_json::from_str(&text).unwrap();
        assert!(back.is("pool", "joint"));
    }
}
