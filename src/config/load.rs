//! From the file to [`Config`].

use std::path::Path;

use super::memory::MEMORY;
use super::threads::THREADS;
use super::{Config, mail, validate, wire};
use crate::decode::{self, Environment, Read, Reader};
use crate::diagnostic::{Code, Finding, sort};
use crate::source::{FileId, Node, NodeKind, Scalar, Sources, parse};

/// Reads `config.yaml`. `env` answers `${NAME}`.
///
/// # Errors
/// Every finding of the file, at least one of them an error. Warnings alone are not told here.
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

/// Reads `config.yaml` and what can be made of it in spite of its findings: enough to look at the
/// rule files as well, so that all that is wrong is reported at once; never enough to run.
pub fn read(
    path: &Path,
    sources: &mut Sources,
    env: Environment<'_>,
) -> (Option<Config>, Vec<Finding>) {
    read_completed(path, &[], sources, env)
}

/// As [`read`], as if some keys stood in the file with all that they hold.
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

/// Whether a file is a config by its keys, and no rule file.
pub fn is_config(tree: &Node) -> bool {
    let NodeKind::Mapping(entries) = &tree.kind else {
        return false;
    };
    entries.iter().any(|(key, _)| is_of_config(&key.value))
}

/// Whether a text is meant to be a config, as far as can be told where it cannot be read.
pub fn is_config_text(text: &str) -> bool {
    let is_key = |line: &str| {
        line.split_once(':')
            .is_some_and(|(key, _)| is_of_config(key))
    };
    text.lines().any(is_key) || parse(FileId(0), text).is_ok_and(|tree| is_config(&tree))
}

/// Whether no other program's files have a key, for all that is known.
fn is_of_config(key: &str) -> bool {
    matches!(key, "database" | "subject" | "timezone")
}

/// The conditions of a config, whatever is wrong with it.
pub fn conditions(tree: &Node, sources: &Sources) -> Vec<Scalar> {
    decode::conditions::<wire::ConfigFile>(tree, sources)
}
