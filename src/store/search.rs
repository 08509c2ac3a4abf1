//! Whom people look for by words.

use futures_util::TryStreamExt;

use super::error::About;
use super::{Client, Store, StoreError};
use crate::engine::Key;
use crate::value::folded;

impl Store {
    /// The clients whose name or key has every word of a text, in list order, at most `most` of them, and how many
    /// there are; none where the text has no word. Case and accents do not matter; a key that is a number has to be the
    /// whole number.
    pub async fn search_clients(
        &mut self,
        text: &str,
        most: usize,
    ) -> Result<(Vec<Client>, usize), StoreError> {
        let mut wanted = String::new();
        folded(text, &mut wanted);
        let words: Vec<&str> = wanted.split_whitespace().collect();
        if words.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let (mut keys, mut found) = (Vec::new(), 0);
        let (mut name, mut key_text) = (String::new(), String::new());
        {
            let mut all = sqlx::query_as::<_, (Key, String)>(
                "select subject_key, label from muster_scores order by rank",
            )
            .fetch(&mut self.connection);
            while let Some((key, label)) = all.try_next().await.about(&self.path)? {
                folded(&label, &mut name);
                folded(&key.to_string(), &mut key_text);
                let is_number = matches!(key, Key::Integer(_));
                let has = words.iter().all(|word| {
                    let in_key = match is_number {
                        true => key_text == *word,
                        false => key_text.contains(word),
                    };
                    in_key || name.contains(word)
                });
                if has {
                    found += 1;
                    if keys.len() < most {
                        keys.push(key);
                    }
                }
            }
        }
        Ok((self.clients_of(&keys).await?, found))
    }
}
