//! From the file to [`Config`].

use std::path::Path;

use super::{Config, validate, wire};
use crate::diagnostic::{Finding, sort};
use crate::reader::{self, Environment, Read, Reader};
use crate::source::{Location, Scalar, Sources};

/// Where rule files are, unless config says otherwise.
const DEFAULT_RULES: &str = "rules/*.yaml";

/// Reads `config.yaml`. `env` answers `${NAME}`.
///
/// # Errors
/// Every finding of the file, at least one of them an error.
pub fn load(
    path: &Path,
    sources: &mut Sources,
    env: Environment<'_>,
) -> Result<Config, Vec<Finding>> {
    match read(path, sources, env) {
        (Some(config), findings) if findings.is_empty() => Ok(config),
        (_, findings) => Err(findings),
    }
}

/// Reads `config.yaml` and what can be made of it in spite of its findings: enough to look at the
/// rule files as well, so that all that is wrong is told at once; never enough to run.
pub fn read(
    path: &Path,
    sources: &mut Sources,
    env: Environment<'_>,
) -> (Option<Config>, Vec<Finding>) {
    let (file, node) = match reader::open(path, sources) {
        Ok(opened) => opened,
        Err(finding) => return (None, vec![finding]),
    };
    let mut reader = Reader::new(sources, Some(env));
    let wire = wire::ConfigFile::read(&node, &mut reader);
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let default_rules = || Scalar {
        value: DEFAULT_RULES.into(),
        location: Location {
            file,
            start: 0,
            end: 0,
        },
    };
    let config = wire.and_then(|wire| {
        let database = folder.join(&wire.database.0);
        let results = wire.results.map(|r| folder.join(r.0));
        let collections = wire.collections.map_or_else(Vec::new, |c| c.0);
        let schedules = wire.schedules.map_or_else(Vec::new, |s| s.0);
        let config = Config {
            file,
            results: results.filter(|results| *results != database),
            database,
            rules: wire.rules.map_or_else(default_rules, |r| r.0),
            timezone: wire.timezone.0,
            subject: wire.subject.into(),
            scopes: wire
                .scopes
                .into_iter()
                .flat_map(|scopes| scopes.0)
                .map(|(name, path)| (name.0, path.scalar))
                .collect(),
            collections: collections.into_iter().map(|(n, c)| c.named(n)).collect(),
            schedules: schedules.into_iter().map(Into::into).collect(),
            reports: wire
                .reports
                .into_iter()
                .flat_map(|reports| reports.0)
                .map(Into::into)
                .collect(),
            mail: wire.mail.and_then(|m| m.checked(&folder, &mut reader)),
            folder,
        };
        validate::names(&config, &mut reader);
        validate::references(&config, &mut reader);
        Some(config)
    });
    let mut findings = reader.findings;
    sort(&mut findings);
    (config, findings)
}
