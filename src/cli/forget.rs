//! `muster forget`

use chrono::Utc;
use clap::Args;

use super::Common;
use super::exit::{Exit, Failure};
use super::lease::lease;
use super::output::print_table;
use super::publish::publish_after_forgetting;
use super::results::{config, nothing_yet, stored};
use super::watch::Terminal;
use crate::config::Config;
use crate::connector::connect;
use crate::engine::EngineError;
use crate::mail;
use crate::view::{Heading, Table};

/// Erase a subject from every table that Muster writes.
#[derive(Args, Debug)]
pub(super) struct Forget {
    /// The subject's key
    key: String,
}

pub(super) async fn forget(command: &Forget, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    let path = config.results_path();
    match stored(path).await? {
        Some(store) => store.close().await?,
        None => return Err(nothing_yet()),
    }
    // A concurrent run could have read the rows before, and would store them again.
    let watch = Terminal::new();
    let lease = lease(&config, "forget", &watch).await?;
    let forgotten = mail::forget(&config, &command.key, Utc::now().timestamp_micros()).await;
    lease.release().await;
    let Some(forgotten) = forgotten? else {
        return Err(Failure::input(unknown(&config, &command.key).await?));
    };
    let table = Table::of(&forgotten.erased.tables)
        .column(Heading::left("table", "Table"), |(table, _)| table.clone())
        .column(Heading::right("erased", "Rows erased"), |(_, rows)| *rows)
        .done();
    print_table(&table, common.format, config.locale)?;
    let key = &forgotten.key;
    if *key != command.key {
        note!("`{}` is the key `{key}`", command.key);
    }
    for line in forgotten.lines(&config, still_there(&config, key)) {
        note!("{line}");
    }
    let published = publish_after_forgetting(&config, &watch).await;
    Ok(match forgotten.is_whole() {
        true => published,
        false => Exit::Attention,
    })
}

/// The message that no subject has the key; if it is a name, it lists the matching keys.
async fn unknown(config: &Config, key: &str) -> Result<String, Failure> {
    let matching = config.subject.matching;
    let mut same = Vec::new();
    let named: Vec<String> = match stored(config.results_path()).await? {
        Some(mut store) => {
            same = store.same_keys(key, matching).await?;
            let found = store.find(key).await?;
            let keys = found
                .iter()
                .map(|client| format!("`{}`", client.score.subject));
            keys.collect()
        }
        None => Vec::new(),
    };
    let subject = &config.subject.name.value;
    if !same.is_empty() {
        return Ok(format!(
            "`{key}` could be any of the keys `{}`; say which, so that nobody else is erased",
            same.join("`, `")
        ));
    }
    Ok(if named.is_empty() {
        format!("no table of Muster's has a {subject} with the key `{key}`; nothing was erased")
    } else {
        format!(
            "`{key}` is a name; give the key, so that nobody else is erased: {}",
            named.join(", ")
        )
    })
}

fn still_there(config: &Config, key: &str) -> Result<bool, EngineError> {
    let subject = &config.subject;
    let snapshot = connect(config).snapshot()?;
    snapshot.has_key(&subject.table.value, &subject.key.value, key)
}
