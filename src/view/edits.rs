//! Edits and what they moved, in words.

use chrono_tz::Tz;
use serde_json::{Value as Json, json};

use super::table::{Heading, Table};
use crate::config::{Config, Marks, marks};
use crate::edits::{Change, ChangeKind, EditMoves, Edited, Moves, Renamed};
use crate::run::{Logged, LoggedRun};
use crate::store::Run;
use crate::time::format_instant;

/// The maximum number of edits named in one line.
const NAMED: usize = 5;

/// What edits moved, in one line: `2 edits since run 214: high_attend.when (84 out), …`. It holds ids and counts, but
/// no names.
pub fn edited_words(edited: &Edited, marks: &Marks) -> String {
    let count = marks.counted(edited.edits.len(), "edit");
    let named = edited.edits.iter().take(NAMED);
    let mut named: Vec<String> = named
        .map(|edit| format!("{} ({})", edit.name, moves_words(edit, edited, marks)))
        .collect();
    let more = edited.edits.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("and {} more", marks.whole(more)));
    }
    let together = edited.moved_together();
    let together = match together.none() {
        true => String::new(),
        false => format!("; {} {}", counts(together, marks), together_words(edited)),
    };
    format!(
        "{count} since run {}: {}{together}",
        edited.since,
        named.join(", ")
    )
}

fn moves_words(edit: &EditMoves, edited: &Edited, marks: &Marks) -> String {
    match edit.moved() {
        moved if !moved.none() => counts(moved, marks),
        _ if edit.counts_as_data => "all movements are listed as caused by data".to_owned(),
        _ if edited.together.is_empty() => "nobody moved".to_owned(),
        _ if edit.untried => "not counted by itself".to_owned(),
        _ => "nobody by itself".to_owned(),
    }
}

/// The cause of moves that cannot be attributed to a single edit.
fn together_words(edited: &Edited) -> &'static str {
    match edited.has_untried() {
        true => "by edits that were not counted one by one",
        false => "by several edits together",
    }
}

fn counts(moves: Moves, marks: &Marks) -> String {
    let part =
        |number: u64, word: &str| (number > 0).then(|| format!("{} {word}", marks.whole(number)));
    let parts = [part(moves.entered, "in"), part(moves.left, "out")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A run with changed definitions, as lines: a heading, then each change and what it moved.
pub fn logged_lines(logged: &LoggedRun, config: &Config) -> Vec<String> {
    let marks = marks(config.locale);
    let run = &logged.run;
    let head = format!(
        "run {}, as of {}",
        run.id,
        marks.moment(run.as_of, config.timezone)
    );
    let edited = match &logged.what {
        Logged::Edits(edited) => edited,
        Logged::NotStored => {
            return vec![
                head,
                "  the rules changed; what they were before was not stored".to_owned(),
            ];
        }
        Logged::Unreadable(reason) => {
            return vec![
                head,
                format!(
                    "  the rules changed; what they were cannot be read against the present database: {reason}"
                ),
            ];
        }
    };
    let mut lines = vec![format!("{head}, after run {}", edited.since)];
    for edit in &edited.edits {
        let changes = edit.changes.iter();
        lines.extend(changes.map(|change| format!("  {}", change_words(change))));
        for (segment, moves) in edit.segments.iter().filter(|(_, moves)| !moves.none()) {
            lines.push(format!("      {segment}: {}", counts(*moves, &marks)));
        }
    }
    for (segment, moves) in &edited.together {
        lines.push(format!(
            "  {segment}: {} {}",
            counts(*moves, &marks),
            together_words(edited)
        ));
    }
    let renamed = edited.renamed.iter().map(|renamed| {
        let Renamed {
            segment,
            before,
            after,
        } = renamed;
        format!("  {segment} is called {after}, before: {before}")
    });
    lines.extend(renamed);
    lines
}

/// One row per changed definition.
pub fn logged_table(logged: &[LoggedRun]) -> Table {
    let edits = logged.iter().filter_map(|one| match &one.what {
        Logged::Edits(edited) => Some((&one.run, edited)),
        Logged::NotStored | Logged::Unreadable(_) => None,
    });
    let changes = edits.flat_map(|(run, edited)| {
        let edits = edited.edits.iter();
        edits.flat_map(move |edit| edit.changes.iter().map(move |change| (run, edit, change)))
    });
    let rows: Vec<(&Run, &EditMoves, &Change)> = changes.collect();
    Table::of(&rows)
        .column(Heading::right("run", "Run"), |(run, ..)| run.id)
        .column(Heading::left("definition", "Definition"), |(.., change)| {
            change.name.as_str()
        })
        .column(Heading::left("place", "Place"), |(.., change)| {
            change.place.as_str()
        })
        .column(Heading::left("before", "Before"), |(.., change)| {
            change.before.as_str()
        })
        .column(Heading::left("after", "After"), |(.., change)| {
            change.after.as_str()
        })
        .column(Heading::right("in", "In"), |(_, edit, _)| {
            edit.moved().entered
        })
        .column(Heading::right("out", "Out"), |(_, edit, _)| {
            edit.moved().left
        })
        .done()
}

fn change_words(change: &Change) -> String {
    let Change {
        name,
        kind,
        place,
        before,
        after,
    } = change;
    let place = if place.is_empty() {
        String::new()
    } else {
        format!("{place}  ")
    };
    match kind {
        ChangeKind::Changed => format!("{place}{name}: {before} → {after}"),
        ChangeKind::New => format!("{place}{name} is new: {after}"),
        ChangeKind::Removed => format!("{place}{name} is gone: {before}"),
    }
}

/// The same as JSON.
pub fn logged_json(logged: &LoggedRun, zone: Tz) -> Json {
    let run = &logged.run;
    let (edited, unknown) = match &logged.what {
        Logged::Edits(edited) => (Some(edited), Json::Null),
        Logged::NotStored => (None, json!("not stored")),
        Logged::Unreadable(reason) => (None, json!(reason)),
    };
    json!({
        "run": run.id,
        "as_of": format_instant(run.as_of, zone),
        "since": edited.map(|edited| edited.since),
        "edits": edited.map(|edited| &edited.edits),
        "together": edited.map(|edited| &edited.together),
        "renamed": edited.map(|edited| &edited.renamed),
        "unknown": unknown,
    })
}
