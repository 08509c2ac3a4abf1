//! The same tables on the PostgreSQL server of the tests, and the segments as queries there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::measure::{Rounds, median_of, tell};
use crate::phases::{FEWER_TIMES, columns, evaluate, open, project, tell_members};
use crate::{duckdb, rules, sql};

/// The tables as somebody declares them there.
const TABLES: &str = "
    CREATE TABLE studios (id bigint PRIMARY KEY, name text, network_id bigint);
    CREATE TABLE clients (id bigint PRIMARY KEY, name text, email text, birthday text, studio_id bigint, signed_up_at timestamp);
    CREATE TABLE visits (id bigint PRIMARY KEY, client_id bigint, attended_at timestamp, class text, is_intro boolean);
    CREATE TABLE packages (id bigint PRIMARY KEY, client_id bigint, product text, purchased_at timestamp, expires_at timestamp,
                           total_count bigint, used_count bigint, is_intro boolean);
    CREATE TABLE payments (id bigint PRIMARY KEY, client_id bigint, paid_at timestamp, amount numeric(12, 2), method text);
    CREATE TABLE reservations (id bigint PRIMARY KEY, client_id bigint, reserved_at timestamp, source text, status text);";

/// A database of its own for each size.
pub struct Database {
    folder: PathBuf,
    port: String,
    psql: String,
    name: String,
}

impl Database {
    /// None where `sh tests/postgres/server.sh start` has not been called.
    pub fn of(folder: &Path) -> Option<Self> {
        let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/postgres");
        let address = std::fs::read_to_string(server.join("address")).ok()?;
        let mut lines = address.lines().skip(1).map(str::to_owned);
        let size = folder.file_name()?.to_str()?;
        Some(Self {
            folder: server,
            port: lines.next()?,
            psql: lines.next()?,
            name: format!("bench_{size}"),
        })
    }

    /// `copy`: a bare COPY of the columns that the fourteen need, one table after the other. `sql`: the fourteen as queries, with
    /// indexes. The members of each by its query.
    pub fn queries(&self, folder: &Path) {
        self.fill(folder);
        let copies = columns(&project(folder, "fourteen").ir).into_iter().map(
            |(table, columns)| {
                let columns = columns.join(", ");
                format!(
                    "\\copy (SELECT {columns} FROM {table}) TO '/dev/null' WITH (FORMAT binary)\n"
                )
            },
        );
        let copies: String = copies.collect();
        median_of(FEWER_TIMES, "copy", || self.ask_as_muster(&copies));
        let mut rounds = Rounds::default();
        for _ in 0..FEWER_TIMES {
            let began = Instant::now();
            for (segment, query) in sql::QUERIES {
                // With less the server looks for each `NOT IN` through all rows.
                let count = format!(
                    "SET work_mem = '256MB'; SELECT count(*) FROM ({}) AS found;",
                    sql::in_postgres(query)
                );
                rounds.add(segment, self.ask(&count).trim().parse().unwrap());
            }
            rounds.add("sql", began.elapsed().as_secs_f64());
        }
        rounds.tell();
    }

    /// Muster over the same tables.
    pub fn evaluate(&self, folder: &Path) {
        let url = format!("postgres://quick@127.0.0.1:{}/{}", self.port, self.name);
        rules::write_for(
            folder,
            "postgres",
            &format!("{{ postgres: \"{url}\", tls: off }}"),
        );
        let project = project(folder, "postgres");
        let found = evaluate(&project);
        tell("scan", found.scan_time.as_secs_f64());
        tell_members(&project, &found);
    }

    /// Makes and fills the database, unless it is there.
    fn fill(&self, folder: &Path) {
        let is_there = format!(
            "SELECT count(*) FROM pg_database WHERE datname = '{}'",
            self.name
        );
        if self.ask_in("postgres", &is_there).trim() == "1" {
            return;
        }
        let files = folder.join("duckdb");
        duckdb::write_tables(&open(&folder.join("studio.db")), &files);
        self.ask_in("postgres", &format!("CREATE DATABASE \"{}\"", self.name));
        let copies = duckdb::TABLES.map(|(table, _)| {
            let file = files.join(format!("{table}.csv"));
            format!(
                "\\copy {table} FROM '{}' WITH (FORMAT csv, HEADER)\n",
                file.display()
            )
        });
        self.ask(&format!("{TABLES}\n{}{}", copies.concat(), sql::INDEXES));
        self.ask("GRANT SELECT ON ALL TABLES IN SCHEMA public TO quick; VACUUM ANALYZE");
    }

    fn ask(&self, statements: &str) -> String {
        self.ask_in(&self.name, statements)
    }

    /// What statements give.
    ///
    /// # Panics
    /// The server refuses one.
    fn ask_in(&self, database: &str, statements: &str) -> String {
        let socket = self.folder.display();
        self.ask_at(
            &format!("host={socket} user=tests dbname={database}"),
            statements,
        )
    }

    /// The same by the way that Muster takes: its role, TCP, no TLS.
    fn ask_as_muster(&self, statements: &str) -> String {
        let at = format!(
            "host=127.0.0.1 user=quick dbname={} sslmode=disable",
            self.name
        );
        self.ask_at(&at, statements)
    }

    fn ask_at(&self, place: &str, statements: &str) -> String {
        let mut psql = Command::new(&self.psql)
            .args(["-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(format!("{place} port={}", self.port))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        psql.stdin
            .take()
            .unwrap()
            .write_all(statements.as_bytes())
            .unwrap();
        let output = psql.wait_with_output().unwrap();
        assert!(output.status.success(), "{statements:.2000}");
        String::from_utf8(output.stdout).unwrap()
    }
}
