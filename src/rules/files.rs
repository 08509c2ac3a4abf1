//! Finds the files with rules and tests, and ensures that none of them is outside the config's folder.

use std::path::{Component, Path, PathBuf};

use super::unread;
use crate::config::{Config, DEFAULT_RULES, DEFAULT_TESTS};
use crate::diagnostic::{Code, Finding};
use crate::source::{Location, Scalar, Sources};

/// The file for new segments if no rule file is found at all.
const CUSTOM: &str = "rules/custom.yaml";

/// The maximum number of files that a pattern may match.
const MAX_FILES: usize = 500;

/// The rule files matched by config's pattern, sorted by name. Test files are excluded, wherever they are.
pub fn rule_files(config: &Config, sources: &Sources) -> (Vec<PathBuf>, Vec<Finding>) {
    let wanted = Wanted::rules(config);
    let Some(mut found) = wanted.look(sources) else {
        return (Vec::new(), vec![wanted.leads_out()]);
    };
    let tests = test_files(config, sources).0;
    found.files.retain(|file| !tests.contains(file));
    let mut known = std::mem::take(&mut found.refused);
    known.extend(found.files.iter().chain(&tests).cloned());
    let unread = unread::told(&unread::Rules {
        folder: &config.folder,
        pattern: wanted.pattern,
        any_ending: wanted.any_ending,
        known: &known,
        some: !found.files.is_empty(),
    });
    let unread = unread.map(|finding| wanted.located(finding));
    found.findings.extend(unread);
    (found.files, found.findings)
}

/// The test files matched by config's pattern, sorted by name.
pub fn test_files(config: &Config, sources: &Sources) -> (Vec<PathBuf>, Vec<Finding>) {
    let wanted = Wanted::tests(config);
    match wanted.look(sources) {
        Some(found) => (found.files, found.findings),
        None => (Vec::new(), vec![wanted.leads_out()]),
    }
}

/// Whether config's pattern for test files matches this path, which need not exist on disk.
pub fn is_test(config: &Config, path: &Path) -> bool {
    Wanted::tests(config).names(path)
}

/// Whether config's pattern for rule files matches this path, which need not exist on disk.
pub fn is_rules(config: &Config, path: &Path) -> bool {
    Wanted::rules(config).names(path) && !is_test(config, path)
}

/// The rule file for new segments, in config's folder, which need not exist on disk: config's pattern with `custom` in
/// place of its wildcards, if the pattern matches that, or else the first file found.
pub fn file_for_new(config: &Config) -> PathBuf {
    let wanted = Wanted::rules(config);
    let stars = wanted
        .pattern
        .replace("**/", "")
        .replace("**", "*")
        .replace('*', "custom");
    let names = [format!("{stars}.yaml"), stars];
    let is_new = |name: &&String| {
        let path = config.folder.join(name);
        is_yaml(&path) && is_rules(config, &path)
    };
    if let Some(name) = names.iter().rfind(is_new) {
        return config.folder.join(name);
    }
    let first = rule_files(config, &Sources::default()).0.into_iter().next();
    first.unwrap_or_else(|| config.folder.join(CUSTOM))
}

/// The definition of a kind of files in config.
struct Wanted<'c> {
    config: &'c Config,
    /// The key in config, and what the files contain.
    key: &'static str,
    pattern: &'c str,
    /// The location in config; `None` if it is a default.
    at: Option<Location>,
    /// True if `.yml` in any case matches as well, because the pattern is a default.
    any_ending: bool,
}

/// The matches of a pattern.
#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    findings: Vec<Finding>,
    /// Files already reported.
    refused: Vec<PathBuf>,
}

impl<'c> Wanted<'c> {
    fn rules(config: &'c Config) -> Self {
        Self::new(config, "rules", &config.rules, DEFAULT_RULES)
    }

    fn tests(config: &'c Config) -> Self {
        Self::new(config, "tests", &config.tests, DEFAULT_TESTS)
    }

    fn new(config: &'c Config, key: &'static str, written: &'c Scalar, default: &str) -> Self {
        let at = Some(written.location).filter(|l| l.end > l.start);
        Self {
            config,
            key,
            pattern: written.value.as_str(),
            at,
            any_ending: at.is_none() && written.value == default,
        }
    }

    /// Whether the pattern matches a path.
    fn names(&self, path: &Path) -> bool {
        let pattern = glob::Pattern::new(&self.full_pattern());
        let is_named = pattern.is_ok_and(|pattern| pattern.matches_path_with(path, options()));
        is_named && (!self.any_ending || is_yaml(path))
    }

