//! `muster list`

use std::collections::HashSet;
use std::path::Path;

use clap::{Args, ValueEnum};

use super::Common;
use super::columns::Columns;
use super::exit::{Exit, Failure};
use super::output::print_list;
use super::results::config;
use crate::config::{Config, NamedList};
use crate::connector::connect;
use crate::diagnostic::suggest;
use crate::engine::EngineError;
use crate::lint::{MOST_VALUES, unmatched};
use crate::lists::{self, Edit, ListAction};
use crate::project::LoadError;
use crate::source::Sources;
use crate::view::{Heading, Table};

/// The lists kept by hand, the entries of one, or a list changed.
#[derive(Args, Debug)]
pub(super) struct List {
    /// The list, by its name in config; left out: all of them
    name: Option<String>,
    /// What to do with the entries that follow; left out: show the list
    #[arg(value_enum, requires = "entries")]
    action: Option<Action>,
    /// Keys, or values of the list's column
    #[arg(allow_negative_numbers = true)]
    entries: Vec<String>,
    #[command(flatten)]
    columns: Columns,
}

/// What is done with entries.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// Put them behind the others
    Add,
    /// Take them out
    Remove,
}

impl From<Action> for ListAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Add => Self::Add,
            Action::Remove => Self::Remove,
        }
    }
}

pub(super) fn list(command: &List, common: &Common) -> Result<Exit, Failure> {
    let config = config(common)?;
    let Some(name) = &command.name else {
        return all(&config, &command.columns, common);
    };
    let named = find(name, &config)?;
    match command.action {
        Some(action) => change(action, &command.entries, named, (&config, &common.config)),
        None => one(named, &config, &command.columns, common),
    }
}

fn find<'c>(name: &str, config: &'c Config) -> Result<&'c NamedList, Failure> {
    let mut lists = config.lists.iter();
    lists.find(|list| list.name.value == name).ok_or_else(|| {
        let names = || config.lists.iter().map(|list| list.name.value.as_str());
        let help = match suggest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if config.lists.is_empty() => {
                format!(
                    "name its file in config: `lists: {{ {name}: {{ file: lists/{name}.csv }} }}`"
                )
            }
            None => format!("the lists are {}", names().collect::<Vec<_>>().join(", ")),
        };
        Failure::input(format!("config defines no list `{name}`; {help}"))
    })
}

/// A list, and the entries that match nobody; `None` if unknown.
struct Looked {
    list: lists::List,
    unmatched: Option<Vec<String>>,
}

/// Reads lists and checks them in the database, as far as possible; unusable lists become `None` and are reported.
fn look(named: &[NamedList], config: &Config) -> (Vec<Option<Looked>>, Result<(), Failure>) {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let unmatched = |named: &NamedList, list: &lists::List| {
        let snapshot = connect(config).snapshot()?;
        let table = &config.subject.table.value;
        let column = lists::column(named, config);
        let present = snapshot.distinct_texts(table, column, MOST_VALUES, MOST_VALUES)?;
        let texts = |present| {
            let entries = unmatched(list, &present).into_iter();
            entries.map(|entry| entry.text.clone()).collect()
        };
        Ok::<Option<Vec<String>>, EngineError>(present.map(texts))
    };
    let looked = named.iter().map(|named| {
        let list = lists::read(named, config, &mut sources);
        let list = list.map_err(|finding| findings.push(finding)).ok()?;
        let unmatched = unmatched(named, &list).unwrap_or_else(|error| {
            note!(
                "note: which entries of `{}` match nobody is not known: {error}",
                list.name
            );
            None
        });
        Some(Looked { list, unmatched })
    });
    let looked = looked.collect();
    let usable = match findings.is_empty() {
        true => Ok(()),
        false => Err(LoadError::Refused(sources, findings).into()),
    };
    (looked, usable)
}

