//! The files of a report: the members of its segments as CSV.

use std::collections::HashSet;
use std::ops::Range;

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
    let date = date_of_days(today(slice));
    match slice.report.attach {
        Attach::None => Ok(Vec::new()),
        Attach::One => {
            let content = Writer::new(slice, columns, true)
                .and_then(|mut writer| writer.csv(&slice.segments))
                .map_err(|error| error.to_string())?;
            let name = format!("{} {date}.csv", file_name(&slice.report.name));
            Ok(vec![File { name, content }])
        }
        Attach::PerSegment => {
            let writer = Writer::new(slice, columns, false);
            let mut writer = writer.map_err(|error| error.to_string())?;
            let mut taken = HashSet::new();
            let file = |segment: &SliceSegment<'_>| {
                let stored = &segment.roster.segment;
                let mut name = file_name(&stored.name);
                if !taken.insert(name.to_lowercase()) {
                    name = format!("{name} ({})", stored.id);
                }
                let content = writer.csv(std::slice::from_ref(segment));
                Ok(File {
                    name: format!("{name} {date}.csv"),
                    content: content.map_err(|error| error.to_string())?,
                })
            };
            slice.segments.iter().map(file).collect()
        }
    }
}

/// The run's date on the business's clock, in days.
fn today(slice: &Slice<'_>) -> i32 {
    let clock = crate::time::Clock {
        now: slice.run_report.run.as_of,
        zone: slice.config().timezone,
    };
    clock.today()
}

struct Writer<'a> {
    slice: &'a Slice<'a>,
    columns: &'a [ExportColumn],
    /// Whether a first column names the segment.
    named: bool,
    /// The ids of everyone's segments, by their places; empty where no column shows them.
    segments: Vec<Vec<String>>,
    /// The heading and everybody's lines, in the order in which they were asked for.
    lines: CsvWriter<Vec<u8>>,
    /// Where the heading is.
    heading: Range<usize>,
    /// Where the line of each person is, by their places: it is written once, however many segments hold them.
    known: Vec<Option<Range<usize>>>,
}

impl<'a> Writer<'a> {
    fn new(
        slice: &'a Slice<'a>,
        columns: &'a [ExportColumn],
        named: bool,
    ) -> std::io::Result<Self> {
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
        let mut headings = export_headings(columns);
        if named {
            headings.insert(0, Heading::left("segment", "Segment"));
        }
        let mut lines = CsvWriter::start(Vec::new(), &headings, marks(slice.config().locale))?;
        Ok(Self {
            slice,
            columns,
            named,
            segments,
            heading: 0..lines.written()?.len(),
            lines,
            known: vec![None; roster.people.len()],
        })
    }

    fn csv(&mut self, segments: &[SliceSegment<'_>]) -> std::io::Result<Vec<u8>> {
        let mut content = Vec::new();
        if self.slice.config().export.bom {
            content.extend(BYTE_ORDER_MARK.bytes());
        }
        let written = self.lines.written()?;
        content.extend_from_slice(written.get(self.heading.clone()).unwrap_or_default());
        let is_of_segment = |column: &ExportColumn| column.source == ColumnSource::EnteredAt;
        for segment in segments {
            if self.columns.iter().any(is_of_segment) {
                self.known.fill(None);
            }
            let name = self.name(segment)?;
            for member in &segment.members {
                if let Some(line) = self.line(segment, *member)? {
                    let written = self.lines.written()?;
                    for part in [name.clone(), line] {
                        content.extend_from_slice(written.get(part).unwrap_or_default());
                    }
                }
            }
        }
        Ok(content)
    }

    /// Where the segment's name is as the first cell of a line; empty where lines have none.
    fn name(&mut self, segment: &SliceSegment<'_>) -> std::io::Result<Range<usize>> {
        if !self.named {
            return Ok(0..0);
        }
        let mut cells = vec![Cell::Empty; self.columns.len()];
        cells.insert(0, Cell::Text(segment.roster.segment.name.clone()));
        let line = self.write(&cells)?;
        // What is empty are the delimiters, and the end of the line.
        Ok(line.start..line.end - cells.len())
    }

    /// Where a member's line is, without the segment's name; none where nobody is in that place.
    fn line(
        &mut self,
        segment: &SliceSegment<'_>,
        member: u32,
    ) -> std::io::Result<Option<Range<usize>>> {
        if let Some(Some(known)) = self.known.get(member as usize) {
            return Ok(Some(known.clone()));
        }
        let Some(client) = self.client(segment, member) else {
            return Ok(None);
        };
        let evaluation = self.slice.run_report.evaluation;
        let zone = self.slice.config().timezone;
        let mut cells = export_row(self.columns, &client, evaluation, zone);
        if self.named {
            cells.insert(0, Cell::Empty);
        }
        let line = self.write(&cells)?;
        if let Some(known) = self.known.get_mut(member as usize) {
            *known = Some(line.clone());
        }
        Ok(Some(line))
    }

    /// Writes a line: where it is.
    fn write(&mut self, cells: &[Cell]) -> std::io::Result<Range<usize>> {
        let begin = self.lines.written()?.len();
        self.lines.row(cells)?;
        Ok(begin..self.lines.written()?.len())
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
