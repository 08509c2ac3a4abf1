//! Which files hold the rules, and that none of them lies outside the config's folder.

use std::path::{Component, Path, PathBuf};

use super::unread;
use crate::config::{Config, DEFAULT_RULES};
use crate::diagnostic::{Code, Finding};
use crate::source::Location;

/// The most rule files.
const MAX_FILES: usize = 500;

/// The files that config's pattern names, in the order of their names.
pub(super) fn find(config: &Config) -> (Vec<PathBuf>, Vec<Finding>) {
    let pattern = config.rules.value.as_str();
    let at = Some(config.rules.location).filter(|l| l.end > l.start);
    let outside = |message: String| {
        let finding = Finding::new(Code::PathOutside, message)
            .help("rule files lie in the folder of the config file or below it");
        located(finding, at)
    };
    let inside = |c: Component<'_>| matches!(c, Component::Normal(_) | Component::CurDir);
    if !Path::new(pattern).components().all(inside) {
        let message = format!("`rules: {pattern}` leads out of the config's folder");
        return (Vec::new(), vec![outside(message)]);
    }

    let mut findings = Vec::new();
    let mut files = Vec::new();
    let mut folders = Vec::new();
    // What is reported already.
    let mut refused = Vec::new();
    let home = home(&config.folder);
    // Left out, `rules:` names YAML files however their ending is spelled.
    let any_ending = at.is_none() && pattern == DEFAULT_RULES;
    let looked_for = if any_ending { "rules/*" } else { pattern };
    for found in matches(&config.folder, looked_for) {
        let path = match found {
            Ok(path) if any_ending && !is_yaml(&path) => continue,
            Ok(path) if path.is_dir() => {
                folders.push(path);
                continue;
            }
            Ok(path) => path,
            Err(error) => {
                findings.push(unreadable(error.path(), error.error()));
                refused.push(error.path().to_path_buf());
                continue;
            }
        };
        // A link may lead anywhere, whatever its name says.
        match path.canonicalize() {
            Ok(real) if home.as_ref().is_ok_and(|home| real.starts_with(home)) => files.push(path),
            Ok(real) => {
                findings.push(outside(format!(
                    "`{}` is a link that leads out of the config's folder, to `{}`",
                    path.display(),
                    real.display()
                )));
                refused.push(path);
            }
            Err(error) => {
                findings.push(unreadable(&path, &error));
                refused.push(path);
            }
        }
    }
    if files.is_empty() && !folders.is_empty() {
        let message = format!("`rules: {pattern}` names a folder, and rules are in files");
        let help = format!("write `rules: {}/*.yaml`", pattern.trim_end_matches('/'));
        findings.push(located(
            Finding::new(Code::InvalidValue, message).help(help),
            at,
        ));
        refused.append(&mut folders);
    }
    if files.len() > MAX_FILES {
        let message = format!(
            "`rules: {pattern}` names {} files, and the limit is {MAX_FILES}",
            files.len()
        );
        findings.push(located(Finding::new(Code::TooLarge, message), at));
        files.truncate(MAX_FILES);
    }
    files.sort();
    refused.extend(files.iter().cloned());
    let unread = unread::told(&unread::Rules {
        folder: &config.folder,
        pattern,
        any_ending,
        known: &refused,
        some: !files.is_empty(),
    });
    findings.extend(unread.map(|finding| located(finding, at)));
    (files, findings)
}

fn is_yaml(path: &Path) -> bool {
    let ending = path.extension();
    ending.is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Finding {
    let message = format!("`{}` cannot be read: {error}", path.display());
    Finding::new(Code::FileUnreadable, message)
}

fn located(finding: Finding, at: Option<Location>) -> Finding {
    match at {
        Some(at) => finding.at(at),
        None => finding,
    }
}

fn home(folder: &Path) -> std::io::Result<PathBuf> {
    match folder.as_os_str().is_empty() {
        true => Path::new(".").canonicalize(),
        false => folder.canonicalize(),
    }
}

/// What a pattern finds in a folder, and the folders that it could not look into.
fn matches(folder: &Path, pattern: &str) -> impl Iterator<Item = glob::GlobResult> {
    let folder = glob::Pattern::escape(&folder.to_string_lossy());
    let full = match folder.is_empty() {
        true => pattern.to_owned(),
        false => format!("{}/{pattern}", folder.trim_end_matches('/')),
    };
    let options = glob::MatchOptions {
        require_literal_leading_dot: true,
        require_literal_separator: true,
        ..glob::MatchOptions::new()
    };
    // Config has held the pattern against the glob's syntax.
    glob::glob_with(&full, options).into_iter().flatten()
}
