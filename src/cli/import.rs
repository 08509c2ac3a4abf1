//! `muster import`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results;
use super::watch::Terminal;
use crate::config::Config;
use crate::connector::{Told, told_in};
use crate::import::{ImportError, Imported, Lacking, Outlook, lacking, outlook, refresh};
use crate::project::{Project, blocking};
use crate::source::Sources;
use crate::view::marks;

/// Makes the database anew from the files that `import:` of config names.
#[derive(Args, Debug)]
pub(super) struct Import {}

pub(super) fn import(common: &Common) -> Result<Exit, Failure> {
    let config = results::config(common)?;
    let Some(import) = &config.import else {
        let words = "config has no `import:`, so its database is not made of files; `muster init FOLDER` writes a \
                     config that has";
        return Err(Failure::input(words));
    };
    let watch = Terminal::new();
    let imported = blocking(|| crate::import::import(&import.files, &import.database, &watch))?;
    drop(watch);
    for line in told(&imported, &config) {
        say!("{line}");
    }
    note!("wrote {}", import.database.display());
    Ok(ends(&told_in(&import.database).map_err(Failure::world)?))
}

/// Imports what has changed since the last import, before a run, and reports it on stderr. Errors in config are left to
/// whoever loads it.
pub(super) fn before_a_run(common: &Common) -> Result<Exit, Failure> {
    let env = |name: &str| std::env::var(name).ok();
    let Ok(config) = crate::config::load(&common.config, &mut Sources::default(), &env) else {
        return Ok(Exit::Done);
    };
    let Some(import) = &config.import else {
        return Ok(Exit::Done);
    };
    let watch = Terminal::new();
    let imported = blocking(|| refresh(&import.files, &import.database, &watch))?;
    drop(watch);
    let of_files = told_in(&import.database).map_err(Failure::world)?;
    match imported {
        Some(imported) => {
            note!("imported, because the files, or what config says of them, have changed:");
            for line in told(&imported, &config) {
                note!("{line}");
            }
        }
        None => {
            for told in of_files.iter().filter(|told| told.needs_attention) {
                note!("note: from the last import: {}", told.line);
            }
        }
    }
    Ok(ends(&of_files))
}

/// The exit code after reading these files: a file that can hardly be read needs attention, however few rows of the
/// table it contributes, and so does an ambiguous order of files.
fn ends(told: &[Told]) -> Exit {
    match told.iter().any(|told| told.needs_attention) {
        true => Exit::Attention,
        false => Exit::Done,
    }
}

/// Reports problems of the last import, whether the files have changed since, and whether the next import, with which a
/// run starts, would fail; in that case it is also the exit code of a read-only command.
pub(super) fn tell_if_outdated(config: &Config) -> Exit {
    let Some(import) = &config.import else {
        return Exit::Done;
    };
    let folder = import.files.folder.display();
    let watch = Terminal::new();
    let found = blocking(|| outlook(&import.files, &import.database, &watch));
    drop(watch);
    match found {
        Ok(Outlook::Same(told)) => {
            for told in &told {
                note!("note: from the last import: {}", told.line);
            }
            ends(&told)
        }
        Ok(Outlook::Changed(lines)) => {
            note!(
                "note: files in `{folder}` have changed since they were imported, or config reads them differently, and this shows the last \
                 import; `muster import` imports them, and so does `muster run`"
            );
            for line in lines {
                note!("  {line}");
            }
            Exit::Done
        }
        Err(error) => {
            note!(
                "attention: as things stand, the next import fails, and every run begins with one: {error}"
            );
            match error {
                ImportError::Files(_) => Exit::Input,
                ImportError::World(_) | ImportError::Cancelled => Exit::World,
            }
        }
    }
}

/// Reports columns that rules read but the last file of a table lacks: they are empty in its rows, whatever was
/// intended.
pub(super) fn tell_lacking(project: &Project) -> Result<Exit, Failure> {
    let Some(import) = &project.config.import else {
        return Ok(Exit::Done);
    };
    let reads = project.ir.reads();
    let mut exit = Exit::Done;
    for Lacking {
        file,
        table,
        columns,
    } in lacking(&import.files)?
    {
        let is_read = |column: &&String| {
            let mut reads = reads.iter();
            let column = column.to_lowercase();
            reads.any(|(of, name, _)| {
                of.eq_ignore_ascii_case(&table) && name.to_lowercase() == column
            })
        };
        let read = columns.iter().filter(is_read);
        let read: Vec<String> = read.map(|column| format!("`{column}`")).collect();
        if !read.is_empty() {
            exit = Exit::Attention;
            note!(
                "attention: {file} is the last file of its table and has no {}, which rules read: its new rows are empty there; if the column has \
                 another name now, write `columns:` for the file",
                read.join(", ")
            );
        }
    }
    Ok(exit)
}

fn told(imported: &Imported, config: &Config) -> Vec<String> {
    imported.told(&marks(config.locale))
}
