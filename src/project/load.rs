//! The loader that all commands use: reads the files, the database's columns and what the last run left, then calls
//! [`compile`].

use std::path::Path;

use chrono::Utc;

use super::compile::{Asked, Refused, Remembered, Written, compile};
use super::{LoadError, Outputs, Project};
use crate::catalog::Schema;
use crate::config::{self, Config};
use crate::connector::{Connect, Connector};
use crate::decode::Environment;
use crate::diagnostic::{Finding, sort};
use crate::disk::is_empty_file;
use crate::lint;
use crate::lists;
use crate::rules::{self, Draft, RuleSet};
use crate::source::{SourceFile, Sources};
use crate::store::{Store, StoreError};

/// Loads and checks everything. Writes nothing.
///
/// # Errors
/// See [`LoadError`]. If both the files and the environment are wrong, the files are reported first.
pub async fn load(config: &Path, connect: Connect) -> Result<Project, LoadError> {
    load_with(config, None, false, connect, |_, _| Outputs::default()).await
}

/// Like [`load`], with what the reports need planned too.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_with_reports(config: &Path, connect: Connect) -> Result<Project, LoadError> {
    load_with(config, None, true, connect, |_, _| Outputs::default()).await
}

/// Like [`load_with_reports`], from the texts of an earlier load, whatever the files contain by now.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_kept(
    config: &Path,
    texts: &Sources,
    connect: Connect,
) -> Result<Project, LoadError> {
    let further = |_: &mut Written| Further {
        with_reports: true,
        ..Further::default()
    };
    load_from(texts.kept(), config, None, connect, further).await
}

/// What a command reads besides config and rules.
#[derive(Debug, Default)]
pub struct Further {
    /// What it needs, checked and lowered like everything else.
    pub outputs: Outputs,
    /// Whether what the reports need is lowered too; it is checked in any case.
    pub with_reports: bool,
    /// The tables and columns to assume if the database does not exist.
    pub schema: Option<Schema>,
}

/// Like [`load`], with what else a command needs, once config and rules are read.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_further(
    config: &Path,
    connect: Connect,
    further: impl FnOnce(&mut Written) -> Further,
) -> Result<Project, LoadError> {
    load_from(Sources::default(), config, None, connect, further).await
}

/// Config and the database's columns, without rules, reports and exports: for questions about stored rules while the
/// rule files cannot be read.
///
/// # Errors
/// See [`LoadError`]; among the files, only config is read.
pub async fn load_without_rules(path: &Path, connect: Connect) -> Result<Project, LoadError> {
    let mut sources = Sources::default();
    let env = |name: &str| std::env::var(name).ok();
    let (config, findings) = config::read(path, &mut sources, &env);
    let is_wrong = findings.iter().any(Finding::is_error);
    let Some(mut config) = config.filter(|_| !is_wrong) else {
        return Err(refused((sources, findings)));
    };
    config.ask_nothing();
    let known = known(&config, &*connect(&config)).await;
    let Known { schema, remembered } = known.map_err(LoadError::World)?;
    let written = Written::of(sources, config, RuleSet::default(), Vec::new());
    compile(written, &schema, &remembered, Asked::default()).map_err(refused)
}

/// A digest of all files that [`load`] would read, and config, unless it has errors. The database is not read.
pub fn digest(config: &Path) -> (String, Option<Config>) {
    let mut sources = Sources::default();
    let env = |name: &str| std::env::var(name).ok();
    let (config, findings) = config::read(config, &mut sources, &env);
    let mut hash = blake3::Hasher::new();
    let mut tell = |findings: &[Finding]| {
        // A file that cannot be read has no text, but that is a change too.
        for finding in findings {
            hash.update(finding.message.as_bytes());
        }
    };
    tell(&findings);
    if let Some(config) = &config {
        tell(&rules::load(config, &mut sources).1);
        tell(&lists::load(config, &mut sources).1);
    }
    for (_, file) in sources.iter() {
        hash.update(format!("{}\n{}\n", file.path.display(), file.text.len()).as_bytes());
        hash.update(file.text.as_bytes());
    }
    let wrong = findings.iter().any(Finding::is_error);
    (
        hash.finalize().to_hex().to_string(),
        config.filter(|_| !wrong),
    )
}

/// Like [`load`], as if a rule file had a different text.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_draft(
    config: &Path,
    draft: &Draft,
    connect: Connect,
) -> Result<Project, LoadError> {
    load_with(config, Some(draft), false, connect, |_, _| {
        Outputs::default()
    })
    .await
}

/// Like [`load`], with what else a command needs, checked and lowered like everything else. What the reports need is
/// always checked, and lowered on request.
pub async fn load_with(
    config: &Path,
    draft: Option<&Draft>,
    with_reports: bool,
    connect: Connect,
    further: impl FnOnce(&Config, &mut Sources) -> Outputs,
) -> Result<Project, LoadError> {
    let further = |written: &mut Written| Further {
        outputs: further(&written.config, &mut written.sources),
        with_reports,
        schema: None,
    };
    load_from(Sources::default(), config, draft, connect, further).await
}

/// Another config with its rules, from disk or from storage, compiled against the same columns as the given project,
/// and without what its reports and exports need. Its sources quote both.
///
/// # Errors
/// Everything found, if any of it is an error.
pub fn load_beside(
    project: &Project,
    config: &Path,
    texts: Sources,
    env: Environment<'_>,
) -> Result<Project, Refused> {
    let written = Written::read(texts.behind(&project.sources), config, env, None)?;
    beside(project, written)
}

