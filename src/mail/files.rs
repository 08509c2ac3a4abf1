//! The files of a report: the members of its segments as CSV.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::config::Attach;
use crate::project::columns::{ColumnSource, ExportColumn};
use crate::store::{Client, Score};
use crate::time::date_of_days;
use crate::view::report::{Slice, SliceSegment, one_line};
use crate::view::{
    BYTE_ORDER_MARK, Cell, CsvWriter, Heading, entered_cell, export_headings, export_row, marks,
};

/// A file to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub name: String,
    pub content: Vec<u8>,
}

/// Writes the files of a report: the same members as elsewhere in the report, in list order.
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

/// The run's date in the business's time zone, in days.
fn today(slice: &Slice<'_>) -> i32 {
    let clock = crate::time::Clock {
        now: slice.run_report.run.as_of,
        zone: slice.config().timezone,
    };
    clock.today()
}

struct Writer<'a> {
    slice: &'a Slice<'a>,
    /// Columns that are the same in all of a person's segments. Between two parts is a column with the time since which
    /// the person has been in the segment.
    parts: Vec<&'a [ExportColumn]>,
    /// Whether the first column names the segment.
    named: bool,
    /// The segment ids of each person, by place; empty if no column shows them.
    segments: Vec<Vec<String>>,
    /// The heading and pieces of lines, in the order in which they were first requested.
    pieces: CsvWriter<Vec<u8>>,
    /// The byte range of the heading.
    heading: Range<usize>,
    /// The byte ranges of the parts of each person's line, by place. They are written once, however many segments
    /// contain the person.
    people: Vec<Option<Box<[Range<usize>]>>>,
    /// The byte range of each membership start time.
    times: HashMap<Option<i64>, Range<usize>>,
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
            // The most important segments first; the sort keeps the order of the files.
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
        let mut pieces = CsvWriter::start(Vec::new(), &headings, marks(slice.config().locale))?;
        let is_of_segment = |column: &ExportColumn| column.source == ColumnSource::EnteredAt;
        Ok(Self {
            slice,
            parts: columns.split(is_of_segment).collect(),
            named,
            segments,
            heading: 0..pieces.written()?.len(),
            pieces,
            people: vec![None; roster.people.len()],
            times: HashMap::new(),
        })
    }

    fn csv(&mut self, segments: &[SliceSegment<'_>]) -> std::io::Result<Vec<u8>> {
        let mut content = Vec::new();
        if self.slice.config().export.bom {
            content.extend(BYTE_ORDER_MARK.bytes());
        }
        let written = self.pieces.written()?;
        content.extend_from_slice(written.get(self.heading.clone()).unwrap_or_default());
        for segment in segments {
            let name = self.name(segment)?;
            for member in &segment.members {
                self.line(segment, *member, &name, &mut content)?;
            }
        }
        Ok(content)
    }

    /// The byte range of the segment's name as the first cell of a line; empty if lines have none.
    fn name(&mut self, segment: &SliceSegment<'_>) -> std::io::Result<Range<usize>> {
        match self.named {
            true => self.cell(Cell::Text(segment.roster.segment.name.clone())),
            false => Ok(0..0),
        }
    }

    /// Appends a member's line; nothing if nobody is in that place.
    fn line(
        &mut self,
        segment: &SliceSegment<'_>,
        member: u32,
        name: &Range<usize>,
        content: &mut Vec<u8>,
    ) -> std::io::Result<()> {
        let place = member as usize;
        let Some(person) = self.slice.run_report.roster.people.get(place) else {
            return Ok(());
        };
        let known = self.people.get_mut(place).and_then(Option::take);
        let parts = match known {
            Some(parts) => parts,
            None => self.parts_of(place, person)?,
        };
        let mut since = 0..0;
        if parts.len() > 1 {
            since = self.time(segment.roster.entered_at.get(&person.subject).copied())?;
        }
        let begin = content.len();
        let written = self.pieces.written()?;
        let mut copy = |piece: &Range<usize>| {
            content.extend_from_slice(written.get(piece.clone()).unwrap_or_default());
        };
        copy(name);
        for (nth, part) in parts.iter().enumerate() {
            if nth > 0 {
                copy(&since);
            }
            copy(part);
        }
        if content.len() == begin {
            // A single empty cell must not become an empty line.
            content.extend_from_slice(b"\"\"");
        }
        content.push(b'\n');
        if let Some(known) = self.people.get_mut(place) {
            *known = Some(parts);
        }
        Ok(())
    }

    /// Writes the cells that are the same in all of a person's lines. Returns the byte ranges of the parts, including
    /// the delimiters that they need.
    fn parts_of(&mut self, place: usize, person: &Score) -> std::io::Result<Box<[Range<usize>]>> {
        let client = self.client(place, person);
        let evaluation = self.slice.run_report.evaluation;
        let zone = self.slice.config().timezone;
        let last = self.parts.len() - 1;
        let parts = self.parts.clone().into_iter().enumerate();
        let parts = parts.map(|(nth, columns)| {
            let cells = export_row(columns, &client, evaluation, zone);
            let (begins, ends) = (nth == 0 && !self.named, nth == last);
            if cells.is_empty() && (begins || ends) {
                return Ok(0..0);
            }
            let written = self.between_delimiters(cells)?;
            Ok(written.start + usize::from(begins)..written.end - usize::from(ends))
        });
        parts.collect()
    }

    /// The byte range of a membership start time.
    fn time(&mut self, at: Option<i64>) -> std::io::Result<Range<usize>> {
        if let Some(known) = self.times.get(&at) {
            return Ok(known.clone());
        }
        let time = self.cell(entered_cell(at, self.slice.config().timezone))?;
        self.times.insert(at, time.clone());
        Ok(time)
    }

    /// Writes a cell. Returns its byte range.
    fn cell(&mut self, cell: Cell) -> std::io::Result<Range<usize>> {
        let written = self.between_delimiters(vec![cell])?;
        Ok(written.start + 1..written.end - 1)
    }

    /// Writes cells. Returns their byte range, including the delimiters before and after them; without cells, the two
    /// delimiters are one.
    fn between_delimiters(&mut self, mut cells: Vec<Cell>) -> std::io::Result<Range<usize>> {
        cells.insert(0, Cell::Empty);
        // All rows of a file must have the same width.
        let widest = self.parts.iter().map(|part| part.len()).max();
        let behind = 2 + widest.unwrap_or(0).max(1) - cells.len();
        cells.resize(cells.len() + behind, Cell::Empty);
        let begin = self.pieces.written()?.len();
        self.pieces.row(&cells)?;
        // With one delimiter after them, and without the line end.
        Ok(begin..self.pieces.written()?.len() - behind)
    }

    fn client(&self, place: usize, person: &Score) -> Client {
        let health = self.slice.run_report.roster.health.get(place);
        Client {
            health: health.cloned().unwrap_or_default(),
            entered_at: None,
            score: person.clone(),
            segments: self.segments.get(place).cloned().unwrap_or_default(),
        }
    }
}

/// A name that is a valid file name on every system.
fn file_name(name: &str) -> String {
    let plain = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        other => other,
    };
    let name: String = one_line(name).chars().take(80).map(plain).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "segment" } else { name }.to_owned()
}
