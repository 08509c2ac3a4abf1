//! A hand-maintained list: its entries, and adding or removing them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

use super::Web;
use super::fields::{Fields, Posted};
use super::refusal::Refusal;
use super::results::Results;
use super::state::Files;
use super::who::{Role, Visitor};
use crate::config::{Config, NamedList};
use crate::engine::Key;
use crate::explain::on_list;
use crate::lists::{self, ListAction};
use crate::source::Sources;
use crate::store::Client;

/// The maximum number of entries shown.
const SHOWN: usize = 500;

/// The address of a list.
pub(super) fn address(name: &str) -> String {
    format!("/lists/{name}")
}

#[derive(Debug, Serialize)]
struct Filled {
    run: i64,
    as_of: String,
    name: String,
    file: String,
    /// The column whose values are listed.
    column: String,
    count: String,
    /// `None` if the column is private.
    entries: Option<Vec<Row>>,
    more: bool,
    /// The segments that use the list.
    segments: Vec<Segment>,
    may_edit: bool,
    /// What happened to the last entry, in words.
    done: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    text: String,
    /// The address of the person with this key.
    href: Option<String>,
    label: Option<String>,
}

#[derive(Debug, Serialize)]
struct Segment {
    id: String,
    name: String,
}

/// The list.
pub(super) async fn page(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    shown(&web, &visitor, &name, None).await
}

async fn shown(
    web: &Web,
    visitor: &Visitor,
    name: &str,
    done: Option<String>,
) -> Result<Response, Refusal> {
    let mut results = web.results().await?;
    let files = results.files.clone();
    let named = find(&files.config, name)?;
    let texts = entries(named, &files.config)?;
    let column = lists::column(named, &files.config);
    let marks = results.marks();
    let is_key = lists::is_of_keys(named, &files.config);
    let shown = texts.get(..SHOWN.min(texts.len())).unwrap_or_default();
    let people = match is_key {
        true => people(web, &mut results, shown).await?,
        false => Vec::new(),
    };
    let rows = shown.iter().map(|text| {
        let mut people = people.iter();
        let person = people.find(|(client, _)| client.score.subject.to_string() == *text);
        Row {
            text: text.clone(),
            href: person.map(|(_, id)| format!("/clients/{id}")),
            label: person.map(|(client, _)| client.score.label.clone()),
        }
    });
    let segments = files.project.iter().flat_map(|project| {
        on_list(project, name).map(|id| Segment {
            id: id.to_owned(),
            name: results.name(id),
        })
    });
    let filled = Filled {
        run: results.run.id,
        as_of: results.as_of(),
        name: name.to_owned(),
        file: named.file.value.clone(),
        column: column.to_owned(),
        count: marks.whole(texts.len()),
        entries: (!is_private(&files, column)).then(|| rows.collect()),
        more: texts.len() > SHOWN,
        segments: segments.collect(),
        may_edit: visitor.may(Role::Edit),
        done,
    };
    let title = format!("List {name}");
    web.page(visitor, "/", &title, "list.html", filled)
}

/// Adds an entry to the list or removes it: typed text, or the person whose page sent the form.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Refusal> {
    let files = web.files().await?;
    let named = find(&files.config, &name)?.clone();
    let action = match fields.one("do") {
        Some("add") => ListAction::Add,
        Some("remove") => ListAction::Remove,
        _ => return Err(Refusal::invalid("`do` is one of: add, remove")),
    };
    let person = fields.said("person").map(str::to_owned);
    let entry = entry(&web, &files, &named, &fields).await?;
    let config = web.path().to_path_buf();
    let work = {
        let (entries, files) = (vec![entry.clone()], files.clone());
        move || lists::change(action, &entries, &named, (&files.config, &config))
    };
    let changed = tokio::task::spawn_blocking(work).await;
    let changed = changed.map_err(|error| Refusal::broken(error.to_string()))?;
    let changed = changed.map_err(|error| match error.is_input() {
        true => Refusal::invalid(error.to_string()),
        false => Refusal::not_now(error.to_string()),
    })?;
    let (did, what) = match (action, changed.edit.done.is_empty()) {
        (ListAction::Add, false) => ("is on the list now", Some("put on a list")),
        (ListAction::Add, true) => ("is on the list already", None),
        (ListAction::Remove, false) => ("is off the list now", Some("taken off a list")),
        (ListAction::Remove, true) => ("is not on the list", None),
    };
    if let Some(what) = what {
        web.audit(&visitor, what, Some(&name)).await?;
        web.forget_files();
    }
    match person {
        Some(person) => Ok(Redirect::to(&format!("/clients/{person}#lists")).into_response()),
        None => shown(&web, &visitor, &name, Some(format!("{entry} {did}."))).await,
    }
}

