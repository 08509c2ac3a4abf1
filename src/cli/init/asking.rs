//! What `muster init` asks at the terminal where the data leaves it open.

use super::Source;
use crate::cli::exit::Failure;
use crate::cli::say;
use crate::init::{Data, Undecided};
use crate::value::ColumnType;

/// Asks at the terminal how a column is to be read; `None` if the user does not know either.
pub(super) fn chosen(of: &Undecided) -> Result<Option<(String, String, ColumnType)>, Failure> {
    note!("{}.{} looks like {}", of.table, of.column, of.words);
    for (number, (words, _)) in of.readings.iter().enumerate() {
        note!("  {}  {words}", number + 1);
    }
    note!("Which is it? Its number, or nothing to leave it as text:");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    let number = answer.trim().parse::<usize>().ok();
    let reading = number.and_then(|number| of.readings.get(number.checked_sub(1)?));
    Ok(reading.map(|(_, ty)| (of.table.clone(), of.column.clone(), *ty)))
}

/// Asks at the terminal for the table of subjects; fails if nobody is there, or the user does not know.
pub(super) fn asked(
    tables: &[(String, String)],
    data: &Data,
    source: &Source,
) -> Result<String, Failure> {
    let refused = no_people(tables, data, source);
    if !say::is_dialogue() {
        return Err(Failure::input_lines(&refused));
    }
    for line in &refused {
        note!("{line}");
    }
    note!("Which table holds them?");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    let known = data.schema().table(answer.trim());
    known
        .map(|(name, _)| name.clone())
        .ok_or_else(|| Failure::input("that is not one of the tables; nothing was written"))
}

/// Why nothing could be guessed, and what to do.
pub(super) fn no_people(tables: &[(String, String)], data: &Data, source: &Source) -> Vec<String> {
    let is_of_server = matches!(source, Source::Server(_));
    let mut lines = vec!["no table looks like a list of clients with a key".to_owned()];
    let unreadable = &data.schema().unreadable;
    if tables.is_empty() && unreadable.is_empty() {
        let none = match is_of_server {
            true => {
                "  the role finds no tables by its search path; `--schema SCHEMA` looks into another schema"
            }
            false => "  there are no tables",
        };
        lines.push(none.to_owned());
    }
    let reasons = tables
        .iter()
        .map(|(name, reason)| format!("  {name}: {reason}"));
    lines.extend(reasons);
    let unreadable = unreadable.iter();
    lines.extend(unreadable.map(|(name, why)| format!("  {name}: cannot be read: {why}")));
    let what_to_do = [
        "name it with `--table TABLE`, and its key with `--key COLUMN`; or write config.yaml by hand:",
        match is_of_server {
            true => "  database: postgres://ROLE@HOST/DATABASE",
            false => "  database: sqlite:FILE",
        },
        "  timezone: UTC",
        "  subject: { name: client, table: TABLE, key: COLUMN }",
    ];
    lines.extend(what_to_do.map(str::to_owned));
    // A list with duplicate keys can be read, but only if config says how.
    if matches!(source, Source::Files { .. }) {
        let import = "  import: { folder: FOLDER, files: { FILE: { key: COLUMN } } }    # of rows with one key, the last one alone";
        lines.push(import.to_owned());
    }
    lines
}
