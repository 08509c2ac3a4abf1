//! Loads rule files into a [`RuleSet`].

use std::path::{Path, PathBuf};

use super::{RuleSet, files, filters, merge, wire};
use crate::config::Config;
use crate::decode::{self, Read, Reader};
use crate::diagnostic::{Code, Finding, sort};
use crate::source::{Node, NodeKind, Scalar, Sources};

/// A rule file that is not saved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its path, as [`load`] would name it.
    pub path: PathBuf,
    /// Its complete text.
    pub text: String,
}

/// Reads every rule file matched by config's pattern, and reports all errors at once.
pub fn load(config: &Config, sources: &mut Sources) -> (RuleSet, Vec<Finding>) {
    load_with(config, sources, None)
}

/// Like [`load`], as if the draft had been saved.
pub fn load_with(
    config: &Config,
    sources: &mut Sources,
    draft: Option<&Draft>,
) -> (RuleSet, Vec<Finding>) {
    let (mut paths, mut findings) = match sources.kept_paths() {
        Some(kept) => (kept_rules(config, sources, kept), Vec::new()),
        None => files::rule_files(config, sources),
    };
    if let Some(draft) = draft
        && !paths.contains(&draft.path)
    {
        paths.push(draft.path.clone());
        paths.sort();
    }
    let mut rules = RuleSet::default();
    let mut read = Vec::new();
    for path in paths {
        let opened = match draft.filter(|draft| draft.path == path) {
            Some(draft) => decode::take(&path, draft.text.clone(), sources),
            None => decode::open(&path, sources),
        };
        match opened {
            Ok(opened) => {
                let decode::Opened { file, node, .. } = opened;
                findings.extend(opened.findings);
                if is_empty(&node.kind) {
                    findings.push(defines_nothing(&path));
                }
                rules.files.push(file);
                read.push(node);
            }
            Err(finding) => findings.push(finding),
        }
    }
    let mut reader = Reader::new(sources, None);
    let mut merge = merge::Merge::new(&mut rules);
    for node in &read {
        if let Some(file) = wire::RuleFile::read(node, &mut reader) {
            merge.file(file, &mut reader);
        }
    }
    merge.finish(&mut reader);
    filters::check(&mut rules, config, &mut reader);
    findings.append(&mut reader.findings);
    let told = findings.iter().any(|f| f.code != Code::UnreadRules);
    if rules.segments.is_empty() && !told {
        findings.push(no_segments(config, &rules, sources));
    }
    sort(&mut findings);
    (rules, findings)
}

/// The conditions of a rule file, whatever its errors.
pub fn conditions(tree: &Node, sources: &Sources) -> Vec<Scalar> {
    decode::conditions::<wire::RuleFile>(tree, sources)
}

/// All kept files except the config, the lists and the tests.
fn kept_rules(config: &Config, sources: &Sources, mut kept: Vec<PathBuf>) -> Vec<PathBuf> {
    let own = sources.get(config.file).map(|file| &file.path);
    let lists = config.lists.iter();
    let lists: Vec<_> = lists
        .map(|list| config.folder.join(&list.file.value))
        .collect();
    let is_other = |path: &PathBuf| lists.contains(path) || files::is_test(config, path);
    kept.retain(|path| Some(path) != own && !is_other(path));
    kept
}

/// Whether the file is empty, or has only keys without values.
fn is_empty(written: &NodeKind) -> bool {
    match written {
        NodeKind::Empty => true,
        NodeKind::List(items) => items.is_empty(),
        NodeKind::Mapping(entries) => entries.iter().all(|(_, value)| is_empty(&value.kind)),
        NodeKind::Scalar(_) => false,
    }
}

/// The error for a file without content, which may cause errors in many other places.
fn defines_nothing(path: &Path) -> Finding {
    let message = format!(
        "`{}` defines nothing: no metric, no segment",
        path.display()
    );
    Finding::new(Code::NoSegments, message).help("write its rules into it, or take it away")
}

fn no_segments(config: &Config, rules: &RuleSet, sources: &Sources) -> Finding {
    // As written, since a variable may hold a secret.
    let written = sources.slice(config.rules.location);
    let pattern = match written.contains("${") {
        true => written,
        false => config.rules.value.as_str(),
    };
    let message = match rules.files.len() {
        0 => format!("no file matches `{pattern}`: there are no segments"),
        _ => format!("none of the files of `{pattern}` defines a segment"),
    };
    Finding::new(Code::NoSegments, message)
        .help("write a rule file there, or let `rules:` in the config name yours")
}
