//! A project as its tests see it: every column has the simplest type that can hold its values, so that test files need
//! no database formats: no `%d/%m/%Y`, no cents, no seconds since 1970.

use crate::catalog::{Catalog, ColumnState, Entity};
use crate::ir::Request;
use crate::project::Project;
use crate::value::{ColumnType, Type};

impl Project {
    /// Switches to reading every column plainly, and lowers the rules again.
    pub(super) fn read_plainly(&mut self) {
        plain_catalog(&mut self.catalog);
        // Times in tests are taken as given: none is too far in the future, and none depends on the machine's clock.
        self.catalog.trust.present = i64::MAX;
        let mut request = Request::rules();
        for output in &self.checked.outputs {
            request.ask(output);
        }
        self.ir = self.lower(&request);
    }
}

fn plain_catalog(catalog: &mut Catalog) {
    plain_entity(&mut catalog.subject);
    for collection in catalog.collections.iter_mut() {
        plain_entity(&mut collection.entity);
        collection.at_type = collection.at_type.map(plain);
    }
}

fn plain_entity(entity: &mut Entity) {
    let looked_up = entity.lookups.values_mut();
    let looked_up = looked_up.flat_map(|lookup| lookup.columns.values_mut());
    for state in entity.columns.values_mut().chain(looked_up) {
        if let ColumnState::Present(ty) = state {
            *ty = plain(*ty);
        }
    }
}

fn plain(ty: ColumnType) -> ColumnType {
    match ty.value_type() {
        Type::Number => ColumnType::Number,
        Type::Money => ColumnType::Money,
        Type::Truth => ColumnType::Boolean,
        Type::Date => ColumnType::Date,
        Type::Instant => ColumnType::Instant,
        Type::Text | Type::Missing | Type::Unknown => ColumnType::Text,
    }
}
