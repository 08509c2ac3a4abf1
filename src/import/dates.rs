//! Dates as people write them: looked at, and left as they are.

/// In which order days and months stand where the year is last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dates {
    any: bool,
    /// Some first number is over 12.
    day_first: bool,
    /// Some second number is.
    month_first: bool,
}

impl Dates {
    pub(super) fn see(&mut self, cell: &[u8]) {
        if let Some((first, second)) = day_and_month(cell) {
            self.any = true;
            self.day_first |= first > 12;
            self.month_first |= second > 12;
        }
    }

    /// With those of another column.
    pub(super) fn with(self, of: Self) -> Self {
        Self {
            any: self.any || of.any,
            day_first: self.day_first || of.day_first,
            month_first: self.month_first || of.month_first,
        }
    }

    /// In words; none where there are no such dates.
    pub(super) fn words(self) -> Option<&'static str> {
        match (self.any, self.day_first, self.month_first) {
            (false, ..) => None,
            (true, true, false) => Some("dates day first"),
            (true, false, true) => Some("dates month first"),
            (true, true, true) => Some("dates day first and month first"),
            (true, false, false) => Some("dates with day and month in an order that nothing tells"),
        }
    }
}

/// Whether a cell looks like a date with numbers, in whatever order.
pub(super) fn is_like_date(cell: &[u8]) -> bool {
    let digits = cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mark = cell.get(digits);
    (1..=4).contains(&digits)
        && mark.is_some_and(|mark| b"-/.".contains(mark))
        && cell.get(digits + 1).is_some_and(u8::is_ascii_digit)
}

/// The two numbers before the year of `17/10/1967`, with other marks as well and whatever stands behind it.
fn day_and_month(cell: &[u8]) -> Option<(u32, u32)> {
    let is_short = |digits: usize| (1..=2).contains(&digits);
    let (first, rest) = leading(cell)?;
    let (mark, rest) = rest.split_first()?;
    let (second, rest) = leading(rest)?;
    let (again, rest) = rest.split_first()?;
    let (year, _) = leading(rest)?;
    let fits = is_short(first.1)
        && is_short(second.1)
        && (year.1 == 2 || year.1 == 4)
        && mark == again
        && b"/.-".contains(mark)
        && (1..=31).contains(&first.0)
        && (1..=31).contains(&second.0);
    fits.then_some((first.0, second.0))
}

/// A number in front: its value and its digits, and what stands behind it.
fn leading(text: &[u8]) -> Option<((u32, usize), &[u8])> {
    let digits = text
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .take(5)
        .count();
    let (number, rest) = text.split_at_checked(digits)?;
    let value = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some(((value, digits), rest))
}
