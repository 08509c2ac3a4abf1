//! What saving would change: who would move, by segment.

use std::sync::Arc;

use serde::Serialize;

use super::counted::clock;
use super::draft::Draft;
use crate::config::marks;
use crate::edits::between_bounded;
use crate::engine::Unwatched;
use crate::plan::{self, Asked};
use crate::view::{Against, PlanView, Table};
use crate::web::Web;
use crate::web::refusal::Refusal;
use crate::web::state::Files;
use crate::web::table::ShownTable;

/// The maximum number of movers listed.
const MOVERS: usize = 20;

/// What saving would change.
#[derive(Debug, Serialize)]
pub(super) struct Plan {
    edits: String,
    segments: Option<String>,
    summary: String,
    movers: Option<String>,
    more: usize,
    remarks: Vec<String>,
}

/// Compares the drafted rules with the rules on disk.
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
    let html = |table: &Table, called| ShownTable::new(table, &marks).html(called);
    let shown = |table: &Table, called| (!table.rows.is_empty()).then(|| html(table, called));
    let movers = view.movers(MOVERS);
    Ok(Plan {
        edits: html(&view.edits(), "Edits"),
        segments: shown(&view.segments(), "Segments"),
        summary: view.summary(),
        more: planned.plan.movers.len().saturating_sub(movers.rows.len()),
        movers: shown(&movers, "Who would move"),
        remarks: view.remarks(),
    })
}
