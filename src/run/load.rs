//! The one loader of all commands.

use std::path::Path;

use super::{LoadError, Project};
use crate::catalog::{self, RememberedColumns};
use crate::config::{self, Config};
use crate::diagnostic::Finding;
use crate::engine::Engine;
use crate::engine::local::Local;
use crate::language::check;
use crate::source::Sources;
use crate::store::{Store, StoreError};
use crate::{plan, rules};

/// Loads and checks everything. Writes nothing.
///
/// # Errors
/// See [`LoadError`]. Where files and world are wrong at once, the files are told first.
pub async fn load(config: &Path) -> Result<Project, LoadError> {
    let mut sources = Sources::default();
    let env = |name: &str| std::env::var(name).ok();
    let config = match config::load(config, &mut sources, &env) {
        Ok(config) => config,
        Err(findings) => return Err(refused(sources, findings)),
    };
    let (rules, mut findings) = rules::load(&config, &mut sources);
    let world = world(&config).await;
    let (schema, remembered) = match world {
        Ok(world) => world,
        Err(_) if findings.iter().any(Finding::is_error) => {
            return Err(refused(sources, findings));
        }
        Err(reason) => return Err(LoadError::World(reason)),
    };
    let (catalog, found) = catalog::build(&config, &schema, &remembered);
    findings.extend(found);
    let (checked, found) = check::check(&rules, &catalog, &sources);
    findings.extend(found);
    if findings.iter().any(Finding::is_error) {
        return Err(refused(sources, findings));
    }
    findings.sort_by_key(place);
    let plan = plan::build(&rules, &checked, &catalog);
    Ok(Project {
        sources,
        config,
        rules,
        catalog,
        checked,
        plan,
        findings,
    })
}

/// What is known of the database before any rule is read against it.
async fn world(config: &Config) -> Result<(catalog::Schema, RememberedColumns), String> {
    let schema = super::beside_the_reactor(|| Local::open(&config.database)?.schema());
    let schema = schema.map_err(|error| error.to_string())?;
    let remembered = remembered(super::results_path(&config)).await;
    Ok((schema, remembered.map_err(|error| error.to_string())?))
}

async fn remembered(results: &Path) -> Result<RememberedColumns, StoreError> {
    let Some(mut store) = Store::open_reader(results).await? else {
        return Ok(RememberedColumns::default());
    };
    let columns = store.columns().await?;
    store.close().await?;
    Ok(columns)
}

fn refused(sources: Sources, mut findings: Vec<Finding>) -> LoadError {
    findings.sort_by_key(place);
    LoadError::Refused(sources, findings)
}

/// Findings are told in the order of the files; those about the world outside come last.
fn place(finding: &Finding) -> (bool, usize, usize) {
    match finding.location {
        Some(location) => (false, location.file.0, location.start),
        None => (true, 0, 0),
    }
}
