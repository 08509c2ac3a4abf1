//! Scans that a database answers itself, beside the same scans read row by row.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use muster::connector::Connector;
use muster::connector::sqlite::SqliteConnector;
use muster::engine::{
    self, Answered, Asked, Cell, Gathered, Keep, OwnedCell, Part, ReadError, Select, Tables,
    Tuning, Unwatched, gather,
};
use muster::ir::Ir;
use muster::pushdown::{
    Dialect, Given, Kind, Postgres as PostgresSql, Query, Refusal, Server, Shapes, Sqlite, Stored,
    answer,
};
use muster::time::Clock;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::scan::both::told;
use crate::scan::harness::{Folder, clock};
use crate::support::database::open;
use crate::support::postgres::Postgres;

/// A row of cells.
pub struct Cells(pub Vec<OwnedCell>);

impl engine::Row for Cells {
    fn cell(&self, place: usize) -> Cell<'_> {
        self.0.get(place).map_or(Cell::Null, OwnedCell::lent)
    }

    fn id(&self) -> Option<i64> {
        None
    }

    fn name(&self) -> Option<Cell<'_>> {
        None
    }
}

/// The columns of a file by table and name, as a kind of database holds them.
pub struct Declared(HashMap<(String, String), Stored>);

impl Shapes for Declared {
    fn stored(&self, table: &str, column: &str) -> Option<Stored> {
        self.0.get(&(table.to_owned(), column.to_owned())).copied()
    }
}

impl Declared {
    pub fn of(connection: &Connection, is_typed: bool) -> Self {
        let sql = "select m.name, c.name, upper(c.type) from sqlite_schema m, pragma_table_info(m.name) c";
        let mut columns = connection.prepare(sql).unwrap();
        let columns = columns.query_map([], |row| {
            let (table, column, declared): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(((table, column), stored(&declared, is_typed)))
        });
        let columns = columns.unwrap().map(Result::unwrap);
        Self(
            columns
                .filter_map(|(place, stored)| Some((place, stored?)))
                .collect(),
        )
    }
}

fn stored(declared: &str, is_typed: bool) -> Option<Stored> {
    let has = |word: &str| declared.contains(word);
    Some(match () {
        () if has("BOOL") && is_typed => Stored::Truth,
        () if has("BOOL") => Stored::Integer,
        () if has("DATETIME") && is_typed => Stored::Local,
        () if has("DATE") && is_typed => Stored::Date,
        () if has("DATE") || has("TEXT") => Stored::Text,
        () if has("INT") => Stored::Integer,
        () if has("REAL") => Stored::Real,
        () if !is_typed => return None,
        () => {
            let places = declared.strip_prefix("NUMERIC(")?.strip_suffix(')')?;
            Stored::Decimal(places.split(',').nth(1)?.parse().unwrap())
        }
    })
}

/// A file asked in its own SQL.
struct File(Connection);

impl Server for File {
    fn lend(&mut self, given: &Given<'_>) -> Result<(), ReadError> {
        let (create, rows) = table(given);
        let create = create.replace("CREATE TABLE", "CREATE TEMP TABLE");
        self.0.execute_batch(&create).unwrap();
        for row in rows {
            self.0
                .execute_batch(&format!("INSERT INTO {} VALUES {row}", given.table))
                .unwrap();
        }
        Ok(())
    }