/// Compiles what is written, next to a project.
pub(super) fn beside(project: &Project, mut written: Written) -> Result<Project, Refused> {
    written.config.ask_nothing();
    let other = project.compile_beside(written)?;
    match other.findings.iter().any(Finding::is_error) {
        true => Err((other.sources, other.findings)),
        false => Ok(other),
    }
}

/// Like [`load_with_reports`], as if some files had different texts.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_over(
    texts: Vec<SourceFile>,
    config: &Path,
    connect: Connect,
) -> Result<Project, LoadError> {
    let with_reports = |_: &mut Written| Further {
        with_reports: true,
        ..Further::default()
    };
    load_from(
        Sources::in_editor(texts, None),
        config,
        None,
        connect,
        with_reports,
    )
    .await
}

async fn load_from(
    sources: Sources,
    config: &Path,
    draft: Option<&Draft>,
    connect: Connect,
    further: impl FnOnce(&mut Written) -> Further,
) -> Result<Project, LoadError> {
    let env = |name: &str| std::env::var(name).ok();
    let mut written = read(sources, config, &env, draft).map_err(refused)?;
    let Further {
        outputs,
        with_reports,
        schema,
    } = further(&mut written);
    let asked = Asked {
        outputs,
        with_reports,
    };
    let config = &written.config;
    let known = match schema.filter(|_| config.database.is_missing()) {
        Some(schema) => Ok(Known::by(schema)),
        None if written.is_without_config() => Ok(Known::default()),
        None => known(config, &*connect(config)).await,
    };
    let known = match known {
        Ok(known) => known,
        Err(_) if written.findings.iter().any(Finding::is_error) => {
            return Err(refused((written.sources, written.findings)));
        }
        Err(reason) => return Err(LoadError::World(reason)),
    };
    let project = compile_now(written, &known, asked).map_err(refused)?;
    match project.findings.iter().any(Finding::is_error) {
        true => Err(refused((project.sources, project.findings))),
        false => Ok(project),
    }
}

/// Config and rules as written, with what config's schedules will run into from now on. `env` resolves `${NAME}`.
///
/// # Errors
/// If config cannot be understood at all.
pub fn read(
    sources: Sources,
    config: &Path,
    env: Environment<'_>,
    draft: Option<&Draft>,
) -> Result<Written, Refused> {
    let mut written = Written::read(sources, config, env, draft)?;
    let now = Utc::now().timestamp_micros();
    let found = lint::of_timetable(&written.config, now);
    written.findings.extend(found);
    Ok(written)
}

/// Compiles what is written with what is known, as of the present instant; partial if something is wrong.
///
/// # Errors
/// See [`compile`].
pub fn compile_now(written: Written, known: &Known, asked: Asked) -> Result<Project, Refused> {
    let mut project = compile(written, &known.schema, &known.remembered, asked)?;
    let now = Utc::now().timestamp_micros();
    project.catalog.trust.present = now;
    project.ir.trust.present = now;
    Ok(project)
}

/// What is known before any rule is checked.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The database's tables and columns.
    pub schema: Schema,
    /// What the last published run left.
    pub remembered: Remembered,
}

impl Known {
    /// Only tables and columns.
    pub fn by(schema: Schema) -> Self {
        let remembered = Remembered::default();
        Self { schema, remembered }
    }
}

/// What is known before any rule is checked: the database's columns, and what the results hold about the last run.
///
/// # Errors
/// If either cannot be read: the reason in words.
pub async fn known(config: &Config, connector: &dyn Connector) -> Result<Known, String> {
    // SQLite takes an empty file for a database without tables, so every name in config would be reported as wrong.
    if let Some(path) = config.database.file().filter(|path| is_empty_file(path)) {
        let path = path.display();
        return Err(format!("`{path}` is empty, so it is not a SQLite database"));
    }
    if let Some(reason) = not_imported(config) {
        return Err(reason);
    }
    // The results come first: opening them repairs a file that a killed run left half written.
    let remembered = remembered(config.results_path()).await;
    let schema = super::blocking(|| connector.snapshot()?.schema());
    let schema = schema.map_err(|error| error.to_string())?;
    let remembered = remembered.map_err(|error| error.to_string())?;
    Ok(Known { schema, remembered })
}

/// A message that the database does not exist yet and how to create it, if config names the files that it is made from.
pub fn not_imported(config: &Config) -> Option<String> {
    let is_missing = config.import.is_some() && config.database.is_missing();
    is_missing.then(|| {
        let path = &config.database;
        format!(
            "`{path}` is not there yet: `muster import` makes it of the files that config names"
        )
    })
}

/// What the last published run left.
///
/// # Errors
/// If the results cannot be read.
pub async fn remembered(results: &Path) -> Result<Remembered, StoreError> {
    let Some(mut store) = Store::open_reader(results).await? else {
        return Ok(Remembered::default());
    };
    let segments = store.segments().await?.into_iter();
    let remembered = Remembered {
        columns: store.columns().await?,
        keys: store.key_type().await?,
        segments: segments.map(|segment| segment.id).collect(),
    };
    store.close().await?;
    Ok(remembered)
}

pub(super) fn refused((sources, mut findings): Refused) -> LoadError {
    sort(&mut findings);
    LoadError::Refused(sources, findings)
}
