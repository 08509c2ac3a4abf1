//! What the words on the page mean under this config.

use serde::Serialize;

use crate::config::Config;
use crate::rules::RuleSet;
use crate::view::value_label;

/// A word and its meaning.
#[derive(Debug, Serialize)]
pub(super) struct Term {
    word: String,
    meaning: String,
}

/// The values of config and the columns beside them, then the segments that have a description.
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
        term(
            "Out",
            "How many left with this run, apart from changes of the rule itself.",
        ),
    ];
    let groups = rules.into_iter().flat_map(|rules| groups(rules, config));
    let segments = rules.into_iter().flat_map(|rules| rules.segments.iter());
    let segments = segments.filter_map(|segment| {
        let meaning = segment.description.clone()?;
        let word = match &segment.sign {
            Some(sign) => format!("{sign} {}", segment.name),
            None => segment.name.clone(),
        };
        Some(Term { word, meaning })
    });
    values.chain(moves).chain(groups).chain(segments).collect()
}

/// The buckets and ladders that segments are grouped under.
fn groups(rules: &RuleSet, config: &Config) -> Vec<Term> {
    let subject = &config.subject.name.value;
    let is_used = |bucket: &&String| {
        let mut segments = rules.segments.iter();
        segments.any(|segment| segment.bucket.as_ref() == Some(*bucket))
    };
    let buckets: Vec<&str> = rules
        .buckets
        .iter()
        .filter(is_used)
        .map(String::as_str)
        .collect();
    let buckets = (!buckets.is_empty()).then(|| Term {
        word: buckets.join(", "),
        meaning: format!(
            "Buckets: segments that are shown together. One {subject} can be in several of them."
        ),
    });
    let ladders = rules.ladders.iter().map(|ladder| {
        let rungs = ladder.rungs.iter();
        let rungs = rungs.filter_map(|rung| rules.segments.get(*rung));
        let rungs: Vec<String> = rungs.map(|rung| rung.name.clone()).collect();
        let among = ladder.among.as_ref().map_or_else(
            || format!("Every {subject} is on the first of its rungs that fits"),
            |among| {
                format!(
                    "Every {subject} for whom `{}` holds is on the first of its rungs that fits",
                    among.value
                )
            },
        );
        Term {
            word: ladder.id.value.clone(),
            meaning: format!("A ladder. {among}: {}.", rungs.join(", ")),
        }
    });
    buckets.into_iter().chain(ladders).collect()
}
