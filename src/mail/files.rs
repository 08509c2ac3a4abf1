//! The files of a report: the members of its segments as CSV.

use std::collections::HashSet;

use crate::config::Attach;
use crate::project::columns::{ColumnSource, ExportColumn};
use crate::store::Client;
use crate::time::date_of_days;
use crate::view::report::{Slice, SliceSegment, one_line};
use crate::view::{BYTE_ORDER_MARK, Cell, CsvWriter, Heading, export_headings, export_row, marks};

/// A file to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub name: String,
    pub content: Vec<u8>,
}

/// Writes the files of a report: the same members as everywhere else in it, in list order.
///
/// # Errors
/// In words.
pub(super) fn files(slice: &Slice<'_>, columns: &[ExportColumn]) -> Result<Vec<File>, String> {
    let writer = Writer::new(slice, columns);
    let date = date_of_days(writer.today());
    match slice.report.attach {
        Attach::None => Ok(Vec::new()),
        Attach::One => {
            let content = writer.csv(&slice.segments, true)?;
            let name = format!("{} {date}.csv", file_name(&slice.report.name));
            Ok(vec![File { name, content }])
        }
        Attach::PerSegment => {
            let mut taken = HashSet::new();
            let file = |segment: &SliceSegment<'_>| {
                let stored = &segment.roster.segment;
                let mut name = file_name(&stored.name);
                if !taken.insert(name.to_lowercase()) {
                    name = format!("{name} ({})", stored.id);
                }
                Ok(File {
                    name: format!("{name} {date}.csv"),
                    content: writer.csv(std::slice::from_ref(segment), false)?,
                })
            };
            slice.segments.iter().map(file).collect()
        }
    }
}

struct Writer<'a> {
    slice: &'a Slice<'a>,
    columns: &'a [ExportColumn],
    /// The ids of everyone's segments, by their places; empty where no column shows them.
    segments: Vec<Vec<String>>,
}

impl<'a> Writer<'a> {
    fn new(slice: &'a Slice<'a>, columns: &'a [ExportColumn]) -> Self {
        let roster = &slice.run_report.roster;
        let mut segments = Vec::new();
        if columns.iter().any(|c| c.source == ColumnSource::Segments) {
            segments.resize(roster.people.len(), Vec::new());
            let mut order: Vec<_> = roster.segments.iter().collect();
            // The most important ones first; a sort that keeps the order of the files.
            order.sort_by_key(|segment| std::cmp::Reverse(segment.segment.importance));
            for segment in order {
                for member in &segment.members {
                    if let Some(ids) = segments.get_mut(*member as usize) {
                        ids.push(segment.segment.id.clone());
                    }
                }
            }
        }
        Self {
            slice,
            columns,
            segments,
        }
    }

    /// The run's date on the business's clock, in days.
    fn today(&self) -> i32 {
        let clock = crate::time::Clock {
            now: self.slice.run_report.run.as_of,
            zone: self.slice.config().timezone,
        };
        clock.today()
    }

    fn csv(&self, segments: &[SliceSegment<'_>], named: bool) -> Result<Vec<u8>, String> {
        let config = self.slice.config();
        let mut content = Vec::new();
        if config.export.bom {
            content.extend(BYTE_ORDER_MARK.bytes());
        }
        let mut headings = export_headings(self.columns);
        if named {
            headings.insert(0, Heading::left("segment", "Segment"));
        }
        self.rows(segments, named, &headings, &mut content)
            .map_err(|error| error.to_string())?;
        Ok(content)
    }

    fn rows(
        &self,
        segments: &[SliceSegment<'_>],
        named: bool,
        headings: &[Heading],
        content: &mut Vec<u8>,
    ) -> std::io::Result<()> {
        let config = self.slice.config();
        let mut csv = CsvWriter::start(content, headings, marks(config.locale))?;
        for segment in segments {
            for member in &segment.members {
                let Some(client) = self.client(segment, *member) else {
                    continue;
                };
                let evaluation = self.slice.run_report.evaluation;
                let mut cells = export_row(self.columns, &client, evaluation, config.timezone);
                if named {
                    cells.insert(0, Cell::Text(segment.roster.segment.name.clone()));
                }
                csv.row(&cells)?;
            }
        }
        csv.finish()
    }

    fn client(&self, segment: &SliceSegment<'_>, member: u32) -> Option<Client> {
        let roster = self.slice.run_report.roster;
        let person = roster.people.get(member as usize)?;
        let health = roster.health.get(member as usize);
        Some(Client {
            health: health.cloned().unwrap_or_default(),
            entered_at: segment.roster.entered_at.get(&person.subject).copied(),
            score: person.clone(),
            segments: self
                .segments
                .get(member as usize)
                .cloned()
                .unwrap_or_default(),
        })
    }
}

/// A name that every system takes as a file's.
fn file_name(name: &str) -> String {
    let plain = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        other => other,
    };
    let name: String = one_line(name).chars().take(80).map(plain).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "segment" } else { name }.to_owned()
}
