//! Exact money.

use super::number;

/// An amount in ten-thousandths of the currency unit; exact within ±9.2 × 10^14 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

/// Currency signs that amounts are written with.
const SIGNS: &str = "€£$¥";

/// The currency sign in an amount as written.
pub fn currency_sign(text: &str) -> Option<char> {
    text.chars().find(|c| SIGNS.contains(*c))
}

/// The number of ten-thousandths in a unit.
const UNIT: i64 = 10_000;

/// An amount read from a text or a double.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadMoney {
    /// The amount, rounded to four decimal places, halves away from zero.
    pub amount: Money,
    /// Whether it had more than four decimal places.
    pub lossy: bool,
}

impl Money {
    /// Reads a decimal text such as `-12.5`; `None` if it is not one, or too large.
    pub fn parse(text: &str) -> Option<ReadMoney> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(places) || whole.len() + places.len() == 0 {
            return None;
        }
        let mut size = whole.bytes().try_fold(0_i64, push_digit)?;
        for place in 0..4 {
            size = push_digit(size, places.as_bytes().get(place).copied().unwrap_or(b'0'))?;
        }
        let dropped = places.get(4..).unwrap_or("");
        if dropped.as_bytes().first().is_some_and(|d| *d >= b'5') {
            size = size.checked_add(1)?;
        }
        Some(ReadMoney {
            amount: Self(if negative { -size } else { size }),
            lossy: dropped.bytes().any(|d| d != b'0'),
        })
    }

    /// Reads a double by its shortest decimal form; `None` for NaN, infinity and amounts that are too large.
    pub fn from_f64(x: f64) -> Option<ReadMoney> {
        let scaled = (x * UNIT as f64).round();
        if scaled.abs() < 9e15 && scaled / UNIT as f64 == x {
            return Some(ReadMoney {
                amount: Self(scaled as i64),
                lossy: false,
            });
        }
        if !x.is_finite() {
            return None;
        }
        Self::parse(&x.to_string())
    }

    /// This many whole cents; `None` if there are too many.
    pub fn from_cents(cents: i64) -> Option<Self> {
        cents.checked_mul(UNIT / 100).and_then(Self::in_range)
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNIT as f64
    }

    /// The sum; `None` if it is too large.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::in_range)
    }

    /// The difference; `None` if it is too large.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::in_range)
    }

    /// The amount times a number, rounded to four decimal places, halves away from zero.
    pub fn times(self, x: f64) -> Option<Self> {
        let exact = number::fraction(x)
            .and_then(|(n, d)| number::divide_half_away(i128::from(self.0).checked_mul(n)?, d));
        exact.map_or_else(|| rounded(self.0 as f64 * x), Self::from_i128)
    }

    /// The amount divided by a number, rounded to four decimal places, halves away from zero; `None` for division by
    /// zero.
    pub fn over(self, x: f64) -> Option<Self> {
        if x == 0.0 {
            return None;
        }
        let exact = number::fraction(x)
            .and_then(|(n, d)| number::divide_half_away(i128::from(self.0).checked_mul(d)?, n));
        exact.map_or_else(|| rounded(self.0 as f64 / x), Self::from_i128)
    }

    /// The amount divided by another one; NaN (missing) if that is zero.
    pub fn ratio(self, other: Self) -> f64 {
        number::ratio_to_f64(i128::from(self.0), i128::from(other.0))
    }

    /// An amount from ten-thousandths; `None` if it is too large.
    pub fn from_i128(amount: i128) -> Option<Self> {
        i64::try_from(amount).ok().and_then(Self::in_range)
    }

    /// Rounds to a number of decimals (below 0: tens, hundreds …), halves away from zero.
    pub fn round(self, digits: i32) -> Option<Self> {
        let power = u32::try_from(4 - digits.clamp(-14, 4)).ok()?;
        let unit = 10_i128.checked_pow(power)?;
        Self::from_i128(number::divide_half_away(i128::from(self.0), unit)? * unit)
    }

    /// The remainder of a division, with the sign of the divisor; `None` for division by 0.
    pub fn modulo(self, by: Self) -> Option<Self> {
        number::modulo_exact(self.0.into(), by.0.into()).and_then(Self::from_i128)
    }

    /// The largest whole amount that is not greater.
    pub fn floor(self) -> Option<Self> {
        self.0
            .div_euclid(UNIT)
            .checked_mul(UNIT)
            .and_then(Self::in_range)
    }

    /// The smallest whole amount that is not less.
    pub fn ceil(self) -> Option<Self> {
        Self(-self.0).floor().map(|m| Self(-m.0))
    }

    /// The smallest integer marks a missing amount in columns, so it is never an amount.
    fn in_range(amount: i64) -> Option<Self> {
        (amount != i64::MIN).then_some(Self(amount))
    }
}

fn push_digit(size: i64, digit: u8) -> Option<i64> {
    size.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
}

fn rounded(x: f64) -> Option<Money> {
    (x.abs() < i64::MAX as f64).then(|| Money(x.round() as i64))
}

impl std::fmt::Display for Money {
    /// Two decimal places, or up to four if needed: `12.50`, `0.0625`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let (whole, places) = (size / UNIT as u64, size % UNIT as u64);
        if places % 100 == 0 {
            write!(f, "{sign}{whole}.{:02}", places / 100)
        } else {
            let places = format!("{places:04}");
            write!(f, "{sign}{whole}.{}", places.trim_end_matches('0'))
        }
    }
}
