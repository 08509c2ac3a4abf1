//! Every name that rules can use, with its type and origin.

use super::table::{Heading, Table};
use crate::catalog::{ColumnState, Entity};
use crate::config::HEALTH;
use crate::language::check::MetricDefinition;
use crate::language::path;
use crate::project::Project;

/// A name, its type and its origin.
type Named = [String; 3];

/// One row per name, spelled as in rules, ready to paste: first the names from the database, then the health score and
/// the metrics of rule files.
pub fn catalog_table(project: &Project) -> Table {
    let catalog = &project.catalog;
    let mut names = columns(&[], &catalog.subject);
    for collection in &catalog.collections {
        let (name, table) = (&collection.name, &collection.entity.table);
        names.push(named(path(&[name]), "rows", format!("table {table}")));
        if let Some(at) = &collection.at {
            let entity = &collection.entity;
            let column = format!("{}.{}", entity.table_of(at), at.column);
            names.push(named(path(&[name, "at"]), "instant", column));
        }
        names.extend(columns(&[name], &collection.entity));
    }
    let scopes = catalog.scopes.iter();
    names.extend(scopes.map(|(name, of)| named(name, "scope", of.join("."))));
    let lists = project.config.lists.iter().zip(&catalog.lists);
    names.extend(lists.map(|(config, list)| {
        let (table, file) = (&catalog.subject.table, &config.file.value);
        named(
            &list.name,
            "list",
            format!("{file}, of {table}.{}", list.column),
        )
    }));
    if project.checked.health.is_some() {
        names.push(named(HEALTH, "number", "the health score of config.yaml"));
    }
    let metrics = project.rules.metrics.zip(&project.checked.metrics);
    names.extend(metrics.map(|(metric, checked)| {
        let file = project.sources.get(metric.name.location.file);
        let ty = match &checked.definition {
            MetricDefinition::Value(typed) => typed.ty.name(),
            MetricDefinition::Row(_) => "row",
        };
        let file = file.map_or_else(String::new, |file| file.path.display().to_string());
        named(&metric.name.value, ty, file)
    }));
    Table::of(&names)
        .column(Heading::left("name", "Name"), |[name, ..]| name.clone())
        .column(Heading::left("type", "Type").spare(10), |[_, ty, _]| {
            ty.clone()
        })
        .column(
            Heading::left("origin", "Origin").spare(20),
            |[.., origin]| origin.clone(),
        )
        .done()
}

/// The columns of a table and of the tables looked up from it, spelled as rules write them after the collection's name.
fn columns(of: &[&str], entity: &Entity) -> Vec<Named> {
    let written = |names: &[&str]| path(&[of, names].concat());
    let table = &entity.table;
    let own = entity.columns.iter();
    let own =
        own.map(|(name, state)| named(written(&[name]), type_of(state), format!("{table}.{name}")));
    let lookups = entity.lookups.iter().flat_map(|(lookup, found)| {
        found.columns.iter().map(move |(name, state)| {
            let origin = format!("{}.{name}, found by {}", found.table, found.by);
            named(written(&[lookup, name]), type_of(state), origin)
        })
    });
    own.chain(lookups).collect()
}

fn named(name: impl Into<String>, ty: impl Into<String>, origin: impl Into<String>) -> Named {
    [name.into(), ty.into(), origin.into()]
}

fn type_of(state: &ColumnState) -> String {
    match state {
        ColumnState::Present(ty) => ty.value_type().name().to_string(),
        ColumnState::Untyped => "not declared".to_string(),
        ColumnState::Gone(reason) => format!("cannot be read: {reason}"),
    }
}
