//! `muster export`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::results::Results;
use super::watch::Terminal;
use super::{Common, Format, say};
use crate::connector::connect;
use crate::disk::{Access, Fresh, refuse_special};
use crate::engine::Evaluation;
use crate::export::{evaluate_columns, load_for_export, problems_of, stale_columns};
use crate::project::columns::ExportColumn;
use crate::store::Client;
use crate::time::Clock;
use crate::view::{
    BYTE_ORDER_MARK, CsvWriter, Framing, JsonWriter, export_headings, export_row, marks,
};

/// The members of a segment, or everyone.
#[derive(Args, Debug)]
pub(super) struct Export {
    /// The segment's id
    #[arg(required_unless_present = "all")]
    segment: Option<String>,
    /// Everyone in the list, with their segments
    #[arg(long, conflicts_with = "segment")]
    all: bool,
    /// Which columns: the subject's fields, metrics, score, rank, health, reasons, segments, entered_at;
    /// put what contains a comma in quotes: 'id,"if(score > 1, 2, 3)"'
    #[arg(long, value_name = "A,B,…")]
    columns: Vec<String>,
    /// Write into this file, whole or not at all; default: stdout. Without --format, its extension decides: .json, .jsonl, else csv
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn export(command: &Export, common: &Common) -> Result<Exit, Failure> {
    if common.format == Format::Markdown {
        let words =
            "an export cannot be Markdown: `--format csv`, `--format json` or `--format jsonl`";
        return Err(Failure::input(words));
    }
    let mut results = Results::open(common).await?;
    if let Some(id) = &command.segment {
        results.segment(id)?;
    }
    let of_one = command.segment.is_some();
    let (project, columns) =
        load_for_export(&common.config, &command.columns, of_one, connect).await?;
    let clock = Clock {
        now: results.run.as_of,
        zone: results.config.timezone,
    };
    let evaluation = evaluate_columns(
        &project,
        &*connect(&project.config),
        &columns,
        &clock,
        &Terminal::new(),
    )?;
    if let Some(evaluation) = &evaluation {
        for problem in problems_of(&project, &columns, evaluation) {
            note!("data: {}", problem.words());
        }
    }
    let rows = Rows {
        columns,
        evaluation,
        clock,
        segment: command.segment.clone(),
    };
    let format = form(common.format, command.out.as_deref());
    match &command.out {
        Some(path) => rows.to_file(path, &mut results, format).await?,
        None => {
            let out: Box<dyn Write> = match format {
                Format::Json | Format::Jsonl => Box::new(say::json_out()),
                Format::Table | Format::Csv | Format::Markdown => say::csv_out(),
            };
            rows.write(&mut results, format, BufWriter::new(out))
                .await?;
        }
    }
    let told = results.tell();
    Ok(if rows.tell_stale() {
        Exit::Attention
    } else {
        told
    })
}

/// The format of the file: as requested, or else by its extension.
fn form(asked: Format, out: Option<&Path>) -> Format {
    if asked != Format::Table {
        return asked;
    }
    let ending = out.and_then(Path::extension).and_then(|e| e.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("json") => Format::Json,
        Some("jsonl" | "ndjson") => Format::Jsonl,
        _ => Format::Csv,
    }
}

/// The rows of an export.
struct Rows {
    columns: Vec<ExportColumn>,
    evaluation: Option<Evaluation>,
    clock: Clock,
    segment: Option<String>,
}

impl Rows {
    /// Reports which columns are empty because they could not be evaluated; returns true if there are any.
    fn tell_stale(&self) -> bool {
        let stale = stale_columns(&self.columns, self.evaluation.as_ref());
        for (column, reason) in &stale {
            note!("stale: the column `{column}`: {reason}");
        }
        !stale.is_empty()
    }

    /// Streams the rows in list order; memory does not grow with their number.
    async fn write(
        &self,
        results: &mut Results,
        format: Format,
        out: impl Write,
    ) -> Result<(), Failure> {
        let headings = export_headings(&self.columns);
        let mut form = match format {
            Format::Json => Form::Json(JsonWriter::new(out, &headings, Framing::List)),
            Format::Jsonl => Form::Json(JsonWriter::new(out, &headings, Framing::Lines)),
            Format::Table | Format::Csv | Format::Markdown => {
                let marks = marks(results.config.locale);
                Form::Csv(Box::new(CsvWriter::start(out, &headings, marks)?))
            }
        };
        let segment = self.segment.as_deref();
        let write = |client: Client| -> Result<(), Failure> {
            let cells = export_row(
                &self.columns,
                &client,
                self.evaluation.as_ref(),
                self.clock.zone,
            );
            match &mut form {
                Form::Json(json) => json.row(&cells)?,
                Form::Csv(csv) => csv.row(&cells)?,
            }
            Ok(())
        };
        results.store.each_client(segment, write).await?;
        match form {
            Form::Json(json) => json.finish()?,
            Form::Csv(csv) => csv.finish()?,
        }
        Ok(())
    }

    /// Writes a file that only its owner can read, because members are personal data.
    async fn to_file(
        &self,
        path: &Path,
        results: &mut Results,
        format: Format,
    ) -> Result<(), Failure> {
        let place = |error: std::io::Error| {
            Failure::world(format!("cannot write {}: {error}", path.display()))
        };
        refuse_special(path).map_err(place)?;
        let mut file = Fresh::beside(path, Access::Owner).map_err(place)?;
        if matches!(format, Format::Table | Format::Csv) && results.config.export.bom {
            file.write_all(BYTE_ORDER_MARK.as_bytes()).map_err(place)?;
        }
        self.write(results, format, BufWriter::new(&mut file))
            .await?;
        file.keep().map_err(place)
    }
}

/// A writer for one format.
enum Form<'a, W: Write> {
    Csv(Box<CsvWriter<W>>),
    Json(JsonWriter<'a, W>),
}
