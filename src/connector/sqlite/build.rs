//! A new database, filled row by row from files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement};

use super::open::{PATIENCE, connect};
use crate::disk::no_database;
use crate::sql::quoted;

/// `MSIM` in ASCII: the `application_id` of SQLite files that [`NewDatabase`] made.
const APPLICATION: i32 = 0x4d53_494d;

/// The tables that hold what [`NewDatabase::made_of`] recorded: the files, and the remarks about them.
const FILES: &str = "_muster_files";
const TOLD: &str = "_muster_told";

/// The error is the message that says why a database could not be made.
type Result<T> = std::result::Result<T, String>;

/// A database under construction, in a file that nobody else sees yet. It is not crash-safe before
/// [`NewDatabase::finish`].
#[derive(Debug)]
pub struct NewDatabase {
    connection: Connection,
}

/// A file from which a table of the database was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The name of the file.
    pub name: String,
    /// The sheet, for a workbook with several; none where an older Muster read the file.
    pub sheet: Option<String>,
    /// The name of the table.
    pub table: String,
    /// The number of rows in the file; none where an older Muster read it.
    pub rows: Option<u64>,
    /// Whether its last line was terminated.
    pub ends_line: bool,
}

/// A remark about the files that a database is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub line: String,
    /// Whether rules may count wrongly because of it: values of a file can hardly be read as intended, or rows count
    /// in place of later ones.
    pub needs_attention: bool,
}

/// A value of a new table.
#[derive(Debug, Clone, Copy)]
pub enum NewCell<'c> {
    Null,
    Whole(i64),
    /// In UTF-8.
    Text(&'c [u8]),
}

/// The rows of a new table.
pub struct NewRows<'d> {
    /// Inserts a row with its id as the first parameter; none where columns use up all names for the row id.
    with_id: Option<Statement<'d>>,
    /// Inserts a row with the next id, which is faster in SQLite.
    behind_last: Statement<'d>,
    last: i64,
    /// The id of the current row, where it is not the next one.
    id: Option<i64>,
}

/// SQLite's names for the row id, each available unless a column has that name.
const ROW_IDS: [&str; 3] = ["_rowid_", "rowid", "oid"];

impl NewDatabase {
    /// Starts a database in an empty file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin(path: &Path) -> Result<Self> {
        let begun = || {
            let connection = Connection::open(path)?;
            connection.execute_batch(&format!(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
                 PRAGMA application_id = {APPLICATION}; BEGIN"
            ))?;
            Ok(Self { connection })
        };
        begun().map_err(words)
    }

    /// Creates a table with columns of the given declared types.
    ///
    /// # Errors
    /// A name is taken or reserved by SQLite, or the disk is full.
    pub fn table(&self, name: &str, columns: &[(&str, &str)]) -> Result<NewRows<'_>> {
        let declared: Vec<String> = columns
            .iter()
            .map(|(column, declared)| format!("{} {declared}", quoted(column)))
            .collect();
        let is_free = |id: &&str| {
            columns
                .iter()
                .all(|(column, _)| !column.eq_ignore_ascii_case(id))
        };
        let id = ROW_IDS.into_iter().find(is_free).map(str::to_owned);
        let names: Vec<String> = columns.iter().map(|(column, _)| quoted(column)).collect();
        let name = quoted(name);
        let insert = |names: Vec<String>| {
            let places = vec!["?"; names.len()].join(", ");
            let sql = format!(
                "INSERT INTO {name} ({}) VALUES ({places})",
                names.join(", ")
            );
            self.connection.prepare(&sql)
        };
        let made = || {
            self.connection
                .execute_batch(&format!("CREATE TABLE {name} ({})", declared.join(", ")))?;
            let with_id = id.map(|id| insert(std::iter::once(id).chain(names.clone()).collect()));
            Ok(NewRows {
                with_id: with_id.transpose()?,
                behind_last: insert(names)?,
                last: 0,
                id: None,
            })
        };
        made().map_err(words)
    }

    /// Records the files that the database is made of, for [`files_in`], and the remarks that `check` makes about
    /// them until the next import, for [`told_in`].
    ///
    /// # Errors
    /// The disk is full.
    pub fn made_of(&self, files: &[SourceFile], told: &[Told]) -> Result<()> {
        let written = || {
            self.connection.execute_batch(&format!(
                "CREATE TABLE {FILES} (file TEXT NOT NULL, sheet TEXT, of_table TEXT NOT NULL, rows INTEGER, ends_line INTEGER NOT NULL);
                 CREATE TABLE {TOLD} (line TEXT NOT NULL, needs_attention INTEGER NOT NULL)"
            ))?;
            let insert = format!("INSERT INTO {FILES} VALUES (?, ?, ?, ?, ?)");
            let mut statement = self.connection.prepare(&insert)?;
            for file in files {
                let rows = file.rows.and_then(|rows| i64::try_from(rows).ok());
                statement.execute((&file.name, &file.sheet, &file.table, rows, file.ends_line))?;
            }
            let insert = format!("INSERT INTO {TOLD} VALUES (?, ?)");
            let mut statement = self.connection.prepare(&insert)?;
            for told in told {
                statement.execute((&told.line, told.needs_attention))?;
            }
            Ok(())
        };
        written().map_err(words)
    }

    /// Writes everything to disk, and stores `state` for [`state_of`].
    ///
    /// # Errors
    /// The disk is full.
    pub fn finish(self, state: i32) -> Result<()> {
        self.connection
            .execute_batch(&format!("PRAGMA user_version = {state}; COMMIT"))
            .map_err(words)
    }
}

