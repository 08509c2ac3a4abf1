//! The client list: the changes of `muster_scores`.

use std::borrow::Cow;

use serde::Deserialize;
use sqlx::Arguments;
use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteArguments;

use super::digest::Digest;
use super::error::About;
use super::subject_rows::{RowChanges, SubjectRow, Today};
use super::{Listed, Store, StoreError};
use crate::engine::Subjects;

/// Label, score in [`ticks`], rank.
#[derive(Deserialize)]
pub(super) struct StoredScore<'a>(#[serde(borrow)] Cow<'a, str>, i64, u32);

impl SubjectRow for Listed {
    const TABLE: &'static str = "muster_scores";
    const HASH: &'static str = "list_hash";
    const COMPARED: &'static str = "label, cast(score * 1e12 + 0.5 as integer), rank";
    const PARAMETERS: &'static str = "(?, ?, ?, ?)";
    type Stored<'a> = StoredScore<'a>;

    fn is(&self, label: &str, StoredScore(stored, score, rank): &StoredScore<'_>) -> bool {
        ticks(self.score) == *score && self.rank == *rank && stored == label
    }

    fn digest(&self, label: &str, digest: &mut Digest) {
        digest.text(label);
        digest.bytes(&self.score.to_bits().to_le_bytes());
        digest.bytes(&self.rank.to_le_bytes());
    }

    fn bind(&self, label: &str, row: &mut SqliteArguments) -> Result<(), BoxDynError> {
        row.add(label)?;
        row.add(self.score)?;
        row.add(self.rank)
    }
}

impl Store {
    /// Compares the current list, by places, with the published one.
    pub async fn list_changes(
        &mut self,
        subjects: &Subjects,
        list: &[Listed],
    ) -> Result<RowChanges, StoreError> {
        RowChanges::since(&mut self.connection, subjects, &Today::Rows(list))
            .await
            .about(&self.path)
    }
}

impl RowChanges {
    /// Marks every subject in the list as new.
    pub fn whole_list(subjects: &Subjects, list: &[Listed]) -> Self {
        Self::all(subjects, &Today::Rows(list))
    }
}

/// A score in units of 10^-12, to compare a stored score with a new one. The query uses the same arithmetic, so equal
/// scores have equal ticks.
fn ticks(score: f64) -> i64 {
    (score * 1e12 + 0.5) as i64
}
