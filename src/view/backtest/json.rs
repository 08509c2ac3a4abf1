//! A backtest as JSON.

use serde_json::{Value as Json, json};

use super::{Wording, date, horizon, suggestion_words, verdict};
use crate::backtest::Backtest;

/// All findings of a backtest; shares and AUCs are fractions of 1, unrounded.
pub fn backtest_json(backtest: &Backtest, wording: &Wording<'_>) -> Json {
    let proof = &backtest.proof;
    let mut judged = proof.factors.iter();
    let factors = backtest.factors.iter().map(|factor| {
        json!({
            "id": factor.id,
            "weight": factor.weight,
            "left_out": factor.left_out,
            "judged": match factor.left_out {
                None => json!(judged.next()),
                Some(_) => Json::Null,
            },
        })
    });
    let factors: Vec<Json> = factors.collect();
    let ends = backtest
        .until
        .iter()
        .map(|until| date(*until, wording.zone).to_string());
    json!({
        "verdict": verdict(backtest, wording),
        "horizon_days": horizon(backtest, wording.zone).map(|(least, most)| json!({ "least": least, "most": most })),
        "customers": proof.customers,
        "people": proof.people,
        "lost": proof.lost,
        "unscored": proof.unscored,
        "untold": backtest.untold,
        "health": proof.score,
        "recency": { "of": backtest.recency_of, "judged": proof.recency },
        "against_recency": proof.against_recency,
        "factors": factors,
        "deciles": proof.deciles.iter().map(|decile| with(json!(decile), "share", json!(decile.share()))).collect::<Vec<_>>(),
        "bands": proof.bands.iter().map(|band| with(json!(band), "share", json!(band.share()))).collect::<Vec<_>>(),
        "dates": proof.dates.iter().zip(ends).map(|(date, until)| with(json!(date), "until", json!(until))).collect::<Vec<_>>(),
        "notes": backtest.notes,
        "suggestion": suggestion(backtest, wording),
    })
}

fn with(mut json: Json, key: &str, value: Json) -> Json {
    if let Some(object) = json.as_object_mut() {
        object.insert(key.to_owned(), value);
    }
    json
}

fn suggestion(backtest: &Backtest, wording: &Wording<'_>) -> Json {
    let Some(tried) = &backtest.suggestion else {
        return Json::Null;
    };
    let words = suggestion_words(backtest, tried, wording);
    let Ok(suggestion) = tried else {
        return json!({ "words": words });
    };
    let judged = backtest.factors.iter().filter(|f| f.left_out.is_none());
    let weights = judged.zip(&suggestion.weights).map(|(factor, weight)| {
        let (weight, dropped) = match weight {
            Ok(weight) => (Some(*weight), None),
            Err(dropped) => (None, Some(*dropped)),
        };
        json!({ "id": factor.id, "was": factor.weight, "weight": weight, "dropped": dropped })
    });
    json!({
        "words": words,
        "fitted_on": suggestion.fitted_on,
        "judged_on": suggestion.judged_on,
        "before": suggestion.before,
        "after": suggestion.after,
        "gain": suggestion.gain,
        "weights": weights.collect::<Vec<_>>(),
    })
}
