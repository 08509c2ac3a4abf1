//! What people do on the page is written down before it is done.

use super::Web;
use super::refusal::Refusal;
use super::who::Visitor;
use crate::store::{Audited, Store};

impl Web {
    /// Writes down that somebody does something: `what` to `of`, which is never a person.
    ///
    /// # Errors
    /// It cannot be written, and then it must not be done.
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
}
