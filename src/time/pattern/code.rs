//! The codes of patterns, as in `strftime`.

/// The meaning of the letter after a `%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Code {
    /// `%Y`: four digits.
    Year,
    /// `%y`: two digits, in the hundred years up to the last year.
    ShortYear,
    /// `%m`: one or two digits.
    Month,
    /// `%B`: `March`.
    MonthName,
    /// `%b`: `Mar`.
    ShortMonthName,
    /// `%d`: one or two digits.
    Day,
    /// `%a`: `Tue` or `Tuesday`; it must match the date.
    Weekday,
    /// `%H`: one or two digits, 0 to 23.
    Hour,
    /// `%I`: one or two digits, 1 to 12.
    HourOfHalf,
    /// `%p`: `AM` or `PM`.
    Half,
    /// `%M`: two digits.
    Minute,
    /// `%S`: two digits.
    Second,
    /// `%f`: the digits after the decimal point of a second.
    Fraction,
    /// `%z`: `+02:00`, `+0200`, `+02` or `Z`.
    Offset,
}

/// Every code with its letter, the part of a time that it holds, and its meaning.
pub(super) const CODES: [(char, Code, &str, &str); 14] = [
    ('Y', Code::Year, "year", "the year"),
    ('y', Code::ShortYear, "year", "two digits of the year"),
    ('m', Code::Month, "month", "the month"),
    ('b', Code::ShortMonthName, "month", "`Mar`"),
    ('B', Code::MonthName, "month", "`March`"),
    ('d', Code::Day, "day", "the day"),
    ('a', Code::Weekday, "day of the week", "`Tue`"),
    ('H', Code::Hour, "hour", "the hour"),
    ('I', Code::HourOfHalf, "hour", "the hour up to 12"),
    ('p', Code::Half, "half of the day", "`AM` or `PM`"),
    ('M', Code::Minute, "minute", "the minute"),
    ('S', Code::Second, "second", "the second"),
    (
        'f',
        Code::Fraction,
        "fraction of the second",
        "its decimals",
    ),
    ('z', Code::Offset, "offset", "`+02:00`"),
];

/// The months in English, in lower case.
pub(in crate::time) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The days of the week in English, in lower case.
pub(in crate::time) const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl Code {
    /// The code of a letter.
    pub(super) fn of(letter: char) -> Option<Self> {
        let mut codes = CODES.iter();
        let found = codes.find(|(of, ..)| *of == letter);
        found.map(|(_, code, ..)| *code)
    }

    /// The part of a time that it holds.
    pub(super) fn part(self) -> &'static str {
        let mut codes = CODES.iter();
        let found = codes.find(|(_, code, ..)| *code == self);
        found.map_or("", |(_, _, part, _)| part)
    }

    pub(super) fn is_month_name(self) -> bool {
        matches!(self, Self::MonthName | Self::ShortMonthName)
    }

    /// Whether it reads only digits.
    pub(super) fn is_number(self) -> bool {
        !matches!(
            self,
            Self::MonthName | Self::ShortMonthName | Self::Weekday | Self::Half | Self::Offset
        )
    }
}
