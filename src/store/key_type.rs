//! What the keys in the tables are, and how they become what the subjects' keys are now.

use sqlx::AssertSqlSafe;

use super::erase::tables_of_subjects;
use super::error::About;
use super::lease::is_held;
use super::migrate::begin_migrated;
use super::{Hold, Store, StoreError};
use crate::value::KeyType;

impl Store {
    /// What the subjects' keys were in the last published run; none where there were none. Texts come after
    /// numbers, so that one text is enough.
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

    /// Writes all keys anew as keys of a type, so that everybody stays who they are. A text that writes
    /// no whole number stays as it is.
    ///
    /// # Errors
    /// Nothing was written. [`StoreError::TakenOver`] where the lease is another's.
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

    /// False where the lease is another's.
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
