//! The names that a condition can use.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::language::functions::{Family, entries};
use crate::project::Project;
use crate::view::{Cell, catalog_table};
use crate::web::Web;
use crate::web::fields::{Fields, Query};
use crate::web::refusal::Refusal;
use crate::web::who::Visitor;

/// The maximum number of values offered for a column, and the maximum number of rows of its table.
const VALUES: usize = 200;
const ROWS: usize = 1_000_000;

/// The keywords of the language, other than functions.
const WORDS: [&str; 22] = [
    "and",
    "or",
    "not",
    "between",
    "in",
    "is missing",
    "contains",
    "starts with",
    "ends with",
    "where",
    "within",
    "today",
    "now",
    "ago",
    "yes",
    "no",
    "in last 30 days",
    "in previous 30 days",
    "this month",
    "last month",
    "this year",
    "in segment",
];

/// A name, its meaning and its origin.
#[derive(Debug, Serialize)]
struct Name {
    name: String,
    kind: String,
    origin: String,
}

fn known(project: &Project) -> Vec<Name> {
    let name = |name: &str, kind: &str, origin: &str| Name {
        name: name.to_owned(),
        kind: kind.to_owned(),
        origin: origin.to_owned(),
    };
    let table = catalog_table(project);
    let text = |row: &[Cell], place: usize| match row.get(place) {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let mut all: Vec<Name> = table
        .rows
        .iter()
        .map(|row| name(&text(row, 0), &text(row, 1), &text(row, 2)))
        .collect();
    let segments = project.rules.segments.iter();
    all.extend(segments.map(|segment| {
        name(
            &format!("in segment {}", segment.id.value),
            "segment",
            &segment.name,
        )
    }));
    let mut functions: Vec<&'static str> = Vec::new();
    for entry in [Family::Values, Family::Rows, Family::Population]
        .into_iter()
        .flat_map(entries)
    {
        if !functions.contains(&entry.name) {
            functions.push(entry.name);
            all.push(name(&format!("{}(", entry.name), "function", ""));
        }
    }
    all.extend(WORDS.iter().map(|word| name(word, "word", "")));
    all
}

/// All names, for the completion script.
pub(in crate::web) async fn names(State(web): State<Web>) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let project = files.project.as_ref();
    json(&project.map_or_else(Vec::new, |project| known(project)))
}

/// The text values of a column, for the completion script: `?name=visits.studio`.
pub(in crate::web) async fn texts(
    State(web): State<Web>,
    Query(query): Query,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let wanted = query.said("name").unwrap_or_default().to_owned();
    let Some(project) = files.project.clone() else {
        return json(&Vec::<String>::new());
    };
    let connect = web.connect();
    let found = tokio::task::spawn_blocking(move || {
        let (entity, column) = match wanted.split_once('.') {
            None => (&project.catalog.subject, wanted.as_str()),
            Some((name, column)) => {
                let mut collections = project.catalog.collections.iter();
                let collection = collections.find(|collection| collection.name == name);
                (&collection?.entity, column)
            }
        };
        let reference = crate::catalog::ColumnRef {
            lookup: None,
            column: column.to_owned(),
        };
        if !entity.columns.contains_key(column) || project.catalog.is_private_of(entity, &reference)
        {
            return None;
        }
        let snapshot = connect(&project.config).snapshot().ok()?;
        snapshot
            .distinct_texts(&entity.table, column, VALUES, ROWS)
            .ok()?
    });
    let found = found
        .await
        .map_err(|error| Refusal::broken(error.to_string()))?;
    json(&found.into_iter().flatten().collect::<Vec<String>>())
}

#[derive(Debug, Serialize)]
struct Reference {
    names: Vec<Name>,
}

/// The names as a page.
pub(super) async fn page(
    web: &Web,
    visitor: &Visitor,
    query: &Fields,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let project = files.project.as_ref();
    let project = project.ok_or_else(|| Refusal::not_now("the rules cannot be read right now"))?;
    let filled = Reference {
        names: known(project),
    };
    web.part(visitor, query, "Names", "names.html", filled)
}

fn json(found: &impl Serialize) -> Result<Response, Refusal> {
    let text = serde_json::to_string(found).map_err(|error| Refusal::broken(error.to_string()))?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}
