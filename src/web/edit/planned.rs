//! What saving would change: who would move, by segment.

use std::sync::Arc;

use serde::Serialize;

use super::counted::clock;
use super::draft::Draft;
use crate::config::marks;
use crate::edits::between_bounded;
use crate::engine::Unwatched;
use crate::plan::{self, Asked};
use crate::view::{Against, PlanView};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::table::ShownTable;

/// So many movers are listed.
const MOVERS: usize = 20;

/// What saving would change.
#[derive(Debug, Serialize)]
pub(super) struct Plan {
    edits: ShownTable,
    segments: Option<ShownTable>,
    summary: String,
    movers: Option<ShownTable>,
    more: usize,
    remarks: Vec<String>,
}

/// The rules as they would be, held against those that are written.
///
/// # Errors
/// The data cannot be read.
pub(super) async fn plan(web: &Web, files: &Arc<Files>, draft: &Draft) -> Result<Plan, Refusal> {
    let old = files.project.clone();
    let old = old.ok_or_else(|| Refusal::not_now("the rules cannot be read right now"))?;
    let now = clock(web, files).await?.now;
    let (new, connect) = (Arc::clone(&draft.project), web.connect());
    let asked = tokio::task::spawn_blocking(move || {
        let edits = between_bounded(&old, &new);
        let connector = connect(&new.config);
        let asked = Asked {
            now,
            segment: None,
            explained: MOVERS,
        };
        plan::plan((&old, &new), &edits, &*connector, &asked, &Unwatched)
    });
    let planned = asked
        .await
        .map_err(|error| Refusal::broken(error.to_string()))?;
    let planned = planned.map_err(|error| Refusal::not_now(error.to_string()))?;
    let marks = marks(files.config.locale);
    let against = Against::Config(draft.file.clone());
    let view = PlanView {
        plan: &planned.plan,
        against: &against,
        drift: None,
        subject: &files.config.subject,
        marks,
    };
    let shown = |table: &crate::view::Table| {
        (!table.rows.is_empty()).then(|| ShownTable::new(table, &marks))
    };
    let movers = view.movers(MOVERS);
    Ok(Plan {
        edits: ShownTable::new(&view.edits(), &marks),
        segments: shown(&view.segments()),
        summary: view.summary(),
        more: planned.plan.movers.len().saturating_sub(movers.rows.len()),
        movers: shown(&movers),
        remarks: view.remarks(),
    })
}
