//! What stands under the cursor, in words; a clause with how many people answer it how.

use gen_lsp_types::{Hover, HoverParams, MarkupContent, MarkupKind, Range};

use super::clauses::of_filter;
use super::docs;
use super::occurrences;
use super::people::{Answered, Column, Split, Text};
use super::position::Lines;
use super::view::{Refusal, Spot, View};
use crate::catalog::{ColumnState, Entity};
use crate::config::{Marks, marks};
use crate::diagnostic::covered_words;
use crate::language::Symbol;
use crate::language::check::MetricDefinition;
use crate::language::typed::Typed;
use crate::project::Project;
use crate::source::Location;
use crate::value::Type;

/// What is known at once, and the clause whose answers have to be counted.
pub struct Pointed {
    /// What the name means, in Markdown; empty where there is none.
    pub words: String,
    /// What the reference says of the word, in Markdown.
    pub page: Option<String>,
    pub range: Option<Range>,
    pub clause: Option<Typed>,
    /// Where that stands.
    pub place: Option<Location>,
    /// The column, whose values have to be read.
    pub column: Option<Column>,
}

/// What the cursor points at; none where that is nothing.
pub fn pointed(view: &View<'_>, params: &HoverParams) -> Option<Pointed> {
    let spot = view.spot(&params.text_document_position_params)?;
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
        clause.as_ref().map(|(_, place)| *place),
    ];
    let place = places.into_iter().flatten().next()?;
    let file = spot.world.sources().get(place.file)?;
    let lines = Lines::new(&file.text, view.client.encoding);
    Some(Pointed {
        words: words.unwrap_or_default(),
        page: page.map(|(words, _)| words),
        range: Some(lines.range(place.start..place.end)),
        place: clause.as_ref().map(|(_, place)| *place),
        clause: clause.map(|(clause, _)| clause),
        column: one.and_then(|one| match &one.symbol {
            Symbol::Column { of, name } => Some(Column {
                of: of.clone(),
                lookup: None,
                name: name.clone(),
            }),
            _ => None,
        }),
    })
}

/// What is known at once, without counting.
pub fn at_once(view: &View<'_>, params: HoverParams) -> Result<Option<Hover>, Refusal> {
    let Some(pointed) = pointed(view, &params) else {
        return Ok(None);
    };
    let clause = pointed.clause.as_ref();
    let answered = Answered {
        split: clause.and_then(|_| Some(Err(view.counts.off.clone()?))),
        ..Answered::default()
    };
    Ok(hover(&pointed, answered, None))
}

/// The smallest condition of one subject that the cursor stands in; of a filter the line.
fn clause(spot: &Spot<'_>, project: &Project) -> Option<(Typed, Location)> {
    let map = &project.checked.source_map;
    let holds = |place: Location| place.holds(spot.file, spot.byte);
    let mut places = map.places(&project.sources);
    let mut best: Option<(&Typed, Location)> = None;
    for (_, definition) in project.definitions() {
        let mut lines = of_filter(definition, map).into_iter();
        if let Some((place, line)) = lines.find(|(place, _)| holds(*place)) {
            return Some((line, place));
        }
        let mut rest = vec![definition];
        while let Some(part) = rest.pop() {
            // Beside a filter stands a `when:` with a text of its own.
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
            if best.is_none_or(|(_, known)| length < known.end - known.start) {
                best = Some((part, place));
            }
        }
    }
    best.map(|(part, place)| (part.clone(), place))
}

/// What a symbol is, in Markdown.
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
        Symbol::Column { of, name } => {
            let collection = of
                .as_ref()
                .and_then(|of| catalog.collections.iter().find(|c| c.name == *of));
            let entity = collection.map_or(&catalog.subject, |c| &c.entity);
            column(entity, name)
        }
    }
}

/// How large a segment is, or why nobody knows. What was counted of older texts is not what is written.
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

fn column(entity: &Entity, name: &str) -> String {
    let table = &entity.table;
    if let Some(lookup) = entity.lookups.get(name) {
        return format!(
            "lookup `{name}`: a row of `{}`, found by `{}`",
            lookup.table, lookup.by
        );
    }
    let mut columns = entity.columns.iter();
    let state = columns.find(|(column, _)| column.eq_ignore_ascii_case(name));
    let ty = match state.map(|(_, state)| state) {
        Some(ColumnState::Present(ty)) => ty.value_type().name(),
        Some(ColumnState::Untyped) => "its type is not declared",
        Some(ColumnState::Gone(reason)) => reason,
        None => "",
    };
    format!("column `{table}.{name}`: {ty}")
}

/// What is shown in the end: what the name means, the counts of the clause, and what the reference says.
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

/// A name without signs that Markdown reads.
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
