//! Which of two files of one table is the later one, as far as their names tell.

use super::days::First;
use super::numbers::tells_year;
use super::{Piece, is_letter, is_month, is_year, order_of, pieces_of, year_first};

/// What makes a file later than one that is read before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum By {
    /// A time with its year.
    Year,
    /// A month without its year, or another number.
    Number,
    /// Its name is that of the other one plus something: `… 2026-10 corrected`, `… 2026-10 (1)`.
    More,
    /// Only the alphabet.
    Nothing,
}

/// What names, without their extensions, tell about two files of which the first is read before the second.
pub(in crate::import) fn told_by(one: &str, other: &str) -> By {
    let [one, other] = [one, other].map(|name| Name::of(name, First::Day));
    let differ = |one: &[u128], other: &[u128]| one.iter().zip(other).any(|(a, b)| a != b);
    let have_years = [&one, &other].into_iter().all(Name::has_year);
    match one.times.len() == other.times.len() && differ(&one.others, &other.others) {
        _ if differ(&one.times, &other.times) && have_years => By::Year,
        _ if differ(&one.times, &other.times) => By::Number,
        true => By::Number,
        false if other.has_more_than(&one) => By::More,
        false => By::Nothing,
    }
}

/// Puts files of one table in the order in which they are read: by the times in their names, wherever these stand, then by further numbers, and
/// then by their words, so that names with the fewest words come first. If one of the names has no number, letters and numbers are compared in the
/// order in which they stand.
pub(in crate::import) fn put_in_order<T>(files: &mut [T], stem: impl Fn(&T) -> String) {
    let stems: Vec<String> = files.iter().map(&stem).collect();
    let first = First::among(stems.iter().map(String::as_str));
    put_in_order_by(files, stem, first);
}

/// The names in order, given whether the day or the month comes first in their dates.
pub(super) fn sorted(names: &[String], first: First) -> Vec<&String> {
    let mut names: Vec<&String> = names.iter().collect();
    put_in_order_by(&mut names, |name| (*name).clone(), first);
    names
}

fn put_in_order_by<T>(files: &mut [T], stem: impl Fn(&T) -> String, first: First) {
    let names = || files.iter().map(|file| Name::of(&stem(file), first));
    let have_numbers = names().all(|name| name.numbers() > 0);
    files.sort_by_cached_key(|file| {
        let stem = stem(file);
        let name = Name::of(&stem, first);
        let words = name.words.len();
        let numbers = (name.times, name.others, words);
        (have_numbers.then_some(numbers), order_of(&stem, first))
    });
}

/// The components of a file name.
struct Name {
    /// Years, months and days, with years first.
    times: Vec<u128>,
    /// The other numbers.
    others: Vec<u128>,
    words: Vec<String>,
}

impl Name {
    fn of(name: &str, first: First) -> Self {
        let mut pieces = pieces_of(name);
        let words = pieces.iter().flat_map(Piece::words);
        let words = words.map(str::to_owned).collect();
        let (mut times, mut others) = (Vec::new(), Vec::new());
        let mut left = pieces.as_mut_slice();
        while !left.is_empty() {
            let taken = year_first(left, first);
            let Some((own, rest)) = left.split_at_mut_checked(taken) else {
                break;
            };
            for piece in own.iter().filter(|piece| piece.is_number()) {
                let is_time = taken > 1 || piece.is_named || tells_year(piece.number);
                match is_time {
                    true => times.extend(parts(piece.number)),
                    false => others.push(piece.number),
                }
            }
            left = rest;
        }
        // `may orders 2026`
        if let [month, year] = times.as_mut_slice()
            && !is_year(*month)
            && is_year(*year)
        {
            std::mem::swap(month, year);
        }
        Self {
            times,
            others,
            words,
        }
    }

    fn has_year(&self) -> bool {
        self.times.first().is_some_and(|time| is_year(*time))
    }

    fn numbers(&self) -> usize {
        self.times.len() + self.others.len()
    }

    /// Whether it has all the words of another name, at least as many numbers, and more in total. That the numbers match is known already.
    fn has_more_than(&self, other: &Self) -> bool {
        let count = |name: &Self| name.words.len() + name.numbers();
        let has_words = other.words.iter().all(|word| self.words.contains(word));
        has_words && self.numbers() >= other.numbers() && count(self) > count(other)
    }
}

/// The year, the month and the day of a number that combines them: `202511`, `20251130`.
fn parts(number: u128) -> Vec<u128> {
    let (years, days) = (number / 100, number % 100);
    match is_year(number) || number < 100 {
        true => vec![number],
        false if is_year(years) && is_month(days) => vec![years, days],
        false => vec![years / 100, years % 100, days],
    }
}

impl Piece {
    fn is_number(&self) -> bool {
        self.digits > 0 || self.is_named
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        let words = self.text.split(|c: char| !is_letter(c));
        words.filter(|word| !word.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_table_are_in_the_order_of_their_times_and_then_of_their_words() {
        for (ordered, told) in [
            (["a 2026-09", "a new 2026-10", "a 2026-11"], By::Year),
            (["a 2026-09", "new a 2026-10", "2026-11 a"], By::Year),
            (["a 2026-10", "a 2026-10 new", "a 2026-11"], By::More),
            (["a 2026-10", "a-2026-10-new", "a 2026-11"], By::More),
            (["a 2026-10", "new a 2026-10", "a 2026-11"], By::More),
            (["a 2026-10", "a 2026-10 (1)", "a 2026-11"], By::More),
            (["a 202610", "a 2026-10 ver2", "a 2026-11"], By::More),
            (["a 31-10-2026", "a 2026-11-02", "a 20261103"], By::Year),
            (["a 31102026", "a 02112026", "a 03112026"], By::Year),
            (["a 20251231", "a 31012026", "a 2026-02-28"], By::Year),
            (["a 10-31-2026", "a 11-02-2026", "a 12-01-2026"], By::Year),
            (
                ["a week 9 2026", "a week 12 2026", "a week 13 2026"],
                By::Year,
            ),
            (["a may 2026", "june a 2026", "2026 july a"], By::Year),
            (["a may", "new a june", "a july"], By::Number),
            (["a 9", "a new 10", "a 11"], By::Number),
            (["a", "a 2", "a 2 new"], By::More),
            (["a", "a new", "a new one"], By::More),
            (["a north", "a south", "b"], By::Nothing),
            (["north 2026-10", "south 2026-10", "a 2026-11"], By::Nothing),
            (
                ["shop1 2026-10", "shop2 2026-10", "shop1 2026-11"],
                By::Number,
            ),
            (["a 2026-10", "a-2026-10", "a 2026-11"], By::Nothing),
            (["a ekaina 2026", "a uztaila 2026", "a 2027"], By::Nothing),
        ] {
            let mut sorted = ordered;
            sorted.reverse();
            put_in_order(&mut sorted, |name| (*name).to_owned());
            assert_eq!(sorted, ordered);
            assert_eq!(told_by(ordered[0], ordered[1]), told, "{ordered:?}");
        }
    }
}
