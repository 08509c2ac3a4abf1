//! What a run was made by, as it is stored with the run, and a project of it.

use std::path::{Path, PathBuf};

use super::load::{beside, refused};
use super::{LoadError, Project, Refused, Written};
use crate::config::{self, Config, DECIDING};
use crate::decode::Environment;
use crate::lists::{self, List};
use crate::source::{Node, NodeKind, Scalar, Sources, parse, stripped};
use crate::store::{SourceKind, SourceText, Store};

/// The keys of config that a stored one takes from the present one: where the data and the results are.
const PLACES: [&str; 2] = ["database", "results"];

/// The texts that decide a project's results, without comments; `${NAME}` is left as it is written.
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
    let lists = config.lists.iter().zip(&project.lists);
    let lists = lists.map(|(named, list)| SourceText {
        kind: SourceKind::List,
        path: relative(&lists::path(named, config), config),
        text: entries(lists::column(named, config), list),
    });
    let mut all: Vec<SourceText> = own.into_iter().chain(rules).chain(lists).collect();
    // Two lists can be of one file.
    all.sort_by(|one, other| one.path.cmp(&other.path));
    all.dedup_by(|one, other| one.path == other.path);
    all
}

/// What a published run was made by, as a project against the columns that the present one was compiled against, and
/// without what its reports and exports needed. Its sources quote others as well. None where its texts were not
/// stored.
///
/// # Errors
/// The texts do not fit today's columns, or the results cannot be read.
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
    let texts = texts.into_iter();
    let texts = texts.map(|text| (folder.join(&text.path), text.text));
    let mut sources = Sources::in_memory(texts).behind(others);
    let read = config::read_completed(&own, &places(project), &mut sources, env);
    beside(project, Written::with_config(sources, read, None)?)
}

/// Where the present config says that data and results are.
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

/// A list's entries in a column of a file, each once.
fn entries(column: &str, list: &List) -> String {
    let quoted = |text: &str| format!("\"{}\"\n", text.replace('"', "\"\""));
    let mut entries: Vec<&str> = list
        .entries
        .iter()
        .map(|entry| entry.text.as_str())
        .collect();
    entries.sort_unstable();
    entries.dedup();
    let entries = entries.into_iter().map(quoted);
    [quoted(column)].into_iter().chain(entries).collect()
}
