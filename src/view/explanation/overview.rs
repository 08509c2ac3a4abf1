//! Everything about one subject on a page: a row a segment, then the scores.

use super::part::{leaf_words, mark, unknown_words};
use super::{health_lines, score, since_the_run, who};
use crate::config::marks;
use crate::explain::{ExplainedSegment, Explanation, Part};
use crate::project::Project;
use crate::store::Client;
use crate::time::Clock;
use crate::view::table::{Cell, Heading, Table};

/// So many of the parts that decide are told.
const MOST_PARTS: usize = 2;

/// Each segment with its answer and a reason: first those that the subject is in, the most important first. Of a ladder's
/// rungs there is the one that the subject stands on, or else the top one.
pub fn overview_table(explanation: &Explanation) -> Table {
    let rows = rows(explanation);
    Table::of(&rows)
        .column(Heading::left("member", ""), |row| mark(row.member))
        .column(Heading::left("segment", "Segment"), |row| title(row))
        .column(Heading::right("weight", "Score").spare(20), |row| {
            let counts = row.member == Some(true);
            counts.then_some(Cell::Number(row.weight, 4))
        })
        .column(Heading::left("why", "Why"), |row| why(row))
        .column(Heading::left("ahead", "If nothing happens"), |row| {
            ahead(row, explanation)
        })
        .done()
}

/// What stands before the table and behind it; `stored` is what the last run said of the same subject, where it was as
/// of the same instant.
pub fn overview_lines(
    project: &Project,
    explanation: &Explanation,
    clock: &Clock,
    stored: Option<&Client>,
) -> (Vec<String>, Vec<String>) {
    let marks = marks(project.config.locale);
    let mut before = vec![who(project, explanation, clock)];
    if let Some(client) = stored {
        let rank = marks.whole(client.score.rank);
        before.push(format!("place {rank} in the list"));
    }
    let mut after = Vec::new();
    for segment in &explanation.segments {
        let changed = since_the_run(segment, stored);
        after.extend(changed.map(|words| format!("`{}`: {words}", segment.id)));
    }
    after.extend([String::new(), score(explanation, &marks)]);
    if let Some(health) = &explanation.health {
        after.push(String::new());
        after.extend(health_lines(health, &marks));
        let then = stored.and_then(|client| client.health.health);
        if stored.is_some() && health.stale.is_none() && then != health.score {
            let then = then.map_or_else(|| "nothing".to_owned(), |then| marks.number(then, 1));
            after.push(format!(
                "  the last run said {then}: the data or the factors have changed since"
            ));
        }
    }
    (before, after)
}

fn rows(explanation: &Explanation) -> Vec<&ExplainedSegment> {
    let segments = &explanation.segments;
    let stands_for_its_ladder = |segment: &ExplainedSegment| {
        let mut rungs = segments
            .iter()
            .filter(|other| other.ladder == segment.ladder);
        let on = rungs.clone().find(|rung| rung.member == Some(true));
        on.or_else(|| rungs.next())
            .is_some_and(|rung| rung.id == segment.id)
    };
    let mut rows: Vec<&ExplainedSegment> = segments
        .iter()
        .filter(|segment| segment.ladder.is_none() || stands_for_its_ladder(segment))
        .collect();
    // Stable: those that are as important as each other stay in the order of the files.
    rows.sort_by(|a, b| {
        let is_in = |segment: &ExplainedSegment| segment.member == Some(true);
        is_in(b).cmp(&is_in(a)).then(b.weight.total_cmp(&a.weight))
    });
    rows
}

fn title(segment: &ExplainedSegment) -> String {
    match &segment.ladder {
        Some(ladder) if segment.member == Some(true) => format!("{ladder}: {}", segment.name),
        Some(ladder) => format!("{ladder}: on no rung"),
        None => segment.name.clone(),
    }
}

fn why(segment: &ExplainedSegment) -> String {
    if let Some(stale) = &segment.stale {
        return format!("cannot be evaluated: {stale}");
    }
    match (&segment.not_among, &segment.condition) {
        (Some(part), _) | (None, Some(part)) => reason(part),
        (None, None) => "the rest: no rung above took them".to_owned(),
    }
}

/// The parts that decide, in a line.
fn reason(part: &Part) -> String {
    let deciding = part.deciding();
    let told = deciding
        .iter()
        .take(MOST_PARTS)
        .map(|part| match part.holds {
            None => format!("{}: {}", leaf_words(part), unknown_words(part)),
            Some(_) => leaf_words(part),
        });
    let told: Vec<String> = told.collect();
    let more = match deciding.len() - told.len() {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    told.join("; ") + &more
}

/// When the answer changes; nothing where it does not.
fn ahead(segment: &ExplainedSegment, explanation: &Explanation) -> String {
    let change = segment
        .ahead
        .as_ref()
        .and_then(|ahead| ahead.change.as_ref());
    let Some(change) = change else {
        return String::new();
    };
    let next = explanation.segments.iter().find(|other| {
        let same = other.ahead.as_ref().and_then(|ahead| ahead.change.as_ref());
        segment.ladder.is_some()
            && other.ladder == segment.ladder
            && same.is_some_and(|same| same.enters && same.at == change.at)
    });
    let among_others = segment
        .ahead
        .as_ref()
        .is_some_and(|ahead| ahead.among_others);
    let others = if among_others {
        ", if to nobody else either"
    } else {
        ""
    };
    match (next, change.enters) {
        (Some(next), false) => format!("moves to {} on {}{others}", next.name, change.date),
        (_, true) => format!("comes in on {}{others}", change.date),
        (None, false) => format!("leaves on {}{others}", change.date),
    }
}
