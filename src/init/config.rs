//! Writes the guess as `config.yaml`.

use std::path::Path;

use super::collection::Collection;
use super::currency::Currency;
use super::exclude::together;
use super::figures::figures;
use super::guess::{Guess, Subject};
use super::import::import;
use super::locale::locale;
use super::lookup::LookupGuess;
use super::rules::Events;
use super::text::{condition, in_line};
use super::undecided::Undecided;
use super::words::plural;
use super::{Named, Origin};
use crate::authoring::{key, scalar};
use crate::config::one_called;
use crate::value::ColumnType;

/// A schedule and a mail that is written to a folder: both can be tried without a mail server.
const MAIL: &str = "\n\
# `muster serve` runs this every morning, and mails what changed.\n\
schedules:\n  - id: nightly\n    cron: \"0 6 * * *\"        # six in the morning of the time zone above\n    \
reports: [changes]\n\n\
reports:\n  - id: changes\n    to: [you@example.com]     # who reads it\n    segments: all\n\n\
mail:\n  from: Segments <segments@example.com>\n  \
file: outbox               # mails are put into this folder; smtp: sends them (docs/operations.md)\n";

/// The text of `config.yaml`.
pub(super) fn config(origin: &Origin<'_>, guess: &Guess) -> String {
    let mut text = format!(
        "# Guessed from the database's tables: read it once, then `muster check`.\n\
         database:{}\n",
        database(&origin.database),
    );
    if let Some(files) = &origin.import {
        text += &import(files);
    }
    if !guess.is_of_muster {
        text += &format!(
            "results: sqlite:{}    # a file of their own: the database is only read\n",
            results(&origin.database)
        );
    }
    text += "timezone: UTC                # the business's own zone, for example Europe/Berlin\n\n";
    text += &subject(&guess.subject);
    if !guess.collections.is_empty() {
        text += "\ncollections:\n";
    }
    let events = Events::new(guess);
    for of in &guess.collections {
        text += &collection(of, (&of.name, None));
        text += &in_one(of);
    }
    text += &fields(&guess.subject);
    text += &figures(guess, locale(origin, guess));
    if let Some(events) = &events
        && !guess.has_health
    {
        text += &health(events);
    }
    text + MAIL
}

/// The value of `database:`.
fn database(named: &Named) -> String {
    match named {
        Named::File(path) => format!(" {}", scalar(&format!("sqlite:{path}"))),
        Named::Server(keys) => match keys.as_slice() {
            [(_, url)] => format!(" {}", scalar(url)),
            keys => {
                let lines = keys.iter();
                let lines = lines.map(|(name, value)| format!("\n  {name}: {}", scalar(value)));
                lines.collect()
            }
        },
    }
}

/// The results file, which is separate from the database.
fn results(database: &Named) -> &'static str {
    match database {
        Named::File(path) if Path::new(path).file_name() == Some("results.db".as_ref()) => {
            "muster.db"
        }
        _ => "results.db",
    }
}

/// The people, and which of them are included.
fn subject(subject: &Subject) -> String {
    let mut text = format!(
        "subject:\n  name: {}\n  table: {}\n  key: {}\n",
        scalar(&subject.name),
        scalar(&subject.table),
        scalar(&subject.key),
    );
    if let Some(plural) = &subject.plural {
        text += &format!("  plural: {}\n", scalar(plural));
    }
    if subject.matched.is_loose {
        text += "  match: loose            # ignores capitals in keys, blanks around them and leading zeros\n";
    }
    if let Some(admitted) = subject.kept.condition() {
        text += &format!(
            "  where: {}    # leaves out the line that counts them\n",
            condition(admitted)
        );
    }
    let label: Vec<String> = subject.label.iter().map(|column| scalar(column)).collect();
    match label.as_slice() {
        [] => {}
        [only] => text += &format!("  label: {only}\n"),
        several => text += &format!("  label: [{}]\n", several.join(", ")),
    }
    if !subject.types.is_empty() {
        text += &format!("  types: {}\n", types(&subject.types));
    }
    text += &remarks(&subject.undecided, "  ");
    text += &lookups(&subject.lookups, "  ");
    if let Some(columns) = listed(&subject.private) {
        text += &format!("\nprivate: {columns}    # their values are never shown as examples\n");
    }
    if let Some(active) = together(&subject.excluded) {
        text += &format!(
            "\nactive: {}    # others take no part\n",
            condition(&active)
        );
    } else if let Some(doubted) = together(&subject.doubted) {
        text += &format!(
            "\n# active: {}    # would leave out at least half of them; as it stands, all take part\n",
            in_line(&doubted)
        );
    }
    if let Some(mail) = &subject.mail {
        text += &format!(
            "\n# People who do not want mail still take part; in a segment for a mailing, ask for\n#   {}\n",
            in_line(&mail.condition)
        );
    }
    text
}

/// The rows whose amounts can be added up, where those of the collection are in several currencies.
fn in_one(of: &Collection) -> String {
    let (Some(one), Currency::Several(several)) = (&of.in_one, &of.currency) else {
        return String::new();
    };
    format!(
        "  # `{}` names several currencies, and amounts in different ones cannot be added up: sums and values cover these rows,\n  \
         # and leave out the others, about {:.0}%.\n{}",
        in_line(&several.named()),
        (several.share * 100.0).max(1.0),
        collection(of, (&one.name, Some(&one.condition)))
    )
}

