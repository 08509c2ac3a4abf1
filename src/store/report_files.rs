//! The files that reports left beside config, and mail in a folder.

use sqlx::SqliteConnection;

use super::error::About;
use super::migrate::has_table;
use super::text::{instant, json};
use super::{Store, StoreError};

/// A file that was written beside config, in its report's folder.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReportFile {
    /// The report's id.
    pub report: String,
    /// The file's name.
    pub name: String,
    /// BLAKE3 of its content, in hexadecimal.
    pub digest: String,
}

impl Store {
    /// The files to remove: those written before an instant, in microseconds UTC, if one is given, and those that
    /// contain a client who was forgotten.
    pub async fn old_report_files(
        &mut self,
        before: Option<i64>,
    ) -> Result<Vec<ReportFile>, StoreError> {
        old(&mut self.connection, before).await.about(&self.path)
    }

    /// Records that a file is no longer ours, or no longer exists.
    pub async fn report_file_gone(&mut self, file: &ReportFile) -> Result<(), StoreError> {
        let gone = sqlx::query(
            "delete from muster_report_files where report = ? and name = ? and digest = ?",
        )
        .bind(&file.report)
        .bind(&file.name)
        .bind(&file.digest)
        .execute(&mut self.connection)
        .await;
        gone.map(drop).about(&self.path)
    }

    /// Reports that a folder accepted: the note recorded then, and the Message-ID.
    pub async fn reports_in_folders(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        reports_in_folders(&mut self.connection)
            .await
            .about(&self.path)
    }
}

async fn reports_in_folders(
    connection: &mut SqliteConnection,
) -> sqlx::Result<Vec<(String, String)>> {
    if !has_table(connection, "muster_deliveries").await? {
        return Ok(Vec::new());
    }
    sqlx::query_as(
        "select response, message_id from muster_deliveries
         where status = 'accepted' and kind <> 'notice' and response is not null",
    )
    .fetch_all(connection)
    .await
}

async fn old(
    connection: &mut SqliteConnection,
    before: Option<i64>,
) -> sqlx::Result<Vec<ReportFile>> {
    if !has_table(connection, "muster_report_files").await? {
        return Ok(Vec::new());
    }
    sqlx::query_as(
        "select report, name, digest from muster_report_files where forgotten or written_at < ?
         order by report, name",
    )
    .bind(before.map(instant))
    .fetch_all(connection)
    .await
}

/// Records files. Part of the caller's transaction.
pub(super) async fn remember(
    connection: &mut SqliteConnection,
    files: &[ReportFile],
    written_at: i64,
) -> sqlx::Result<()> {
    let rows = files.iter().map(|f| (&f.report, &f.name, &f.digest));
    sqlx::query(
        "insert or replace into muster_report_files (report, name, digest, written_at)
         select value ->> 0, value ->> 1, value ->> 2, ?1 from json_each(?2)",
    )
    .bind(instant(written_at))
    .bind(json(rows)?)
    .execute(connection)
    .await
    .map(drop)
}

/// Marks all files for removal, because it is unknown which of them contain the client. Returns how many there are.
/// Part of the caller's transaction.
pub(super) async fn forget(connection: &mut SqliteConnection) -> sqlx::Result<u64> {
    if !has_table(connection, "muster_report_files").await? {
        return Ok(0);
    }
    let marked = sqlx::query("update muster_report_files set forgotten = 1")
        .execute(connection)
        .await?;
    Ok(marked.rows_affected())
}