/// The entry that a form is about.
async fn entry(
    web: &Web,
    files: &Files,
    named: &NamedList,
    fields: &Fields,
) -> Result<String, Refusal> {
    let Some(person) = fields.said("person") else {
        let entry = fields.said("entry").map(str::to_owned);
        return entry.ok_or_else(|| Refusal::invalid("an entry is empty"));
    };
    if !lists::is_of_keys(named, &files.config) {
        return Err(Refusal::invalid(format!(
            "the list `{}` is not one of keys",
            named.name.value
        )));
    }
    let mut store = web.store(files).await?;
    let key = web.desk().key(&mut store, person).await?;
    store.close().await?;
    Ok(key)
}

/// A list of keys, and whether the person is on it.
#[derive(Debug, Serialize)]
pub(super) struct Membership {
    name: String,
    href: String,
    is_on: bool,
}

/// The current lists of keys in config; those that cannot be read are left out.
pub(super) fn memberships(config: &Config, key: &str) -> Vec<Membership> {
    let named = config.lists.iter();
    let named = named.filter(|named| lists::is_of_keys(named, config));
    let lists = named.filter_map(|named| {
        let entries = entries(named, config).ok()?;
        let identity = |text: &str| lists::identity(text, lists::matching(named, config));
        let own = identity(key);
        Some(Membership {
            name: named.name.value.clone(),
            href: address(&named.name.value),
            is_on: entries.iter().any(|entry| identity(entry) == own),
        })
    });
    lists.collect()
}

fn find<'c>(config: &'c Config, name: &str) -> Result<&'c NamedList, Refusal> {
    let mut named = config.lists.iter();
    let named = named.find(|list| list.name.value == name);
    named.ok_or_else(|| Refusal::not_found("config defines no list of this name"))
}

/// The texts of a list, in the order of its file; empty if there is no file yet.
fn entries(named: &NamedList, config: &Config) -> Result<Vec<String>, Refusal> {
    if !lists::path(named, config).exists() {
        return Ok(Vec::new());
    }
    let list = lists::read(named, config, &mut Sources::default());
    let list = list.map_err(|finding| Refusal::not_now(finding.message))?;
    Ok(list.entries.into_iter().map(|entry| entry.text).collect())
}

/// The clients with one of these keys, with their ids for addresses.
async fn people(
    web: &Web,
    results: &mut Results,
    keys: &[String],
) -> Result<Vec<(Client, String)>, Refusal> {
    let ids = web.desk().ids(&mut results.store).await?;
    let keys = keys.iter().flat_map(|key| Key::meant_by(key));
    let clients = results.store.clients_of(&keys.collect::<Vec<_>>()).await?;
    let people = clients.into_iter().map(|client| {
        let id = ids.id(&client.score.subject);
        (client, id)
    });
    Ok(people.collect())
}

/// Whether config keeps this column of the subject's table private.
fn is_private(files: &Files, column: &str) -> bool {
    let table = &files.config.subject.table.value;
    match &files.project {
        Some(project) => project.catalog.is_private(table, column),
        None => true,
    }
}
