//! The results, in sentences.

use super::{Wording, date, horizon};
use crate::backtest::Backtest;
use crate::chart::Captions;
use crate::validation::{Contest, Judged, Proof};

/// The findings in sentences, the simplest first.
pub fn verdict(backtest: &Backtest, wording: &Wording<'_>) -> Vec<String> {
    let proof = &backtest.proof;
    let mut sentences = vec![looked_at(backtest, wording)];
    match proof.score.auc {
        None => sentences.push(why_none(proof, wording)),
        Some(auc) => {
            sentences.push(told(auc, &proof.score, wording));
            sentences.extend(beside_recency(backtest, wording));
            sentences.extend(ends(proof, wording));
        }
    }
    if proof.unscored > 0 && proof.score.auc.is_some() {
        sentences.push(format!(
            "{} had no score, because every factor was missing; they are in no comparison with health.",
            wording.subjects(proof.unscored)
        ));
    }
    sentences
}

fn looked_at(backtest: &Backtest, wording: &Wording<'_>) -> String {
    let proof = &backtest.proof;
    let were = if proof.people == 1 { "was" } else { "were" };
    let subjects = format!("{} {were}", wording.subjects(proof.people));
    let when = match horizon(backtest, wording.zone) {
        Some((1, 1)) => "within the day that followed".to_owned(),
        Some((least, most)) if least == most => format!("within the {least} days that followed"),
        Some((least, most)) => format!("within the {least} to {most} days that followed"),
        None => "later".to_owned(),
    };
    let lost = wording.whole(proof.lost);
    let times = |count: usize| match count {
        1 => "once".to_owned(),
        _ => format!("{} times", wording.whole(count)),
    };
    let share = match proof.customers {
        0 => String::new(),
        all => format!(" ({})", wording.percent(proof.lost as f64 / all as f64)),
    };
    let day = |now: &i64| wording.marks.date(date(*now, wording.zone));
    match backtest.dates.as_slice() {
        [now] => format!(
            "On {} {subjects} looked at; {lost} of them{share} left {when}.",
            day(now)
        ),
        [first, .., last] => format!(
            "On {} dates from {} to {}, {subjects} looked at, {} in all; {}{share} one left {when}.",
            proof.dates.len(),
            day(first),
            day(last),
            times(proof.customers),
            times(proof.lost)
        ),
        [] => "No date was looked at.".to_owned(),
    }
}

/// Why there is nothing to compare.
fn why_none(proof: &Proof, wording: &Wording<'_>) -> String {
    let subject = &wording.subject.name.value;
    if proof.customers == 0 {
        return "`among` of `churn:` holds for nobody on these dates, so there is nobody to compare."
            .to_owned();
    }
    if proof.lost == 0 {
        return format!("No {subject} left, so there is nothing that health could have foretold.");
    }
    if proof.lost == proof.customers {
        return format!(
            "Every {subject} left, so nothing separates those who left from those who stayed."
        );
    }
    if proof.score.customers == 0 {
        return format!(
            "No {subject} had a health score on these dates: every factor was missing or had to be left out."
        );
    }
    format!(
        "No date has both a {subject} with a score that left and one that stayed, so there is no pair to compare."
    )
}

fn told(auc: f64, score: &Judged, wording: &Wording<'_>) -> String {
    let subject = &wording.subject.name.value;
    if score.all_tied {
        return format!(
            "Every {subject} had the same health, so it tells nothing: AUC {}, no better than a coin.",
            wording.area(auc)
        );
    }
    let found = format!(
        "Take one {subject} that left and one that stayed: {} times out of 100 the one that left had the lower health (AUC {}, {})",
        hundred(auc),
        wording.area(auc),
        wording.interval(score.interval)
    );
    match score.interval {
        Some(interval) if interval.low > 0.5 => format!("{found}."),
        Some(interval) if interval.high < 0.5 => format!(
            "{found}. That is worse than a coin: the healthier ones left. See which factor has `zero:` and `full:` the wrong way round."
        ),
        Some(_) => format!("{found}. That cannot be told from a coin, which is right 50 times."),
        None => format!("{found}."),
    }
}

fn beside_recency(backtest: &Backtest, wording: &Wording<'_>) -> Option<String> {
    let contest: &Contest = backtest.proof.against_recency.as_ref()?;
    let difference = &contest.difference;
    let by = wording.area(difference.by.abs());
    let interval = wording.interval(difference.interval);
    let found = match (difference.is_sure(), difference.by > 0.0) {
        (true, true) => format!("Health is better by {by} ({interval})."),
        (true, false) => format!(
            "Health is worse by {by} ({interval}): the days alone would serve you better than these factors."
        ),
        (false, _) if difference.by.abs() < 0.0005 => "Health does just as well.".to_owned(),
        (false, better) => format!(
            "Health is {} by {by}, which may be chance (the {interval} of the difference spans 0).",
            if better { "better" } else { "worse" }
        ),
    };
    let found = match difference.interval {
        None => format!("Health differs by {by}; there are too few to say more."),
        Some(_) => found,
    };
    Some(format!(
        "Plain days since the last of `{}` are right {} times out of 100 (AUC {}, {}). {found}",
        backtest.recency_of,
        hundred(contest.other),
        wording.area(contest.other),
        wording.interval(backtest.proof.recency.interval),
    ))
}

/// The smallest group whose share is stated in a sentence: in a smaller group, one customer alone would move the share
/// by more than five points.
const FEWEST: usize = 20;

/// Compares the least healthy group with the healthiest; `None` if ties or low numbers leave one of them too small.
fn ends(proof: &Proof, wording: &Wording<'_>) -> Option<String> {
    let mut full = proof.deciles.iter().filter(|d| d.customers > 0);
    let (first, last) = (full.next()?, full.next_back()?);
    if first.customers.min(last.customers) < FEWEST {
        return None;
    }
    Some(format!(
        "Of the least healthy tenth {} left, of the healthiest {}.",
        wording.percent(first.share()?),
        wording.percent(last.share()?)
    ))
}

/// Of 100 pairs, the number that an AUC ranks correctly.
pub(super) fn hundred(auc: f64) -> String {
    format!("{:.0}", auc * 100.0)
}

/// The captions of the chart.
pub fn captions(backtest: &Backtest, wording: &Wording<'_>) -> Captions {
    let proof = &backtest.proof;
    let subject = &wording.subject.name.value;
    let finding = match proof.score.auc {
        None => vec![why_none(proof, wording)],
        Some(auc) => {
            let mut lines = vec![
                format!(
                    "Take one {subject} that left and one that stayed: {} times out of 100",
                    hundred(auc)
                ),
                format!(
                    "the one that left had the lower health (AUC {}, {}).",
                    wording.area(auc),
                    wording.interval(proof.score.interval)
                ),
            ];
            lines.extend(proof.against_recency.map(|contest| {
                format!(
                    "Plain days since the last of “{}”: {} times (AUC {}).",
                    backtest.recency_of,
                    hundred(contest.other),
                    wording.area(contest.other)
                )
            }));
            lines
        }
    };
    Captions {
        title: "Does health tell who leaves?".to_owned(),
        subjects: wording.subject.plural.clone(),
        finding,
        foot: folded(&looked_at(backtest, wording), 110),
        decimal: wording.marks.decimal,
        group: wording.marks.group,
        least_grouped: wording.marks.least_grouped,
    }
}

/// Wraps a text into lines of at most `width` characters.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let full = lines.last().is_some_and(|line| {
            !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width
        });
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
