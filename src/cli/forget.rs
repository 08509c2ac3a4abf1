//! `muster forget`

use std::path::Path;

use chrono::Utc;
use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::lease::lease;
use super::output::print_table;
use super::results::{config, nothing_yet, stored};
use super::watch::Terminal;
use crate::config::Config;
use crate::connector::connect;
use crate::engine::EngineError;
use crate::mail::{self, Cleared};
use crate::store::{Erased, Naming, Store, StoreError};
use crate::testing;
use crate::view::{Heading, Table};

/// Erase a subject from every table that Muster writes.
#[derive(Args, Debug)]
pub(super) struct Forget {
    /// The subject's key
    key: String,
}

pub(super) async fn forget(command: &Forget, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    let path = config.results_path();
    match stored(path).await? {
        Some(store) => store.close().await?,
        None => return Err(nothing_yet()),
    }
    let key = &command.key;
    // A run in progress might have read them before, and would write them down again.
    let lease = lease(&config, "forget", &Terminal::new()).await?;
    let erased = erase(path, &config, key).await;
    lease.release().await;
    let (erased, files, mails, naming) = erased?;
    let table = Table::of(&erased.tables)
        .column(Heading::left("table", "Table"), |(table, _)| table.clone())
        .column(Heading::right("erased", "Rows erased"), |(_, rows)| *rows)
        .done();
    print_table(&table, common.format, config.locale)?;
    match still_there(&config, key) {
        Ok(true) => note!("note: {}", comes_back(&config, key)),
        Ok(false) => {}
        Err(error) => {
            note!("note: whether the next run brings them back is not known: {error}")
        }
    }
    for text in &naming {
        note!("note: {}", named_in(text, key));
    }
    for place in testing::naming(&config, key) {
        note!("note: `{key}` stands in the test file {place}; take it out there");
    }
    let whole =
        tell_of_files(&files, "files of reports") & tell_of_files(&mails, "mails in a folder");
    if erased.log_emptied {
        return Ok(if whole { Exit::Done } else { Exit::Attention });
    }
    note!(
        "attention: another program is reading `{}`, and what was erased lies in the file `-wal` \
         beside it until all have closed it",
        path.display()
    );
    Ok(Exit::Attention)
}

/// Erases a subject from tables and files: what went from which tables, which files of reports and which
/// mails in a folder went.
async fn erase(
    path: &Path,
    config: &Config,
    key: &str,
) -> Result<(Erased, Cleared, Cleared, Vec<Naming>), Failure> {
    let mut store = Store::open_writer(path, false).await?;
    let Some(erased) = store.erase(key).await? else {
        let words = unknown(&mut store, config, key).await?;
        return Err(Failure::input(words));
    };
    let now = Utc::now().timestamp_micros();
    let files = mail::clear_report_files(config, &mut store, now).await?;
    let mails = mail::clear_folder(config, &mut store).await?;
    let naming = store.sources_naming(key).await?;
    store.close().await?;
    Ok((erased, files, mails, naming))
}

/// What to do about a rule or a list that names somebody, as a run was made by it.
fn named_in(text: &Naming, key: &str) -> String {
    let Naming { path, first, last } = text;
    let runs = match first == last {
        true => format!("run {first}"),
        false => format!("runs {first} to {last}"),
    };
    format!(
        "`{key}` stands in `{path}` as {runs} read it; take it out of the file, and with `history:` the stored text goes with \
         its runs"
    )
}

/// Says which files went, and which are left; true where none is left that should have gone.
fn tell_of_files(cleared: &Cleared, what: &str) -> bool {
    if cleared.deleted > 0 {
        note!("{what} deleted: {}", cleared.deleted);
    }
    if cleared.changed > 0 {
        let changed = cleared.changed;
        note!(
            "note: {what} that somebody has changed since, and that are yours to delete: {changed}"
        );
    }
    for (path, why) in &cleared.failed {
        note!(
            "attention: `{}` cannot be deleted ({why}); delete it by hand",
            path.display()
        );
    }
    cleared.failed.is_empty()
}

/// Nobody has the key: says so, and what the keys are where it is somebody's name.
async fn unknown(store: &mut Store, config: &Config, key: &str) -> Result<String, StoreError> {
    let named: Vec<String> = store
        .find(key)
        .await?
        .iter()
        .map(|client| format!("`{}`", client.score.subject))
        .collect();
    let subject = &config.subject.name.value;
    Ok(if named.is_empty() {
        format!("no table of Muster's knows a {subject} with the key `{key}`; nothing was erased")
    } else {
        format!(
            "`{key}` is a name; the key is wanted, so that nobody else is erased: {}",
            named.join(", ")
        )
    })
}

fn still_there(config: &Config, key: &str) -> Result<bool, EngineError> {
    let subject = &config.subject;
    let snapshot = connect(config).snapshot()?;
    snapshot.has_key(&subject.table.value, &subject.key.value, key)
}

fn comes_back(config: &Config, key: &str) -> String {
    format!(
        "`{key}` is still in `{}` of {}, and the next run brings them back; delete them there first",
        config.subject.table.value, config.database
    )
}
