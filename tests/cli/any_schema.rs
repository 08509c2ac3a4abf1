//! What `init` writes passes `check` without a warning and a first run, whatever tables there are:
//! `MUSTER_INIT_SCHEMAS=5000 cargo nextest run --test cli any_schema` is the long form, and
//! `MUSTER_INIT_SEED` begins elsewhere.

use std::fmt::Write;

use muster::diagnostic::Finding;
use muster::engine::ProblemKind;
use muster::init::{Data, Named, Origin, Wishes, starter};
use muster::project::LoadError;
use muster::run::Options;

use crate::support::library::{run, snapshot};
use crate::support::scratch::Scratch;

/// 2026-06-01, noon.
const NOW: i64 = 1_780_315_200_000_000;

/// Names that mean something to the language, to YAML, to the files that `init` writes, or to SQLite.
const NAMES: [&str; 84] = [
    "status",
    "State",
    "is_deleted",
    "active",
    "cancelled",
    "cancelled_at",
    "currency",
    "unsubscribed",
    "orders_id",
    "gift_id",
    "last",
    "first",
    "in",
    "ends",
    "starts",
    "by",
    "where",
    "now",
    "today",
    "missing",
    "not",
    "count",
    "sum",
    "if",
    "top",
    "segment",
    "everyone",
    "health",
    "distinct",
    "previous",
    "yes",
    "no",
    "null",
    "on",
    "off",
    "true",
    "y",
    "n",
    "~",
    "buyers",
    "purchases",
    "spent",
    "recency_score",
    "days_since_purchase",
    "orders_90d",
    "orders_prev_90d",
    "orders_total",
    "times_bought",
    "at",
    "At",
    "value",
    "score",
    "size",
    "client",
    "customer",
    "payments",
    "amount",
    "Order Lines",
    "order_lines",
    "OrderLines",
    "order-lines",
    "2024 sales",
    "été",
    "ÜBERSICHT",
    "Straße",
    "名前",
    "日付",
    "имя",
    "a.b",
    "say \"so\"",
    "it's",
    "back`tick",
    "hash # tag",
    "key: value",
    "${HOME}",
    "{braces}",
    "[list]",
    "a,b",
    "*star",
    "&and",
    "%p",
    "@at",
    "tab\there",
    " padded ",
];

const AMOUNTS: [&str; 14] = [
    "amount",
    "total",
    "Total Price",
    "price",
    "AMOUNT",
    "total_cents",
    "Betrag",
    "amount (EUR)",
    "fee",
    "value",
    "paid",
    "quantity",
    "discount_percent",
    "tax_rate",
];

const TIMES: [&str; 22] = [
    "created_at",
    "created",
    "ordered_at",
    "OrderDate",
    "paid_on",
    "expires_at",
    "due",
    "ends",
    "date",
    "timestamp",
    "time",
    "when",
    "at",
    "started_at",
    "updated_at",
    "birthday",
    "prep_time",
    "Check In Time",
    "year",
    "duration",
    "deleted_at",
    "visited",
];

const TYPES: [&str; 24] = [
    "INTEGER",
    "INT",
    "BIGINT",
    "REAL",
    "FLOAT",
    "DOUBLE PRECISION",
    "DECIMAL",
    "DECIMAL(10)",
    "DECIMAL(10,2)",
    "NUMERIC(12,6)",
    "NUMERIC",
    "MONEY",
    "CURRENCY",
    "TEXT",
    "VARCHAR(40)",
    "NVARCHAR(20)",
    "",
    "DATE",
    "DATETIME",
    "TIMESTAMP",
    "timestamp with time zone",
    "BOOLEAN",
    "BLOB",
    "JSON",
];

const PEOPLE: [&str; 12] = [
    "clients",
    "Customers",
    "tblDonor",
    "members",
    "users",
    "shop_customer",
    "Patients",
    "people",
    "guest list",
    "Kunden",
    "STUDENTS",
    "in",
];

/// Numbers as if drawn at random, the same for a seed.
struct Dice(u64);