fn all(config: &Config, columns: &Columns, common: &Common) -> Result<Exit, Failure> {
    if config.lists.is_empty() {
        note!("config names no `lists:`");
    }
    let (looked, usable) = look(&config.lists, config);
    let rows: Vec<_> = config.lists.iter().zip(&looked).collect();
    let table = Table::of(&rows)
        .column(Heading::left("list", "List"), |(named, _)| {
            named.name.value.clone()
        })
        .column(Heading::left("column", "Column"), |(named, _)| {
            lists::column(named, config).to_owned()
        })
        .column(Heading::left("file", "File"), |(named, _)| {
            named.file.value.clone()
        })
        .column(Heading::right("entries", "Entries"), |(_, looked)| {
            Some(looked.as_ref()?.list.entries.len() as u64)
        })
        .column(
            Heading::right("unmatched", "Match nobody"),
            |(_, looked)| Some(looked.as_ref()?.unmatched.as_ref()?.len() as u64),
        )
        .done();
    let table = columns.of(table, None, common.format)?;
    print_list(&table, common.format, config.locale)?;
    usable.map(|()| Exit::Done)
}

fn one(
    named: &NamedList,
    config: &Config,
    columns: &Columns,
    common: &Common,
) -> Result<Exit, Failure> {
    let (looked, usable) = look(std::slice::from_ref(named), config);
    for Looked { list, unmatched } in looked.into_iter().flatten() {
        let unmatched: Option<HashSet<String>> =
            unmatched.map(|entries| entries.into_iter().collect());
        let table = Table::of(&list.entries)
            .column(Heading::left("entry", "Entry"), |entry| entry.text.clone())
            .column(Heading::left("matches", "Matches"), |entry| {
                let unmatched = unmatched.as_ref()?;
                let is_unmatched = unmatched.contains(&entry.text);
                Some(if is_unmatched { "nobody" } else { "yes" }.to_owned())
            })
            .done();
        let table = columns.of(table, None, common.format)?;
        print_list(&table, common.format, config.locale)?;
        if list.entries.is_empty() {
            note!("`{}` has no entries", list.name);
        }
    }
    usable.map(|()| Exit::Done)
}

fn change(
    action: Action,
    entries: &[String],
    named: &NamedList,
    at: (&Config, &Path),
) -> Result<Exit, Failure> {
    let changed = lists::change(action.into(), entries, named, at).map_err(|error| {
        let words = error.to_string();
        match error.is_input() {
            true => Failure::input(words),
            false => Failure::world(words),
        }
    })?;
    let edit = &changed.edit;
    told(action, &named.name.value, edit);
    if action == Action::Add {
        tell_unmatched(&edit.done, named, at.0);
    }
    if let Some(file) = &changed.behind_link {
        note!(
            "note: `{}` is a link to `{}`, where the list is kept",
            named.file.value,
            file.display()
        );
    }
    match action {
        // The entry to remove may exist in another spelling.
        Action::Remove if !edit.left.is_empty() => Ok(Exit::Attention),
        Action::Add | Action::Remove => Ok(Exit::Done),
    }
}

/// Reports which of the added entries match nobody: they may be misspelt, or not exist yet.
fn tell_unmatched(added: &[String], named: &NamedList, config: &Config) {
    // An unreadable list is reported by whatever uses it.
    let (looked, _) = look(std::slice::from_ref(named), config);
    let looked = looked.into_iter().flatten();
    let unmatched: HashSet<String> = looked
        .flat_map(|looked| looked.unmatched.unwrap_or_default())
        .collect();
    let (table, column) = (&config.subject.table.value, lists::column(named, config));
    for entry in added.iter().filter(|entry| unmatched.contains(*entry)) {
        note!("note: `{entry}` matches nobody yet: no `{column}` of `{table}` is `{entry}`");
    }
}

fn told(action: Action, name: &str, edit: &Edit) {
    let (done, left) = match action {
        Action::Add => ("added to", "already in"),
        Action::Remove => ("removed from", "not in"),
    };
    for entry in &edit.done {
        note!("`{entry}` {done} the list `{name}`");
    }
    for entry in &edit.left {
        note!("`{entry}` is {left} the list `{name}`");
    }
}
