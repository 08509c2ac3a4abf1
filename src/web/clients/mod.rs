//! The list of clients, by score, then alphabetically.

mod filter;
mod view;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::Web;
use super::export::exported;
use super::fields::{Posted, Query};
use super::refusal::Refusal;
use super::results::Results;
use super::who::Visitor;
use crate::store::Match;
pub(super) use crate::value::capitalised;
pub(super) use filter::Filter;
pub(super) use view::{PER_PAGE, Pager, Row, Rows, Tile, counted, tiles};

#[derive(Serialize)]
struct Filled {
    run: i64,
    heading: String,
    subject: String,
    as_of: String,
    notes: Vec<String>,
    /// The search text.
    text: String,
    /// The filter in words.
    filtered: Option<String>,
    how: &'static str,
    segments: Vec<Choice>,
    found: String,
    scored: bool,
    rows: Vec<Row>,
    pager: Option<Pager>,
    /// The pages of a search result, which has no address.
    parts: Option<Parts>,
    export: Option<String>,
    /// The fields of the filter, so that a search stays within it.
    within: Vec<(String, String)>,
    /// The columns of the export.
    columns: String,
    subjects: String,
}

/// Links to the other pages of a search result.
#[derive(Serialize)]
struct Parts {
    previous: Option<u32>,
    next: Option<u32>,
    part: String,
}

/// A segment that can be filtered by.
#[derive(Serialize)]
struct Choice {
    #[serde(flatten)]
    tile: Tile,
    size: String,
    chosen: bool,
}

/// The list, filtered by segments.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Query(fields): Query,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let filter = Filter::read(fields, &results)?;
    let marks = results.marks();
    let clients = results.clients(&filter.query()).await?;
    let of = results.count(&filter.among).await?;
    if clients.is_empty() && filter.page > 1 {
        return Err(Refusal::not_found("the list does not have that many pages"));
    }
    let pager = Pager::new((filter.page, clients.len(), of), &marks, |page| {
        filter.href("/clients", page)
    });
    let mut filled = filled(&web, &mut results, &clients).await?;
    filled.filter(&filter, &results);
    filled.found = counted(&results.files.config, of, &marks);
    filled.pager = Some(pager);
    filled.export = Some(filter.export("/clients/export", results.run.id));
    filled.columns = exported(&results.files.config, filter.among.is_of_one());
    web.page(
        &visitor,
        "/clients",
        &filled.heading.clone(),
        "clients.html",
        filled,
    )
}

/// Clients within a filter that match a name or key. The answer has no address of its own, because the search text is a
/// person's name.
pub(super) async fn search(
    State(web): State<Web>,
    visitor: Visitor,
    Posted(fields): Posted,
) -> Result<Response, Refusal> {
    let Some(text) = fields.said("text").map(str::to_owned) else {
        return Ok(Redirect::to("/clients").into_response());
    };
    let mut results = web.results().await?;
    let filter = Filter::read(fields.only(&["segment", "match", "page"]), &results)?;
    let marks = results.marks();
    let matching = results.files.config.subject.matching;
    let keys = results.store.search(&text, matching, &filter.among).await?;
    let part = filter.part(&keys);
    if part.is_empty() && filter.page > 1 {
        return Err(Refusal::not_found("the list has not that many pages"));
    }
    let clients = results.clients_of(part).await?;
    let mut filled = filled(&web, &mut results, &clients).await?;
    filled.filter(&filter, &results);
    let count = counted(&results.files.config, keys.len() as u64, &marks);
    filled.found = match keys.is_empty() {
        true => format!(
            "No {} has this in the name or key.",
            results.files.config.subject.name.value
        ),
        false => format!("{count} found."),
    };
    let place = (filter.page, clients.len(), keys.len() as u64);
    let pager = Pager::new(place, &marks, |page| page.to_string());
    filled.parts = Some(Parts {
        previous: pager.previous.map(|_| filter.page - 1),
        next: pager.next.map(|_| filter.page + 1),
        part: pager.part,
    });
    filled.text = text;
    web.page(
        &visitor,
        "/clients",
        &filled.heading.clone(),
        "clients.html",
        filled,
    )
}

impl Filled {
    /// Fills in the current filter.
    fn filter(&mut self, filter: &Filter, results: &Results) {
        self.filtered = filter.words(results);
        self.how = match filter.among.how() {
            Match::All => "all",
            Match::Any => "any",
            Match::None => "none",
        };
        for choice in &mut self.segments {
            choice.chosen = filter.among.segments().contains(&choice.tile.id);
        }
        self.within = filter.within();
    }
}

async fn filled(
    web: &Web,
    results: &mut Results,
    clients: &[crate::store::Client],
) -> Result<Filled, Refusal> {
    let marks = results.marks();
    let ids = web.desk().ids(&mut results.store).await?;
    let config = &results.files.config;
    let rows = Rows {
        segments: &results.segments,
        ids: &ids,
        marks: results.marks(),
        zone: config.timezone,
    };
    let segments = results.segments.iter().map(|segment| Choice {
        tile: Tile::new(segment),
        size: marks.whole(segment.size),
        chosen: false,
    });
    Ok(Filled {
        run: results.run.id,
        heading: capitalised(&config.subject.plural),
        subject: capitalised(&config.subject.name.value),
        as_of: results.as_of(),
        notes: results.notes(),
        text: String::new(),
        filtered: None,
        how: "all",
        segments: segments.collect(),
        found: String::new(),
        scored: config.health.is_some(),
        rows: rows.of(clients),
        pager: None,
        parts: None,
        export: None,
        within: Vec::new(),
        columns: String::new(),
        subjects: config.subject.plural.clone(),
    })
}
