//! `muster init`

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Common;
use super::clock::clock;
use super::exit::{Exit, Failure};
use crate::catalog::Table;
use crate::connector::Connector;
use crate::connector::sqlite::SqliteConnector;
use crate::disk::{Access, Fresh, is_taken};
use crate::init::{Data, Refused, Wishes, starter};

/// A starter config and rule file for a database of your own.
#[derive(Args, Debug)]
pub(super) struct Init {
    /// The database: sqlite:FILE
    #[arg(value_name = "sqlite:FILE")]
    database: String,
    /// The table of the people who are segmented; left out: guessed
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,
    /// Its key, a column that is unique and never empty; left out: guessed
    #[arg(long, value_name = "COLUMN")]
    key: Option<String>,
    /// The column that people are called by; left out: guessed
    #[arg(long, value_name = "COLUMN")]
    label: Option<String>,
}

pub(super) fn init(command: &Init, common: &Common) -> Result<Exit, Failure> {
    let Some(file) = command.database.strip_prefix("sqlite:") else {
        return Err(Failure::input(format!(
            "`{0}` names no database; write `sqlite:{0}` if that is a file",
            command.database
        )));
    };
    let folder = common.config.parent().unwrap_or(Path::new(""));
    let rules = folder.join("rules/segments.yaml");
    let ladder = folder.join("rules/rfm.yaml");
    for path in [&common.config, &rules, &ladder] {
        if is_taken(path) {
            return Err(Failure::input(format!(
                "{} is there already and stays as it is; move it away first",
                path.display()
            )));
        }
    }
    if !Path::new(file).exists() {
        return Err(Failure::world(format!("there is no file `{file}`")));
    }
    let data = SqliteConnector::new(Path::new(file))
        .snapshot()
        .and_then(Data::of)
        .map_err(|error| Failure::world(error.to_string()))?;
    let wishes = wishes(command, &data)?;
    let starter = starter(&relative(file, folder), &data, &wishes, clock().now())
        .map_err(|refused| Failure::input_lines(&no_people(&refused)))?;
    for line in &starter.told {
        say!("{line}");
    }
    let texts = [
        (&common.config, Some(starter.config)),
        (&rules, Some(starter.rules)),
        (&ladder, starter.ladder),
    ];
    for (path, text) in texts {
        if let Some(text) = text {
            write(path, &text)?;
            note!("wrote {}", path.display());
        }
    }
    note!("read them, and set the time zone; then: muster check, muster run, muster serve");
    Ok(Exit::Done)
}

/// What the command line says of the table of people, held against the database.
fn wishes(command: &Init, data: &Data) -> Result<Wishes, Failure> {
    let schema = data.schema();
    let table = match &command.table {
        None => None,
        Some(table) => Some(schema.table(table).ok_or_else(|| {
            let names: Vec<&str> = schema.tables.keys().map(String::as_str).collect();
            Failure::input(format!(
                "there is no table `{table}`; the tables are: {}",
                names.join(", ")
            ))
        })?),
    };
    for column in command.key.iter().chain(&command.label) {
        let is = |table: &Table| {
            table
                .columns
                .iter()
                .any(|c| c.name.eq_ignore_ascii_case(column))
        };
        let known = match table {
            Some((_, table)) => is(table),
            None => schema.tables.values().any(is),
        };
        if !known {
            return Err(Failure::input(format!("there is no column `{column}`")));
        }
    }
    Ok(Wishes {
        table: table.map(|(name, _)| name.clone()),
        key: command.key.clone(),
        label: command.label.clone(),
    })
}

/// Why nothing could be guessed, and what a person can do.
fn no_people(Refused(tables): &Refused) -> Vec<String> {
    let mut lines = vec!["no table looks like a list of clients with a key".to_owned()];
    if tables.is_empty() {
        lines.push("  there are no tables".to_owned());
    }
    let reasons = tables
        .iter()
        .map(|(name, reason)| format!("  {name}: {reason}"));
    lines.extend(reasons);
    let what_to_do = [
        "name it with `--table TABLE`, and its key with `--key COLUMN`; or write config.yaml by hand:",
        "  database: sqlite:FILE",
        "  timezone: UTC",
        "  subject: { name: client, table: TABLE, key: COLUMN }",
    ];
    lines.extend(what_to_do.map(str::to_owned));
    lines
}

/// The database as config names it: relative to config's own folder, where that differs from here.
fn relative(file: &str, folder: &Path) -> String {
    let here = folder.as_os_str().is_empty() || Path::new(file).is_absolute();
    if here {
        return file.to_string();
    }
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (file, folder) = (absolute(Path::new(file)), absolute(folder));
    file.strip_prefix(&folder)
        .map_or(file.clone(), PathBuf::from)
        .display()
        .to_string()
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let place =
        |error: std::io::Error| Failure::world(format!("cannot write {}: {error}", path.display()));
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(place)?;
    }
    let mut file = Fresh::beside(path, Access::Usual).map_err(place)?;
    file.write_all(text.as_bytes()).map_err(place)?;
    file.keep_new().map_err(place)
}
