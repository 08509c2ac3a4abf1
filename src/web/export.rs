//! Exports of exactly the people that a page shows, streamed row by row. Memory does not grow with their number. An
//! error midway aborts the transfer, so that no browser takes a part for the whole.

use std::io::{Error, Write};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use futures_util::{StreamExt, TryStreamExt};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::Web;
use super::clients::Filter;
use super::fields::{Fields, Posted, Query};
use super::refusal::Refusal;
use super::results::Results;
use super::who::Visitor;
use crate::config::{Config, Marks};
use crate::engine::{Evaluation, Unwatched};
use crate::export::{columns_of, evaluate_columns, load_for_export};
use crate::project::columns::ExportColumn;
use crate::store::{Among, Store};
use crate::time::{Clock, date_of_days};
use crate::value::KeyMatch;
use crate::view::{BYTE_ORDER_MARK, CsvWriter, export_headings, export_row, marks};

/// Bytes of the file, or the error that ended it.
type Piece = Result<Vec<u8>, Error>;

/// The size from which a chunk is sent, in bytes.
const PIECE: usize = 64 << 10;

/// The members of a segment.
pub(super) async fn segment(
    State(web): State<Web>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let results = web.results().await?;
    results.segment(&id)?;
    let run = run_shown(&fields)?;
    let whose = Whose::Among(Among::one(Some(&id)));
    sent(&web, &visitor, results, (whose, run), &id).await
}

/// The clients that match a filter.
pub(super) async fn clients(
    State(web): State<Web>,
    visitor: Visitor,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let results = web.results().await?;
    let run = run_shown(&fields)?;
    let filter = Filter::read(fields, &results)?;
    let name = results.files.config.subject.plural.clone();
    let whose = Whose::Among(filter.among);
    sent(&web, &visitor, results, (whose, run), &name).await
}

/// The clients that a search finds.
pub(super) async fn found(
    State(web): State<Web>,
    visitor: Visitor,
    Posted(fields): Posted,
) -> Result<Response, Refusal> {
    let results = web.results().await?;
    let run = run_shown(&fields)?;
    let text = fields.one("text").unwrap_or_default().to_owned();
    let filter = Filter::read(fields.only(&["segment", "match"]), &results)?;
    let name = results.files.config.subject.plural.clone();
    let matching = results.files.config.subject.matching;
    let whose = Whose::Found(text, matching, filter.among);
    sent(&web, &visitor, results, (whose, run), &name).await
}

/// The run shown on the page that links to the export; `None` if the address was typed by hand.
fn run_shown(fields: &Fields) -> Result<Option<i64>, Refusal> {
    let run = fields.said("run").map(str::parse).transpose();
    run.map_err(|_| Refusal::invalid("`run` is a number"))
}

/// Who is exported.
enum Whose {
    Among(Among),
    /// Those of a list that match a search.
    Found(String, KeyMatch, Among),
}

/// The columns of an export, as a comma-separated text: `id, name, score`.
pub(super) fn exported(config: &Config, of_one_segment: bool) -> String {
    let columns = columns_of(config, of_one_segment).into_iter();
    columns
        .map(|column| column.value)
        .collect::<Vec<_>>()
        .join(", ")
}

async fn sent(
    web: &Web,
    visitor: &Visitor,
    results: Results,
    (whose, run): (Whose, Option<i64>),
    name: &str,
) -> Result<Response, Refusal> {
    let (Whose::Among(among) | Whose::Found(_, _, among)) = &whose;
    let of = among.words(|id| results.name(id));
    let of_one = among.is_of_one();
    // An open reader blocks the write of the audit log if the file is not in WAL mode.
    results.store.close().await?;
    web.audit(visitor, "export", of.as_deref()).await?;
    let results = web.results().await?;
    if run.is_some_and(|run| run != results.run.id) {
        return Err(Refusal::conflict(
            "a newer run has been published since the page was shown: reload it, and export what it shows then",
        ));
    }
    let clock = Clock {
        now: results.run.as_of,
        zone: results.files.config.timezone,
    };
    let (project, columns) = load_for_export(web.path(), &[], of_one, web.connect()).await?;
    let connect = web.connect();
    let evaluated = tokio::task::spawn_blocking(move || {
        let connector = connect(&project.config);
        let evaluation = evaluate_columns(&project, &*connector, &columns, &clock, &Unwatched);
        evaluation.map(|evaluation| (evaluation, columns))
    });
    let evaluated = evaluated
        .await
        .map_err(|error| Refusal::broken(error.to_string()))?;
    let (evaluation, columns) = evaluated.map_err(|error| Refusal::not_now(error.to_string()))?;
    let bom = results.files.config.export.bom;
    let day = date_of_days(clock.local_date(clock.now));
    let rows = Rows {
        columns,
        evaluation,
        clock,
        marks: marks(results.files.config.locale),
    };
    let (sender, receiver) = channel(2);
    tokio::spawn(async move {
        let first = if bom { BYTE_ORDER_MARK } else { "" };
        if let Err(reason) = rows.send(results.store, &whose, first, &sender).await {
            tracing::error!(reason, "an export was broken off");
            let _ = sender.send(Err(Error::other(reason))).await;
        }
    });
    // Only an empty chunk marks the end: if the sender ends without one, the transfer fails, because a part must not
    // look like the whole.
    let pieces = unfold(Some(receiver), async |receiver| {
        let mut receiver: Receiver<Piece> = receiver?;
        match receiver.recv().await {
            Some(Ok(piece)) if piece.is_empty() => None,
            Some(piece) => Some((piece, Some(receiver))),
            None => Some((Err(Error::other("broken off")), None)),
        }
    });
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{plain}-{day}.csv\""),
        ),
    ];
    Ok((headers, Body::from_stream(pieces.boxed())).into_response())
}

/// The rows of an export.
struct Rows {
    columns: Vec<ExportColumn>,
    evaluation: Option<Evaluation>,
    clock: Clock,
    marks: Marks,
}

impl Rows {
    /// Sends all rows, formatted as in a file.
    async fn send(
        &self,
        mut store: Store,
        whose: &Whose,
        first: &str,
        to: &Sender<Piece>,
    ) -> Result<(), String> {
        let written = Written::default();
        let mut out = written.clone();
        out.write_all(first.as_bytes()).map_err(words)?;
        let headings = export_headings(&self.columns);
        let mut csv = CsvWriter::start(out, &headings, self.marks).map_err(words)?;
        let mut clients = match whose {
            Whose::Among(among) => store.stream_clients(among).await.map_err(words)?,
            Whose::Found(text, matching, among) => {
                let keys = store.search(text, *matching, among).await.map_err(words)?;
                store.stream_clients_of(keys)
            }
        };
        while let Some(client) = clients.try_next().await.map_err(words)? {
            let evaluation = self.evaluation.as_ref();
            let cells = export_row(&self.columns, &client, evaluation, self.clock.zone);
            csv.row(&cells).map_err(words)?;
            if written.len() >= PIECE && to.send(Ok(written.take())).await.is_err() {
                // The receiver is gone.
                return Ok(());
            }
        }
        csv.finish().map_err(words)?;
        let last = written.take();
        if !last.is_empty() {
            let _ = to.send(Ok(last)).await;
        }
        let _ = to.send(Ok(Vec::new())).await;
        Ok(())
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A buffer of bytes that are still to be sent.
#[derive(Debug, Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
