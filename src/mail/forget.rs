//! Removal of every trace of a client from what Muster writes: tables, files of reports, mail.

use super::kept::{Cleared, clear_folder, clear_report_files};
use super::named;
use crate::config::Config;
use crate::engine::EngineError;
use crate::store::{Erased, Naming, Store, StoreError};
use crate::testing;

/// What was erased about a client, and where the client is still named.
#[derive(Debug)]
pub struct Forgotten {
    /// The key, as our tables store it.
    pub key: String,
    /// Rows erased from our tables.
    pub erased: Erased,
    files: Cleared,
    mails: Cleared,
    naming: Vec<Naming>,
}

/// Erases the subject with a key from our tables and files, at the instant `now` in microseconds. `None` if no table of
/// ours knows the key, nor exactly one key that config's `match:` treats as equal. For the holder of the lease: a run
/// in progress might have read the subject before, and would write it again.
///
/// # Errors
/// The results cannot be read or written.
pub async fn forget(config: &Config, key: &str, now: i64) -> Result<Option<Forgotten>, StoreError> {
    let mut store = Store::open_writer(config.results_path(), false).await?;
    let mut key = key.to_owned();
    let mut erased = store.erase(&key).await?;
    if erased.is_none() {
        let same = store.same_keys(&key, config.subject.matching).await?;
        if let [same] = same.as_slice() {
            key.clone_from(same);
            erased = store.erase(&key).await?;
        }
    }
    let Some(erased) = erased else {
        store.close().await?;
        return Ok(None);
    };
    let files = clear_report_files(config, &mut store, now).await?;
    let mails = clear_folder(config, &mut store).await?;
    let column = &config.subject.key.value;
    let names = |kind, text: &str| named::is_named(&key, kind, text, column);
    let naming = store.sources_naming(&key, &names).await?;
    store.close().await?;
    Ok(Some(Forgotten {
        key,
        erased,
        files,
        mails,
        naming,
    }))
}

impl Forgotten {
    /// True if everything that should be removed is gone.
    pub fn is_whole(&self) -> bool {
        let cleared = [&self.files, &self.mails];
        self.erased.log_emptied && cleared.iter().all(|cleared| cleared.failed.is_empty())
    }

    /// What was removed, what is left and what has to be done about it, one line each; `still_there` tells whether the
    /// database still has the subject.
    pub fn lines(&self, config: &Config, still_there: Result<bool, EngineError>) -> Vec<String> {
        let key = &self.key;
        let mut lines = Vec::new();
        match still_there {
            Ok(true) => lines.push(format!(
                "note: `{key}` is still in `{}` of {}, and the next run brings them back; delete them there first",
                config.subject.table.value,
                config.database
            )),
            Ok(false) => {}
            Err(error) => lines.push(format!(
                "note: whether the next run brings them back is not known: {error}"
            )),
        }
        lines.extend(self.naming.iter().map(|text| named_in(text, key)));
        let tests = testing::naming(config, key).into_iter();
        lines
            .extend(tests.map(|place| {
                format!("note: `{key}` is in the test file {place}; remove it there")
            }));
        lines.extend(cleared_lines(&self.files, "files of reports"));
        lines.extend(cleared_lines(&self.mails, "mails in a folder"));
        if !self.erased.log_emptied {
            lines.push(format!(
                "attention: another program is reading `{}`, and what was erased stays in the file `-wal` beside it until \
                 every program has closed it",
                config.results_path().display()
            ));
        }
        lines
    }
}

/// What to do about a rule or a list that names the client, as a run was made from it.
fn named_in(text: &Naming, key: &str) -> String {
    let Naming {
        path, first, last, ..
    } = text;
    let runs = match first == last {
        true => format!("run {first}"),
        false => format!("runs {first} to {last}"),
    };
    format!(
        "note: `{key}` is in `{path}` as {runs} read it; remove it from the file, and with `history:` the stored text \
         goes with its runs"
    )
}

/// Which files were removed, and which are left.
fn cleared_lines(cleared: &Cleared, what: &str) -> Vec<String> {
    let mut lines = Vec::new();
    if cleared.deleted > 0 {
        lines.push(format!("{what} deleted: {}", cleared.deleted));
    }
    if cleared.changed > 0 {
        lines.push(format!(
            "note: {what} that somebody has changed since, and that are yours to delete: {}",
            cleared.changed
        ));
    }
    lines.extend(cleared.failed.iter().map(|(path, why)| {
        format!(
            "attention: `{}` cannot be deleted ({why}); delete it by hand",
            path.display()
        )
    }));
    lines
}
