//! The identity of published results: the file and the run that they come from.

use std::collections::BTreeSet;

use super::PublishError;
use super::tables::Keys;
use crate::config::{Config, Destination};
use crate::store::{Store, StoreError};

/// Runs of the results file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredRuns {
    /// The newest one, however it ended.
    pub newest: i64,
    /// The last one that was published.
    pub published: i64,
    /// Changes each time history is rewritten: a client was erased, or a segment has another id.
    pub rewritten: i64,
    /// The unique id of the file; `None` before the first run with this version.
    pub results: Option<[u8; 16]>,
}

impl StoredRuns {
    /// The unique id of the file, as the server stores it.
    pub(super) fn identity(&self) -> Option<String> {
        let results = self.results.map(u128::from_be_bytes);
        results.map(|results| format!("{results:032x}"))
    }
}

/// What the tables on a server were published from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Published {
    pub run: i64,
    /// The file's number of its last history rewrite, and its identity; `None` if an earlier version wrote it.
    pub rewritten: Option<i64>,
    pub results: Option<String>,
    /// The unique token of this publication; `None` if an earlier version wrote it.
    pub token: Option<String>,
}

/// What is written to a server about a publication.
#[derive(Debug)]
pub(super) struct Mark {
    pub runs: StoredRuns,
    pub token: String,
}

/// The tokens of the publications that a file has made, or may have made.
pub(super) type Tokens = BTreeSet<String>;

impl Published {
    /// Whether this is the last state of a file.
    pub(super) fn is_of(&self, runs: &StoredRuns) -> bool {
        self.run == runs.published && self.has_history_of(runs)
    }

    /// Whether its history is the current history of the file, as far as it goes.
    pub(super) fn has_history_of(&self, runs: &StoredRuns) -> bool {
        self.rewritten == Some(runs.rewritten) && self.results == runs.identity()
    }

    /// Whether the file's history has been rewritten since, for example because a client was forgotten. An earlier
    /// version does not record this.
    pub(super) fn lacks_rewriting(&self, runs: &StoredRuns) -> bool {
        self.rewritten != Some(runs.rewritten)
    }

    /// Whether another file published it.
    fn is_of_another(&self, runs: &StoredRuns) -> bool {
        let ours = runs.identity();
        self.results.is_some() && self.results != ours
    }

    /// Whether this copy of the file published it, and not another copy.
    pub(super) fn is_own(&self, own: &Tokens) -> bool {
        self.token.as_ref().is_some_and(|token| own.contains(token))
    }
}

/// Refuses to overwrite what another file, another copy of this one, or a later state of it has published.
pub(super) fn allowed(
    there: Option<&Published>,
    (runs, own): (&StoredRuns, &Tokens),
    destination: &Destination,
) -> Result<(), PublishError> {
    let Some(there) = there else {
        return Ok(());
    };
    let server = destination.to_string();
    if there.is_of_another(runs) {
        let run = there.run;
        return Err(PublishError::OtherFile { server, run });
    }
    let (run, here) = (there.run, runs.newest);
    if run > here {
        let there = run;
        return Err(PublishError::Older {
            server,
            there,
            here,
        });
    }
    match there.token.is_none() || there.is_own(own) {
        true => Ok(()),
        false => Err(PublishError::OtherCopy { server, run }),
    }
}

/// The runs of the results file; `None` before the first published run.
///
/// # Errors
/// The file cannot be read.
pub async fn stored_runs(config: &Config) -> Result<Option<StoredRuns>, StoreError> {
    Ok(stored(config).await?.map(|(runs, _, _)| runs))
}

/// The same, with the tokens of the file's publications and the type of its keys.
pub(super) async fn stored(
    config: &Config,
) -> Result<Option<(StoredRuns, Tokens, Keys)>, StoreError> {
    let Some(mut store) = Store::open_reader(config.results_path()).await? else {
        return Ok(None);
    };
    let runs = runs_of(&mut store).await?;
    let own = store.publications().await?;
    let keys = keys_of(&mut store).await?;
    store.close().await?;
    Ok(runs.map(|runs| (runs, own, keys)))
}

pub(super) async fn keys_of(store: &mut Store) -> Result<Keys, StoreError> {
    Ok(match store.has_text_keys().await? {
        true => Keys::Texts,
        false => Keys::Numbers,
    })
}

pub(super) async fn runs_of(store: &mut Store) -> Result<Option<StoredRuns>, StoreError> {
    let Some(published) = store.last_published().await? else {
        return Ok(None);
    };
    let newest = store.runs(1).await?;
    let rewritten = store.rewritings().await?;
    let results = store.identity().await?;
    Ok(newest.first().map(|newest| StoredRuns {
        newest: newest.id,
        published: published.id,
        rewritten,
        results,
    }))
}