impl<'d> NewRows<'d> {
    /// Begins a row, whose id is its position in its file.
    pub fn begin(&mut self, place: u64) {
        let next = self.last + 1;
        let id = i64::try_from(place).unwrap_or(0).max(next);
        let is_next = id == next || self.with_id.is_none();
        (self.id, self.last) = match is_next {
            true => (None, next),
            false => (Some(id), id),
        };
    }

    /// Puts a value into the current row. SQLite converts it to the declared type of its column, counted from 0.
    /// Every column of a row must be set.
    ///
    /// # Errors
    /// There is no such column.
    pub fn set(&mut self, column: usize, value: NewCell<'_>) -> Result<()> {
        let value = match value {
            NewCell::Null => ValueRef::Null,
            NewCell::Whole(whole) => ValueRef::Integer(whole),
            NewCell::Text(text) => ValueRef::Text(text),
        };
        let place = column + 1 + usize::from(self.id.is_some());
        self.statement()
            .raw_bind_parameter(place, ToSqlOutput::Borrowed(value))
            .map_err(words)
    }

    /// Writes the current row.
    ///
    /// # Errors
    /// The disk is full.
    pub fn write(&mut self) -> Result<()> {
        if let Some(id) = self.id {
            let set = self.statement().raw_bind_parameter(1, id);
            set.map_err(words)?;
        }
        self.statement().raw_execute().map(|_| ()).map_err(words)
    }

    fn statement(&mut self) -> &mut Statement<'d> {
        match &mut self.with_id {
            Some(with_id) if self.id.is_some() => with_id,
            _ => &mut self.behind_last,
        }
    }
}

/// The state that [`NewDatabase::finish`] stored in a file; none where there is no file.
///
/// # Errors
/// The file was written by another program or holds results; the message says why it must not be replaced.
pub fn state_of(path: &Path) -> Result<Option<i32>> {
    let refused = |(what, why): (PathBuf, String)| format!("`{}` {why}", what.display());
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(refused((
                path.into(),
                format!("cannot be looked at: {error}"),
            )));
        }
        Ok(meta) if meta.is_symlink() => {
            return Err(refused((
                path.into(),
                "is a link, and an import follows no links".into(),
            )));
        }
        Ok(_) => {}
    }
    if let Ok(Some((found, kind))) = no_database(path) {
        return Err(refused((found, format!("is {kind}, not a database file"))));
    }
    let looked = || {
        let connection = connect(path, PATIENCE)?;
        let pragma = |name: &str| {
            connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i32>(0))
        };
        let results =
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name LIKE 'muster\\_%' ESCAPE '\\')";
        let holds_results: bool = connection.query_row(results, [], |row| row.get(0))?;
        Ok((
            pragma("application_id")?,
            pragma("user_version")?,
            holds_results,
        ))
    };
    let why = match looked().map_err(words) {
        Ok((_, _, true)) => "holds results of Muster (tables named `muster_…`)".to_owned(),
        Ok((APPLICATION, state, false)) => return Ok(Some(state)),
        Ok(_) => "was made by another program, not by an import".to_owned(),
        Err(error) => format!("cannot be read: {error}"),
    };
    let advice = "it stays as it is: move it away, or let `database:` name another file";
    Err(refused((path.into(), format!("{why}; {advice}"))))
}

