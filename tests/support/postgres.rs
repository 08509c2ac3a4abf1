//! A real PostgreSQL server, which `tests/postgres/server.sh` starts.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use muster::config::{Server, ServerTls, server_of};
use rusqlite::Connection;
use rusqlite::types::Value;

use super::database::{open, rows};
use super::publishing::Publishing;
use super::skipping::skipped;

/// A database of its own; it is gone with this.
pub struct Postgres {
    pub database: String,
    folder: PathBuf,
    port: String,
    psql: String,
}

impl Postgres {
    /// An empty database, which the role `reader` may read; none, visibly, where no server was started.
    pub fn open() -> Option<Self> {
        Self::open_with("")
    }

    /// The same, made with some options of `CREATE DATABASE`.
    pub fn open_with(options: &str) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/postgres");
        let Ok(address) = std::fs::read_to_string(folder.join("address")) else {
            assert!(
                std::env::var_os("MUSTER_NEEDS_POSTGRES").is_none(),
                "no PostgreSQL was started: `tests/all.sh` does"
            );
            skipped("no PostgreSQL was started; `sh tests/postgres/server.sh start` does");
            return None;
        };
        let mut lines = address.lines().skip(1).map(str::to_owned);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let new = Self {
            database: format!("test_{}_{number}", std::process::id()),
            folder,
            port: lines.next().unwrap(),
            psql: lines.next().unwrap(),
        };
        new.psql(
            "postgres",
            &format!("CREATE DATABASE {} {options}", new.database),
        );
        new.sql("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO reader, slow, quick");
        Some(new)
    }

    /// Executes statements as their owner: what the last of them gives, its cells divided by `|`.
    pub fn sql(&self, sql: &str) -> String {
        self.psql(&self.database, sql)
    }

    /// Executes statements, of which one may be cut off.
    pub fn sql_whatever(&self, sql: &str) {
        self.run(&self.database, sql);
    }

    /// The port that it listens at.
    pub fn port(&self) -> u16 {
        self.port.parse().unwrap()
    }

    fn psql(&self, database: &str, sql: &str) -> String {
        let output = self.run(database, sql);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}\n{sql:.2000}");
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_owned()
    }

    fn run(&self, database: &str, sql: &str) -> Output {
        let mut psql = Command::new(&self.psql)
            .args(["-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "tests"])
            .args(["-p", &self.port, "-d", database, "-h"])
            .arg(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = psql.stdin.take().unwrap();
        stdin.write_all(sql.as_bytes()).unwrap();
        drop(stdin);
        psql.wait_with_output().unwrap()
    }

    /// The URL by which a role reads it over the network of this machine.
    pub fn url(&self, role: &str) -> String {
        format!(
            "postgres://{role}@localhost:{}/{}",
            self.port, self.database
        )
    }

    /// A file beside the server's data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What stands behind `database:` for the role `reader`.
    pub fn config(&self) -> String {
        let (url, password) = (self.url("reader"), self.file("password"));
        format!(
            "{{ postgres: \"{url}\", password_file: {} }}",
            password.display()
        )
    }

    /// The same without config, for a role that needs neither a password nor an encrypted connection, both of which take their
    /// time.
    pub fn server(&self) -> Server {
        let url = self.url("quick").replace("localhost", "127.0.0.1");
        Server {
            tls: Some(ServerTls::Off),
            ..server_of(&url).unwrap()
        }
    }

    /// Makes the tables of a SQLite file, whose values fit what their columns are declared for, with all rows in their order.
    pub fn take_over(&self, file: &Path) {
        let tables = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' \
                      and name not like 'muster_%' and name not like '\\_sqlx%' escape '\\'";
        for row in rows(file, tables) {
            self.sql(&table(file, &row[0]));
        }
    }
}

/// Written by the role `quick`.
impl Publishing for Postgres {
    fn publish(&self) -> String {
        let url = self.url("quick").replace("localhost", "127.0.0.1");
        format!("{{ to: \"{url}\", tls: off }}")
    }

    fn table(&self, name: &str) -> String {
        format!("muster.{name}")
    }

    fn stamp(&self, column: &str) -> String {
        format!("to_char({column} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
    }

    fn ask(&self, sql: &str) -> String {
        self.sql(sql)
    }

    fn execute(&self, statement: &str) {
        self.sql(&format!("SET ROLE quick; {statement}"));
    }

    fn reader(&self) -> Box<dyn Fn(&str) -> String + Send + '_> {
        Box::new(|sql| self.sql(sql))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.psql(
                "postgres",
                &format!("DROP DATABASE {} WITH (FORCE)", self.database),
            );
        }
    }
}

/// The statements that make a table.
fn table(file: &Path, name: &str) -> String {
    let columns = rows(
        file,
        &format!("select name, type, pk from pragma_table_info('{name}')"),
    );
    let has_key = columns.iter().filter(|column| column[2] != "0").count() == 1;
    let connection = open(file);
    let shown = columns.iter().map(|column| {
        let key = if has_key && column[2] != "0" {
            " PRIMARY KEY"
        } else {
            ""
        };
        format!(
            "\"{}\" {}{key}",
            column[0],
            declared(&column[1], tells_offsets(&connection, name, &column[0]))
        )
    });
    let shown: Vec<String> = shown.collect();
    let mut sql = format!(
        "DROP TABLE IF EXISTS \"{name}\";\nCREATE TABLE \"{name}\" ({});\n",
        shown.join(", ")
    );
    let _ = writeln!(sql, "COPY \"{name}\" FROM STDIN;");
    let mut all = connection
        .prepare(&format!("select * from \"{name}\""))
        .unwrap();
    let mut found = all.query([]).unwrap();
    while let Some(row) = found.next().unwrap() {
        let cells = (0..columns.len()).map(|place| match row.get(place).unwrap() {
            Value::Null => "\\N".to_owned(),
            Value::Integer(whole) => whole.to_string(),
            Value::Real(real) => real.to_string(),
            Value::Text(text) => escaped(&text),
            Value::Blob(bytes) => panic!("{bytes:?}"),
        });
        let cells: Vec<String> = cells.collect();
        let _ = writeln!(sql, "{}", cells.join("\t"));
    }
    sql + "\\.\n"
}

/// A text as `COPY` takes it.
fn escaped(text: &str) -> String {
    let escapes = [('\\', "\\\\"), ('\t', "\\t"), ('\n', "\\n"), ('\r', "\\r")];
    escapes
        .iter()
        .fold(text.to_owned(), |text, (sign, escape)| {
            text.replace(*sign, escape)
        })
}

/// Whether the times of a column tell their offsets, as far as there are any.
fn tells_offsets(connection: &Connection, table: &str, column: &str) -> bool {
    let sql = format!(
        "select count(*) > 0 and count(*) = sum(\"{column}\" like '%Z' or \"{column}\" like '%+__:__' or \"{column}\" like '%-__:__')
         from \"{table}\" where \"{column}\" is not null"
    );
    connection.query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// The type that a column declared for SQLite has there.
fn declared(declared: &str, tells_offsets: bool) -> String {
    let upper = declared.to_uppercase();
    let has = |word: &str| upper.contains(word);
    match () {
        () if has("BOOL") => "boolean".into(),
        () if tells_offsets => "timestamptz".into(),
        () if has("DATETIME") || has("TIMESTAMP") => "timestamp".into(),
        () if has("DATE") => "date".into(),
        () if has("DECIMAL") || has("NUMERIC") => declared.into(),
        () if has("INT") => "bigint".into(),
        () if has("REAL") || has("FLOA") || has("DOUB") => "double precision".into(),
        () => "text".into(),
    }
}
