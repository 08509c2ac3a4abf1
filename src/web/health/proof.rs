//! The check of the score against the past.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::proved::{Proved, Titled};
use crate::backtest::{Asked, BacktestError, backtest};
use crate::connector::Connector;
use crate::project::Project;
use crate::view::{Wording, backtest_tables, captions, left_out, marks, verdict};
use crate::web::Web;
use crate::web::fields::Query;
use crate::web::refusal::Refusal;
use crate::web::table::ShownTable;
use crate::web::who::Visitor;
use crate::web::work::{Progress, Worked};

/// The part of the page that shows the check.
#[derive(Debug, Default, Serialize)]
pub(super) struct ProofView {
    running: bool,
    progress: Option<String>,
    failed: Option<String>,
    sentences: Vec<String>,
    alt: String,
    tables: Vec<Titled>,
    notes: Vec<String>,
}

/// Evaluates the past on a separate thread.
///
/// # Errors
/// A message.
pub(super) async fn prove(
    project: Arc<Project>,
    connector: Box<dyn Connector>,
    now: i64,
    progress: Arc<Progress>,
) -> Result<Proved, String> {
    let work = move || {
        let found = backtest(&project, &*connector, &Asked::default(), now, &*progress);
        let found = found.map_err(|error| match error {
            BacktestError::Asked(words) => words,
            BacktestError::Run(error) => error.to_string(),
        })?;
        let marks = marks(project.config.locale);
        let wording = Wording {
            subject: &project.config.subject,
            marks,
            zone: project.config.timezone,
        };
        let tables = backtest_tables(&found, &wording).into_iter();
        Ok(Proved {
            sentences: verdict(&found, &wording),
            tables: tables
                .map(|(title, table)| Titled {
                    title,
                    table: ShownTable::new(&table, &marks),
                })
                .collect(),
            notes: left_out(&found)
                .into_iter()
                .chain(found.notes.clone())
                .collect(),
            picture: crate::validation::draw(&found.proof, &captions(&found, &wording)),
        })
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| error.to_string())?
}

pub(super) fn proof_view(work: &Worked<Proved>) -> ProofView {
    match work {
        Worked::Not => ProofView::default(),
        Worked::Doing(progress) => ProofView {
            running: true,
            progress: progress.words(),
            ..ProofView::default()
        },
        Worked::Failed(reason) => ProofView {
            failed: Some(reason.clone()),
            ..ProofView::default()
        },
        Worked::Done(proved) => ProofView {
            sentences: proved.sentences.clone(),
            alt: proved.sentences.join(" "),
            tables: proved.tables.clone(),
            notes: proved.notes.clone(),
            ..ProofView::default()
        },
    }
}

/// The chart of a run's proof. It includes its own styles.
pub(in crate::web) async fn picture(
    State(web): State<Web>,
    _: Visitor,
    Query(query): Query,
) -> Result<Response, Refusal> {
    let proofs = &web.desk().proofs;
    match proofs.state(query.one("run").unwrap_or_default()) {
        Worked::Done(proved) => {
            let headers = [
                (CONTENT_TYPE, "image/svg+xml"),
                (
                    CONTENT_SECURITY_POLICY,
                    "default-src 'none'; style-src 'unsafe-inline'",
                ),
            ];
            Ok((headers, proved.picture.clone()).into_response())
        }
        _ => Err(Refusal::not_found("nobody has asked for this picture")),
    }
}
