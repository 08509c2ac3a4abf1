//! Loads the file into a [`Config`].

use std::path::Path;

use super::memory::MEMORY;
use super::threads::THREADS;
use super::{Config, mail, validate, wire};
use crate::decode::{self, Environment, Read, Reader};
use crate::diagnostic::{Code, Finding, sort};
use crate::source::{FileId, Node, NodeKind, Scalar, Sources, parse};

/// Reads `config.yaml`. `env` resolves `${NAME}`.
///
/// # Errors
/// Every finding of the file, if at least one of them is an error. If there are only warnings, they are not returned.
pub fn load(
    path: &Path,
    sources: &mut Sources,
    env: Environment<'_>,
) -> Result<Config, Vec<Finding>> {
    match read(path, sources, env) {
        (Some(config), findings) if !findings.iter().any(Finding::is_error) => Ok(config),
        (_, findings) => Err(findings),
    }
}

/// Reads `config.yaml` and returns what can be understood despite its findings. That is enough to check the rule files
/// as well, so that everything that is wrong is reported at once, but never enough to run.
pub fn read(
    path: &Path,
    sources: &mut Sources,
    env: Environment<'_>,
) -> (Option<Config>, Vec<Finding>) {
    read_completed(path, &[], sources, env)
}

/// Like [`read`], as if some keys, with all their contents, were in the file.
pub fn read_completed(
    path: &Path,
    further: &[(Scalar, Node)],
    sources: &mut Sources,
    env: Environment<'_>,
) -> (Option<Config>, Vec<Finding>) {
    let mut opened = match decode::open(path, sources) {
        Ok(opened) => opened,
        Err(finding) if finding.code == Code::FileUnreadable && finding.help.is_none() => {
            let help = "`--config FILE` names another; `muster init sqlite:FILE` writes a first one, and `muster demo` a whole example";
            return (None, vec![finding.help(help)]);
        }
        Err(finding) => return (None, vec![finding]),
    };
    if let NodeKind::Mapping(entries) = &mut opened.node.kind {
        entries.extend_from_slice(further);
    }
    of_tree(opened, path, sources, env)
}

fn of_tree(
    opened: decode::Opened,
    path: &Path,
    sources: &Sources,
    env: Environment<'_>,
) -> (Option<Config>, Vec<Finding>) {
    let decode::Opened {
        file,
        node,
        findings,
    } = opened;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut reader = Reader::new(sources, Some(env));
    reader.findings = findings;
    let config = wire::ConfigFile::read(&node, &mut reader).map(|wire| {
        let mut config = wire.into_config(file, folder, &mut reader);
        if let Some(mail) = &mut config.mail {
            mail::instead(mail, folder, env, &mut reader);
        }
        let threads = THREADS.value(env, &mut reader);
        config.threads = threads.or(config.threads);
        let memory = MEMORY.value(env, &mut reader);
        config.memory = memory.unwrap_or(config.memory);
        validate::names(&config, &mut reader);
        validate::references(&config, &mut reader);
        config
    });
    let mut findings = reader.findings;
    sort(&mut findings);
    (config, findings)
}

/// Whether a file is a config rather than a rule file, judging by its keys.
pub fn is_config(tree: &Node) -> bool {
    let NodeKind::Mapping(entries) = &tree.kind else {
        return false;
    };
    entries.iter().any(|(key, _)| is_of_config(&key.value))
}

/// Whether a text is meant to be a config, as far as that can be told if it cannot be parsed.
pub fn is_config_text(text: &str) -> bool {
    let is_key = |line: &str| {
        line.split_once(':')
            .is_some_and(|(key, _)| is_of_config(key))
    };
    text.lines().any(is_key) || parse(FileId(0), text).is_ok_and(|tree| is_config(&tree))
}

/// Whether a key is specific to config, as far as we know the files of other programs.
fn is_of_config(key: &str) -> bool {
    matches!(key, "database" | "subject" | "timezone")
}

/// The conditions of a config, even if it has errors.
pub fn conditions(tree: &Node, sources: &Sources) -> Vec<Scalar> {
    decode::conditions::<wire::ConfigFile>(tree, sources)
}
