//! What the words on the page mean, in this config.

use serde::Serialize;

use crate::config::Config;
use crate::rules::RuleSet;
use crate::view::value_label;

/// A word and what it means.
#[derive(Debug, Serialize)]
pub(super) struct Term {
    word: String,
    meaning: String,
}

/// The values of config and the columns beside them, then the segments that say what they are.
pub(super) fn glossary(config: &Config, rules: Option<&RuleSet>) -> Vec<Term> {
    let term = |word: &str, meaning: &str| Term {
        word: word.to_owned(),
        meaning: meaning.to_owned(),
    };
    let values = config.values.iter().map(|value| Term {
        word: value_label(value, &config.currency),
        meaning: value.description.clone(),
    });
    let subjects = &config.subject.plural;
    let moves = [
        term(
            "In",
            &format!(
                "How many {subjects} came with this run, apart from changes of the rule itself."
            ),
        ),
        term("Out", "How many left with it, counted likewise."),
    ];
    let segments = rules.into_iter().flat_map(|rules| rules.segments.iter());
    let segments = segments.filter_map(|segment| {
        let meaning = segment.description.clone()?;
        let word = match &segment.sign {
            Some(sign) => format!("{sign} {}", segment.name),
            None => segment.name.clone(),
        };
        Some(Term { word, meaning })
    });
    values.chain(moves).chain(segments).collect()
}