/// The tables and views of an imported database.
///
/// # Errors
/// Why it cannot be read.
pub fn tables_in(path: &Path) -> Result<Vec<String>> {
    let looked = || {
        let connection = connect(path, PATIENCE)?;
        let sql = format!(
            "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             AND name NOT IN ('{FILES}', '{TOLD}') ORDER BY name"
        );
        let mut statement = connection.prepare(&sql)?;
        let names = statement.query_map([], |row| row.get(0))?;
        names.collect::<std::result::Result<Vec<String>, _>>()
    };
    looked()
        .map_err(|error: rusqlite::Error| format!("`{}` cannot be read: {error}", path.display()))
}

/// The columns of each table of an imported database, by table name.
///
/// # Errors
/// Why it cannot be read.
pub fn columns_in(path: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let looked = || {
        let connection = connect(path, PATIENCE)?;
        let sql = "SELECT tables.name, columns.name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns \
                   WHERE tables.type = 'table' ORDER BY tables.name, columns.cid";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            columns.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(columns)
    };
    looked()
        .map_err(|error: rusqlite::Error| format!("`{}` cannot be read: {error}", path.display()))
}

/// The files that a database is made of; none where an older Muster made it.
///
/// # Errors
/// Why it cannot be read.
pub fn files_in(path: &Path) -> Result<Vec<SourceFile>> {
    recorded(path, FILES, |connection| {
        // An older Muster did not count rows: the number of rows in the files is known only for an empty table.
        let is_counted = connection.column_exists(None, FILES, "rows")?;
        let columns = match is_counted {
            true => "rows, ends_line",
            false => "NULL, 1",
        };
        let sheet = match connection.column_exists(None, FILES, "sheet")? {
            true => "sheet",
            false => "NULL",
        };
        let is_empty = |table: &str| {
            let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {})", quoted(table));
            connection.query_row(&sql, [], |row| row.get::<_, bool>(0))
        };
        let sql = format!("SELECT file, {sheet}, of_table, {columns} FROM {FILES}");
        let mut statement = connection.prepare(&sql)?;
        let files = statement.query_map([], |row| {
            Ok(SourceFile {
                name: row.get(0)?,
                sheet: row.get(1)?,
                table: row.get(2)?,
                rows: row
                    .get::<_, Option<i64>>(3)?
                    .and_then(|rows| rows.try_into().ok()),
                ends_line: row.get(4)?,
            })
        })?;
        let mut files = files.collect::<rusqlite::Result<Vec<SourceFile>>>()?;
        for file in files.iter_mut().filter(|_| !is_counted) {
            file.rows = is_empty(&file.table)?.then_some(0);
        }
        Ok(files)
    })
}

/// The number of files from which a table is made; 0 where it was not imported.
pub(super) fn files_of(db: &Connection, table: &str) -> rusqlite::Result<usize> {
    if !db.table_exists(None, FILES)? {
        return Ok(0);
    }
    let sql = format!("SELECT count(*) FROM {FILES} WHERE of_table = ?1");
    let count: i64 = db.query_row(&sql, [table], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The remarks about the files that a database is made of.
///
/// # Errors
/// Why it cannot be read.
pub fn told_in(path: &Path) -> Result<Vec<Told>> {
    recorded(path, TOLD, |connection| {
        // An older Muster did not distinguish them.
        let needs_attention = match connection.column_exists(None, TOLD, "needs_attention")? {
            true => "needs_attention",
            false => "0",
        };
        let sql = format!("SELECT line, {needs_attention} FROM {TOLD}");
        let mut statement = connection.prepare(&sql)?;
        let told = statement.query_map([], |row| {
            Ok(Told {
                line: row.get(0)?,
                needs_attention: row.get(1)?,
            })
        })?;
        told.collect()
    })
}

/// The rows of one of Muster's own tables; none where there is no such table.
fn recorded<T>(
    path: &Path,
    table: &str,
    read: impl Fn(&Connection) -> rusqlite::Result<Vec<T>>,
) -> Result<Vec<T>> {
    let looked = || {
        let connection = connect(path, PATIENCE)?;
        match connection.table_exists(None, table)? {
            true => read(&connection),
            false => Ok(Vec::new()),
        }
    };
    looked()
        .map_err(|error: rusqlite::Error| format!("`{}` cannot be read: {error}", path.display()))
}

fn words(error: rusqlite::Error) -> String {
    error.to_string()
}
