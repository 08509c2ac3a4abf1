//! `muster export`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::results::Results;
use super::watch::Terminal;
use super::{Common, Format};
use crate::engine::Evaluation;
use crate::report::{Cell, CsvWriter, Heading, json_line, marks};
use crate::run::export::{ColumnSource, ExportColumn, evaluate_columns, load_for_export, value_of};
use crate::store::Entry;
use crate::time::{Clock, date_of_days};
use crate::value::{Truth, Value};

/// Marks a file as UTF-8 for spreadsheets that would guess otherwise.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The members of a segment, or everyone.
#[derive(Args, Debug)]
pub(super) struct Export {
    /// The segment's id
    #[arg(required_unless_present = "all")]
    segment: Option<String>,
    /// Everyone in the list, with their segments
    #[arg(long, conflicts_with = "segment")]
    all: bool,
    /// Which columns: the subject's fields, metrics, score, rank, segments, entered_at
    #[arg(long, value_name = "A,B,…")]
    columns: Option<String>,
    /// Into this file, whole or not at all; default: stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn export(command: &Export, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    if let Some(id) = &command.segment {
        results.segment(id)?;
    }
    let (project, columns) = load_for_export(&common.config, command.columns.as_deref()).await?;
    let clock = Clock {
        now: results.run.as_of,
        zone: results.config.timezone,
    };
    let watch = Terminal::new();
    let evaluation = evaluate_columns(&project, &columns, &clock, &watch);
    watch.finish();
    let rows = Rows {
        columns,
        evaluation: evaluation?,
        clock,
        segment: command.segment.clone(),
    };
    match &command.out {
        Some(path) => rows.to_file(path, &mut results, common.format).await?,
        None => {
            let out = BufWriter::new(std::io::stdout());
            rows.write(&mut results, common.format, out).await?;
        }
    }
    Ok(results.tell())
}

/// What is exported.
struct Rows {
    columns: Vec<ExportColumn>,
    evaluation: Option<Evaluation>,
    clock: Clock,
    segment: Option<String>,
}

impl Rows {
    /// Writes row after row, in list order; memory does not grow with their number.
    async fn write(
        &self,
        results: &mut Results,
        format: Format,
        out: impl Write,
    ) -> Result<(), Failure> {
        let headings: Vec<Heading> = self
            .columns
            .iter()
            .map(|column| Heading::left(column.name.clone(), column.label.clone()))
            .collect();
        let mut form = match format {
            Format::Json | Format::Jsonl => Form::Json(out),
            Format::Table | Format::Csv => {
                let marks = marks(results.config.locale);
                Form::Csv(Box::new(CsvWriter::start(out, &headings, marks)?))
            }
        };
        let segment = self.segment.as_deref();
        let write = |entry: Entry| -> Result<(), Failure> {
            let cells: Vec<Cell> = self.columns.iter().map(|c| self.cell(c, &entry)).collect();
            match &mut form {
                Form::Json(out) => json_line(&headings, &cells, out)?,
                Form::Csv(csv) => csv.row(&cells)?,
            }
            Ok(())
        };
        results.store.each_entry(segment, write).await?;
        match form {
            Form::Json(mut out) => out.flush()?,
            Form::Csv(csv) => csv.finish()?,
        }
        Ok(())
    }

    /// Writes beside the file and renames, so that a reader never finds half of it. The file is readable by
    /// its owner alone, as temporary files are: members are personal data.
    async fn to_file(
        &self,
        path: &Path,
        results: &mut Results,
        format: Format,
    ) -> Result<(), Failure> {
        let place = |error: std::io::Error| {
            Failure::world(format!("cannot write {}: {error}", path.display()))
        };
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        let mut file =
            tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(place)?;
        if matches!(format, Format::Table | Format::Csv) && results.config.export.bom {
            file.write_all(BYTE_ORDER_MARK.as_bytes()).map_err(place)?;
        }
        self.write(results, format, BufWriter::new(&mut file))
            .await?;
        file.as_file().sync_all().map_err(place)?;
        file.persist(path).map_err(|error| place(error.error))?;
        Ok(())
    }

    fn cell(&self, column: &ExportColumn, row: &Entry) -> Cell {
        match column.source {
            ColumnSource::Key => Cell::from(&row.score.subject),
            ColumnSource::Label => Cell::Text(row.score.label.clone()),
            ColumnSource::Score => Cell::Number(row.score.score, 4),
            ColumnSource::Rank => Cell::Integer(i64::from(row.score.rank)),
            ColumnSource::Segments => Cell::List(row.segments.clone()),
            ColumnSource::EnteredAt => row
                .entered_at
                .map_or(Cell::Empty, |at| Cell::Instant(at, self.clock.zone)),
            ColumnSource::Node(node) => match &self.evaluation {
                Some(evaluation) => self.value(value_of(evaluation, node, &row.score.subject)),
                None => Cell::Empty,
            },
        }
    }

    fn value(&self, value: Value) -> Cell {
        match value {
            Value::Missing | Value::Truth(Truth::Unknown) => Cell::Empty,
            Value::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                Cell::Key(number as i64)
            }
            Value::Number(number) => Cell::Number(number, 4),
            Value::Money(money) => Cell::Number(money.to_f64(), 2),
            Value::Text(text) => Cell::Text(text),
            Value::Truth(truth) => {
                Cell::Text(if truth == Truth::Yes { "yes" } else { "no" }.to_string())
            }
            Value::Date(days) => Cell::Date(date_of_days(days)),
            Value::Instant(micros) => Cell::Instant(micros, self.clock.zone),
        }
    }
}

/// The form of the file.
enum Form<W: Write> {
    Csv(Box<CsvWriter<W>>),
    Json(W),
}
