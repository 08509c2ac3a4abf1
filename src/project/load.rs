//! The one loader of all commands.

use std::path::Path;

use chrono::Utc;

use super::{LoadError, Project, columns, reports};
use crate::catalog::{self, RememberedColumns};
use crate::config::{self, Config};
use crate::diagnostic::{Code, Finding, sort};
use crate::engine::Engine;
use crate::engine::local::Local;
use crate::language::check;
use crate::rules::{Draft, Metric};
use crate::source::Sources;
use crate::store::{Store, StoreError};
use crate::value::KeyType;
use crate::{ir, rules};

/// Loads and checks everything. Writes nothing.
///
/// # Errors
/// See [`LoadError`]. Where files and world are wrong at once, the files are told first.
pub async fn load(config: &Path) -> Result<Project, LoadError> {
    load_with(config, None, false, |_, _| Vec::new()).await
}

/// As [`super::load_with_reports`], from the texts of an earlier load, whatever the files have by now.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_kept(config: &Path, texts: &Sources) -> Result<Project, LoadError> {
    load_from(texts.kept(), config, None, true, |_, _| Vec::new()).await
}

/// A digest of all that [`load`] would read of files, and config as far as it can be read. The
/// database is not asked.
pub fn digest(config: &Path) -> (String, Option<Config>) {
    let mut sources = Sources::default();
    let env = |name: &str| std::env::var(name).ok();
    let (config, findings) = config::read(config, &mut sources, &env);
    let mut hash = blake3::Hasher::new();
    let mut tell = |findings: &[Finding]| {
        // A file that cannot be read has no text, and is news all the same.
        for finding in findings {
            hash.update(finding.message.as_bytes());
        }
    };
    tell(&findings);
    if let Some(config) = &config {
        tell(&rules::load(config, &mut sources).1);
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

/// As [`load`], as if a rule file had another text than it has.
///
/// # Errors
/// See [`LoadError`].
pub async fn load_draft(config: &Path, draft: &Draft) -> Result<Project, LoadError> {
    load_with(config, Some(draft), false, |_, _| Vec::new()).await
}

/// As [`load`], with further metrics that a command needs, checked and planned like all others. What
/// the reports need is always checked, and planned where it is asked for.
pub async fn load_with(
    config: &Path,
    draft: Option<&Draft>,
    with_reports: bool,
    further: impl FnOnce(&Config, &mut Sources) -> Vec<Metric>,
) -> Result<Project, LoadError> {
    load_from(Sources::default(), config, draft, with_reports, further).await
}

async fn load_from(
    mut sources: Sources,
    config: &Path,
    draft: Option<&Draft>,
    with_reports: bool,
    further: impl FnOnce(&Config, &mut Sources) -> Vec<Metric>,
) -> Result<Project, LoadError> {
    let env = |name: &str| std::env::var(name).ok();
    let (config, mut findings) = config::read(config, &mut sources, &env);
    let Some(config) = config else {
        return Err(refused(sources, findings));
    };
    let config_is_wrong = findings.iter().any(Finding::is_error);
    findings.extend(super::clock_change_findings(
        &config,
        Utc::now().timestamp_micros(),
    ));
    let (mut rules, found) = rules::load_with(&config, &mut sources, draft);
    findings.extend(found);
    rules.metrics.extend(further(&config, &mut sources));
    let mut planned = rules.metrics.len();
    // What reports and exports need is checked whatever is asked for.
    add(&mut rules.metrics, reports::metrics(&config));
    if with_reports {
        planned = rules.metrics.len();
    }
    add(
        &mut rules.metrics,
        columns::metrics(&config, &config.export.columns),
    );
    // What config lacks, or what stands in a file that cannot be read, would be missed again by every
    // rule that uses it.
    let unread = |f: &Finding| matches!(f.code, Code::YamlSyntax | Code::FileUnreadable);
    if config_is_wrong || findings.iter().any(unread) {
        return Err(refused(sources, findings));
    }
    let world = world(&config).await;
    let (schema, remembered) = match world {
        Ok(world) => world,
        Err(_) if findings.iter().any(Finding::is_error) => {
            return Err(refused(sources, findings));
        }
        Err(reason) => return Err(LoadError::World(reason)),
    };
    if rules.segments.is_empty() {
        missed(&mut findings, remembered.segments);
    }
    let (mut catalog, found) = catalog::build(&config, &schema, &remembered.columns);
    catalog.key_types.before = remembered.keys;
    catalog.trust.present = Utc::now().timestamp_micros();
    findings.extend(found);
    columns::name_columns(&mut rules.metrics, &catalog);
    let (mut checked, found) = check::check(&rules, &catalog, &sources);
    findings.extend(found);
    findings.extend(columns::check(&config, &rules, &checked));
    findings.extend(reports::check(&config, &rules, &catalog, &checked));
    if findings.iter().any(Finding::is_error) {
        return Err(refused(sources, findings));
    }
    // Nothing else can speak of them: they stand last and have names that nobody can write.
    rules.metrics.truncate(planned);
    checked.metrics.truncate(planned);
    let ir = ir::build(&rules, &checked, &catalog);
    findings.extend(super::utc_default_findings(&config, &schema, &ir));
    sort(&mut findings);
    Ok(Project {
        sources,
        config,
        rules,
        catalog,
        checked,
        ir,
        findings,
    })
}

/// Adds the metrics that are not there yet, by their names.
fn add(metrics: &mut Vec<Metric>, further: impl IntoIterator<Item = Metric>) {
    for metric in further {
        let mut known = metrics.iter();
        if !known.any(|m| m.name.value == metric.name.value) {
            metrics.push(metric);
        }
    }
}

/// What is known of the database before any rule is read against it.
async fn world(config: &Config) -> Result<(catalog::Schema, Remembered), String> {
    // To SQLite it is a database without tables, and every name in config would be told to be wrong.
    let empty = config
        .database
        .metadata()
        .is_ok_and(|meta| meta.is_file() && meta.len() == 0);
    if empty {
        let path = config.database.display();
        return Err(format!("`{path}` is empty: it is no SQLite database"));
    }
    // The results first: that puts a file in order which a killed run left half written.
    let remembered = remembered(config.results_path()).await;
    let schema = super::beside_the_reactor(|| Local::open(&config.database)?.schema());
    let schema = schema.map_err(|error| error.to_string())?;
    Ok((schema, remembered.map_err(|error| error.to_string())?))
}

/// What the last published run left that matters to the next.
#[derive(Default)]
struct Remembered {
    /// The columns that it read.
    columns: RememberedColumns,
    /// What its keys were.
    keys: Option<KeyType>,
    /// How many segments it had.
    segments: usize,
}

async fn remembered(results: &Path) -> Result<Remembered, StoreError> {
    let Some(mut store) = Store::open_reader(results).await? else {
        return Ok(Remembered::default());
    };
    let remembered = Remembered {
        columns: store.columns().await?,
        keys: store.key_type().await?,
        segments: store.segments().await?.len(),
    };
    store.close().await?;
    Ok(remembered)
}

/// Says of rule files that define no segment what a run would make of it.
fn missed(findings: &mut [Finding], before: usize) {
    let told = findings.iter_mut().find(|f| f.code == Code::NoSegments);
    if let Some(told) = told.filter(|_| before > 0) {
        let help = told.help.take().unwrap_or_default();
        told.help = Some(format!(
            "{help}; the last run had {before}, and one without any is not published unless `--publish` says so"
        ));
    }
}

fn refused(sources: Sources, mut findings: Vec<Finding>) -> LoadError {
    sort(&mut findings);
    LoadError::Refused(sources, findings)
}
