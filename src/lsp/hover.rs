//! Hover texts: the meaning of what is under the cursor; for a clause, the counts of its answers.

use std::collections::BTreeMap;

use gen_lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind, Range};

use super::clauses::of_filter;
use super::docs;
use super::occurrences;
use super::people::{Answered, Clause, Column, Split, Text};
use super::position::Lines;
use super::view::{Refusal, Spot, View};
use crate::catalog::{Catalog, Collection, ColumnState};
use crate::config::{Marks, marks};
use crate::diagnostic::covered_words;
use crate::language::Symbol;
use crate::language::check::MetricDefinition;
use crate::language::typed::Typed;
use crate::project::Project;
use crate::source::Location;
use crate::value::Type;

/// What is known immediately, and the clause and column that still need the data.
pub struct Pointed {
    /// The meaning of the name, in Markdown; empty if there is no name.
    pub words: String,
    /// The reference documentation of the word, in Markdown.
    pub page: Option<String>,
    pub range: Option<Range>,
    pub clause: Option<Clause>,
    /// The column whose values must be read.
    pub column: Option<Column>,
}

/// What is under the cursor; `None` if nothing is.
pub fn pointed(view: &View<'_>, params: &HoverParams) -> Option<Pointed> {
    let spot = view.spot_to_read(&params.text_document_position_params)?;
    let found = occurrences::all(spot.world);
    let one = occurrences::at(&found, spot.file, spot.byte);
    let project = spot.world.project();
    let words = one
        .zip(project)
        .map(|(one, project)| described(&one.symbol, project, view));
    let uri = &params.text_document_position_params.text_document.uri;
    let page = view
        .purpose(uri)
        .and_then(|purpose| docs::at(&spot, purpose));
    let clause = project.and_then(|project| clause(&spot, project));
    let places = [
        one.map(|one| one.place),
        page.as_ref().map(|(_, place)| *place),
        clause.as_ref().map(|clause| clause.place),
    ];
    let place = places.into_iter().flatten().next()?;
    let file = spot.world.sources().get(place.file)?;
    let lines = Lines::new(&file.text, view.client.encoding);
    Some(Pointed {
        words: words.unwrap_or_default(),
        page: page.map(|(words, _)| words),
        range: Some(lines.range(place.start..place.end)),
        clause,
        column: one
            .zip(project)
            .and_then(|(one, project)| column_of(&one.symbol, &project.catalog)),
    })
}

/// The hover text without counts.
pub fn at_once(view: &View<'_>, params: HoverParams) -> Result<Option<Hover>, Refusal> {
    let Some(pointed) = pointed(view, &params) else {
        return Ok(None);
    };
    // The data shown would be that of the previous config.
    let is_wrong = view.world.is_some_and(|world| world.project().is_none());
    let reason = match is_wrong {
        true => Some("the errors in config have to be fixed first".to_owned()),
        false => view.counts.off.clone(),
    };
    let clause = pointed.clause.as_ref();
    let answered = Answered {
        split: clause.and_then(|_| Some(Err(reason?))),
        ..Answered::default()
    };
    Ok(hover(&pointed, answered, None))
}

/// The smallest condition about one subject around the cursor; in a filter, its line.
fn clause(spot: &Spot<'_>, project: &Project) -> Option<Clause> {
    let map = &project.checked.source_map;
    let holds = |place: Location| place.holds(spot.file, spot.byte);
    let mut places = map.places(&project.sources);
    let mut best: Option<(&Typed, Location, bool)> = None;
    for (definition, of_everyone) in conditions(project) {
        let mut lines = of_filter(definition, map).into_iter();
        if let Some((place, condition)) = lines.find(|(place, _)| holds(*place)) {
            return Some(Clause {
                condition,
                place,
                of_everyone,
            });
        }
        let mut rest = vec![definition];
        while let Some(part) = rest.pop() {
            // A filter and a written `when:` can stand side by side.
            let is_made = map.is_of_lines(part.span);
            let text = map.text(part.span).filter(|_| !is_made);
            if text.is_some_and(|text| !holds(text.location)) {
                continue;
            }
            rest.extend(part.operands());
            if part.ty != Type::Truth || is_made {
                continue;
            }
            let place = places.locate(part.span);
            let Some(place) = place.filter(|place| holds(*place)) else {
                continue;
            };
            let length = place.end - place.start;
            if best.is_none_or(|(_, known, _)| length < known.end - known.start) {
                best = Some((part, place, of_everyone));
            }
        }
    }
    best.map(|(part, place, of_everyone)| Clause {
        condition: part.clone(),
        place,
        of_everyone,
    })
}

