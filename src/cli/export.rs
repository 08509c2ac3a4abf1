//! `muster export`

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::results::Results;
use super::watch::Terminal;
use super::{Common, Format};
use crate::engine::{Evaluation, Stale};
use crate::plan::NodeId;
use crate::report::{
    BYTE_ORDER_MARK, CsvWriter, export_headings, export_row, json_line, marks, problem_words,
};
use crate::run::export::{
    ColumnSource, ExportColumn, evaluate_columns, load_for_export, problems_of,
};
use crate::store::Entry;
use crate::time::Clock;

/// The members of a segment, or everyone.
#[derive(Args, Debug)]
pub(super) struct Export {
    /// The segment's id
    #[arg(required_unless_present = "all")]
    segment: Option<String>,
    /// Everyone in the list, with their segments
    #[arg(long, conflicts_with = "segment")]
    all: bool,
    /// Which columns: the subject's fields, metrics, score, rank, health, reasons, segments, entered_at
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
    let evaluation = evaluation?;
    if let Some(evaluation) = &evaluation {
        for problem in problems_of(&project, &columns, evaluation) {
            note!("data: {}", problem_words(problem));
        }
    }
    let rows = Rows {
        columns,
        evaluation,
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
    let exit = results.tell();
    Ok(if rows.tell_stale() {
        Exit::Attention
    } else {
        exit
    })
}

/// What is exported.
struct Rows {
    columns: Vec<ExportColumn>,
    evaluation: Option<Evaluation>,
    clock: Clock,
    segment: Option<String>,
}

impl Rows {
    /// Tells which columns are empty because they could not be evaluated; true where there are any.
    fn tell_stale(&self) -> bool {
        let kept = self
            .evaluation
            .iter()
            .flat_map(|evaluation| &evaluation.kept);
        let lost: HashMap<NodeId, &Stale> = kept
            .filter_map(|(node, column)| Some((*node, column.as_ref().err()?)))
            .collect();
        let mut any = false;
        for column in &self.columns {
            if let ColumnSource::Node(node) = column.source
                && let Some(stale) = lost.get(&node)
            {
                note!(
                    "stale: the column `{}` is empty: {}",
                    column.name,
                    stale.reason
                );
                any = true;
            }
        }
        any
    }

    /// Writes row after row, in list order; memory does not grow with their number.
    async fn write(
        &self,
        results: &mut Results,
        format: Format,
        out: impl Write,
    ) -> Result<(), Failure> {
        let headings = export_headings(&self.columns);
        let mut form = match format {
            Format::Json | Format::Jsonl => Form::Json(out),
            Format::Table | Format::Csv => {
                let marks = marks(results.config.locale);
                Form::Csv(Box::new(CsvWriter::start(out, &headings, marks)?))
            }
        };
        let segment = self.segment.as_deref();
        let write = |entry: Entry| -> Result<(), Failure> {
            let cells = export_row(
                &self.columns,
                &entry,
                self.evaluation.as_ref(),
                self.clock.zone,
            );
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
}

/// The form of the file.
enum Form<W: Write> {
    Csv(Box<CsvWriter<W>>),
    Json(W),
}
