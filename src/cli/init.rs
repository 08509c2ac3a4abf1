//! `muster init`

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use crate::catalog::Schema;
use crate::disk::{Access, Fresh, is_taken};
use crate::engine::{Engine, EngineError, local::Local};
use crate::starter::{Rows, starter};

/// So many rows are counted: a table with more is a full one.
const ENOUGH: u32 = 1_000_000;

/// A starter config and rule file for a database of your own.
#[derive(Args, Debug)]
pub(super) struct Init {
    /// The database: sqlite:FILE
    #[arg(value_name = "sqlite:FILE")]
    database: String,
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
    let (schema, rows) =
        tables(Path::new(file)).map_err(|error| Failure::world(error.to_string()))?;
    let starter = starter(&relative(file, folder), &schema, &rows).map_err(Failure::input)?;
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

/// What tables there are, and how full they are.
fn tables(file: &Path) -> Result<(Schema, Rows), EngineError> {
    let mut engine = Local::open(file)?;
    let schema = engine.schema()?;
    let count = |table: &String| (table.clone(), engine.rows(table, ENOUGH));
    let rows = schema.tables.keys().map(count).collect();
    Ok((schema, rows))
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