    fn ask(
        &mut self,
        query: &Query,
        each: &mut dyn FnMut(&dyn engine::Row) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let mut statement = self
            .0
            .prepare(&query.sql)
            .unwrap_or_else(|error| panic!("{error}"));
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows
            .next()
            .unwrap_or_else(|error| panic!("{error}: {}", query.sql))
        {
            let cells = 0..query.columns.len();
            let cells = cells.map(|place| owned(row.get_ref(place).unwrap()));
            if each(&Cells(cells.collect())).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A server asked through `psql`.
struct Psql<'p>(&'p Postgres);

impl Server for Psql<'_> {
    fn lend(&mut self, given: &Given<'_>) -> Result<(), ReadError> {
        let (create, rows) = table(given);
        let mut sql = create
            .replace("REAL", "FLOAT8")
            .replace("INTEGER", "BIGINT");
        if !rows.is_empty() {
            sql += &format!("INSERT INTO {} VALUES {};", given.table, rows.join(", "));
        }
        self.0.sql(&sql);
        Ok(())
    }

    fn ask(
        &mut self,
        query: &Query,
        each: &mut dyn FnMut(&dyn engine::Row) -> ControlFlow<()>,
    ) -> Result<(), ReadError> {
        let answer = self.0.sql(&format!("COPY ({}) TO STDOUT", query.sql));
        for line in answer.lines() {
            let cells = line.split('\t').zip(&query.columns);
            let cells = cells.map(|(cell, column)| match (cell, column.kind) {
                ("\\N", _) => OwnedCell::Null,
                (cell, Kind::Whole) => OwnedCell::Integer(cell.parse().unwrap()),
                (cell, Kind::Double) => OwnedCell::Real(cell.parse().unwrap()),
                (cell, Kind::Text) => Cell::Text(cell.replace("\\\\", "\\").as_bytes()).into(),
            });
            if each(&Cells(cells.collect())).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A table in SQL, and its rows.
fn table(given: &Given<'_>) -> (String, Vec<String>) {
    let columns = given.columns.iter().map(|(name, kind)| match kind {
        Kind::Whole => format!("{name} INTEGER"),
        Kind::Double => format!("{name} REAL"),
        Kind::Text => format!("{name} TEXT"),
    });
    let columns: Vec<String> = columns.collect();
    let table = given.table;
    let create = format!(
        "DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({});",
        columns.join(", ")
    );
    let rows = given.rows().map(|row| {
        let cells = row.iter().map(|cell| match cell.lent() {
            Cell::Null => "NULL".to_owned(),
            Cell::Integer(whole) => whole.to_string(),
            Cell::Real(real) => format!("{real:?}"),
            cell => format!("'{}'", cell.text().unwrap().replace('\'', "''")),
        });
        format!("({})", cells.collect::<Vec<_>>().join(", "))
    });
    (create, rows.collect())
}

fn owned(value: ValueRef<'_>) -> OwnedCell {
    Cell::from(value).into()
}

/// A file whose scans a server answers, as far as its SQL can.
struct Pushed<'p> {
    file: Connection,
    dialect: &'static dyn Dialect,
    shapes: Declared,
    server: RefCell<Box<dyn Server + Send + 'p>>,
    refused: RefCell<Vec<String>>,
}

impl Tables for Pushed<'_> {
    type Row<'r> = Cells;

    fn columns(&self, table: &str) -> Result<Option<Vec<String>>, ReadError> {
        let sql = format!("select * from \"{table}\"");
        let columns = self.file.prepare(&sql).ok();
        Ok(columns.map(|columns| {
            columns
                .column_names()
                .into_iter()
                .map(str::to_owned)
                .collect()
        }))
    }

    fn declared_type(&self, table: &str, column: &str) -> Result<Option<String>, ReadError> {
        let sql = "select type from pragma_table_info(?1) where name = ?2";
        Ok(self
            .file
            .query_row(sql, [table, column], |row| row.get(0))
            .ok())
    }

    fn estimate(&self, _: &str) -> Option<u64> {
        None
    }

    fn ids(&self, _: &str) -> Result<Part, ReadError> {
        Ok(Part::Whole)
    }

    fn aggregate(&self, asked: &Asked<'_>) -> Result<Option<Answered>, ReadError> {
        let mut server = self.server.borrow_mut();
        match answer(asked, self.dialect, &self.shapes, &mut **server) {
            Ok(answered) => Ok(Some(answered)),
            Err(Refusal::Unread(error)) => Err(error),
            Err(Refusal::Unsupported(unsupported)) => {
                self.refused.borrow_mut().push(unsupported.to_string());
                Ok(None)
            }
        }
    }

    fn read<F>(&self, select: &Select, _: Part, mut each: F) -> Result<(), ReadError>
    where
        F: FnMut(&Cells) -> Result<ControlFlow<()>, ReadError>,
    {
        let columns = select.columns().iter().map(|name| format!("\"{name}\""));
        let columns: Vec<String> = columns.collect();
        let columns = if columns.is_empty() {
            "1".to_owned()
        } else {
            columns.join(", ")
        };
        let sql = format!("select {columns} from \"{}\"", select.table());
        let mut statement = self.file.prepare(&sql).unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..count).map(|place| owned(row.get_ref(place).unwrap()));
            if each(&Cells(cells.collect()))?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Asks the file itself: what SQL did not answer, in words. Fails where something else is found than row by row.
pub fn by_sqlite(folder: &Folder) -> Vec<String> {
    let server = File(open(&folder.database()));
    compared(folder, &Sqlite, Box::new(server), false)
}

/// Asks a server that has taken the file over.
pub fn by_postgres(folder: &Folder, postgres: &Postgres) -> Vec<String> {
    compared(folder, &PostgresSql, Box::new(Psql(postgres)), true)
}

fn compared<'p>(
    folder: &Folder,
    dialect: &'static dyn Dialect,
    server: Box<dyn Server + Send + 'p>,
    is_typed: bool,
) -> Vec<String> {
    let project = folder.project();
    let clock = Clock {
        zone: project.config.timezone,
        ..clock()
    };
    let file = open(&folder.database());
    let pushed = Pushed {
        shapes: Declared::of(&file, is_typed),
        file,
        dialect,
        server: RefCell::new(server),
        refused: RefCell::default(),
    };
    let wanted = of_rows(&folder.database(), &project.ir, &clock);
    let (ir, tuning) = (&project.ir, Tuning::default());
    let found = gather(&pushed, &[], tuning, None, ir, &clock, &Unwatched).unwrap();
    assert_same(&gathered(&wanted), &gathered(&found));
    let evaluated = |gathered: Gathered| {
        let gathered = Gathered {
            problems: Vec::new(),
            ..gathered
        };
        told(&engine::evaluate(ir, gathered, &clock, Keep::Everything))
    };
    assert_eq!(evaluated(wanted), evaluated(found));
    pushed.refused.into_inner()
}

pub fn of_rows(file: &Path, ir: &Ir, clock: &Clock) -> Gathered {
    let snapshot = SqliteConnector::new(file).snapshot().unwrap();
    snapshot.gather(None, ir, clock, &Unwatched).unwrap()
}

/// Everything that was gathered in words, but for examples of troubles.
pub fn gathered(found: &Gathered) -> String {
    let mut problems: Vec<String> = found
        .problems
        .iter()
        .map(|p| {
            let reach = p.counted().reach;
            format!(
                "{:?} {}.{} x{} {reach:?}",
                p.kind, p.table, p.column, p.count
            )
        })
        .collect();
    problems.sort();
    format!(
        "{:?}\n{:#?}\n{:#?}\n{problems:#?}\n{:?}",
        found.subjects, found.inputs, found.aggregates, found.rows
    )
}

/// Shows only the lines that differ.
pub fn assert_same(wanted: &str, found: &str) {
    let lines = wanted.lines().zip(found.lines()).enumerate();
    let other = lines.filter(|(_, (wanted, found))| wanted != found);
    let other: Vec<String> = other
        .map(|(line, (wanted, found))| format!("{line}: by rows {wanted}, by SQL {found}"))
        .collect();
    assert!(
        other.is_empty() && wanted.len() == found.len(),
        "{other:#?}"
    );
}
