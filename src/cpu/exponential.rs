//! Exponential and logarithm without branches, which the compiler turns into vectors.
//!
//! Polynomials of Cephes (Moshier 1989), on what is left once a power of two is split off.

/// Adding and subtracting it rounds to a whole number, which is then in the lowest bits.
const ROUNDING: f32 = 12_582_912.0;

/// eˣ for x ≤ 88, within 2 ulp; what would be below the smallest normal number is near it. NaN stays NaN.
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUNDING;
    let power = shifted - ROUNDING;
    // ln 2 in two parts, so that the product with the first is exact.
    let rest = (x - power * 0.693_359_4) + power * 2.121_944_4e-4;
    let mut sum = 1.987_569_2e-4;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5] {
        sum = sum * rest + coefficient;
    }
    let part = sum * rest * rest + rest + 1.0;
    part * f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0_f32.to_bits()))
}

/// log x for normal x > 0, within 2 ulp; NaN for everything else but infinity.
#[inline(always)]
#[must_use]
pub fn ln(x: f32) -> f32 {
    // A mantissa between √½ and √2, and the power of two.
    let bits = x.to_bits().wrapping_sub(0x3f35_04f3);
    let power = (bits as i32 >> 23) as f32;
    let rest = f32::from_bits((bits & 0x007f_ffff) + 0x3f35_04f3) - 1.0;
    let square = rest * rest;
    let mut sum = 7.037_683_6e-2;
    for coefficient in [
        -0.115_146_1,
        0.116_769_99,
        -0.124_201_41,
        0.142_493_23,
        -0.166_680_58,
        0.200_007_15,
        -0.249_999_94,
        0.333_333_3,
    ] {
        sum = sum * rest + coefficient;
    }
    let small = sum * rest * square - 2.121_944_4e-4 * power - 0.5 * square;
    let sum = rest + small + 0.693_359_4 * power;
    if x > 0.0 { sum } else { f32::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_within_two_ulp() {
        for i in 0..200_000 {
            let x = -86.0 + i as f32 * 172.0 / 200_000.0;
            let expected = f64::from(x).exp();
            let off = (f64::from(exp(x)) - expected).abs() / expected;
            assert!(off <= 2.4e-7, "exp({x}) is off by {off}");
        }
        assert!(exp(0.0).to_bits() == 1.0_f32.to_bits());
        assert!(exp(-1e9) >= 0.0 && exp(-1e9) < 2e-38);
        assert!(exp(f32::NEG_INFINITY) < 2e-38);
    }

    #[test]
    fn what_is_no_number_stays_none() {
        assert!(exp(f32::NAN).is_nan() && exp(-f32::NAN).is_nan());
        assert!(ln(f32::NAN).is_nan() && ln(-1.0).is_nan());
    }

    #[test]
    fn the_logarithm_is_within_two_ulp() {
        for i in 1..200_000 {
            let x = i as f32 * 1e-3;
            let expected = f64::from(x).ln();
            let off = (f64::from(ln(x)) - expected).abs();
            assert!(off <= 2.4e-7 * expected.abs().max(0.5), "ln({x}) is off by {off}");
        }
        assert!(ln(1.0).abs() <= 0.0);
    }
}
