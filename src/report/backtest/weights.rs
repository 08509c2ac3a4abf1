//! Suggested weights: what they gained where they were not made, and the YAML to paste.

use std::fmt::Write;

use super::Tongue;
use crate::config::Factor;
use crate::health::{Dropped, NoSuggestion, Suggestion, Unfit};
use crate::run::backtest::Backtest;

/// What came of trying other weights, in sentences.
pub fn suggestion_words(
    backtest: &Backtest,
    tried: &Result<Suggestion, NoSuggestion>,
    tongue: &Tongue<'_>,
) -> Vec<String> {
    let suggestion = match tried {
        Ok(suggestion) => suggestion,
        Err(why) => return vec![format!("No weights are suggested: {}.", why_none(*why))],
    };
    let mut sentences = vec![format!(
        "Other weights were made from {} and judged on {}, which they have not seen.",
        suggestion.fitted_on.join(", "),
        suggestion.judged_on.join(", "),
    )];
    let (before, after) = (suggestion.before.auc, suggestion.after.auc);
    sentences.push(match (before, after, suggestion.gain) {
        (Some(before), Some(after), Some(gain)) => {
            let interval = tongue.interval(gain.interval);
            let sentence = format!(
                "There the weights of config have an AUC of {}, the suggested ones {}",
                tongue.area(before),
                tongue.area(after)
            );
            match (gain.is_sure(), gain.by > 0.0) {
                (true, true) => format!("{sentence}: better by {} ({interval}).", tongue.area(gain.by)),
                (false, true) => format!(
                    "{sentence}: better by {}, which may be chance ({interval}).",
                    tongue.area(gain.by)
                ),
                (_, false) => format!(
                    "{sentence}: they do not beat the weights of config ({interval} of the difference). Keep those."
                ),
            }
        }
        _ => "What they are worth cannot be told: on the later dates there is nobody who left, or nobody who stayed.".to_owned(),
    });
    for (factor, weight) in judged(backtest).zip(&suggestion.weights) {
        if let Err(dropped) = weight {
            let why = match dropped {
                Dropped::WrongWay => {
                    "beside the others it points the wrong way: those with more of its points left more often"
                }
                Dropped::Nothing => "beside the others it adds nothing",
                Dropped::NeverDiffers => {
                    "on the earlier dates everyone had the same points, or none"
                }
            };
            sentences.push(format!("`{factor}` is dropped: {why}."));
        }
    }
    sentences
}

/// The factors with the suggested weights, as they would stand in config; dropped ones as comments.
/// `factors` are config's.
pub fn suggestion_yaml(backtest: &Backtest, suggestion: &Suggestion, factors: &[Factor]) -> String {
    let mut weights = suggestion.weights.iter();
    let mut yaml = String::from("health:\n  factors:\n");
    for (factor, taken) in factors.iter().zip(&backtest.factors) {
        let (weight, was) = match &taken.left_out {
            Some(_) => (
                Some(factor.weight),
                "not judged: it has no history".to_owned(),
            ),
            None => match weights.next() {
                Some(Ok(weight)) => (Some(*weight), format!("was {}", factor.weight)),
                _ => (None, format!("was {}", factor.weight)),
            },
        };
        let mark = if weight.is_some() { "" } else { "# " };
        let id = &factor.id.value;
        let _ = writeln!(yaml, "    {mark}- id: {id}");
        for (key, text) in [("value", &factor.value), ("reason", &factor.reason)] {
            let _ = writeln!(yaml, "    {mark}  {key}: {}", scalar(&text.value));
        }
        let _ = writeln!(yaml, "    {mark}  zero: {}", factor.zero);
        let _ = writeln!(yaml, "    {mark}  full: {}", factor.full);
        match weight {
            Some(weight) => {
                let _ = writeln!(yaml, "      weight: {weight} # {was}");
            }
            None => {
                let _ = writeln!(yaml, "    # dropped; its weight {was}");
            }
        }
    }
    yaml
}

fn judged(backtest: &Backtest) -> impl Iterator<Item = &str> {
    let factors = backtest.factors.iter().filter(|f| f.left_out.is_none());
    factors.map(|factor| factor.id.as_str())
}

fn why_none(why: NoSuggestion) -> &'static str {
    match why {
        NoSuggestion::Unfit(Unfit::NobodyLost) => "on the earlier dates nobody left",
        NoSuggestion::Unfit(Unfit::EverybodyLost) => "on the earlier dates everybody left",
        NoSuggestion::Unfit(Unfit::Nothing) => "on the earlier dates there is nobody to learn from",
        NoSuggestion::Unfit(Unfit::Diverged) => "the fit came to no finite weights",
        NoSuggestion::NothingLeft => {
            "no factor tells those who left from those who stayed on the earlier dates"
        }
    }
}

/// A YAML scalar that is read back as this text.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " _().,/*+<>=-".contains(c))
        && !text.ends_with(' ')
        && text.contains(['(', ' ', '.']);
    // JSON strings are YAML strings.
    if plain {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}
