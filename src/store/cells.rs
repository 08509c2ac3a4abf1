//! Rows of the tables as texts, for copying.

use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Row, TypeInfo, ValueRef};

use super::error::About;
use super::{Store, StoreError};
use crate::sql::quoted;

impl Store {
    /// Streams the rows of a table, sorted by the first `keys` columns: the texts of some columns, with `None` for NULL
    /// and floats exact. All rows, or those whose first column has one of the given numbers.
    pub fn cells(
        &mut self,
        table: &str,
        columns: &[&str],
        keys: usize,
        among: Option<&[i64]>,
    ) -> BoxStream<'_, Result<Vec<Option<String>>, StoreError>> {
        let columns: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
        let keys = columns.get(..keys).unwrap_or_default().join(", ");
        let some = among.map_or_else(String::new, |_| {
            let first = columns.first().map_or("", String::as_str);
            format!("where {first} in (select value from json_each(?))")
        });
        let (columns, table) = (columns.join(", "), quoted(table));
        let sql = format!("select {columns} from {table} {some} order by {keys}");
        let path = &self.path;
        let mut query = sqlx::query(AssertSqlSafe(sql));
        if let Some(among) = among {
            query = query.bind(Json(among.to_vec()));
        }
        query
            .fetch(&mut self.connection)
            .map(move |row| row.and_then(|row| texts(&row)).about(path))
            .boxed()
    }

    /// A number that changes each time history is rewritten: a subject is erased, or a segment has another id. Apart
    /// from that, the rows that a run added are only ever removed together.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn rewritings(&mut self) -> Result<i64, StoreError> {
        // The schema changes in both cases, and otherwise only with a new version.
        let found = sqlx::query_scalar("pragma schema_version").fetch_one(&mut self.connection);
        found.await.about(&self.path)
    }

    /// The distinct numbers in a column that an index begins with, each found by one lookup.
    pub async fn numbers(&mut self, table: &str, column: &str) -> Result<Vec<i64>, StoreError> {
        let (table, column) = (quoted(table), quoted(column));
        let sql = format!(
            "with recursive numbers(n) as (
                 select min({column}) from {table}
                 union all select (select min({column}) from {table} where {column} > n) from numbers where n is not null)
             select n from numbers where n is not null"
        );
        let found = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut self.connection);
        found.await.about(&self.path)
    }

    /// Whether any subject has a text key.
    pub async fn has_text_keys(&mut self) -> Result<bool, StoreError> {
        let sql = "select exists (select 1 from muster_scores where typeof(subject_key) = 'text')
                       or exists (select 1 from muster_movements where typeof(subject_key) = 'text')";
        let found = sqlx::query_scalar(sql).fetch_one(&mut self.connection);
        found.await.about(&self.path)
    }
}

fn texts(row: &SqliteRow) -> sqlx::Result<Vec<Option<String>>> {
    let texts = (0..row.len()).map(|place| {
        let cell = row.try_get_raw(place)?;
        if cell.is_null() {
            return Ok(None);
        }
        let kind = cell.type_info();
        Ok(Some(match kind.name() {
            "INTEGER" => row.try_get_unchecked::<i64, _>(place)?.to_string(),
            "REAL" => row.try_get_unchecked::<f64, _>(place)?.to_string(),
            _ => row.try_get_unchecked::<String, _>(place)?,
        }))
    });
    texts.collect()
}