/// The conditions about people in rules and config, each with whether it is also evaluated for those who are excluded.
fn conditions(project: &Project) -> impl Iterator<Item = (&Typed, bool)> {
    let checked = &project.checked;
    let defined = project.definitions().map(|(_, definition)| definition);
    let among = checked.among.iter().flatten();
    let health = checked.health.iter();
    let factors = health.clone().flat_map(|health| &health.factors);
    let factors = factors.map(|factor| &factor.value);
    let churn = health.filter_map(|health| health.churn.as_ref());
    let churn = churn.flat_map(|churn| [&churn.among, &churn.when]);
    let of_active = defined.chain(among).chain(factors).chain(churn);
    let of_active = of_active.map(|condition| (condition, false));
    of_active.chain(checked.active.iter().map(|active| (active, true)))
}

/// A description of a symbol, in Markdown.
fn described(symbol: &Symbol, project: &Project, view: &View<'_>) -> String {
    let catalog = &project.catalog;
    let marks = marks(project.config.locale);
    match symbol {
        Symbol::Metric(name) => {
            let metric = project.rules.metrics.iter().find(|m| m.name.value == *name);
            let checked = project.checked.metrics.iter().find(|m| m.name == *name);
            let ty = checked.map_or("metric", |checked| match &checked.definition {
                MetricDefinition::Value(value) => value.ty.name(),
                MetricDefinition::Row(_) => "row",
            });
            let text = metric.map_or("", |metric| metric.text.value.trim());
            format!("metric `{name}`: {ty}\n\n```\n{text}\n```")
        }
        Symbol::Segment(id) => {
            let segment = project.rules.segments.iter().find(|s| s.id.value == *id);
            let mut words = format!("segment `{id}`");
            if let Some(segment) = segment {
                words.push_str(&format!(": {}", segment.name));
                if let Some(description) = &segment.description {
                    words.push_str(&format!("\n\n{}", description.trim()));
                }
            }
            if let Some(size) = sized(id, view, &marks) {
                words.push_str(&format!("\n\n{size}"));
            }
            words
        }
        Symbol::Collection(name) => {
            let collection = catalog.collections.iter().find(|c| c.name == *name);
            let table = collection.map_or("", |c| &c.entity.table);
            format!("collection `{name}`: rows of `{table}`")
        }
        Symbol::Scope(name) => {
            let scope = catalog.scopes.iter().find(|(scope, _)| scope == name);
            let path = scope.map_or_else(String::new, |(_, path)| path.join("."));
            format!("scope `{name}`: everybody with the same `{path}`")
        }
        Symbol::List(name) => {
            let list = project.lists.iter().find(|list| list.name == *name);
            let entries = list.map_or(0, |list| list.entries.len());
            format!("list `{name}`: {}", marks.counted(entries, "entry"))
        }
        Symbol::Field(id) => {
            let field = project.config.fields.iter().find(|f| f.id.value == *id);
            let label = field.map_or("", |field| &field.label);
            format!("field `{id}`: {label}")
        }
        Symbol::Bucket(name) => {
            let segments = project.rules.segments.iter();
            let held = segments.filter(|s| s.bucket.as_ref() == Some(name)).count();
            format!("bucket `{name}`: {}", marks.counted(held, "segment"))
        }
        Symbol::Person { name, .. } => format!("`{name}`: a person of these tests"),
        Symbol::Column { .. } => column_of(symbol, catalog)
            .map_or_else(String::new, |column| described_column(&column, catalog)),
    }
}

/// The size of a segment, or why it is unknown. Counts for older texts are not shown.
fn sized(id: &str, view: &View<'_>, marks: &Marks) -> Option<String> {
    let counts = view.counts;
    if let Some(reason) = &counts.off {
        return Some(not_counted(reason));
    }
    let size = counts.segments.get(id)?;
    let published = size.published;
    let published = published.map(|size| format!("{} published", marks.whole(size)));
    let written = match (view.is_counted, size.written) {
        (true, written) => written.map(|size| format!("{} as written", marks.whole(size))),
        (false, _) => Some("not counted yet as written".to_owned()),
    };
    let known: Vec<String> = published.into_iter().chain(written).collect();
    (!known.is_empty()).then(|| known.join(", "))
}

fn not_counted(reason: &str) -> String {
    format!("not counted: {}", covered_words(reason))
}

