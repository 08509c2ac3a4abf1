//! Files near the rules that are not read although their names suggest it: `more.yml` beside `rules/*.yaml`, a file in
//! a subfolder, `more.yaml.txt`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Finding};

/// The maximum depth searched below the rules' folder, and the maximum number of entries.
const MAX_DEPTH: usize = 4;
const MAX_LOOKED: usize = 2_000;
/// The maximum number of files named.
const SHOWN: usize = 5;

/// The definition of the rule files in config, and the result of reading them.
pub(super) struct Rules<'a> {
    /// Config's folder.
    pub folder: &'a Path,
    /// The pattern.
    pub pattern: &'a str,
    /// True if `.yml` in any case is read as well.
    pub any_ending: bool,
    /// The files that are read, or have been reported.
    pub known: &'a [PathBuf],
    /// Whether any file is read.
    pub some: bool,
}

/// One warning about all files that are not read.
pub(super) fn told(rules: &Rules<'_>) -> Option<Finding> {
    let unread = unread(rules);
    let first = unread.first()?;
    let shown: Vec<String> = unread
        .iter()
        .take(SHOWN)
        .map(|path| format!("`{}`", path.display()))
        .collect();
    let more = match unread.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let pattern = rules.pattern;
    let shown = shown.join(", ");
    let (is, it, its_name) = match unread.len() {
        1 => ("is", "it", "its name"),
        _ => ("are", "them", "their names"),
    };
    let why = match rules.any_ending {
        true => "without `rules:`, `rules/*.yaml` and `rules/*.yml` are".to_owned(),
        false => format!("`rules:` names `{pattern}`"),
    };
    let message = format!("{shown}{more} {is} not read: {why}");
    let name = first.file_name().unwrap_or_default().to_string_lossy();
    let help = if first.is_dir() {
        "it is a folder: rules are in files".to_owned()
    } else if name.to_lowercase().ends_with(".txt") {
        "take the `.txt` away from its name".to_owned()
    } else if rules.any_ending {
        format!(
            "move {it} into the folder `rules`, or let `rules:` in config name {it}; keep other files elsewhere"
        )
    } else if in_place(rules, first) {
        let ending = Path::new(pattern).extension().unwrap_or_default();
        format!(
            "let {its_name} end in `.{}`, or let `rules:` in config name {it}; keep other files elsewhere",
            ending.to_string_lossy()
        )
    } else {
        let deep = pattern.rsplit_once('/').map_or_else(
            || format!("**/{pattern}"),
            |(folder, name)| format!("{folder}/**/{name}"),
        );
        format!(
            "write `rules: {deep}` in config to read what lies in folders below as well; keep other files elsewhere"
        )
    };
    Some(Finding::new(Code::UnreadRules, message).help(help))
}

fn unread(rules: &Rules<'_>) -> Vec<PathBuf> {
    let (base, name) = rules
        .pattern
        .rsplit_once('/')
        .unwrap_or(("", rules.pattern));
    let has_wildcard = |text: &str| text.contains(['*', '?', '[']);
    // A pattern without wildcards means exactly that file.
    if !has_wildcard(name) && rules.some {
        return Vec::new();
    }
    let base: PathBuf = Path::new(base)
        .components()
        .take_while(|part| !has_wildcard(&part.as_os_str().to_string_lossy()))
        .collect();
    let known: BTreeSet<&PathBuf> = rules.known.iter().collect();
    // The config's own folder contains many unrelated files.
    let depth = if base.as_os_str().is_empty() || base == Path::new(".") {
        0
    } else {
        MAX_DEPTH
    };
    let mut looked = 0;
    let mut rest = vec![(rules.folder.join(&base), 0)];
    let mut unread = Vec::new();
    while let Some((folder, level)) = rest.pop() {
        let Ok(entries) = folder.read_dir() else {
            continue;
        };
        for entry in entries.flatten() {
            looked += 1;
            if looked > MAX_LOOKED {
                break;
            }
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            if is_meant(&path, rules) && !known.contains(&path) {
                unread.push(path);
            } else if level < depth && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                rest.push((path, level + 1));
            }
        }
    }
    unread.sort();
    unread
}

/// Whether the name of a file suggests that it is read.
fn is_meant(path: &Path, rules: &Rules<'_>) -> bool {
    let pattern = Path::new(rules.pattern);
    let last = pattern.file_name().unwrap_or_default().to_string_lossy();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let lower = name.to_lowercase();
    let plain = lower.strip_suffix(".txt").unwrap_or(&lower);
    let Some(stem) = plain
        .strip_suffix(".yaml")
        .or_else(|| plain.strip_suffix(".yml"))
    else {
        return false;
    };
    let ending = pattern.extension().unwrap_or_default().to_string_lossy();
    let same = format!("{}.{ending}", name.get(..stem.len()).unwrap_or(stem));
    let options = glob::MatchOptions::new();
    glob::Pattern::new(&last).is_ok_and(|last| last.matches_with(&same, options))
        && !is_config(path, rules)
}

/// Whether a file is where the pattern looks, with only a different extension.
fn in_place(rules: &Rules<'_>, path: &Path) -> bool {
    let folder = Path::new(rules.pattern).parent();
    !rules.any_ending && folder.map(|folder| rules.folder.join(folder)).as_deref() == path.parent()
}

/// A config is beside its rules if these have no folder of their own.
fn is_config(path: &Path, rules: &Rules<'_>) -> bool {
    path.parent() == Some(rules.folder)
        && path
            .file_stem()
            .is_some_and(|stem| stem.eq_ignore_ascii_case("config"))
}
