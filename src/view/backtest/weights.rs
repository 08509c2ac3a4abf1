//! Suggested weights: their gain on data that they were not fitted to, and the YAML to paste.

use std::fmt::Write;

use super::Wording;
use crate::backtest::Backtest;
use crate::config::Factor;
use crate::validation::{Dropped, NoSuggestion, Suggestion, Unfit};

/// The result of fitting other weights, in sentences.
pub fn suggestion_words(
    backtest: &Backtest,
    tried: &Result<Suggestion, NoSuggestion>,
    wording: &Wording<'_>,
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
            let interval = wording.interval(gain.interval);
            let sentence = format!(
                "There the weights of config have an AUC of {}, the suggested ones {}",
                wording.area(before),
                wording.area(after)
            );
            match (gain.is_sure(), gain.by > 0.0) {
                (true, true) => format!("{sentence}: better by {} ({interval}).", wording.area(gain.by)),
                (false, true) => format!(
                    "{sentence}: better by {}, which may be chance ({interval}).",
                    wording.area(gain.by)
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
                Dropped::Nothing => "it adds nothing to the other factors",
                Dropped::NeverDiffers => {
                    "on the earlier dates everyone had the same points, or none"
                }
            };
            sentences.push(format!("`{factor}` is dropped: {why}."));
        }
    }
    sentences
}

/// The factors with the suggested weights, as config would list them; dropped ones as comments. `factors` are config's.
pub fn suggestion_yaml(
    backtest: &Backtest,
    suggestion: &Suggestion,
    factors: &[Factor],
    wording: &Wording<'_>,
) -> String {
    let mut weights = suggestion.weights.iter();
    let mut yaml = String::new();
    let area = |auc: Option<f64>| auc.map_or_else(|| "none".to_owned(), |auc| wording.area(auc));
    let _ = writeln!(
        yaml,
        "# AUC on {}: {} with the weights of config, {} with these",
        suggestion.judged_on.join(", "),
        area(suggestion.before.auc),
        area(suggestion.after.auc),
    );
    yaml.push_str("health:\n  factors:\n");
    for (factor, taken) in factors.iter().zip(&backtest.factors) {
        let was = format!("was {}", factor.weight);
        let (weight, why) = match &taken.left_out {
            Some(_) => (
                Some(factor.weight),
                "not judged: it has no history".to_owned(),
            ),
            None => match weights.next() {
                Some(Ok(weight)) => (Some(*weight), was),
                _ => (None, was),
            },
        };
        let own = written(factor, weight, &why);
        for line in own.lines() {
            let mark = if weight.is_some() { "" } else { "# " };
            let _ = writeln!(yaml, "    {mark}{line}");
        }
    }
    yaml
}

/// One factor as a list entry, not indented.
fn written(factor: &Factor, weight: Option<f64>, why: &str) -> String {
    let weight = weight.map_or_else(
        || format!("weight dropped, {why}"),
        |weight| format!("weight: {weight} # {why}"),
    );
    format!(
        "- id: {}\n  value: {}\n  zero: {}\n  full: {}\n  {weight}\n  reason: {}\n",
        factor.id.value,
        scalar(&factor.value.value),
        factor.zero,
        factor.full,
        scalar(&factor.reason.value),
    )
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
        NoSuggestion::Unfit(Unfit::Diverged) => "the fit found no finite weights",
        NoSuggestion::NothingLeft => {
            "no factor tells those who left from those who stayed on the earlier dates"
        }
    }
}

/// A YAML scalar that parses back to this text: a block for several lines, otherwise plain if that is safe.
fn scalar(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || " _().,/*+<>=-".contains(c);
    let plain = |line: &str| {
        line.starts_with(|c: char| c.is_ascii_alphabetic() || "+-*/(".contains(c))
            && line.chars().all(safe)
            && !line.ends_with(' ')
    };
    let mut lines = text.strip_suffix('\n').unwrap_or_default().lines();
    if text.ends_with('\n') && lines.clone().count() > 0 && lines.all(plain) {
        let lines = text.lines().map(|line| format!("\n    {line}"));
        return format!("|{}", lines.collect::<String>());
    }
    let word = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.contains(['(', ' ']);
    // Any JSON string is a valid YAML string.
    match word && plain(text) {
        true => text.to_owned(),
        false => serde_json::Value::from(text).to_string(),
    }
}
