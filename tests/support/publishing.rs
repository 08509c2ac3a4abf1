//! Results on a server of whatever kind, beside the results file that they are of.

use super::database::rows;
use super::scratch::Scratch;

pub const RULES: &str = "segments:\n\
    - { id: rich, when: spent > 50, weight: 1.5 }\n\
    - { id: odd, name: 'A \\ and | one', when: spent is present }\n";

/// A server that results are published to, and how its SQL is spelled.
pub trait Publishing {
    /// What stands behind `publish:`.
    fn publish(&self) -> String;

    /// The name of a table of results.
    fn table(&self, name: &str) -> String;

    /// An instant as the results file writes it.
    fn stamp(&self, column: &str) -> String;

    /// What a query finds: rows on lines, their cells divided by `|`.
    fn ask(&self, sql: &str) -> String;

    /// Executes a statement as whoever publishes.
    fn execute(&self, statement: &str);

    /// Somebody else, who asks on another thread.
    fn reader(&self) -> Box<dyn Fn(&str) -> String + Send + '_>;

    /// What a query finds whose tables are written `@memberships`, and whose instants `AT(entered_at)`.
    fn find(&self, sql: &str) -> String {
        self.ask(&self.spelled(sql))
    }

    fn spelled(&self, sql: &str) -> String {
        spelled(sql, |name| self.table(name), |column| self.stamp(column))
    }
}

/// Clients of a SQLite file whose results go to a server: `publish` is what stands behind `publish:`.
pub fn project(publish: &str) -> Scratch {
    let scratch = Scratch::around("shop.db");
    scratch.sql(
        "create table clients (id integer primary key, name text, spent integer);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 300)
         insert into clients select i, 'Client ' || i || char(9) || '\\N''', i * 37 % 101 from n;",
    );
    config(&scratch, publish);
    scratch.rules(RULES);
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch
}

pub fn config(scratch: &Scratch, publish: &str) {
    scratch.write(
        "config.yaml",
        format!(
            "database: sqlite:shop.db\nresults: sqlite:results.db\ntimezone: UTC\nguard: off\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             schedules: [{{ id: daily, cron: \"0 6 * * *\" }}]\n\
             publish: {publish}\n"
        ),
    );
}

/// Lets the next run be of another day and other data.
pub fn move_on(scratch: &Scratch, day: u32) {
    scratch.sql(&format!(
        "update clients set spent = (id * 37 + {day} * 31) % 101"
    ));
    scratch.put_clock(&format!("2026-03-{day}T10:00:00Z"));
}

/// What both sides say of the same tables.
pub fn assert_equal(scratch: &Scratch, server: &impl Publishing) {
    let queries = [
        "select 'm', segment_id, subject_key, AT(entered_at), run_id from @memberships order by 2, 3",
        "select 'v', run_id, segment_id, subject_key, AT(at), direction, cause from @movements order by 2, 3, 4",
        "select 's', subject_key, label, cast(score * 1000 as integer), rank from @scores order by 2",
        "select 'h', subject_key, coalesce(reasons, '') from @health order by 2",
        "select 'g', id, name, size, status, position from @segments order by 2",
        "select 'n', run_id, segment_id, metric, cast(value as integer), coalesce(cast(counted as varchar(20)), '')
         from @metrics order by 2, 3, 4",
        "select 'r', id, AT(as_of), status, subjects, coalesce(message, '') from @runs order by 2",
    ];
    for query in queries {
        let here = spelled(query, |name| format!("muster_{name}"), str::to_owned);
        let here: Vec<String> = rows(&scratch.path("results.db"), &here)
            .iter()
            .map(|row| row.join("|"))
            .collect();
        assert_eq!(here.join("\n"), server.find(query), "{query}");
    }
}

fn spelled(sql: &str, table: impl Fn(&str) -> String, stamp: impl Fn(&str) -> String) -> String {
    let tables = [
        "memberships",
        "movements",
        "scores",
        "health",
        "segments",
        "metrics",
        "runs",
        "publication",
    ];
    let sql = tables.iter().fold(sql.to_owned(), |sql, name| {
        sql.replace(&format!("@{name}"), &table(name))
    });
    let stamped = ["entered_at", "as_of", "at"];
    stamped.iter().fold(sql, |sql, column| {
        sql.replace(&format!("AT({column})"), &stamp(column))
    })
}
