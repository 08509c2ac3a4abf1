//! Everything about one subject on a page: one line per segment, what will change with time alone, then the scores.

use super::part::{leaf_words, mark, unknown_words};
use super::{LastRun, cut_words, health_lines, score, since_the_run, who};
use crate::config::{Marks, marks};
use crate::diagnostic::{text_width, wrapped};
use crate::explain::{Change, ExplainedSegment, Explanation, Part};
use crate::project::Project;
use crate::time::Clock;

/// The maximum number of deciding parts listed.
const MOST_PARTS: usize = 2;
/// The gap between two columns.
const GAP: &str = "  ";
/// The minimum width for reasons beside the names.
const BESIDE: usize = 30;
/// A name wider than this, in terminal cells, has its reasons below it, so that it does not push the other reasons
/// aside. If most names do not fit, all reasons go below.
const NAME: usize = 40;
/// The width before a name: its answer and a gap.
const MARK: usize = 1 + GAP.len();

/// The page for a terminal width in cells; without a width, one line each. `stored` is what the last run stored about
/// the same subject, if it ran as of the same instant.
pub fn overview_lines(
    project: &Project,
    explanation: &Explanation,
    clock: &Clock,
    stored: Option<&LastRun>,
    room: Option<usize>,
) -> Vec<String> {
    let marks = marks(project.config.locale);
    let mut lines = vec![who(project, explanation, clock)];
    if let Some(LastRun { client, .. }) = stored {
        let rank = marks.whole(client.score.rank);
        lines.push(format!("place {rank} in the list"));
    }
    lines.push(String::new());
    lines.extend(segment_lines(explanation, room, &marks));
    for segment in &explanation.segments {
        let changed = since_the_run(segment, stored);
        lines.extend(changed.map(|words| format!("`{}`: {words}", segment.id)));
    }
    lines.extend(coming_lines(explanation, &marks));
    lines.extend([String::new(), score(explanation, &marks)]);
    if let Some(health) = &explanation.health {
        lines.push(String::new());
        lines.extend(health_lines(health, &marks));
        let then = stored.and_then(|stored| stored.client.health.health);
        if stored.is_some() && health.stale.is_none() && then != health.score {
            let then = then.map_or_else(|| "nothing".to_owned(), |then| marks.number(then, 1));
            lines.push(format!(
                "  the last run said {then}: the data or the factors have changed since"
            ));
        }
    }
    lines
}

/// Each segment with its answer and a reason, which stands beside or below the name.
fn segment_lines(explanation: &Explanation, room: Option<usize>, marks: &Marks) -> Vec<String> {
    let rows = rows(explanation);
    let most = room.map_or(NAME, |room| {
        NAME.min(room.saturating_sub(MARK + GAP.len() + BESIDE))
    });
    let titles = rows.iter().map(|row| text_width(&title(row)));
    let beside: Vec<usize> = titles.filter(|width| *width <= most).collect();
    let is_narrow = room.is_some() && beside.len() * 2 < rows.len();
    let width = beside.into_iter().max().unwrap_or(0);
    let beside = MARK + width + GAP.len();
    let indent = if is_narrow { MARK } else { beside };
    let within = |text: &str, indent: usize| match room {
        Some(room) => wrapped(text, room.saturating_sub(indent)),
        None => vec![text.to_owned()],
    };
    let lines = rows.into_iter().flat_map(|row| {
        let title = title(row);
        let mark = format!("{}{GAP}", mark(row.member));
        let left = room.map(|room| room.saturating_sub(indent));
        let why = within(&why(row, left, marks), indent);
        let is_long = room.is_some() && text_width(&title) > width;
        match is_narrow || is_long {
            true => {
                let mut lines = hanging(&mark, &within(&title, MARK));
                lines.extend(hanging(&" ".repeat(indent), &why));
                lines
            }
            false => {
                let blanks = " ".repeat(width.saturating_sub(text_width(&title)));
                hanging(&format!("{mark}{title}{blanks}{GAP}"), &why)
            }
        }
    });
    lines.collect()
}

/// Lines with a hanging indent: the first follows `words`, the others are aligned below it.
fn hanging(words: &str, lines: &[String]) -> Vec<String> {
    let indent = " ".repeat(text_width(words));
    let fronts = std::iter::once(words).chain(std::iter::repeat(indent.as_str()));
    fronts
        .zip(lines)
        .map(|(front, line)| format!("{front}{line}"))
        .collect()
}

