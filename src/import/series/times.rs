//! Files whose times are written differently from what config says for their table. One month out of many is a small share of the column, but holds
//! everything that happened in it.

use std::collections::BTreeSet;

use chrono_tz::Tz;

use crate::engine::{Cell, Looks, read_cell};
use crate::import::dates::Sample;
use crate::import::source::Unit;
use crate::time::{Guess, Remedy, TimeForm, TimeForms};
use crate::value::{ColumnType, Value};

/// How many of a column's cells in one file can be read by config's types, and how many cannot.
#[derive(Debug, Default)]
pub(super) struct Times {
    read: usize,
    unread: usize,
    /// What the cells that cannot be read look like.
    words: Option<String>,
    /// The type that config gives, and the forms that would read those cells.
    forms: Option<(ColumnType, TimeForms)>,
}

impl Times {
    /// Counts the cells of a column that is read as one of these types; all zero if it is not a column of times.
    pub(super) fn of(sample: &Sample, types: &[ColumnType]) -> Self {
        let mut times = Self::default();
        if types.is_empty() {
            return times;
        }
        let mut unread = Vec::new();
        for cell in sample.cells() {
            // Words, and dates made of zeros, stand for no time.
            if !cell.iter().any(|byte| (b'1'..=b'9').contains(byte)) {
                continue;
            }
            match types.iter().any(|ty| is_read(cell, *ty)) {
                true => times.read += 1,
                false => unread.push(cell),
            }
        }
        let texts = unread.iter();
        let texts = texts.filter_map(|cell| std::str::from_utf8(cell).ok());
        times.unread = unread.len();
        if let Some(guess) = Guess::of_written(&texts.collect::<Vec<_>>()) {
            let meant = match types {
                [ty] => meant(*ty, &guess),
                _ => None,
            };
            times.words = Some(
                meant
                    .as_ref()
                    .map_or(guess.words, |(words, _)| words.clone()),
            );
            times.forms = types.first().copied().zip(meant.map(|(_, forms)| forms));
        }
        times
    }

    fn is_mostly_read(&self) -> bool {
        self.read > self.unread
    }
}

/// The forms that read these cells, described so that they differ from those that the type has. If two forms are possible, the one that differs
/// from the type's only in the digits of its years.
fn meant(ty: ColumnType, guess: &Guess) -> Option<(String, TimeForms)> {
    let with_years = |forms: &TimeForms| -> BTreeSet<String> {
        let patterns = forms.all().iter().filter_map(|form| match form {
            TimeForm::Pattern(pattern) => Some(pattern.as_str().replace("%y", "%Y")),
            _ => None,
        });
        patterns.collect()
    };
    let own = ty.forms().map(|forms| with_years(&forms));
    let own = own.unwrap_or_default();
    let is_short = |forms: &TimeForms| {
        let with_years = with_years(forms);
        !with_years.is_empty() && with_years.is_subset(&own)
    };
    let short = |words: &str| format!("{words} with a year of two digits");
    match &guess.remedy {
        Remedy::Read(forms) if is_short(forms) => Some((short(&guess.words), *forms)),
        Remedy::Read(forms) => Some((guess.words.clone(), *forms)),
        Remedy::Either(both) => {
            let (words, forms) = both.iter().find(|(_, forms)| is_short(forms))?;
            Some((short(words), *forms))
        }
        _ => None,
    }
}

/// Whether a cell, as it is stored, is a time of this type.
fn is_read(cell: &[u8], ty: ColumnType) -> bool {
    let number = || std::str::from_utf8(cell).ok()?.parse().ok();
    let stored = number().map_or(Cell::Text(cell), Cell::Integer);
    [stored, Cell::Text(cell)]
        .into_iter()
        .any(|cell| read_cell(cell, ty, Tz::UTC) != Value::Missing)
}

/// The messages about those files whose times in this column cannot be read, each with the index of the file.
pub(super) fn unread(column: &str, files: &[Option<&Times>], unit: Unit) -> Vec<(usize, String)> {
    let held = || {
        let all = files.iter().enumerate();
        let all = all.filter_map(|(place, file)| Some((place, (*file)?)));
        all.filter(|(_, file)| file.read + file.unread > 0)
    };
    let told = held().filter(|(place, file)| {
        let mut others = held().filter(|(other, _)| other != place).peekable();
        let has_others = others.peek().is_some();
        has_others && !file.is_mostly_read() && others.all(|(_, other)| other.is_mostly_read())
    });
    let told = told.map(|(place, file)| {
        let all = file.read + file.unread;
        let looks = match &file.words {
            Some(words) => format!(" and look like {words}"),
            None => String::new(),
        };
        let line = match &file.forms {
            Some((ty, forms)) => format!(": {}", Looks::line_with(column, *ty, *forms)),
            None => String::new(),
        };
        let words = format!(
            "`{column}` has times that are not written like those of the other {}: {} of the {all} examined cannot be read as config says{looks}; \
             {}, or name their form in `types:` as well{line}",
            unit.several(),
            file.unread,
            unit.like_the_others()
        );
        (place, words)
    });
    told.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::time::Pattern;

    fn times(cells: &[&str], ty: ColumnType) -> Times {
        let mut sample = Sample::default();
        cells.iter().for_each(|cell| sample.see(cell.as_bytes()));
        Times::of(&sample, &[ty])
    }

    #[test]
    fn one_file_whose_times_are_not_read_is_told() {
        let iso = ColumnType::Instant;
        let four = TimeForm::Pattern(Pattern::new("%d/%m/%Y").unwrap());
        let days = ColumnType::date_as(TimeForms::one(four));
        let usual = times(&["2026-01-02", "2026-01-03 10:00", "n/a"], iso);
        for (cells, is_told) in [
            (&["02/13/2026", "02/28/2026"][..], true),
            (&["2026-02-13", "02/13/2026", "02/28/2026"], true),
            (&["2026-02-13", "2026-02-28", "02/28/2026"], false),
            (&["1767225600"], false),
            (&["-", "n/a", "0000-00-00"], false),
            (&[], false),
        ] {
            let told = unread(
                "at",
                &[Some(&usual), None, Some(&times(cells, iso))],
                Unit::File,
            );
            assert_eq!(told.len(), usize::from(is_told), "{cells:?} {told:?}");
            assert!(told.iter().all(|(file, _)| *file == 2), "{told:?}");
        }
        let [told] = &unread(
            "at",
            &[
                Some(&times(&["31/01/2026"], days)),
                Some(&times(&["28/02/26"], days)),
            ],
            Unit::File,
        )[..] else {
            panic!("a year of two digits is not read");
        };
        let line = "look like day/month/year with a year of two digits; export it like the others, or name their form in `types:` as well: \
                    `types: { at: { date: [\"%d/%m/%Y\", \"%d/%m/%y\"] } }`";
        assert!(told.1.ends_with(line), "{told:?}");
        let none = Times::of(&Sample::default(), &[]);
        assert_eq!(unread("at", &[Some(&usual), Some(&none)], Unit::File), []);
        // In a single file, the column as a whole tells.
        assert_eq!(
            unread("at", &[Some(&times(&["02/13/2026"], iso))], Unit::File),
            []
        );
    }
}
