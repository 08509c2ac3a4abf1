//! `muster import`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results;
use super::watch::Terminal;
use crate::config::Config;
use crate::connector::{Told, told_in};
use crate::import::{ImportError, Imported, Outlook, outlook, refresh};
use crate::project::blocking;
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

/// Imports before a run what has changed since the last import, and says so on stderr. What is wrong with config
/// tells whoever loads it.
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
            for told in of_files.iter().filter(|told| told.is_misread) {
                note!("note: from the last import: {}", told.line);
            }
        }
    }
    Ok(ends(&of_files))
}

/// How a command ends that has read these files: what can hardly be read in one of them needs attention, however few rows of the table it has.
fn ends(told: &[Told]) -> Exit {
    match told.iter().any(|told| told.is_misread) {
        true => Exit::Attention,
        false => Exit::Done,
    }
}

/// Says what the import that is looked at had trouble with, or that the files have changed since, and where the next one, which a run begins with, fails as things
/// stand: then that is how a command ends that only looks.
pub(super) fn tell_if_outdated(config: &Config) -> Exit {
    let Some(import) = &config.import else {
        return Exit::Done;
    };
    let folder = import.files.folder.display();
    match outlook(&import.files, &import.database) {
        Ok(Outlook::Same(told)) => {
            for told in &told {
                note!("note: from the last import: {}", told.line);
            }
            ends(&told)
        }
        Ok(Outlook::Changed(lines)) => {
            note!(
                "note: files in `{folder}` have changed since they were imported, or config reads them otherwise, and what is looked at is the last import; \
                 `muster import` imports them, and so does `muster run`"
            );
            for line in lines {
                note!("  {line}");
            }
            Exit::Done
        }
        Err(error) => {
            note!(
                "attention: the next import, which a run begins with, fails as things stand: {error}"
            );
            match error {
                ImportError::Files(_) => Exit::Input,
                ImportError::World(_) | ImportError::Cancelled => Exit::World,
            }
        }
    }
}

fn told(imported: &Imported, config: &Config) -> Vec<String> {
    imported.told(&marks(config.locale))
}
