//! Scopes: paths to the value that names a subject's group.

use std::collections::BTreeMap;

use super::build::Builder;
use super::{ColumnState, Entity};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::Scalar;

impl Builder<'_> {
    /// A scope's path, with its names spelled as in the catalog.
    pub fn scope(&mut self, subject: &Entity, path: &Scalar) -> Vec<String> {
        let written: Vec<String> = path.value.split('.').map(|p| p.trim().to_owned()).collect();
        if subject.gone.is_some() {
            return written;
        }
        match written.as_slice() {
            [column] => vec![self.scope_column(&subject.table, &subject.columns, column, path)],
            [lookup, column] => match subject.lookups.get(lookup) {
                Some(entity) if entity.gone.is_some() => written,
                Some(entity) => vec![
                    lookup.clone(),
                    self.scope_column(&entity.table, &entity.columns, column, path),
                ],
                None => {
                    self.no_lookup("the subject", lookup, subject, path);
                    written
                }
            },
            _ => {
                self.findings.push(
                    Finding::new(
                        Code::InvalidValue,
                        "a scope is a column of the subject, or a lookup's column",
                    )
                    .at(path.location)
                    .help("for example `studio_id` or `studio.network_id`"),
                );
                written
            }
        }
    }

    /// Reports a lookup that the owner of a table does not have.
    pub fn no_lookup(&mut self, owner: &str, lookup: &str, entity: &Entity, path: &Scalar) {
        let near = suggest(lookup, entity.lookups.keys().map(String::as_str));
        let help = near.map_or_else(
            || format!("add it to the `lookups:` of {owner}"),
            |near| format!("did you mean `{near}`?"),
        );
        let finding = Finding::new(
            Code::UnknownName,
            format!("{owner} has no lookup `{lookup}`"),
        );
        self.findings.push(finding.at(path.location).help(help));
    }

    fn scope_column(
        &mut self,
        table: &str,
        columns: &BTreeMap<String, ColumnState>,
        column: &str,
        path: &Scalar,
    ) -> String {
        let named = Scalar {
            value: column.to_owned(),
            location: path.location,
        };
        self.find(table, None, &mut columns.clone(), &named)
    }
}
