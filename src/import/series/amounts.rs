//! Files whose amounts are written differently from those of the others: with thousands where the others have decimals, or with another decimal
//! mark. One month out of many is a small share of the column, but holds all amounts of that month.

use crate::config::Decimal;
use crate::import::dates::Sample;
use crate::import::number::{Mark, Spellings, with_plain_blanks};
use crate::import::source::Unit;
use crate::value::{Currency, currency_sign};

/// Three digits after a mark may be thousands.
const THOUSANDS: usize = 3;
/// One amount of a kind among this many others says nothing about the column.
const FEW: usize = 10;
/// The longest word that serves as a currency sign, in characters: `CHF`, `Euro`.
const SIGN: usize = 5;

/// How the amounts of a column are written in one file.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    /// How many cells hold something.
    filled: usize,
    /// Amounts without a mark.
    whole: usize,
    /// Amounts that certainly have a decimal point, and those that certainly have a decimal comma.
    points: usize,
    commas: usize,
    /// Amounts with a point before three digits, and with a comma, either of which may group thousands.
    either: [usize; 2],
    /// The most digits after a mark that is certainly a decimal mark.
    most: usize,
    /// Whether some have a currency sign.
    has_sign: bool,
    /// How many digits all of them together have before their decimals.
    digits: usize,
}

impl Amounts {
    pub(super) fn of(sample: &Sample) -> Self {
        let mut amounts = Self::default();
        for cell in sample.cells() {
            amounts.see(cell);
        }
        amounts
    }

    fn see(&mut self, cell: &[u8]) {
        self.filled += 1;
        let text = String::from_utf8(with_plain_blanks(cell)).unwrap_or_default();
        let Some(number) = without_sign(text.trim()) else {
            return;
        };
        let spellings = Spellings::of(number.as_bytes());
        if spellings == Spellings::NONE {
            return;
        }
        self.has_sign |= number.len() < text.trim().len();
        let is_mark = |c: char| ".,".contains(c);
        let whole = match spellings.mark() {
            Mark::Before(_) => number
                .rsplit_once(is_mark)
                .map_or(number, |(whole, _)| whole),
            Mark::None | Mark::Either => number,
        };
        self.digits += whole.bytes().filter(u8::is_ascii_digit).count();
        let decimals = |mark: char| number.rsplit(mark).next().map_or(0, str::len);
        match spellings.mark() {
            Mark::None => self.whole += 1,
            Mark::Before(Decimal::Point) => {
                self.points += 1;
                self.most = self.most.max(decimals('.'));
            }
            Mark::Before(Decimal::Comma) => {
                self.commas += 1;
                self.most = self.most.max(decimals(','));
            }
            Mark::Either => {
                let [points, commas] = &mut self.either;
                *if number.contains('.') { points } else { commas } += 1;
            }
        }
    }

    /// How many certainly have this decimal mark.
    fn sure(&self, mark: Decimal) -> usize {
        match mark {
            Decimal::Point => self.points,
            Decimal::Comma => self.commas,
        }
    }

    /// How many have this mark, for decimals or for thousands.
    fn either(&self, mark: Decimal) -> usize {
        let [points, commas] = self.either;
        match mark {
            Decimal::Point => points,
            Decimal::Comma => commas,
        }
    }

    /// How many cells are amounts.
    fn count(&self) -> usize {
        let [points, commas] = self.either;
        self.whole + self.points + self.commas + points + commas
    }

    /// Whether most cells are amounts.
    fn are_most(&self) -> bool {
        self.count() * 2 > self.filled
    }