impl Dice {
    fn roster(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.roster(all.len())]
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.roster(times) == 0
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A database as SQL.
struct Schema {
    sql: String,
    tables: Vec<String>,
    /// Whether the people and their key can be told.
    sure: bool,
}

impl Schema {
    fn of(dice: &mut Dice) -> Self {
        let mut schema = Self {
            sql: String::new(),
            tables: Vec::new(),
            sure: false,
        };
        let people = dice.of(&PEOPLE);
        let key = ["id", "ID", "Member No", "code", "yes", "last"][dice.roster(6)];
        let keys = [0, 1, 3, 60][dice.roster(4)];
        let is_text = dice.one_in(3);
        let declared = [" primary key", " primary key", " unique not null", ""][dice.roster(4)];
        schema.sure = people != "in" && (keys > 0 || !declared.is_empty());
        let ty = if is_text { "text" } else { "integer" };
        schema.table(
            dice,
            people,
            &format!("{} {ty}{declared}", quoted(key)),
            keys,
            &|row| match is_text {
                true => format!("'K-{row:04}'"),
                false => (row + 1_000).to_string(),
            },
        );
        let mut names = vec!["orders", "visits", "payments", "gifts"];
        names.extend((0..dice.roster(5)).map(|_| dice.of(&NAMES)));
        for name in names {
            if dice.one_in(3) || schema.tables.iter().any(|t| t.eq_ignore_ascii_case(name)) {
                continue;
            }
            let one = people
                .trim_start_matches("tbl")
                .trim_end_matches('s')
                .to_lowercase();
            let pointer = [
                format!("{one}_id"),
                format!("{one}id"),
                key.to_owned(),
                "whose".to_owned(),
            ][dice.roster(4)]
            .clone();
            let rows = [0, 1, 5, 80][dice.roster(4)];
            let references = match dice.one_in(2) && !declared.is_empty() {
                true => format!(" references {}", quoted(people)),
                false => String::new(),
            };
            let pointer = format!("{} {ty}{references}", quoted(&pointer));
            schema.table(dice, name, &pointer, rows, &|row| {
                let of = row * 7 % keys.max(1);
                match is_text {
                    true => format!("'K-{of:04}'"),
                    false => (of + 1_000).to_string(),
                }
            });
            if dice.one_in(4) {
                let view = format!("{name} view");
                let _ = writeln!(
                    schema.shown(),
                    "create view {} as select * from {};",
                    quoted(&view),
                    quoted(name)
                );
            }
        }
        schema.sql.push_str(
            "create table django_migrations (id integer primary key, app text);
             create table counted (id integer primary key autoincrement, label text);
             insert into counted (label) values ('x');
             create view broken as select * from counted; drop table counted;",
        );
        schema
    }

