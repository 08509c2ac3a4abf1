//! A desk: a fresh folder with a config and rules, and the program at hand.

use std::path::{Path, PathBuf};

use crate::support::program::MUSTER;
use crate::support::scratch::{Scratch, on_scratch};

/// A folder of its own for one test.
pub struct Desk {
    scratch: Scratch,
}

on_scratch!(Desk);

impl Desk {
    /// An empty folder.
    pub fn empty() -> Self {
        Self {
            scratch: Scratch::new(),
        }
    }

    /// The shipped config and rules.
    pub fn shipped() -> Self {
        Self {
            scratch: Scratch::shipped(),
        }
    }

    /// The shipped files and the demo studio of a day, evaluated.
    pub fn demo() -> Self {
        let desk = Self::shipped();
        std::fs::create_dir_all(desk.path("demo")).unwrap();
        std::fs::copy(evaluated_demo(), desk.database()).unwrap();
        desk
    }

    /// Ten clients with as many visits as their key says, the last two of them gold, evaluated by these rules.
    pub fn ten_clients(rules: &str) -> Self {
        let desk = Self::empty();
        desk.sql(
            "create table clients (id integer primary key, name text, visits integer, tier text);
             with recursive n(i) as (select 1 union all select i + 1 from n where i < 10)
             insert into clients select i, 'Client ' || i, i, iif(i > 8, 'gold', 'blue') from n;",
        );
        desk.write(
            "config.yaml",
            "database: sqlite:studio.db\ntimezone: UTC\nguard: off\n\
             subject: { name: client, table: clients, key: id, label: name }\n",
        );
        desk.write("rules/all.yaml", rules);
        desk.expect(0, &["run"]);
        desk
    }

    /// The key of some active client of whom `condition`, in SQL, holds.
    pub fn client(&self, condition: &str) -> i64 {
        let active = "closed_on is null and (signed_up_at >= '2025-06-01' or \
                      id in (select client_id from visits where attended_at >= '2025-06-01'))";
        let sql = format!("select id from clients where {active} and {condition} limit 1");
        self.connection()
            .query_row(&sql, [], |row| row.get(0))
            .unwrap()
    }

    /// A segment's size on the page.
    pub fn size(&self, id: &str) -> i64 {
        let page = self.json(&["segments"]);
        let rows = page.as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == id);
        row.and_then(|row| row["size"].as_i64()).unwrap()
    }
}

/// The demo of 2026-03-15, made once by each build of the program and shared by all tests: it is the same
/// for the same date, and making it takes seconds.
fn evaluated_demo() -> PathBuf {
    let program = std::fs::metadata(MUSTER).unwrap();
    let built = program.modified().unwrap();
    let built = built.duration_since(std::time::UNIX_EPOCH).unwrap();
    let name = format!("demo-{}-{}.db", built.as_nanos(), program.len());
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !shared.exists() {
        let desk = Desk::shipped();
        desk.expect(0, &["demo", "--date", "2026-03-15"]);
        // Others may be at it, too: each writes a file of its own, and whoever is last puts it there.
        let beside = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::copy(desk.database(), beside.path()).unwrap();
        beside.persist(&shared).unwrap();
    }
    shared
}