    /// Whether these are most likely hundredths, such as cents, and the others units: all of them are whole, while nearly all others have decimals,
    /// and they are longer than the others' whole parts by more than a digit.
    fn are_cents_beside(&self, others: &[&Self]) -> bool {
        let sum = |of: fn(&Self) -> usize| others.iter().map(|other| of(other)).sum::<usize>();
        let (count, all) = (self.count(), sum(Self::count));
        let are_whole = self.whole == count && count >= FEW;
        let have_decimals = sum(|other| other.points + other.commas) * FEW >= all * (FEW - 1);
        // Longer by at least one and a half digits on average, with the means multiplied out.
        let are_longer = self.digits * all * 2 >= (sum(|other| other.digits) * 2 + all * 3) * count;
        are_whole && have_decimals && are_longer
    }
}

/// A number without the currency sign before or after it; `None` if anything else stands there.
fn without_sign(text: &str) -> Option<&str> {
    let is_inside = |c: char| c.is_ascii_digit() || c == '-';
    let begin = text.find(is_inside)?;
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (number, behind) = (text.get(begin..end)?, text.get(end..)?);
    let before = text.get(..begin)?;
    let is_sign = |sign: &str| {
        let is_apart = sign.starts_with(' ') || sign.ends_with(' ');
        let word = sign.trim();
        let is_known = Currency::in_words(word).is_some() || currency_sign(word).is_some();
        word.is_empty() || word.chars().count() <= SIGN && (is_known || is_apart)
    };
    (is_sign(before) && is_sign(behind)).then_some(number)
}

/// The messages about those files whose amounts in this column are written differently, each with the index of the file. `are_stored` says whether
/// the column is stored as numbers, whatever mark a file uses.
pub(super) fn otherwise(
    column: &str,
    files: &[Option<&Amounts>],
    are_stored: bool,
    unit: Unit,
) -> Vec<(usize, String)> {
    let filled = files.iter().enumerate();
    let filled = filled.filter_map(|(place, file)| Some((place, (*file)?)));
    let filled: Vec<(usize, &Amounts)> = filled.filter(|(_, file)| file.filled > 0).collect();
    let told = filled.iter().filter_map(|(place, file)| {
        let others = filled.iter().filter(|(other, _)| other != place);
        let others: Vec<&Amounts> = others.map(|(_, other)| *other).collect();
        let words = of_file(column, file, &others, (are_stored, unit))?;
        Some((*place, words))
    });
    told.collect()
}

fn of_file(
    column: &str,
    file: &Amounts,
    others: &[&Amounts],
    (are_stored, unit): (bool, Unit),
) -> Option<String> {
    let (units, like_them) = (unit.several(), unit.like_the_others());
    if others.is_empty() || !others.iter().all(|other| other.are_most()) {
        return None;
    }
    let sum = |mark| others.iter().map(|other| other.sure(mark)).sum::<usize>();
    let marks = [Decimal::Point, Decimal::Comma].into_iter();
    let usual = marks
        .map(|mark| (mark, other(mark)))
        .find(|(mark, other)| sum(*mark) > 0 && sum(*other) * FEW <= sum(*mark));
    let (usual, unusual) = usual?;
    let (written, is_read) = match usual {
        Decimal::Comma => ("1,180", "comma"),
        Decimal::Point => ("1.180", "point"),
    };
    let is_never_thousandth = others.iter().all(|other| other.most < THOUSANDS);
    if file.points + file.commas == 0 && file.either(usual) > 0 && is_never_thousandth {
        return Some(format!(
            "`{column}` has amounts like `{written}` and none with one or two decimals: read with a decimal {is_read} as in the other {units}, that is \
             1.18, and not 1180; {like_them}"
        ));
    }
    if file.are_cents_beside(others) {
        return Some(format!(
            "`{column}` has no decimals here and about a hundred times the amounts of the other {units}, which have some: if these are cents, \
             {like_them}"
        ));
    }
    let sure = file.points + file.commas;
    if !are_stored && file.are_most() && file.sure(unusual) * 2 > sure {
        let (own, theirs) = match usual {
            Decimal::Comma => ("point", "comma"),
            Decimal::Point => ("comma", "point"),
        };
        return Some(format!(
            "`{column}` has a decimal {own} here and a decimal {theirs} in the other {units}: nothing reads both; {like_them}"
        ));
    }
    let are_plain = others.iter().all(|other| !other.has_sign);
    if !are_stored && file.are_most() && file.has_sign && are_plain {
        return Some(format!(
            "`{column}` has the sign of a currency here and plain numbers in the other {units}, so that all of them are text; {like_them}"
        ));
    }
    if !file.are_most() {
        return Some(format!(
            "`{column}` holds amounts in the other {units}, and hardly any here"
        ));
    }
    None
}

