//! Search for clients by words.

use futures_util::TryStreamExt;
use sqlx::AssertSqlSafe;

use super::error::About;
use super::text::json;
use super::{Among, Store, StoreError};
use crate::engine::Key;
use crate::value::{KeyMatch, folded};

impl Store {
    /// The keys of the clients in a list whose name or key contains every word of a text, in list order; none if the
    /// text has no word. Case and accents do not matter. A numeric key must match the whole number; a key that config's
    /// `match:` treats as equal counts as well.
    pub async fn search(
        &mut self,
        text: &str,
        matching: KeyMatch,
        among: &Among,
    ) -> Result<Vec<Key>, StoreError> {
        let mut wanted = String::new();
        folded(text, &mut wanted);
        let words: Vec<&str> = wanted.split_whitespace().collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select scores.subject_key, scores.label from muster_scores scores where {} order by scores.rank",
            among.condition()
        );
        let mut found = Vec::new();
        let (mut name, mut key_text) = (String::new(), String::new());
        let mut all = sqlx::query_as::<_, (Key, String)>(AssertSqlSafe(sql))
            .bind(json(among.segments()).about(&self.path)?)
            .fetch(&mut self.connection);
        while let Some((key, label)) = all.try_next().await.about(&self.path)? {
            folded(&label, &mut name);
            folded(&key.to_string(), &mut key_text);
            let is_number = matches!(key, Key::Integer(_));
            let is_same = matching.is_same(&key.to_string(), text);
            let has = is_same
                || words.iter().all(|word| {
                    let in_key = match is_number {
                        true => key_text == *word,
                        false => key_text.contains(word),
                    };
                    in_key || name.contains(word)
                });
            if has {
                found.push(key);
            }
        }
        Ok(found)
    }
}