/// The column that a name refers to: `at` is the time column, unless the rows have a column named so.
fn column_of(symbol: &Symbol, catalog: &Catalog) -> Option<Column> {
    let Symbol::Column { of, lookup, name } = symbol else {
        return None;
    };
    let rows = rows_of(of.as_deref(), catalog);
    let time = rows.filter(|rows| {
        lookup.is_none() && name == "at" && state(&rows.entity.columns, name).is_none()
    });
    let time = time.and_then(|rows| rows.at.as_ref());
    Some(Column {
        of: of.clone(),
        lookup: time.map_or_else(|| lookup.clone(), |time| time.lookup.clone()),
        name: time.map_or_else(|| name.clone(), |time| time.column.clone()),
    })
}

fn rows_of<'c>(name: Option<&str>, catalog: &'c Catalog) -> Option<&'c Collection> {
    let mut collections = catalog.collections.iter();
    collections.find(|rows| Some(rows.name.as_str()) == name)
}

fn state<'c>(columns: &'c BTreeMap<String, ColumnState>, name: &str) -> Option<&'c ColumnState> {
    let mut columns = columns.iter();
    let found = columns.find(|(column, _)| column.eq_ignore_ascii_case(name));
    found.map(|(_, state)| state)
}

fn described_column(column: &Column, catalog: &Catalog) -> String {
    let Column { of, lookup, name } = column;
    let rows = rows_of(of.as_deref(), catalog);
    let entity = rows.map_or(&catalog.subject, |rows| &rows.entity);
    if let (None, Some(lookup)) = (lookup, entity.lookups.get(name)) {
        let (table, by) = (&lookup.table, &lookup.by);
        return format!("lookup `{name}`: a row of `{table}`, found by `{by}`");
    }
    let looked_up = lookup
        .as_ref()
        .and_then(|lookup| entity.lookups.get(lookup));
    let (table, state) = match looked_up {
        Some(lookup) => (&lookup.table, state(&lookup.columns, name)),
        None => (&entity.table, state(&entity.columns, name)),
    };
    let ty = match state {
        Some(ColumnState::Present(ty)) => ty.value_type().name(),
        Some(ColumnState::Untyped) => "its type is not declared",
        Some(ColumnState::Gone(reason)) => reason,
        None => "",
    };
    format!("column `{table}.{name}`: {ty}")
}

/// The complete hover text: the meaning of the name, the counts of the clause, and the reference.
pub fn hover(pointed: &Pointed, answered: Answered, project: Option<&Project>) -> Option<Hover> {
    let mut words = pointed.words.clone();
    if let (false, Some(project)) = (answered.samples.is_empty(), project) {
        words.push_str(&format!(
            "\n\nfor example {}",
            samples(&answered.samples, project)
        ));
    }
    let counted = match (answered.split, project) {
        (Some(Ok(split)), Some(project)) => counted(&split, project),
        (Some(Err(reason)), _) => not_counted(&reason),
        _ => String::new(),
    };
    let mut parts = vec![words, counted, pointed.page.clone().unwrap_or_default()];
    parts.retain(|part| !part.is_empty());
    let words = parts.join("\n\n---\n\n");
    (!words.is_empty()).then(|| Hover {
        contents: MarkupContent {
            kind: MarkupKind::Markdown,
            value: words,
        }
        .into(),
        range: pointed.range,
    })
}

/// `drop-in` (276), `member` (260)
fn samples(texts: &[Text], project: &Project) -> String {
    let marks = marks(project.config.locale);
    let texts = texts.iter().map(|(text, count)| match count {
        Some(count) => format!("{} ({})", plain(text), marks.whole(*count)),
        None => plain(text),
    });
    texts.collect::<Vec<_>>().join(", ")
}

fn counted(split: &Split, project: &Project) -> String {
    let marks = marks(project.config.locale);
    let Split {
        yes,
        no,
        unknown,
        named,
    } = split;
    let mut words = format!(
        "**{}** yes · {} no · {} unknown",
        marks.whole(*yes),
        marks.whole(*no),
        marks.whole(*unknown)
    );
    if !named.is_empty() {
        let names: Vec<String> = named.iter().map(|name| plain(name)).collect();
        let more = if *yes > named.len() { ", …" } else { "" };
        words.push_str(&format!("\n\n{}{more}", names.join(", ")));
    }
    words
}

/// A name without characters that Markdown interprets.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_ascii_punctuation() {
            plain.push('\\');
        }
        plain.push(if letter.is_control() { ' ' } else { letter });
    }
    plain
}
