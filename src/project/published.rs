//! What a run was made from, as it is stored with the run, and a project compiled from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::load::{beside, refused};
use super::{LoadError, Project, Refused, Written};
use crate::config::{self, Config, DECIDING};
use crate::decode::Environment;
use crate::lists;
use crate::source::{Node, NodeKind, Scalar, Sources, parse, stripped};
use crate::store::{SourceKind, SourceText, Store};

/// The keys of config that a stored config takes from the present one: where the data and the results are.
const PLACES: [&str; 2] = ["database", "results"];

/// The texts that decide a project's results, without comments; `${NAME}` stays as written.
pub fn sources(project: &Project) -> Vec<SourceText> {
    let config = &project.config;
    let file = |kind, id, keeps: &dyn Fn(&str) -> bool| {
        let file = project.sources.get(id)?;
        Some(SourceText {
            kind,
            path: relative(&file.path, config),
            text: stripped(id, &file.text, keeps),
        })
    };
    let own = file(SourceKind::Config, config.file, &|key| {
        DECIDING.contains(&key)
    });
    let rules = project.rules.files.iter();
    let rules = rules.filter_map(|id| file(SourceKind::Rules, *id, &|_| true));
    // Several lists can come from one file, in different columns or in the same.
    let mut files: BTreeMap<String, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
    for (named, list) in config.lists.iter().zip(&project.lists) {
        let path = relative(&lists::path(named, config), config);
        let columns = files.entry(path).or_default();
        let entries = columns.entry(lists::column(named, config)).or_default();
        entries.extend(list.entries.iter().map(|entry| entry.text.as_str()));
    }
    let lists = files.into_iter().map(|(path, columns)| SourceText {
        kind: SourceKind::List,
        path,
        text: table(&columns),
    });
    let named = own
        .as_ref()
        .map_or_else(BTreeSet::new, |own| variables(&own.text));
    let values = named.into_iter().filter_map(|name| {
        Some(SourceText {
            kind: SourceKind::Environment,
            path: name.to_owned(),
            text: digest(&std::env::var(name).ok()?),
        })
    });
    let values: Vec<SourceText> = values.collect();
    let all = own.into_iter().chain(rules).chain(values).chain(lists);
    all.collect()
}

/// The names of the variables in a text: `${NAME}`, but not `$${NAME}`.
fn variables(text: &str) -> BTreeSet<&str> {
    let found = text.match_indices("${").filter_map(|(at, opening)| {
        let is_escaped = text.get(..at).is_some_and(|before| before.ends_with('$'));
        let (name, _) = text.get(at + opening.len()..)?.split_once('}')?;
        (!is_escaped).then_some(name)
    });
    found.collect()
}

/// Values may be secrets, so only a digest is stored, to tell whether a value has changed.
fn digest(value: &str) -> String {
    blake3::hash(value.as_bytes()).to_hex().to_string()
}

/// Why texts no longer mean what they meant, if a variable has another value now.
fn changed_variable(texts: &[SourceText], env: Environment<'_>) -> Option<String> {
    let mut variables = texts
        .iter()
        .filter(|text| text.kind == SourceKind::Environment);
    variables.find_map(|variable| {
        let name = &variable.path;
        match env(name) {
            None => Some(format!(
                "the environment variable `{name}` is not set any more"
            )),
            Some(value) if digest(&value) != variable.text => Some(format!(
                "the environment variable `{name}` has another value now, and values are not stored"
            )),
            Some(_) => None,
        }
    })
}

/// What a published run was made from, as a project compiled against the columns of the present one, and without what
/// its reports and exports needed. Its sources also quote `others`. `None` if its texts were not stored.
///
/// # Errors
/// If the texts do not fit today's columns, or the results cannot be read.
pub async fn load_published(
    project: &Project,
    others: &Sources,
    run: i64,
) -> Result<Option<Project>, LoadError> {
    let results = project.config.results_path();
    let world = |error: crate::store::StoreError| LoadError::World(error.to_string());
    let Some(mut store) = Store::open_reader(results).await.map_err(world)? else {
        return Ok(None);
    };
    let texts = store.sources(run).await.map_err(world)?;
    store.close().await.map_err(world)?;
    let Some(texts) = texts else { return Ok(None) };
    let env = |name: &str| std::env::var(name).ok();
    if let Some(reason) = changed_variable(&texts, &env) {
        return Err(LoadError::World(reason));
    }
    of_texts(project, others, texts, &env)
        .map(Some)
        .map_err(refused)
}

fn of_texts(
    project: &Project,
    others: &Sources,
    texts: Vec<SourceText>,
    env: Environment<'_>,
) -> Result<Project, Refused> {
    let folder = &project.config.folder;
    let own = texts.iter().find(|text| text.kind == SourceKind::Config);
    let own = own.map_or_else(PathBuf::new, |text| folder.join(&text.path));
    let files = texts.into_iter();
    let files = files.filter(|text| text.kind != SourceKind::Environment);
    let texts = files.map(|text| (folder.join(&text.path), text.text));
    let mut sources = Sources::in_memory(texts).behind(others);
    let read = config::read_completed(&own, &places(project), &mut sources, env);
    beside(project, Written::with_config(sources, read, None)?)
}

/// Where data and results are, according to the present config.
fn places(project: &Project) -> Vec<(Scalar, Node)> {
    let id = project.config.file;
    let file = project.sources.get(id);
    let tree = file.and_then(|file| parse(id, &file.text).ok());
    match tree.map(|node| node.kind) {
        Some(NodeKind::Mapping(mut entries)) => {
            entries.retain(|(key, _)| PLACES.contains(&key.value.as_str()));
            entries
        }
        _ => Vec::new(),
    }
}

fn relative(path: &Path, config: &Config) -> String {
    let inside = path.strip_prefix(&config.folder).unwrap_or(path);
    inside.to_string_lossy().into_owned()
}

/// The entries of a file's lists in their columns, each once.
fn table(columns: &BTreeMap<&str, BTreeSet<&str>>) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: Vec<String>| cells.join(",") + "\n";
    let heading = line(columns.keys().map(|column| quoted(column)).collect());
    let rows = columns.values().map(BTreeSet::len).max().unwrap_or(0);
    let mut entries: Vec<_> = columns.values().map(|entries| entries.iter()).collect();
    let rows = (0..rows).map(|_| {
        let cells = entries.iter_mut().map(|entries| entries.next());
        line(
            cells
                .map(|cell| quoted(cell.copied().unwrap_or_default()))
                .collect(),
        )
    });
    [heading].into_iter().chain(rows).collect()
}
