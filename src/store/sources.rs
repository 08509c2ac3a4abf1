//! The texts that runs were made from: rule files, config and lists, each content once.

use sqlx::{FromRow, SqliteConnection};

use super::error::About;
use super::migrate::has_table;
use super::names::names;
use super::{Run, Store, StoreError};

/// The most bytes of text stored for one run.
const MOST: usize = 16 * 1024 * 1024;

/// Stored instead of a run's digest if its texts were too large.
const TOO_MUCH: &str = "";

/// A text that a run was made from.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SourceText {
    pub kind: SourceKind,
    /// Relative to config's folder; for a variable, its name.
    pub path: String,
    pub text: String,
}

/// The kind of a stored text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// The settings of config that affect results.
    Config,
    Rules,
    /// The digest of a variable's value; the path is its name.
    Environment,
    /// The entries of a hand-maintained list.
    List,
}

names! {
    SourceKind {
        Config "config"
        Rules "rules"
        Environment "environment"
        List "list"
    }
}

/// A stored text that contains a word.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Naming {
    pub kind: SourceKind,
    /// The file, relative to config's folder.
    pub path: String,
    /// The first and the last run that it belongs to.
    pub first: i64,
    pub last: i64,
}

impl Store {
    /// The texts that a run was made from, config first; `None` if they were not stored.
    pub async fn sources(&mut self, run: i64) -> Result<Option<Vec<SourceText>>, StoreError> {
        let found = sources(&mut self.connection, run).await.about(&self.path)?;
        Ok((!found.is_empty()).then_some(found))
    }

    /// The stored texts in which a word stands, such as a subject's key, and that name somebody by it.
    pub async fn sources_naming(
        &mut self,
        word: &str,
        names: &(dyn Fn(SourceKind, &str) -> bool + Sync),
    ) -> Result<Vec<Naming>, StoreError> {
        let found = naming(&mut self.connection, word, names).await;
        found.about(&self.path)
    }
}

async fn sources(connection: &mut SqliteConnection, run: i64) -> sqlx::Result<Vec<SourceText>> {
    if !has_table(connection, "muster_sources").await? {
        return Ok(Vec::new());
    }
    sqlx::query_as(
        "select kind, path, text from muster_sources join muster_texts using (digest)
         where id = (select sources from muster_runs where id = ?) order by kind, path",
    )
    .bind(run)
    .fetch_all(connection)
    .await
}

async fn naming(
    connection: &mut SqliteConnection,
    word: &str,
    names: &(dyn Fn(SourceKind, &str) -> bool + Sync),
) -> sqlx::Result<Vec<Naming>> {
    if !has_table(connection, "muster_sources").await? {
        return Ok(Vec::new());
    }
    let texts: Vec<(String, String)> =
        sqlx::query_as("select digest, text from muster_texts where instr(text, ?) > 0")
            .bind(word)
            .fetch_all(&mut *connection)
            .await?;
    let mut found = Vec::new();
    for (digest, text) in texts {
        if mentions(&text, word).next().is_none() {
            continue;
        }
        let named: Vec<Naming> = sqlx::query_as(
            "select s.kind, s.path, min(r.id) as first, max(r.id) as last
             from muster_sources s join muster_runs r on r.sources = s.id
             where s.digest = ? group by s.kind, s.path",
        )
        .bind(digest)
        .fetch_all(&mut *connection)
        .await?;
        let named = named.into_iter();
        found.extend(named.filter(|named| names(named.kind, &text)));
    }
    found.sort_by(|one: &Naming, other| (&one.path, one.first).cmp(&(&other.path, other.first)));
    Ok(found)
}

/// The positions at which a word occurs in a text as a whole: `17` does not occur in `117` or in `17.5`.
pub fn mentions<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let is_whole = move |at: usize| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).unwrap_or_default();
        let mut after = after.chars();
        let (next, second) = (after.next(), after.next());
        let fraction = next == Some('.') && second.is_some_and(|c| c.is_ascii_digit());
        !before.is_some_and(joins) && !next.is_some_and(joins) && !fraction
    };
    let found = text.match_indices(word).map(|(at, _)| at);
    found.filter(move |at| is_whole(*at))
}

impl Run {
    /// Whether its texts were too large to be stored: more than 16 MiB including the lists.
    pub fn had_too_much(&self) -> bool {
        self.sources.as_deref() == Some(TOO_MUCH)
    }
}

/// Stores the texts that a run was made from, or that they are too large. Part of the caller's transaction.
pub(super) async fn write_sources(
    connection: &mut SqliteConnection,
    run: i64,
    sources: &[SourceText],
) -> sqlx::Result<()> {
    if sources.is_empty() {
        return Ok(());
    }
    let size: usize = sources.iter().map(|source| source.text.len()).sum();
    if size > MOST {
        sqlx::query("update muster_runs set sources = ? where id = ?")
            .bind(TOO_MUCH)
            .bind(run)
            .execute(connection)
            .await?;
        return Ok(());
    }
    let digests: Vec<String> = sources.iter().map(|source| digest(&source.text)).collect();
    let lines = sources.iter().zip(&digests).map(|(source, digest)| {
        let (kind, path) = (source.kind.name(), &source.path);
        format!("{kind} {digest} {path}\n")
    });
    let id = digest(&lines.collect::<String>());
    sqlx::query("update muster_runs set sources = ? where id = ?")
        .bind(&id)
        .bind(run)
        .execute(&mut *connection)
        .await?;
    let known: bool = sqlx::query_scalar("select count(*) > 0 from muster_sources where id = ?")
        .bind(&id)
        .fetch_one(&mut *connection)
        .await?;
    if known {
        return Ok(());
    }
    for (source, digest) in sources.iter().zip(&digests) {
        sqlx::query("insert or ignore into muster_texts values (?, ?)")
            .bind(digest)
            .bind(&source.text)
            .execute(&mut *connection)
            .await?;
        sqlx::query("insert into muster_sources values (?, ?, ?, ?)")
            .bind(&id)
            .bind(source.kind.name())
            .bind(&source.path)
            .bind(digest)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Deletes the texts that no run refers to any more. Part of the caller's transaction.
pub(super) async fn prune_sources(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    for sql in [
        "delete from muster_sources where id not in
             (select sources from muster_runs where sources is not null)",
        "delete from muster_texts where digest not in (select digest from muster_sources)",
    ] {
        sqlx::query(sql).execute(&mut *connection).await?;
    }
    Ok(())
}

fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
