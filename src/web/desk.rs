//! What pages share beyond one request: work in the background, and what ids of people are made from.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;

use super::people::PersonIds;
use super::refusal::Refusal;
use super::work::Work;
use crate::engine::Key;
use crate::store::Store;

/// How many people have each value of each field; none where that cannot be evaluated.
pub(super) type FieldValues = BTreeMap<String, Vec<(String, Option<u64>)>>;

/// The work of a kind each: who asks for what is being done already, waits for that.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// A run that somebody asked for, or an evaluation that shows what it would change.
    pub(super) runs: Arc<Work<super::runs::Ran>>,
    /// How the server stands that results are copied to.
    pub(super) publication: Arc<Work<Option<crate::publish::Standing>>>,
    /// The score held against the past, of a run.
    pub(super) proofs: Arc<Work<super::health::Proved>>,
    /// Those who can still be lost, lowest health first, of a run.
    pub(super) at_risk: Arc<Work<Option<Vec<Key>>>>,
    /// How many people have each value of each field, of a state of the rules and a run.
    pub(super) values: Arc<Work<FieldValues>>,
    /// What can be taken back.
    pub(super) saves: super::edit::Saves,
    /// Mail as it would be written now is written one at a time.
    preview: Mutex<()>,
    /// Where the results hold no secret yet.
    secret: OnceLock<[u8; 32]>,
}

impl Desk {
    /// The right to write a mail for show.
    pub(super) fn preview(&self) -> &Mutex<()> {
        &self.preview
    }

    /// The ids of people, as the results have them.
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

    /// The text of the key of somebody by the id that they have in addresses.
    ///
    /// # Errors
    /// It is nobody's, or see [`Desk::ids`].
    pub(super) async fn key(&self, store: &mut Store, id: &str) -> Result<String, Refusal> {
        let ids = self.ids(store).await?;
        ids.key(id).ok_or_else(Refusal::nobody)
    }
}

/// A secret for as long as the process lives.
///
/// # Errors
/// In words: the machine has no random numbers.
fn draw() -> Result<[u8; 32], String> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| format!("there are no random numbers: {error}"))?;
    Ok(secret)
}
