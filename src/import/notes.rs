//! What does not fit, with the rows where it was found.

use std::collections::BTreeMap;

use super::source::Unit;

/// The most rows that are named for each kind.
const NAMED: usize = 3;

/// What can be odd about a row. The row is still imported unless the variant says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Oddity {
    Short,
    Long,
    Blank,
    Headings,
    Superseded,
    Replaced,
    ReplacedByOther,
    ReplacedInFile,
    ReplacedInFileByOther,
    Repeated,
    Respelled,
    Copied,
    CopyLeftOut,
    Swallowed,
    CutOff,
    QuoteInside,
    BehindQuote,
    Nul,
    NoLetter,
    Signs,
    ErrorCell,
    NoResult,
}

/// How often each oddity was found, and where first.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes(BTreeMap<Oddity, Found>);

#[derive(Debug, Clone, Default)]
struct Found {
    count: u64,
    /// The first places where it was found.
    places: Vec<u64>,
    /// The last place where it was found.
    last: Option<u64>,
    /// What else to say, after the words of its kind.
    more: String,
}

impl Notes {
    pub(super) fn add(&mut self, oddity: Oddity, place: u64) {
        let found = self.0.entry(oddity).or_default();
        // Two cells of one row count once.
        if found.last.replace(place) == Some(place) {
            return;
        }
        found.count += 1;
        if found.places.len() < NAMED {
            found.places.push(place);
        }
    }

    pub(super) fn extend(&mut self, other: Self) {
        for (oddity, more) in other.0 {
            let found = self.0.entry(oddity).or_default();
            found.count += more.count;
            let places = more.places.into_iter();
            let free = NAMED.saturating_sub(found.places.len());
            found.places.extend(places.take(free));
            found.last = more.last.or(found.last);
            if found.more.is_empty() {
                found.more = more.more;
            }
        }
    }

    /// How many rows have this oddity.
    pub(super) fn count(&self, oddity: Oddity) -> u64 {
        self.0.get(&oddity).map_or(0, |found| found.count)
    }

    /// Adds `words` after the words of a kind.
    pub(super) fn explain(&mut self, oddity: Oddity, words: String) {
        if let Some(found) = self.0.get_mut(&oddity) {
            found.more = words;
        }
    }

    /// Only the notes of one kind.
    pub(super) fn only(mut self, oddity: Oddity) -> Self {
        self.0.retain(|kind, _| *kind == oddity);
        self
    }

    /// The same notes, with rows counted on from `before`.
    pub(super) fn moved(mut self, before: u64) -> Self {
        for found in self.0.values_mut() {
            let places = found.places.iter_mut().chain(&mut found.last);
            places.for_each(|place| *place += before);
        }
        self
    }

    /// Adapts the notes to a list of people: a later row with another date is a later state of the same person.
    pub(super) fn of_people(mut self) -> Self {
        for (other, same) in [
            (Oddity::ReplacedByOther, Oddity::Replaced),
            (Oddity::ReplacedInFileByOther, Oddity::ReplacedInFile),
        ] {
            if let Some(later) = self.0.remove(&other) {
                let found = self.0.entry(same).or_default();
                found.count += later.count;
                found.places.extend(later.places);
                found.places.sort_unstable();
                found.places.truncate(NAMED);
            }
        }
        self
    }

    /// The notes without those of a kind.
    pub(super) fn without(mut self, oddity: Oddity) -> Self {
        self.0.remove(&oddity);
        self
    }

    /// Splits the notes into those that may have cost rows, and the others.
    pub(super) fn parted(self) -> (Self, Self) {
        let (grave, others) = self
            .0
            .into_iter()
            .partition(|(oddity, _)| oddity.is_grave());
        (Self(grave), Self(others))
    }

    /// The notes as lines. `place` is what rows are counted by: `line` or `row`, and `unit` what they come from.
    pub(super) fn lines(&self, place: &str, unit: Unit) -> Vec<String> {
        let lines = self.0.iter().map(|(oddity, found)| {
            let count = found.count;
            let (one, several) = oddity.words();
            let (rows, words) = match count {
                1 => ("row", one),
                _ => ("rows", several),
            };
            let words = words.replace("{unit}", unit.one());
            let places = shown(count, &found.places, place);
            format!("{count} {rows} {words}{} ({places})", found.more)
        });
        lines.collect()
    }
}

/// The first places out of `count`, with what they are counted by: `lines 4, 6, 9, …`.
pub(super) fn shown(count: u64, places: &[u64], place: &str) -> String {
    let mut places = places.to_vec();
    places.sort_unstable();
    let shown: Vec<String> = places.iter().map(u64::to_string).collect();
    let more = if count > places.len() as u64 {
        ", …"
    } else {
        ""
    };
    let several = if count == 1 { "" } else { "s" };
    format!("{place}{several} {}{more}", shown.join(", "))
}