    /// The files on disk and open in an editor; `None` if the pattern itself leads out of the folder.
    fn look(&self, sources: &Sources) -> Option<Found> {
        let Self { key, pattern, .. } = self;
        let inside = |c: Component<'_>| matches!(c, Component::Normal(_) | Component::CurDir);
        if !Path::new(pattern).components().all(inside) {
            return None;
        }
        let mut found = Found::default();
        let mut folders = Vec::new();
        let home = home(&self.config.folder);
        for path in glob::glob_with(&self.full_pattern(), options())
            .into_iter()
            .flatten()
        {
            let path = match path {
                Ok(path) if self.any_ending && !is_yaml(&path) => continue,
                // The target is not trusted: it must not even be looked at.
                Ok(path) if !sources.may_follow(&path) => {
                    found.findings.push(self.outside(format!(
                        "`{}` is a link that leads out of the config's folder",
                        path.display()
                    )));
                    found.refused.push(path);
                    continue;
                }
                Ok(path) if path.is_dir() => {
                    folders.push(path);
                    continue;
                }
                Ok(path) => path,
                Err(error) => {
                    found.findings.push(unreadable(error.path(), error.error()));
                    found.refused.push(error.path().to_path_buf());
                    continue;
                }
            };
            // A link may lead anywhere, whatever its name.
            match path.canonicalize() {
                Ok(real) if home.as_ref().is_ok_and(|home| real.starts_with(home)) => {
                    found.files.push(path);
                }
                Ok(real) => {
                    found.findings.push(self.outside(format!(
                        "`{}` is a link that leads out of the config's folder, to `{}`",
                        path.display(),
                        real.display()
                    )));
                    found.refused.push(path);
                }
                Err(error) => {
                    found.findings.push(unreadable(&path, &error));
                    found.refused.push(path);
                }
            }
        }
        if found.files.is_empty() && !folders.is_empty() {
            let message = format!("`{key}: {pattern}` names a folder, and {key} are in files");
            let help = format!("write `{key}: {}/*.yaml`", pattern.trim_end_matches('/'));
            let finding = Finding::new(Code::InvalidValue, message).help(help);
            found.findings.push(self.located(finding));
            found.refused.append(&mut folders);
        }
        if found.files.len() > MAX_FILES {
            let message = format!(
                "`{key}: {pattern}` names {} files, and the limit is {MAX_FILES}",
                found.files.len()
            );
            let finding = Finding::new(Code::TooLarge, message);
            found.findings.push(self.located(finding));
            found.files.truncate(MAX_FILES);
        }
        let open = sources.open_paths().filter(|path| self.names(path));
        found.files.extend(open.map(Path::to_path_buf));
        found.files.sort();
        found.files.dedup();
        Some(found)
    }

    /// The pattern, relative to config's folder. Its glob syntax has already been checked.
    fn full_pattern(&self) -> String {
        let pattern = match (self.any_ending, self.pattern.rsplit_once('/')) {
            (true, Some((folder, _))) => format!("{folder}/*"),
            _ => self.pattern.to_owned(),
        };
        let folder = glob::Pattern::escape(&self.config.folder.to_string_lossy());
        match folder.is_empty() {
            true => pattern,
            false => format!("{}/{pattern}", folder.trim_end_matches('/')),
        }
    }

    fn leads_out(&self) -> Finding {
        let Self { key, pattern, .. } = self;
        self.outside(format!(
            "`{key}: {pattern}` leads out of the config's folder"
        ))
    }

    fn outside(&self, message: String) -> Finding {
        let help = match self.key {
            "tests" => "test files must be in the folder of the config file or below it",
            _ => "rule files must be in the folder of the config file or below it",
        };
        self.located(Finding::new(Code::PathOutside, message).help(help))
    }

    fn located(&self, finding: Finding) -> Finding {
        match self.at {
            Some(at) => finding.at(at),
            None => finding,
        }
    }
}

fn is_yaml(path: &Path) -> bool {
    let ending = path.extension();
    ending.is_some_and(|e| e.eq_ignore_ascii_case("yaml") || e.eq_ignore_ascii_case("yml"))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Finding {
    let message = format!("`{}` cannot be read: {error}", path.display());
    Finding::new(Code::FileUnreadable, message)
}

fn home(folder: &Path) -> std::io::Result<PathBuf> {
    match folder.as_os_str().is_empty() {
        true => Path::new(".").canonicalize(),
        false => folder.canonicalize(),
    }
}

fn options() -> glob::MatchOptions {
    glob::MatchOptions {
        require_literal_leading_dot: true,
        require_literal_separator: true,
        ..glob::MatchOptions::new()
    }
}
