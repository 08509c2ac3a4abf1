//! The rules for numbers: IEEE doubles that are compared, ranked and added to nine decimals.

use std::cmp::Ordering;

/// The number of billionths in one: numbers are distinguished to nine decimals.
pub const BILLION: i128 = 1_000_000_000;
/// The number of decimals.
pub const PLACES: usize = 9;
/// Numbers that differ by more than this certainly differ in their nine decimals.
pub const CLEAR: f64 = 2e-9;
/// A larger number has no exact billionths here. The limit lets a sum of 2^30 such numbers fit.
const LARGEST: f64 = 1e20;
/// Whole numbers up to this limit are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The number in billionths, halves away from zero, from its shortest decimal form, as money is read and as other
/// engines read it. `None` for NaN, infinity and numbers beyond 10^20.
pub fn billionths(x: f64) -> Option<i128> {
    if x.is_nan() || x.abs() > LARGEST {
        return None;
    }
    if x.abs() < 9_000_000.0 && x.trunc() == x {
        return Some(i128::from(x as i64) * BILLION);
    }
    let scaled = (x * BILLION as f64).round();
    match scaled.abs() < 9e15 && scaled / BILLION as f64 == x {
        // A decimal with 15 digits is the shortest form of its double.
        true => Some(scaled as i128),
        false => of_shortest(x),
    }
}

/// The same for a number whose shortest decimal form has more than nine decimals, or more than 15 digits.
#[cold]
fn of_shortest(x: f64) -> Option<i128> {
    let written = format!("{x:e}");
    let (digits, exponent) = written.split_once('e')?;
    let places = digits.split_once('.').map_or(0, |(_, places)| places.len());
    let digits: i128 = digits.replace('.', "").parse().ok()?;
    let power = exponent.parse::<i32>().ok()? - i32::try_from(places).ok()? + 9;
    let ten = |power: u32| 10_i128.checked_pow(power);
    match power {
        0.. => digits.checked_mul(ten(power.unsigned_abs())?),
        // With at most 17 digits, nothing is left.
        ..-18 => Some(0),
        _ => divide_half_away(digits, ten(power.unsigned_abs())?),
    }
}

/// The double nearest to a number of billionths.
pub fn from_billionths(n: i128) -> f64 {
    ratio_to_f64(n, BILLION)
}

/// `n / d` as a double; NaN (missing) if `d` is 0.
pub fn ratio_to_f64(n: i128, d: i128) -> f64 {
    if d == 0 {
        return f64::NAN;
    }
    if (n as f64).abs() <= EXACT && (d as f64).abs() <= EXACT {
        return n as f64 / d as f64;
    }
    (n / d) as f64 + (n % d) as f64 / d as f64
}

/// The number rounded to nine decimals, never `-0`; NaN stays NaN.
pub fn to_nine_decimals(x: f64) -> f64 {
    if x.trunc() == x {
        return x + 0.0;
    }
    billionths(x).map_or(x, from_billionths)
}

/// How two numbers compare after rounding both to nine decimals; `None` if either is missing.
#[inline]
pub fn order(a: f64, b: f64) -> Option<Ordering> {
    let difference = a - b;
    if difference > CLEAR {
        Some(Ordering::Greater)
    } else if difference < -CLEAR {
        Some(Ordering::Less)
    } else if difference == 0.0 {
        Some(Ordering::Equal)
    } else {
        order_of_near(a, b)
    }
}

#[cold]
fn order_of_near(a: f64, b: f64) -> Option<Ordering> {
    match (billionths(a), billionths(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.partial_cmp(&b),
    }
}

/// `n / d`, rounded to a whole number, halves away from zero; `None` if `d` is 0 or the halves do not fit.
pub fn divide_half_away(n: i128, d: i128) -> Option<i128> {
    // Most numbers fit a machine word, which divides many times faster.
    if let (Ok(n), Ok(d)) = (i64::try_from(n), i64::try_from(d)) {
        let quotient = n.checked_div(d)?;
        let away = (n % d).unsigned_abs() >= d.unsigned_abs().div_ceil(2);
        let step = if (n < 0) == (d < 0) { 1 } else { -1 };
        return Some(i128::from(quotient) + if away { step } else { 0 });
    }
    let quotient = n.checked_div(d)?;
    let twice = (n % d).checked_mul(2)?;
    let away = if twice.unsigned_abs() >= d.unsigned_abs() {
        if (n < 0) == (d < 0) { 1 } else { -1 }
    } else {
        0
    };
    Some(quotient + away)
}

/// The number as a fraction: its nine decimals if they denote exactly this double (so that 0.3 is three tenths),
/// otherwise its binary value. `None` if that does not fit.
pub(super) fn fraction(x: f64) -> Option<(i128, i128)> {
    let decimal = billionths(x)?;
    if from_billionths(decimal) == x {
        return Some((decimal, BILLION));
    }
    let (mantissa, exponent) = parts(x);
    let mantissa = if x < 0.0 { -mantissa } else { mantissa };
    match exponent {
        -120..0 => Some((mantissa, 1 << -exponent)),
        _ => None,
    }
}

/// The magnitude of a finite double as `mantissa × 2^exponent`.
fn parts(x: f64) -> (i128, i32) {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32;
    let fraction = i128::from(bits & ((1 << 52) - 1));
    if exponent == 0 {
        (fraction, -1074)
    } else {
        (fraction | (1 << 52), exponent - 1075)
    }
}

/// Rounds to a number of decimals (below 0: tens, hundreds …), halves away from zero, based on nine decimals:
/// `round(2.675, 2)` is 2.68.
pub fn round(x: f64, digits: i32) -> f64 {
    step(x, digits, |n, unit| {
        divide_half_away(n, unit).map(|n| n * unit)
    })
}

/// The largest whole number that is not greater, after rounding `x` to nine decimals.
pub fn floor(x: f64) -> f64 {
    step(x, 0, |n, unit| Some(n.div_euclid(unit) * unit))
}

/// The smallest whole number that is not less, after rounding `x` to nine decimals.
pub fn ceil(x: f64) -> f64 {
    -floor(-x) + 0.0
}

/// The remainder of `a` divided by `b`, on nine decimals, with the sign of `b`; NaN if `b` is 0 there, or if one of
/// them has no exact billionths.
pub fn modulo(a: f64, b: f64) -> f64 {
    let exact = billionths(a).zip(billionths(b));
    exact
        .and_then(|(a, b)| modulo_exact(a, b))
        .map_or(f64::NAN, from_billionths)
}

/// The remainder of a division, with the sign of the divisor; `None` for division by 0.
pub(super) fn modulo_exact(a: i128, b: i128) -> Option<i128> {
    let left = a.checked_rem(b)?;
    let turns = left != 0 && (left < 0) != (b < 0);
    Some(if turns { left + b } else { left })
}

fn step(x: f64, digits: i32, to: impl Fn(i128, i128) -> Option<i128>) -> f64 {
    if digits >= 0 && x.trunc() == x {
        return x;
    }
    let unit = u32::try_from(9 - digits.clamp(-20, 9))
        .ok()
        .and_then(|power| 10_i128.checked_pow(power));
    billionths(x)
        .zip(unit)
        .and_then(|(n, unit)| to(n, unit))
        .map_or(x, from_billionths)
}