/// A collection under a name, with all of its rows that count, or only those that meet a condition.
fn collection(of: &Collection, (name, also): (&str, Option<&String>)) -> String {
    let mut text = format!(
        "  {}:\n    table: {}\n    subject: {}\n",
        key(name),
        scalar(&of.table),
        scalar(&of.subject),
    );
    if let Some(key) = &of.key {
        text += &format!("    key: {}\n", scalar(key));
    }
    let times = &of.times;
    if let Some(at) = &times.at {
        let also: Vec<String> = times.also.iter().map(|name| in_line(name)).collect();
        let also = match also.is_empty() {
            true => String::new(),
            false => format!("     # also: {}", also.join(", ")),
        };
        text += &format!("    at: {}{also}\n", scalar(at));
    } else if let Some(reason) = &times.unread {
        text += &format!("    # at: no usable time: {}\n", in_line(reason));
    }
    if !of.types.is_empty() {
        text += &format!("    types: {}\n", types(&of.types));
    }
    text += &remarks(&of.undecided, "    ");
    if let Some(columns) = listed(&of.private) {
        text += &format!("    private: {columns}\n");
    }
    let conditions = together(&of.excluded).into_iter().chain(also.cloned());
    let conditions: Vec<String> = conditions.collect();
    if !conditions.is_empty() {
        let counted = conditions.join(" and ");
        text += &format!("    where: {}\n", condition(&counted));
    } else if let Some(doubted) = together(&of.doubted) {
        text += &format!(
            "    # where: {}   # would leave out at least half of the rows; as it stands, all count\n",
            in_line(&doubted)
        );
    } else if let Some(status) = &of.status {
        let status = in_line(status);
        text += &format!(
            "    # where: {status} in (\"…\", \"…\")   # which rows count; as it stands, all do\n"
        );
    }
    text + &lookups(&of.lookups, "    ")
}

/// Columns as a list; none where there are no columns.
fn listed(columns: &[String]) -> Option<String> {
    let columns: Vec<String> = columns.iter().map(|column| scalar(column)).collect();
    (!columns.is_empty()).then(|| format!("[{}]", columns.join(", ")))
}

fn lookups(lookups: &[LookupGuess], indent: &str) -> String {
    if lookups.is_empty() {
        return String::new();
    }
    let lines = lookups.iter().map(|lookup| {
        let matching = if lookup.is_loose {
            ", match: loose"
        } else {
            ""
        };
        let typed = match lookup.types.is_empty() {
            true => String::new(),
            false => format!(", types: {}", types(&lookup.types)),
        };
        format!(
            "{indent}  {}: {{ table: {}, key: {}, by: {}{matching}{typed} }}\n",
            key(&lookup.name),
            scalar(&lookup.table),
            scalar(&lookup.key),
            scalar(&lookup.by),
        )
    });
    format!("{indent}lookups:\n{}", lines.collect::<String>())
}

fn fields(subject: &Subject) -> String {
    if subject.fields.is_empty() {
        return String::new();
    }
    let lines = subject.fields.iter().map(|field| {
        format!(
            "  {}: {{ label: {}, one: {} }}\n",
            key(&field.id),
            scalar(&field.label),
            condition(&field.column),
        )
    });
    format!(
        "\n# What segments may be filtered by.\nfields:\n{}",
        lines.collect::<String>()
    )
}

/// A health score, from what is known about the main collection.
fn health(events: &Events<'_>) -> String {
    let (rows, lately, before) = (&events.of.name, &events.lately, &events.before);
    let many = plural(rows);
    // For a word in an unknown language, the singular is unknown.
    let (last, counted) = match one_called(&many) {
        Some(one) => (
            format!("last {one}"),
            format!("{{{lately} | no {many} | {one} | {many}}}"),
        ),
        None => (format!("{many}: last"), format!("{many}: {{{lately}}}")),
    };
    format!(
        "\n# How each one is doing, from 0 to 100, and why. `muster health --backtest` asks your own history\n\
         # whether the score would have told who was about to leave.\n\
         health:\n  churn:\n    \
         among: exists({rows} in last 90 days)\n    \
         when: not exists({rows} in next 90 days)\n  \
         factors:\n    \
         - id: recency\n      \
         value: days_since(max({rows}.at))\n      \
         zero: 90                 # the value that is worth no points\n      \
         full: 0                  # the value that is worth 100\n      \
         weight: 3\n      \
         reason: \"{last} {{value | today | # day ago | # days ago}}\"\n    \
         - id: trend\n      \
         value: if({before} > 0, {lately} / {before})\n      \
         zero: 0\n      \
         full: 1\n      \
         weight: 2\n      \
         reason: \"{counted} in the last 90 days, {{{before}}} in the 90 before\"\n"
    )
}

/// Remarks about columns that only a person can decide.
fn remarks(undecided: &[Undecided], indent: &str) -> String {
    let lines = undecided
        .iter()
        .map(|of| format!("{indent}# {}\n", of.remark()));
    lines.collect()
}

fn types(types: &[(String, ColumnType)]) -> String {
    let pairs: Vec<String> = types
        .iter()
        .map(|(column, ty)| format!("{}: {ty}", key(column)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}
