//! The audit log of the page: written before personal data leaves, and after something has been changed.

use super::Web;
use super::refusal::Refusal;
use super::who::Visitor;
use crate::store::{Audited, Store};

impl Web {
    /// Logs an action before it happens: `what` to `of`, which never names a person.
    ///
    /// # Errors
    /// The log cannot be written; the caller must then not perform the action.
    pub(super) async fn audit(
        &self,
        visitor: &Visitor,
        what: &str,
        of: Option<&str>,
    ) -> Result<(), Refusal> {
        let files = self.files().await?;
        let mut store = Store::open_writer(files.config.results_path(), false).await?;
        let audited = Audited {
            at: self.now(),
            who: visitor.name.to_string(),
            what: what.to_owned(),
            of: of.map(str::to_owned),
        };
        let written = store.audit(&audited).await;
        store.close().await?;
        Ok(written?)
    }

    /// Logs an action that has happened and cannot be undone.
    ///
    /// # Errors
    /// The log cannot be written; the reason states that the action happened anyway.
    pub(super) async fn audit_done(
        &self,
        visitor: &Visitor,
        what: &str,
        of: Option<&str>,
    ) -> Result<(), Refusal> {
        let written = self.audit(visitor, what, of).await;
        written.map_err(|refusal| Refusal {
            reason: format!(
                "it was done, but the record of who did it could not be written: {}",
                refusal.reason
            ),
            ..refusal
        })
    }
}
