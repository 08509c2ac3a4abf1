//! Erasing without a trace: a subject, or runs that are too old.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::error::About;
use super::migrate::{begin, has_table};
use super::sources::prune_sources;
use super::text::instant;
use super::{Store, StoreError, report_files};
use crate::sql::quoted;
use crate::value::KeyMatch;

/// What was erased of a subject.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// The number of rows per table; tables without any are left out.
    pub tables: Vec<(String, u64)>,
    /// False if another program still reads an earlier state, so that the file beside the database in which SQLite
    /// collects changes could not be emptied.
    pub log_emptied: bool,
}

impl Store {
    /// Erases a subject from all our tables, whichever type its key has; `None` if it is in none of them. Its bytes are
    /// removed from the file as well.
    pub async fn erase(&mut self, key: &str) -> Result<Option<Erased>, StoreError> {
        erase(&mut self.connection, key).await.about(&self.path)
    }

    /// The keys in our tables that are written differently and count as equal to this one.
    pub async fn same_keys(
        &mut self,
        key: &str,
        matching: KeyMatch,
    ) -> Result<Vec<String>, StoreError> {
        let mut same = BTreeSet::new();
        if matching == KeyMatch::Exact {
            return Ok(Vec::new());
        }
        let tables = tables_of_subjects(&mut self.connection).await;
        for table in tables.about(&self.path)? {
            let sql = format!(
                "select distinct cast(subject_key as text) from {}",
                quoted(&table)
            );
            let keys = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql));
            let keys = keys.fetch_all(&mut self.connection).await;
            let keys = keys.about(&self.path)?.into_iter();
            same.extend(keys.filter(|other| other != key && matching.is_same(other, key)));
        }
        Ok(same.into_iter().collect())
    }
}

async fn erase(connection: &mut SqliteConnection, key: &str) -> sqlx::Result<Option<Erased>> {
    // Truncates a journal that the owner's settings would keep.
    sqlx::raw_sql("pragma journal_size_limit = 0")
        .execute(&mut *connection)
        .await?;
    let mut transaction = begin(connection).await?;
    // No digest of members may claim that the subject is still one of them.
    run_for(
        &mut transaction,
        "update muster_segments set members_hash = '', size = size -
             (select count(*) from muster_memberships where segment_id = id and subject_key in (?1, ?2))
         where id in (select segment_id from muster_memberships where subject_key in (?1, ?2))",
        key,
    )
    .await?;
    // The size that is shown is that of the newest run, and must equal that of the list.
    run_for(
        &mut transaction,
        "update muster_metrics set value = (select size from muster_segments where id = segment_id)
         where metric = 'size'
             and segment_id in (select segment_id from muster_memberships where subject_key in (?1, ?2))
             and run_id = (select r.id from muster_runs r
                 join muster_metrics newest on newest.run_id = r.id and newest.metric = 'size'
                     and newest.segment_id = muster_metrics.segment_id
                 where r.status in ('published', 'partial') order by r.id desc limit 1)",
        key,
    )
    .await?;
    let mut tables = Vec::new();
    for table in tables_of_subjects(&mut transaction).await? {
        let name = quoted(&table);
        let delete = format!("delete from {name} where subject_key in (?1, ?2)");
        let count = run_for(&mut transaction, &delete, key).await?;
        tables.push((table, count));
    }
    let rewritten: Vec<String> = tables.iter().map(|(table, _)| quoted(table)).collect();
    // A failed run may have named it.
    for (table, sql) in [
        (
            "muster_runs",
            "update muster_runs set message = null
             where status = 'failed' and instr(' ' || message || ' ', ' ' || ?1 || ' ') > 0 and ?2 is ?2",
        ),
        (
            "muster_due",
            "update muster_due set reason = null
             where instr(' ' || reason || ' ', ' ' || ?1 || ' ') > 0 and ?2 is ?2",
        ),
    ] {
        let count = run_for(&mut transaction, sql, key).await?;
        tables.push((table.to_owned(), count));
    }
    tables.retain(|(_, count)| *count > 0);
    if tables.is_empty() {
        transaction.rollback().await?;
        return Ok(None);
    }
    // The code that handles mail deletes the files. The mark survives a crash in between.
    report_files::forget(&mut transaction).await?;
    let texts = forget_mail(&mut transaction).await?;
    if texts > 0 {
        tables.push(("muster_deliveries".to_owned(), texts));
        rewrite(&mut transaction, "muster_deliveries").await?;
    }
    for table in rewritten {
        rewrite(&mut transaction, &table).await?;
    }
    transaction.commit().await?;
    let (busy, ..): (bool, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)")
        .fetch_one(connection)
        .await?;
    Ok(Some(Erased {
        tables,
        log_emptied: !busy,
    }))
}

