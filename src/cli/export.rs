//! `muster export`

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::results::{Results, local_time};
use super::{Common, Format};
use crate::report::{Align, Cell, Table, write_csv, write_json_lines};
use crate::store::ClientQuery;

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
    /// Into this file, whole or not at all; default: stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn export(command: &Export, common: &Common) -> Result<Exit, Failure> {
    let mut results = Results::open(common).await?;
    let table = match &command.segment {
        Some(id) => {
            results.segment(id)?;
            members(&mut results, id).await?
        }
        None => everyone(&mut results).await?,
    };
    match &command.out {
        Some(path) => to_file(path, &table, common.format)
            .map_err(|error| Failure::world(format!("cannot write {}: {error}", path.display())))?,
        None => write(&table, common.format, std::io::stdout().lock())?,
    }
    Ok(results.tell())
}

async fn members(results: &mut Results, segment: &str) -> Result<Table, Failure> {
    let mut table = Table::new(&[
        ("key", "Key", Align::Left),
        ("label", "Name", Align::Left),
        ("score", "Score", Align::Right),
        ("rank", "Rank", Align::Right),
        ("entered_at", "Entered at", Align::Left),
    ]);
    for member in results.store.members(segment).await? {
        table.rows.push(vec![
            Cell::from(&member.score.subject),
            Cell::Text(member.score.label),
            Cell::Number(member.score.score, 4),
            Cell::Integer(i64::from(member.score.rank)),
            Cell::Text(local_time(member.entered_at, results.config.timezone)),
        ]);
    }
    Ok(table)
}

async fn everyone(results: &mut Results) -> Result<Table, Failure> {
    let mut table = Table::new(&[
        ("key", "Key", Align::Left),
        ("label", "Name", Align::Left),
        ("score", "Score", Align::Right),
        ("rank", "Rank", Align::Right),
        ("segments", "Segments", Align::Left),
    ]);
    let query = ClientQuery {
        segment: None,
        limit: None,
        offset: 0,
    };
    for client in results.store.clients(&query).await? {
        table.rows.push(vec![
            Cell::from(&client.score.subject),
            Cell::Text(client.score.label),
            Cell::Number(client.score.score, 4),
            Cell::Integer(i64::from(client.score.rank)),
            Cell::List(client.segments),
        ]);
    }
    Ok(table)
}

fn write(table: &Table, format: Format, out: impl Write) -> std::io::Result<()> {
    match format {
        Format::Json | Format::Jsonl => write_json_lines(table, BufWriter::new(out)),
        Format::Table | Format::Csv => write_csv(table, out),
    }
}

/// Writes beside the file and renames, so that a reader never finds half of it.
fn to_file(path: &Path, table: &Table, format: Format) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    // Readable by its owner alone, as temporary files are: members are personal data.
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    if matches!(format, Format::Table | Format::Csv) {
        file.write_all(BYTE_ORDER_MARK.as_bytes())?;
    }
    write(table, format, &mut file)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
