//! The type of the keys in the tables, and its conversion to the current type of the subjects' keys.

use sqlx::AssertSqlSafe;

use super::erase::tables_of_subjects;
use super::error::About;
use super::lease::is_held;
use super::migrate::begin_migrated;
use super::{Hold, Store, StoreError};
use crate::value::KeyType;

impl Store {
    /// The type of the subjects' keys in the last published run; `None` if there were none. Texts sort after numbers,
    /// so a single text decides.
    pub async fn key_type(&mut self) -> Result<Option<KeyType>, StoreError> {
        let last =
            "select typeof(subject_key) from muster_scores order by subject_key desc limit 1";
        let last: Option<String> = sqlx::query_scalar(last)
            .fetch_optional(&mut self.connection)
            .await
            .about(&self.path)?;
        Ok(last.map(|name| match name.as_str() {
            "text" => KeyType::Text,
            _ => KeyType::Number,
        }))
    }

    /// Rewrites all keys as keys of a type; the subjects keep their identity. A text that does not represent a whole
    /// number stays as it is.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::TakenOver`] if another process holds the lease.
    pub async fn write_keys_as(
        &mut self,
        key_type: KeyType,
        hold: Option<&Hold>,
    ) -> Result<(), StoreError> {
        match self.rewrite_keys(key_type, hold).await.about(&self.path)? {
            true => Ok(()),
            false => Err(StoreError::TakenOver(self.path.clone())),
        }
    }

    /// False if another process holds the lease.
    async fn rewrite_keys(&mut self, key_type: KeyType, hold: Option<&Hold>) -> sqlx::Result<bool> {
        let mut transaction = begin_migrated(&mut self.connection).await?;
        if let Some(hold) = hold
            && !is_held(&mut transaction, &hold.owner).await?
        {
            return Ok(false);
        }
        let (to, which) = match key_type {
            KeyType::Text => ("text", "typeof(subject_key) = 'integer'"),
            KeyType::Number => (
                "integer",
                "typeof(subject_key) = 'text'
                 and cast(cast(subject_key as integer) as text) = subject_key",
            ),
        };
        for table in tables_of_subjects(&mut transaction).await? {
            let sql = format!(
                "update or replace {table} set subject_key = cast(subject_key as {to}) where {which}"
            );
            sqlx::query(AssertSqlSafe(sql))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}
