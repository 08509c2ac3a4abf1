//! The table of segments, by the query string.

use std::collections::HashMap;

use serde::Serialize;

use crate::chart::small_trend;
use crate::config::Marks;
use crate::rules::RuleSet;
use crate::store::Size;
use crate::view::{Align, Cell, Detail, SegmentsPage, Table};
use crate::web::fields::Fields;
use crate::web::refusal::Refusal;

/// The number of runs drawn beside a size.
pub(super) const DRAWN: u32 = 20;

/// The query string: `q=lost&sort=-size&c=size&c=ahs`.
#[derive(Debug)]
pub(super) struct Asked {
    /// Words that the name or the id must contain.
    pub(super) text: Option<String>,
    /// The column to sort by, and whether the largest come first.
    sort: Option<(String, bool)>,
    /// The keys of the visible columns.
    columns: Vec<String>,
    fields: Fields,
}

/// A column's head.
#[derive(Debug, Serialize)]
pub(super) struct Heading {
    key: String,
    label: String,
    number: bool,
    pub(super) shown: bool,
    /// The address that sorts by this column.
    href: String,
    /// `ascending` or `descending`, if the rows are sorted by it.
    sorted: Option<&'static str>,
}

/// Rows under a common name.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    name: Option<String>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    sign: Option<String>,
    name: String,
    stale: Option<String>,
    trend: Option<String>,
    cells: Vec<ShownCell>,
}

#[derive(Debug, Serialize)]
struct ShownCell {
    text: String,
    label: String,
    number: bool,
}

impl Asked {
    /// Parses the query string.
    ///
    /// # Errors
    /// There is no such column.
    pub(super) fn read(fields: &Fields, page: &SegmentsPage<'_>) -> Result<Self, Refusal> {
        let table = page.table(Detail::Everything);
        let known = |key: &str| match table.headings.iter().any(|heading| heading.key == key) {
            true => Ok(key.to_owned()),
            false => Err(Refusal::not_found(format!("there is no column `{key}`"))),
        };
        let chosen: Vec<String> = fields.all("c").map(known).collect::<Result<_, _>>()?;
        let sort = match fields.said("sort") {
            None => None,
            Some(sort) => {
                let (key, descending) = sort
                    .strip_prefix('-')
                    .map_or((sort, false), |key| (key, true));
                Some((known(key)?, descending))
            }
        };
        let usual = page.columns.iter().map(|column| column.id.value.clone());
        let usual = usual.chain(["entered".to_owned(), "left".to_owned()]);
        Ok(Self {
            text: fields.said("q").map(str::to_owned),
            sort,
            columns: if chosen.is_empty() {
                usual.collect()
            } else {
                chosen
            },
            fields: fields.clone(),
        })
    }

    /// The address that sorts by a column; if the rows are already sorted by it, in the opposite order.
    fn href(&self, key: &str, number: bool) -> String {
        let descending = match &self.sort {
            Some((sorted, descending)) if sorted == key => !descending,
            _ => number,
        };
        let sort = if descending {
            format!("-{key}")
        } else {
            key.to_owned()
        };
        format!("/?{}", self.fields.with("sort", Some(&sort)))
    }

    fn heading(&self, heading: &crate::view::Heading) -> Heading {
        let number = heading.align == Align::Right;
        let sort = self.sort.as_ref().filter(|(key, _)| *key == heading.key);
        let way = |descending| {
            if descending {
                "descending"
            } else {
                "ascending"
            }
        };
        Heading {
            href: self.href(&heading.key, number),
            sorted: sort.map(|(_, descending)| way(*descending)),
            shown: self.columns.contains(&heading.key),
            key: heading.key.clone(),
            label: heading.label.clone(),
            number,
        }
    }
}

/// The headings of all columns but name and state, and the rows in groups: those of the files, or a single group if the
/// rows are sorted.
pub(super) fn shown(
    page: &SegmentsPage<'_>,
    asked: &Asked,
    sizes: &[Size],
    rules: Option<&RuleSet>,
    marks: &Marks,
) -> (Vec<Heading>, Vec<Group>) {
    let mut table = page.table(Detail::Everything);
    if let Some(text) = &asked.text {
        table.search(text, &["segment", "id"]);
    }
    if let Some((key, descending)) = &asked.sort
        && let Some(place) = table.place(key)
    {
        table.sort(place, *descending);
    }
    let places: HashMap<&str, usize> = page
        .rows
        .iter()
        .zip(0..)
        .map(|(row, at)| (row.id.as_str(), at))
        .collect();
    let id = table.place("id");
    let mut groups: Vec<Group> = Vec::new();
    for cells in &table.rows {
        let Some(Cell::Text(id)) = id.and_then(|id| cells.get(id)) else {
            continue;
        };
        let Some(segment) = places
            .get(id.as_str())
            .and_then(|place| page.rows.get(*place))
        else {
            continue;
        };
        let name = match asked.sort {
            Some(_) => None,
            None => segment.bucket.clone().or_else(|| ladder(rules?, id)),
        };
        let row = Row {
            id: id.clone(),
            sign: segment.sign.clone(),
            name: segment.name.clone(),
            stale: segment.stale.clone(),
            trend: trend(sizes, id, marks),
            cells: shown_cells(&table, cells, asked, marks),
        };
        // Segments of one bucket stay together, wherever they are in the files.
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                name,
                rows: vec![row],
            }),
        }
    }
    if groups.iter().any(|group| group.name.is_some()) {
        for group in groups.iter_mut().filter(|group| group.name.is_none()) {
            group.name = Some("Other segments".to_owned());
        }
    }
    let headings = table.headings.iter();
    let headings = headings.filter(|heading| !matches!(heading.key.as_str(), "segment" | "state"));
    (
        headings.map(|heading| asked.heading(heading)).collect(),
        groups,
    )
}

fn shown_cells(table: &Table, cells: &[Cell], asked: &Asked, marks: &Marks) -> Vec<ShownCell> {
    let pairs = table.headings.iter().zip(cells);
    let pairs = pairs.filter(|(heading, _)| asked.columns.contains(&heading.key));
    let pairs = pairs.filter(|(heading, _)| !matches!(heading.key.as_str(), "segment" | "state"));
    let shown = pairs.map(|(heading, cell)| ShownCell {
        text: cell.shown(marks),
        label: heading.label.clone(),
        number: heading.align == Align::Right,
    });
    shown.collect()
}

fn trend(sizes: &[Size], id: &str, marks: &Marks) -> Option<String> {
    let own = sizes
        .iter()
        .filter(|size| size.segment == id)
        .map(|size| size.size);
    let own: Vec<f64> = own.collect();
    let (first, last) = (own.first()?, own.last()?);
    let title = format!(
        "{} runs, from {} to {}",
        own.len(),
        marks.number(*first, 0),
        marks.number(*last, 0)
    );
    small_trend(&title, &own)
}

/// The ladder that has the segment as a rung.
fn ladder(rules: &RuleSet, id: &str) -> Option<String> {
    let mut segments = rules.segments.iter();
    let ladder = segments.find(|segment| segment.id.value == id)?.ladder?;
    Some(rules.ladders.get(ladder)?.id.value.clone())
}