impl Oddity {
    /// Whether it can lose rows, or keep them from being found by their values, so that it has to be reported as long as the rows are used.
    fn is_grave(self) -> bool {
        matches!(
            self,
            Self::ReplacedByOther
                | Self::ReplacedInFileByOther
                | Self::Swallowed
                | Self::CutOff
                | Self::Signs
                | Self::NoResult
        )
    }

    /// The words for one row and for several, with `{unit}` for what they come from.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Short => (
                "has fewer cells than there are headings: the others are empty",
                "have fewer cells than there are headings: the others are empty",
            ),
            Self::Long => (
                "has more cells than there are headings: they are in columns named by number",
                "have more cells than there are headings: they are in columns named by number",
            ),
            Self::Blank => (
                "without any value was left out",
                "without any value were left out",
            ),
            Self::Headings => (
                "repeats the headings and was left out",
                "repeat the headings and were left out",
            ),
            Self::Superseded => (
                "is the same as a later row with its key and was left out",
                "are the same as a later row with their key and were left out",
            ),
            Self::Replaced => (
                "has the key of a later row with other values and was left out",
                "have the key of a later row with other values and were left out",
            ),
            Self::ReplacedByOther => (
                "has the key of a later row with another date and was left out: if it is something else because numbering starts over, `key:` of \
                 the file is wrong",
                "have the key of a later row with another date and were left out: if they are something else because numbering starts over, `key:` \
                 of the file is wrong",
            ),
            Self::ReplacedInFile => (
                "has the key of a later row of the same {unit} with other values and was left out",
                "have the key of a later row of the same {unit} with other values and were left out",
            ),
            Self::ReplacedInFileByOther => (
                "has the key of a later row of the same {unit} with another date and was left out: if it is something else because numbering starts \
                 over, `key:` of the file is wrong",
                "have the key of a later row of the same {unit} with another date and were left out: if they are something else because numbering \
                 starts over, `key:` of the file is wrong",
            ),
            Self::Repeated => (
                "repeats the key of an earlier row: both are imported; `muster check` says what to do",
                "repeat the key of an earlier row: all are imported; `muster check` says what to do",
            ),
            Self::Respelled => (
                "has the key of another row except for capitals or leading zeros: both are imported; if they are the same, write the key in one \
                 form at the source",
                "have the keys of other rows except for capitals or leading zeros: all are imported; if they are the same, write the keys in one \
                 form at the source",
            ),
            Self::Copied => (
                "is the same as an earlier row in every column: both are imported; if it is one row that was exported twice, write `copies: once` \
                 or `key:` for the file",
                "are the same as an earlier row in every column: all are imported; if they are rows that were exported twice, write `copies: once` \
                 or `key:` for the file",
            ),
            Self::CopyLeftOut => (
                "is the same as a later row in every column and was left out",
                "are the same as a later row in every column and were left out",
            ),
            Self::Swallowed => (
                "has a quoted cell that runs over lines which look like rows but are not read as rows: a quote is missing or misplaced, unless the \
                 cell is meant to hold them (`quotes: trusted`)",
                "have a quoted cell that runs over lines which look like rows but are not read as rows: a quote is missing or misplaced, unless the \
                 cell is meant to hold them (`quotes: trusted`)",
            ),
            Self::CutOff => (
                "is the last one, has fewer cells than the others, and its line does not end: the file may be cut off",
                "are the last ones, have fewer cells than the others, and their lines do not end: the files may be cut off",
            ),
            Self::QuoteInside => (
                "has a quote inside a cell that does not begin with one: kept as it is",
                "have a quote inside a cell that does not begin with one: kept as it is",
            ),
            Self::BehindQuote => (
                "has text behind the closing quote of a cell: kept, without that quote",
                "have text behind the closing quote of a cell: kept, without that quote",
            ),
            Self::Nul => (
                "has zero bytes: each is kept as `�`",
                "have zero bytes: each is kept as `�`",
            ),
            Self::NoLetter => (
                "has bytes that are not UTF-8: each is kept as `�`",
                "have bytes that are not UTF-8: each is kept as `�`",
            ),
            Self::Signs => ("has signs inside words", "have signs inside words"),
            Self::ErrorCell => (
                "has a cell with an error such as `#N/A`: it is empty",
                "have a cell with an error such as `#N/A`: it is empty",
            ),
            Self::NoResult => (
                "has a cell with a formula whose result is not stored, so it is empty: open the workbook in Excel and save it",
                "have cells with formulas whose results are not stored, so they are empty: open the workbook in Excel and save it",
            ),
        }
    }
}