fn other(mark: Decimal) -> Decimal {
    match mark {
        Decimal::Point => Decimal::Comma,
        Decimal::Comma => Decimal::Point,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(cells: &[&str]) -> Amounts {
        let mut amounts = Amounts::default();
        cells.iter().for_each(|cell| amounts.see(cell.as_bytes()));
        amounts
    }

    #[test]
    fn one_file_whose_amounts_are_written_otherwise_is_told() {
        let usual = amounts(&["1.180,00", "99,50", "450"]);
        let signed = amounts(&["R$ 1.180,00", "R$ 99,50"]);
        for (others, cells, are_stored, part) in [
            (&usual, vec!["1,180", "99", "450"], true, "that is 1.18"),
            (&signed, vec!["R$ 1,180", "R$ 450"], false, "that is 1.18"),
            (
                &signed,
                vec!["R$ 1,180.00", "R$ 99.50"],
                false,
                "has a decimal point here",
            ),
            (
                &signed,
                vec!["1180.00", "99.50"],
                false,
                "has a decimal point here",
            ),
            (
                &usual,
                vec!["CHF 1.299,90", "CHF 50,00"],
                false,
                "sign of a currency",
            ),
            (&usual, vec!["open", "paid"], false, "hardly any here"),
            (
                &usual,
                vec!["99,50zł", "1,50zł"],
                false,
                "sign of a currency",
            ),
            (
                &usual,
                vec!["99,50kr", "1,50Kč"],
                false,
                "sign of a currency",
            ),
            (&usual, vec!["99,50kg", "1,50kg"], false, "hardly any here"),
            (&usual, vec!["1.180", "99", "450"], true, ""),
            (&usual, vec!["1,180.00", "99.50"], true, ""),
            (&usual, vec!["12,5", "1,180"], true, ""),
        ] {
            let told = otherwise(
                "fee",
                &[Some(others), Some(&amounts(&cells))],
                are_stored,
                Unit::File,
            );
            let told: Vec<String> = told.into_iter().map(|(_, words)| words).collect();
            assert!(told.concat().contains(part), "{cells:?} {told:?}");
            assert_eq!(told.is_empty(), part.is_empty(), "{cells:?} {told:?}");
        }
        let cents: Vec<String> = (0..12).map(|n| format!("{}", 2_043 + n * 100)).collect();
        let units: Vec<String> = (0..12).map(|n| format!("{},43", 20 + n)).collect();
        let whole: Vec<String> = (0..12).map(|n| format!("{}", 20 + n)).collect();
        let of = |cells: &[String]| amounts(&cells.iter().map(|cell| &**cell).collect::<Vec<_>>());
        for (cells, is_told) in [(&cents, true), (&whole, false)] {
            let files = [Some(&of(&units)), Some(&of(cells))];
            let told = otherwise("fee", &files, true, Unit::File);
            assert_eq!(told.len(), usize::from(is_told), "{told:?}");
            assert!(
                told.iter()
                    .all(|(at, words)| *at == 1 && words.contains("cents"))
            );
        }
        // Weights have three decimals.
        let weights = amounts(&["0,750", "12,500", "1,180"]);
        let told = otherwise(
            "kg",
            &[Some(&weights), Some(&amounts(&["1,180"]))],
            true,
            Unit::File,
        );
        assert!(told.is_empty(), "{told:?}");
    }
}
