//! `muster import`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results;
use crate::config::Config;
use crate::engine::Unwatched;
use crate::import::{ImportError, Imported, build, finds_all, is_outdated, refresh};
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
    let imported = blocking(|| {
        finds_all(&import.files, &import.database)?;
        build(&import.files, &import.database, &Unwatched)?.keep()
    })?;
    for line in told(&imported, &config) {
        say!("{line}");
    }
    note!("wrote {}", import.database.display());
    Ok(Exit::Done)
}

/// Imports before a run what has changed since the last import, and says so on stderr. What is wrong with config
/// tells whoever loads it.
pub(super) fn before_a_run(common: &Common) -> Result<(), Failure> {
    let env = |name: &str| std::env::var(name).ok();
    let Ok(config) = crate::config::load(&common.config, &mut Sources::default(), &env) else {
        return Ok(());
    };
    let Some(import) = &config.import else {
        return Ok(());
    };
    if let Some(imported) = blocking(|| refresh(&import.files, &import.database, &Unwatched))? {
        note!("imported, because the files have changed:");
        for line in told(&imported, &config) {
            note!("{line}");
        }
    }
    Ok(())
}

/// Says where the files have changed since the import that is looked at, and where the next one, which a run begins with, fails as things
/// stand: then that is how a command ends that only looks.
pub(super) fn tell_if_outdated(config: &Config) -> Exit {
    let Some(import) = &config.import else {
        return Exit::Done;
    };
    let folder = import.files.folder.display();
    let outdated = is_outdated(&import.files, &import.database);
    let outlook = outdated.and_then(|is_outdated| {
        if is_outdated {
            finds_all(&import.files, &import.database)?;
        }
        Ok(is_outdated)
    });
    match outlook {
        Ok(false) => Exit::Done,
        Ok(true) => {
            note!(
                "note: files in `{folder}` have changed since they were imported, and what is looked at is the last import; \
                 `muster import` imports them, and so does `muster run`"
            );
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
