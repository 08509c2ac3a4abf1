//! `muster import`

use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::results;
use crate::config::Config;
use crate::engine::Unwatched;
use crate::import::{Imported, build, refresh};
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
    let imported = blocking(|| build(&import.files, &config.database, &Unwatched)?.keep())?;
    for line in told(&imported, &config) {
        say!("{line}");
    }
    note!("wrote {}", config.database.display());
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
    if let Some(imported) = blocking(|| refresh(&import.files, &config.database, &Unwatched))? {
        note!("imported, because the files have changed:");
        for line in told(&imported, &config) {
            note!("{line}");
        }
    }
    Ok(())
}

fn told(imported: &Imported, config: &Config) -> Vec<String> {
    imported.told(&marks(config.locale))
}