/// Deletes the texts of all reports, because they are encoded and it is unknown which of them name the subject. Unsent
/// mail is cancelled; the next run writes it again, compared with what arrived last. Returns the number of texts.
async fn forget_mail(connection: &mut SqliteConnection) -> sqlx::Result<u64> {
    if !has_table(connection, "muster_deliveries").await? {
        return Ok(0);
    }
    let forgotten = sqlx::query(
        "update muster_deliveries set message = null,
             reason = iif(status in ('pending', 'held'), 'somebody in it was forgotten', reason),
             finished_at = iif(status in ('pending', 'held'), queued_at, finished_at),
             status = iif(status in ('pending', 'held'), 'cancelled', status)
         where message is not null and kind <> 'notice'",
    )
    .execute(connection)
    .await?;
    Ok(forgotten.rows_affected())
}

/// Executes a statement for a key: `?1` is its text, `?2` the whole number that the text represents.
async fn run_for(connection: &mut SqliteConnection, sql: &str, key: &str) -> sqlx::Result<u64> {
    let number = key.parse::<i64>().ok();
    let done = sqlx::query(AssertSqlSafe(sql.to_owned()))
        .bind(key)
        .bind(number.filter(|number| number.to_string() == key))
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

pub(super) async fn tables_of_subjects(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "select tables.name from sqlite_schema tables
         join pragma_table_info(tables.name) columns on columns.name = 'subject_key'
         where tables.type = 'table' and tables.name like 'muster\\_%' escape '\\'
         order by tables.name",
    )
    .fetch_all(connection)
    .await
}

/// Rewrites a table. A page that SQLite once rearranged may hold a second copy of a row, which deleting the row does
/// not reach; freed pages are overwritten with zeros.
async fn rewrite(connection: &mut SqliteConnection, table: &str) -> sqlx::Result<()> {
    let sql = format!(
        "create table muster_aside as select * from {table};
         delete from {table};
         insert into {table} select * from muster_aside;
         drop table muster_aside;"
    );
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .map(drop)
}

/// Deletes runs with instants before this one, in microseconds, with their movements and metrics, the reports' states,
/// and the results of due times. Rows of runs with which a current membership began stay, as does each schedule's last
/// due time of each kind. Part of the caller's transaction.
pub(super) async fn prune(connection: &mut SqliteConnection, before: i64) -> sqlx::Result<()> {
    for sql in [
        "delete from muster_movements
         where run_id in (select id from muster_runs where as_of < ?)",
        "delete from muster_metrics
         where run_id in (select id from muster_runs where as_of < ?)",
        "delete from muster_report_states
         where run_id in (select id from muster_runs where as_of < ?)",
        "delete from muster_report_values
         where run_id in (select id from muster_runs where as_of < ?)",
        "delete from muster_report_subjects
         where run_id in (select id from muster_runs where as_of < ?)",
        "delete from muster_deliveries
         where finished_at < ? and id not in (
             select max(id) from muster_deliveries
             where kind = 'report' and status = 'accepted' group by report, recipient)",
        "delete from muster_runs
         where as_of < ? and id not in (select run_id from muster_memberships)",
        // A run that stays because a membership began in it does not keep its source texts.
        "update muster_runs set sources = null where as_of < ? and sources is not null",
        "delete from muster_due
         where due < ? and state <> 'claimed' and (schedule, due) not in
             (select schedule, max(due) from muster_due group by schedule, state)",
    ] {
        sqlx::query(sql)
            .bind(instant(before))
            .execute(&mut *connection)
            .await?;
    }
    prune_sources(connection).await
}
