//! Central differences in float64 against the backward passes of the twins, and those of the fast kernels against the twins'.

mod layers;
mod loss;
mod processor;
mod unet;

/// Half the distance between the two evaluations: its square (the method's error) and the rounding of the
/// difference (1e-16 over it) are both some 1e-10 of what is differentiated.
const STEP: f64 = 1e-5;
/// Of the largest entry: the 1e-10 above with room for third derivatives of some hundreds.
const RELATIVE: f64 = 1e-7;

/// Holds `analytic` against the central differences of `f` at `x`.
fn differs(f: impl Fn(&[f64]) -> f64, x: &[f64], analytic: &[f64]) -> Result<(), String> {
    assert_eq!(x.len(), analytic.len());
    let largest = analytic.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let has_slope = largest > 1e-6;
    if !has_slope {
        return Err(format!("the gradient is zero: {largest:e}"));
    }
    let mut moved = x.to_vec();
    for i in 0..x.len() {
        let mut at = |value: f64| {
            moved[i] = value;
            f(&moved)
        };
        let numeric = (at(x[i] + STEP) - at(x[i] - STEP)) / (2.0 * STEP);
        moved[i] = x[i];
        let is_close = (numeric - analytic[i]).abs() <= RELATIVE * largest;
        if !is_close {
            return Err(format!(
                "entry {i} is {:e}, the difference says {numeric:e}",
                analytic[i]
            ));
        }
    }
    Ok(())
}

/// As [`differs`], and shows that it bites: with one entry changed by a thousandth of the largest it fails.
fn check(name: &str, f: impl Fn(&[f64]) -> f64, x: &[f64], analytic: &[f64]) {
    if let Err(difference) = differs(&f, x, analytic) {
        panic!("{name}: {difference}");
    }
    let largest = analytic.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let mut wrong = analytic.to_vec();
    wrong[analytic.len() / 2] += 1e-3 * largest;
    assert!(
        differs(f, x, &wrong).is_err(),
        "{name}: a wrong entry went unnoticed"
    );
}

/// Numbers in −1…1 that look random (SplitMix64).
fn noise(seed: u64, len: usize) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    };
    (0..len).map(|_| 2.0 * next() - 1.0).collect()
}

/// The nearest numbers that an f32 has, so that the fast kernels are given the same.
fn rounded(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    values.into_iter().map(|value| f64::from(value as f32)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