    /// The tables without their rows.
    fn shown(&self) -> String {
        let lines = self.sql.lines().filter(|line| !line.starts_with("insert"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A table with a first column, and others of any kind.
    fn table(
        &mut self,
        dice: &mut Dice,
        name: &str,
        first: &str,
        rows: usize,
        key: &dyn Fn(usize) -> String,
    ) {
        let mut columns = vec![first.to_owned()];
        let mut kinds = Vec::new();
        let mut names: Vec<&str> = vec!["name", "Title", "email"];
        names.extend([
            dice.of(&TIMES),
            dice.of(&TIMES),
            dice.of(&AMOUNTS),
            dice.of(&AMOUNTS),
        ]);
        names.extend((0..4).map(|_| dice.of(&NAMES)));
        for column in names {
            let begins = |there: &String| {
                there
                    .to_lowercase()
                    .starts_with(&quoted(column).to_lowercase())
            };
            if dice.one_in(4) || columns.iter().any(begins) {
                continue;
            }
            let generated = dice.one_in(20) && !columns.is_empty();
            let ty = dice.of(&TYPES);
            if generated {
                columns.push(format!(
                    "{} {ty} generated always as (1 + 1) virtual",
                    quoted(column)
                ));
            } else {
                columns.push(format!("{} {ty}", quoted(column)));
                kinds.push((column, dice.roster(13)));
            }
        }
        let without = if first.contains("primary key") && dice.one_in(4) {
            " without rowid"
        } else {
            ""
        };
        let _ = writeln!(
            self.sql,
            "create table {} ({}){without};",
            quoted(name),
            columns.join(", ")
        );
        let listed: Vec<String> = kinds.iter().map(|(column, _)| quoted(column)).collect();
        let first = quoted(first.split('"').nth(1).unwrap());
        let listed = [vec![first], listed].concat().join(", ");
        for row in 0..rows {
            let values: Vec<String> = kinds
                .iter()
                .map(|(_, kind)| value(dice, *kind, row))
                .collect();
            let values = [vec![key(row)], values].concat().join(", ");
            let _ = writeln!(
                self.sql,
                "insert into {} ({listed}) values ({values});",
                quoted(name)
            );
        }
        self.tables.push(name.to_owned());
    }
}

/// A value of a column's kind; any column can be empty in any row.
fn value(dice: &mut Dice, kind: usize, row: usize) -> String {
    let day = dice.roster(700);
    if dice.one_in(15) {
        return "null".to_owned();
    }
    match kind {
        0 => format!("date('2026-05-30', '-{day} days')"),
        1 => format!("datetime('2026-05-30', '-{day} days')"),
        2 => (1_780_000_000 - day * 86_400).to_string(),
        3 => format!("'{:02}/{:02}/2025'", 1 + day % 28, 1 + day % 12),
        4 => dice.roster(60).to_string(),
        5 => format!("{}.{:02}", dice.roster(900), dice.roster(100)),
        6 => format!("'Person {row}'"),
        7 => ["'Mr'", "'Mrs'", "'Dr'"][dice.roster(3)].to_owned(),
        8 => dice.roster(2).to_string(),
        9 => ["'Yes'", "'no'", "''"][dice.roster(3)].to_owned(),
        10 => [
            "'paid'",
            "'Cancelled'",
            "'it''s void'",
            "'no \"show\"'",
            "'wc-failed'",
        ][dice.roster(5)]
        .to_owned(),
        11 => ["'EUR'", "'USD'"][dice.roster(2)].to_owned(),
        _ => "'x'".to_owned(),
    }
}

#[tokio::test]
async fn what_init_writes_passes_and_runs() {
    let number = |name: &str, otherwise: u64| {
        std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
    };
    let first = number("MUSTER_INIT_SEED", 1);
    for seed in first..first + number("MUSTER_INIT_SCHEMAS", 100) {
        let schema = Schema::of(&mut Dice(seed * 7_919));
        let folder = Scratch::around("any.db");
        let made = folder.connection().execute_batch(&format!(
            "pragma foreign_keys = off; begin; {} commit;",
            schema.sql
        ));
        made.unwrap_or_else(|e| panic!("seed {seed}: {e}\n{}", schema.shown()));
        let data = Data::of(snapshot(&folder.database()).unwrap()).unwrap();
        let origin = Origin {
            database: Named::File("any.db".into()),
            import: None,
        };
        let Ok(start) = starter(&origin, &data, &Wishes::default(), NOW) else {
            assert!(!schema.sure, "seed {seed}\n{}", schema.shown());
            continue;
        };
        // A state of the file that is held keeps off the run, which writes to the same file.
        drop(data);
        folder.write("config.yaml", &start.config);
        folder.write("rules/segments.yaml", &start.rules);
        if let Some(ladder) = &start.ladder {
            folder.write("rules/rfm.yaml", ladder);
        }
        if let Err(reason) = passes(&folder).await {
            panic!(
                "seed {seed}: {reason}\n{}\n{}\n{}",
                schema.shown(),
                start.config,
                start.rules
            );
        }
    }
}

/// Checks and runs; why not, where it does not pass.
async fn passes(folder: &Scratch) -> Result<(), String> {
    let project = match folder.load().await {
        Ok(project) => project,
        Err(LoadError::Refused(_, findings)) => return Err(told(&findings)),
        Err(LoadError::World(reason)) => return Err(reason.to_string()),
    };
    if !project.findings.is_empty() {
        return Err(told(&project.findings));
    }
    let options = Options {
        as_of: Some(NOW),
        ..Options::default()
    };
    let outcome = run(&project, &options)
        .await
        .map_err(|error| error.to_string())?;
    let stale: Vec<_> = outcome
        .segments
        .iter()
        .filter_map(|segment| segment.stale.as_ref())
        .collect();
    if !stale.is_empty() || outcome.health_stale.is_some() || outcome.unpublished.is_some() {
        return Err(format!(
            "{stale:?} {:?} {:?}",
            outcome.health_stale, outcome.unpublished
        ));
    }
    let unread = outcome
        .evaluation
        .problems
        .iter()
        .find(|p| p.kind == ProblemKind::UnreadableTime && p.count > 40);
    unread.map_or(Ok(()), |problem| Err(format!("{problem:?}")))
}

fn told(findings: &[Finding]) -> String {
    let lines = findings
        .iter()
        .map(|finding| format!("{:?}: {}", finding.code, finding.message));
    lines.collect::<Vec<_>>().join("\n")
}
