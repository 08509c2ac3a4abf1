//! What tables, columns and values are called: a [`Terms`] for each concept, a list in it for each language.

pub(super) mod amounts;
pub(super) mod keys;
pub(super) mod names;
pub(super) mod people;
pub(super) mod private;
pub(super) mod states;
pub(super) mod tables;
pub(super) mod times;

use super::words::{bare, is_among, is_one_of, words};

/// A language that names are known in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    English,
    German,
    French,
    Dutch,
    Italian,
    Spanish,
    Portuguese,
}

impl Language {
    const ALL: [Self; 7] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Dutch,
        Self::Italian,
        Self::Spanish,
        Self::Portuguese,
    ];

    /// The one that most of some names are words of; none where two have as many.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Option<Self> {
        let mut said: Vec<String> = names.flat_map(words).map(|word| bare(&word)).collect();
        said.sort_unstable();
        said.dedup();
        let known = |language: Self, word: &String| {
            concepts().any(|terms| is_among(terms.list(language), word))
        };
        let mut ranked = Self::ALL.map(|language| {
            let count = said.iter().filter(|word| known(language, word)).count();
            (count, language)
        });
        ranked.sort_unstable();
        match ranked {
            [.., (second, _), (most, language)] if most > second => Some(language),
            _ => None,
        }
    }
}

/// Words for one concept, by language: in small letters, as [`bare`] leaves them, with blanks between them. What is
/// written in several words stands there as one.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) en: &'static str,
    pub(super) de: &'static str,
    pub(super) fr: &'static str,
    pub(super) nl: &'static str,
    pub(super) it: &'static str,
    pub(super) es: &'static str,
    pub(super) pt: &'static str,
}

impl Terms {
    fn list(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::German => self.de,
            Language::French => self.fr,
            Language::Dutch => self.nl,
            Language::Italian => self.it,
            Language::Spanish => self.es,
            Language::Portuguese => self.pt,
        }
    }

    fn lists(&self) -> [&'static str; 7] {
        Language::ALL.map(|language| self.list(language))
    }

    /// All words, in whatever language.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static str> {
        self.lists().into_iter().flat_map(str::split_whitespace)
    }

    /// Whether a word is one of these, whatever its accents.
    pub(super) fn has(&self, word: &str) -> bool {
        self.rank(word).is_some()
    }

    /// Where a word stands in the list of its language: the likeliest stand first.
    pub(super) fn rank(&self, word: &str) -> Option<usize> {
        let word = bare(word);
        let place = |list: &str| list.split_whitespace().position(|one| one == word);
        self.lists().into_iter().filter_map(place).min()
    }

    /// Whether a word is one of these, or their plural.
    pub(super) fn name(&self, word: &str) -> bool {
        let word = bare(word);
        self.all().any(|one| is_one_of(one, &word))
    }

    /// Whether one of several words is one of these, or all of them together are.
    pub(super) fn are_in(&self, name: &[String]) -> bool {
        name.iter().any(|word| self.has(word)) || self.has(&name.concat())
    }

    /// The same, where one of at least five letters may also be a part of a longer word: `expir` in `expiry_date`.
    pub(super) fn are_part_of(&self, name: &[String]) -> bool {
        const PART: usize = 5;
        let all = bare(&name.concat());
        self.are_in(name) || self.all().any(|one| one.len() >= PART && all.contains(one))
    }
}

/// Everything that has words.
fn concepts() -> impl Iterator<Item = &'static Terms> {
    let people = people::PEOPLE.iter().map(|(_, terms)| terms);
    let others: [&[&Terms]; 8] = [
        people::CONCEPTS,
        names::CONCEPTS,
        keys::CONCEPTS,
        private::CONCEPTS,
        amounts::CONCEPTS,
        times::CONCEPTS,
        tables::CONCEPTS,
        states::CONCEPTS,
    ];
    people.chain(others.into_iter().flatten().copied())
}
