//! State shared between requests: background work, and the secret behind the ids of people.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;

use super::people::PersonIds;
use super::refusal::Refusal;
use super::work::Work;
use crate::engine::Key;
use crate::store::Store;

/// The number of people with each value of each field; `None` if it cannot be evaluated.
pub(super) type FieldValues = BTreeMap<String, Vec<(String, Option<u64>)>>;

/// One slot for each kind of background work: whoever asks for work that is already running waits for its result.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// A run started from the page, or a dry run that shows what it would change.
    pub(super) runs: Arc<Work<super::runs::Ran>>,
    /// The state of the server that results are published to.
    pub(super) publication: Arc<Work<Option<crate::publish::Standing>>>,
    /// The check of the score against the past, for a run.
    pub(super) proofs: Arc<Work<super::health::Proved>>,
    /// The clients who can still be lost, lowest health first, for a run.
    pub(super) at_risk: Arc<Work<Option<Vec<Key>>>>,
    /// The number of people with each value of each field, for a state of the rules and a run.
    pub(super) values: Arc<Work<FieldValues>>,
    /// The saves that can be taken back.
    pub(super) saves: super::edit::Saves,
    /// Ensures that only one mail preview is written at a time.
    preview: Mutex<()>,
    /// A random secret, used if the results hold none yet.
    secret: OnceLock<[u8; 32]>,
}

impl Desk {
    /// The lock for writing a mail preview.
    pub(super) fn preview(&self) -> &Mutex<()> {
        &self.preview
    }

    /// The id codec with the secret of the results.
    ///
    /// # Errors
    /// The results cannot be read, or the machine has no random numbers.
    pub(super) async fn ids(&self, store: &mut Store) -> Result<PersonIds, Refusal> {
        let stored = store.page_key().await?;
        let secret = match (stored, self.secret.get()) {
            (Some(secret), _) => secret,
            (None, Some(drawn)) => *drawn,
            (None, None) => {
                let drawn = draw().map_err(Refusal::broken)?;
                *self.secret.get_or_init(|| drawn)
            }
        };
        Ok(PersonIds::new(&secret))
    }

    /// The text of the key behind an id in an address.
    ///
    /// # Errors
    /// The id is nobody's, or see [`Desk::ids`].
    pub(super) async fn key(&self, store: &mut Store, id: &str) -> Result<String, Refusal> {
        let ids = self.ids(store).await?;
        ids.key(id).ok_or_else(Refusal::nobody)
    }
}

/// Draws a secret that lives as long as the process.
///
/// # Errors
/// A message: the machine has no random numbers.
fn draw() -> Result<[u8; 32], String> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| format!("the system provides no random numbers: {error}"))?;
    Ok(secret)
}
