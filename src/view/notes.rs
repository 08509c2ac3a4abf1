//! What a run reports about the data and the rules, in words.

use crate::config::{Locale, marks};
use crate::engine::WideTop;
use crate::explain::words_of;
use crate::ir::RunFingerprint;
use crate::project::Project;
use crate::run::Outcome;
use crate::store::{Cause, Run};

/// The effect of a rule change or an upgrade on a segment, in one line, instead of as customer movements.
pub fn rule_change_words(
    cause: Cause,
    segment: &str,
    [entered, left]: [u64; 2],
    locale: Locale,
) -> String {
    let what = match cause {
        Cause::Upgrade => "moved by the upgrade of Muster",
        _ => "rule changed",
    };
    let [entered, left] = [entered, left].map(|number| marks(locale).whole(number));
    format!("{what}: `{segment}`: {entered} in, {left} out")
}

/// A note that config, or what it refers to, gives values or amounts another meaning than in a run; `None` if it does
/// not. Headings are the current ones.
pub fn changed_words(run: &Run, now: &RunFingerprint) -> Option<String> {
    let then = &run.fingerprint;
    let currency = then.currency.as_ref();
    let currency = currency.filter(|_| then.currency != now.currency);
    let mut changed: Vec<String> = currency
        .map(|currency| format!("amounts are in {currency}"))
        .into_iter()
        .collect();
    let values = now.values_changed_since(then);
    let are = match values.as_slice() {
        [] => None,
        [_] => Some("is as it was"),
        _ => Some("are as they were"),
    };
    changed.extend(are.map(|are| format!("`{}` {are} defined then", values.join("`, `"))));
    (!changed.is_empty()).then(|| {
        format!(
            "config or rules have changed since run {}, which this shows: {}; `muster run` goes by what they say now",
            run.id,
            changed.join(", and ")
        )
    })
}

/// A note about a `top` that matches far more than its share; `None` if another condition narrows the segment.
pub fn wide_top_words(project: &Project, outcome: &Outcome, wide: &WideTop) -> Option<String> {
    let (owner, words) = words_of(project, wide.node)?;
    let segments = &project.rules.segments;
    let id = segments.position(|segment| segment.id.value == owner);
    let asks = id.and_then(|id| outcome.segments.get(id));
    if asks.is_some_and(|asks| (asks.members.len() as u64) < wide.holds) {
        return None;
    }
    let marks = marks(project.config.locale);
    if project.reads_private([wide.node]) {
        return Some(format!(
            "`{owner}`: `{words}` holds {} of {}, because many have the same value at its edge",
            marks.whole(wide.holds),
            marks.whole(wide.of)
        ));
    }
    let advice = wide.beyond.then(|| {
        let sign = if wide.bottom { '<' } else { '>' };
        format!(
            "; a condition beside it, such as `{sign} {}`, would narrow it",
            wide.boundary
        )
    });
    Some(format!(
        "`{owner}`: `{words}` holds {} of {}, because many have the same value {} at its edge{}",
        marks.whole(wide.holds),
        marks.whole(wide.of),
        wide.boundary,
        advice.unwrap_or_default()
    ))
}
