//! The words for tables, columns and values: a [`Terms`] for each concept, with a list for each language.

pub(super) mod amounts;
pub(super) mod keys;
pub(super) mod names;
pub(super) mod people;
pub(super) mod private;
pub(super) mod states;
pub(super) mod tables;
pub(super) mod times;

use super::words::{bare, is_among, is_one_of, words};
pub(super) use crate::value::Terms;

/// A language whose words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    English,
    German,
    French,
    Dutch,
    Italian,
    Spanish,
    Portuguese,
    Polish,
    Swedish,
}

/// For each language, the number of words in some names that point to it.
#[derive(Debug)]
pub(super) struct Spoken([(usize, Language); Language::ALL.len()]);

impl Spoken {
    /// Counts the words. Tables in all countries use English words, and other languages share many of them: only
    /// non-English words count for another language, and only words that exist in no other language count for
    /// English.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut said: Vec<String> = names.flat_map(words).map(|word| bare(&word)).collect();
        said.sort_unstable();
        said.dedup();
        let knows = |language: Language, word: &String| {
            concepts().any(|terms| is_among(terms.list(language), word))
        };
        let speaks = |language: Language, word: &String| match language {
            Language::English => !Language::ALL
                .iter()
                .any(|other| *other != language && knows(*other, word)),
            _ => !knows(Language::English, word),
        };
        Self(Language::ALL.map(|language| {
            let said = said.iter().filter(|word| knows(language, word));
            (said.filter(|word| speaks(language, word)).count(), language)
        }))
    }

    /// The language with the most words among some; none where it has no words, or two are tied.
    pub(super) fn most(&self, among: &[Language]) -> Option<Language> {
        let mut ranked = self.0;
        ranked.sort_unstable();
        let mut likely = ranked
            .iter()
            .rev()
            .filter(|(_, language)| among.contains(language));
        let (most, language) = likely.next()?;
        let second = likely.next().map_or(0, |(count, _)| *count);
        (*most > second).then_some(*language)
    }
}

impl Language {
    const ALL: [Self; 9] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Dutch,
        Self::Italian,
        Self::Spanish,
        Self::Portuguese,
        Self::Polish,
        Self::Swedish,
    ];
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
            Language::Polish => self.pl,
            Language::Swedish => self.sv,
        }
    }

    /// Whether a word is one of these, ignoring accents.
    pub(super) fn has(&self, word: &str) -> bool {
        self.rank(word).is_some()
    }

    /// Whether a word without its ending is one of these in German.
    pub(super) fn de_has(&self, stem: &str) -> bool {
        is_among(self.de, stem)
    }

    /// Whether two words are in the same Polish or Swedish list, where nouns have cases and several plurals:
    /// `ucznia`, `uczniowie`.
    fn are_forms(&self, one: &str, other: &str, is_alike: impl Fn(&str, &str) -> bool) -> bool {
        let (one, other) = (bare(one), bare(other));
        let lists = [Language::Polish, Language::Swedish].map(|language| self.list(language));
        let has_both = |list: &&str| [&one, &other].iter().all(|word| is_among(list, word));
        is_alike(&one, &other) && lists.iter().any(has_both)
    }

    /// The position of a word in the list of its language, with the likeliest first.
    pub(super) fn rank(&self, word: &str) -> Option<usize> {
        let word = bare(word);
        let place = |list: &str| list.split_whitespace().position(|one| one == word);
        Language::ALL
            .into_iter()
            .filter_map(|language| place(self.list(language)))
            .min()
    }

    /// Whether a word is one of these, or their plural.
    pub(super) fn name(&self, word: &str) -> bool {
        let word = bare(word);
        self.all().any(|one| is_one_of(one, &word))
    }

    /// Whether any of several words is one of these, or all of them joined are.
    pub(super) fn are_in(&self, name: &[String]) -> bool {
        name.iter().any(|word| self.has(word)) || self.has(&name.concat())
    }

    /// The same, except that a term of at least five letters may also be a part of a longer word: `expir` in
    /// `expiry_date`.
    pub(super) fn are_part_of(&self, name: &[String]) -> bool {
        const PART: usize = 5;
        let all = bare(&name.concat());
        self.are_in(name) || self.all().any(|one| one.len() >= PART && all.contains(one))
    }
}

/// Whether two words are forms of one noun for people or for their actions: `ucznia` and `uczniowie`, `lekcji` and
/// `lekcje`, `boknings` and `bokningar`.
pub(super) fn are_forms(one: &str, other: &str) -> bool {
    /// Nouns that share so many letters at the beginning, and differ in so few at the end, are one.
    const STEM: usize = 4;
    const ENDING: usize = 3;
    let have_one_stem = |one: &str, other: &str| {
        let pairs = one.chars().zip(other.chars());
        let same = pairs.take_while(|(one, other)| one == other).count();
        let is_short = |word: &str| word.chars().count() <= same + ENDING;
        same >= STEM && is_short(one) && is_short(other)
    };
    let mut people = people::PEOPLE.iter();
    people.any(|(_, terms)| terms.are_forms(one, other, |_, _| true))
        || people::OTHERS.are_forms(one, other, have_one_stem)
}

/// All lists of terms.
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