/// The answer for one segment, on a line.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentAnswer<'e> {
    pub segment: &'e ExplainedSegment,
    /// Its name, prefixed with the ladder's name for a rung.
    pub title: String,
    /// The parts of its condition that decide.
    pub why: String,
}

/// The answers of an explanation: first the segments that the subject is in, most important first. A ladder is
/// represented by the rung that the subject is on, or else by its top rung.
pub fn segment_answers<'e>(explanation: &'e Explanation, marks: &Marks) -> Vec<SegmentAnswer<'e>> {
    let answers = rows(explanation).into_iter().map(|segment| SegmentAnswer {
        segment,
        title: title(segment),
        why: why(segment, None, marks),
    });
    answers.collect()
}

/// The segments that get a line: first those that the subject is in, most important first. A ladder is represented by
/// the rung that the subject is on, or else by its top rung.
fn rows(explanation: &Explanation) -> Vec<&ExplainedSegment> {
    let segments = &explanation.segments;
    let is_in = |segment: &ExplainedSegment| segment.member == Some(true);
    let stands_for_its_ladder = |segment: &ExplainedSegment| {
        let rungs = segments.iter();
        let mut rungs = rungs.filter(|other| other.ladder == segment.ladder);
        let on = rungs.clone().find(|rung| is_in(rung));
        let stands = on.or_else(|| rungs.next());
        stands.is_some_and(|rung| rung.id == segment.id)
    };
    let mut rows: Vec<&ExplainedSegment> = segments
        .iter()
        .filter(|segment| segment.ladder.is_none() || stands_for_its_ladder(segment))
        .collect();
    // The sort is stable: equally important segments stay in file order.
    rows.sort_by(|a, b| {
        let members_first = is_in(b).cmp(&is_in(a));
        members_first.then(b.weight.total_cmp(&a.weight))
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

fn why(segment: &ExplainedSegment, room: Option<usize>, marks: &Marks) -> String {
    if let Some(stale) = &segment.stale {
        return format!("cannot be evaluated: {stale}");
    }
    match (&segment.not_among, &segment.condition) {
        (Some(part), _) | (None, Some(part)) => reason(part, room, marks),
        (None, None) => "the rest: no rung above took them".to_owned(),
    }
}

/// The parts that decide, or only the first ones if space is short.
fn reason(part: &Part, room: Option<usize>, marks: &Marks) -> String {
    let deciding = part.deciding_first();
    let words = |part: &&Part| match part.holds {
        None => format!("{}: {}", leaf_words(part, marks), unknown_words(part)),
        Some(_) => leaf_words(part, marks),
    };
    let told: Vec<String> = deciding.iter().take(MOST_PARTS).map(words).collect();
    let so_many = |told: &[String]| {
        let more = match deciding.len() - told.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        told.join("; ") + &more
    };
    let whole = so_many(&told);
    let too_long = room.is_some_and(|room| text_width(&whole) > room);
    let first = told.into_iter().next().filter(|_| too_long);
    first.unwrap_or(whole)
}

/// What will change with time alone, by day.
fn coming_lines(explanation: &Explanation, marks: &Marks) -> Vec<String> {
    let mut coming: Vec<(&Change, String)> = Vec::new();
    for segment in &explanation.segments {
        let Some(ahead) = &segment.ahead else {
            continue;
        };
        let Some(change) = &ahead.change else {
            continue;
        };
        let others = match ahead.among_others {
            true => ", if nothing happens to others either",
            false => "",
        };
        let verb = if change.enters { "enters" } else { "leaves" };
        coming.push((change, format!("{verb} {}{others}", segment.name)));
    }
    // The sort is stable: changes on the same day stay in file order.
    coming.sort_by(|a, b| a.0.at.cmp(&b.0.at));
    let ahead = explanation.segments.iter();
    let ahead = ahead.filter_map(|segment| segment.ahead.as_ref());
    let days = ahead.clone().map(|ahead| ahead.days).max();
    let cut = cut_words(ahead.clone().any(|ahead| ahead.cut));
    let head = match (days, coming.is_empty()) {
        (None | Some(0), _) => return Vec::new(),
        (Some(days), true) => format!("no change within {days} days if nothing happens{cut}"),
        (Some(_), false) => "if nothing happens".to_owned(),
    };
    let lines = coming.into_iter();
    let lines =
        lines.map(|(change, words)| format!("{GAP}{}{GAP}{words}", marks.date(change.date)));
    [String::new(), head].into_iter().chain(lines).collect()
}
