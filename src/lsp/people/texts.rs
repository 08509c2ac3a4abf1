//! The texts of a column, and how many people have each.

use std::collections::BTreeMap;

use super::counter::Counter;
use super::{Column, Text};
use crate::catalog::{Catalog, CollectionId, ColumnRef, ColumnState, Entity};
use crate::engine::{Keep, Unwatched};
use crate::ir::Request;
use crate::language::typed::{Aggregate, Comparison, Kind, Measure, Typed};
use crate::lsp::world::World;
use crate::project::Project;
use crate::time::Window;
use crate::value::{Truth, Type, Value};

/// So many texts of a column are offered, and those of rows only where there are no more rows than this.
const LISTED: usize = 200;
const MOST_ROWS: u32 = 1_000_000;
/// People are counted for the texts of rows only where no more rows than this are held against texts.
const MOST_TESTS: u64 = 20_000_000;

impl Counter {
    /// The texts of a column, the most frequent first; none of a private one.
    pub(super) fn texts(&mut self, world: &World, column: &Column) -> Result<Vec<Text>, String> {
        let project = world.project().ok_or("the rules cannot be read")?;
        let catalog = &project.catalog;
        let collection = match &column.of {
            None => None,
            Some(of) => {
                let found = catalog.collections.position(|one| one.name == *of);
                Some(found.ok_or("there is no such collection")?)
            }
        };
        let of = collection.and_then(|id| catalog.collections.get(id));
        let entity = of.map_or(&catalog.subject, |collection| &collection.entity);
        let Some(reference) = text_column(catalog, entity, column) else {
            return Ok(Vec::new());
        };
        let mut texts = match collection {
            None => self.of_subject(project, reference)?,
            Some(id) => self.of_rows(project, (id, entity), reference)?,
        };
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        texts.truncate(LISTED);
        Ok(texts)
    }

    fn of_subject(&mut self, project: &Project, column: ColumnRef) -> Result<Vec<Text>, String> {
        let column = Typed::made(Kind::Subject(column), Type::Text);
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        self.each(project, &[column], |_, value| {
            if let Value::Text(text) = value {
                *counts.entry(text.to_string()).or_default() += 1;
            }
        })?;
        Ok(counts.into_iter().map(|(t, n)| (t, Some(n))).collect())
    }

    fn of_rows(
        &mut self,
        project: &Project,
        (collection, entity): (CollectionId, &Entity),
        column: ColumnRef,
    ) -> Result<Vec<Text>, String> {
        let connector = (self.around.connect)(&project.config);
        let snapshot = connector.snapshot().map_err(|error| error.to_string())?;
        let texts = snapshot.distinct_texts(
            entity.table_of(&column),
            &column.column,
            LISTED,
            MOST_ROWS as usize,
        );
        let texts = texts.map_err(|error| error.to_string())?;
        let texts: Vec<String> = texts.unwrap_or_default().into_iter().collect();
        let rows = snapshot.row_count(&entity.table, MOST_ROWS);
        drop(snapshot);
        if rows.saturating_mul(texts.len() as u64) > MOST_TESTS {
            return Ok(texts.into_iter().map(|text| (text, None)).collect());
        }
        let has = texts.iter().map(|text| exists(collection, &column, text));
        let mut counts = vec![0; texts.len()];
        self.each(project, &has.collect::<Vec<_>>(), |place, value| {
            if let (Value::Truth(Truth::Yes), Some(count)) = (value, counts.get_mut(place)) {
                *count += 1;
            }
        })?;
        let counts = counts.into_iter().map(Some);
        Ok(texts.into_iter().zip(counts).collect())
    }

    /// What each of some expressions is of each person, by the expression's place.
    fn each(
        &mut self,
        project: &Project,
        asked: &[Typed],
        mut see: impl FnMut(usize, Value),
    ) -> Result<(), String> {
        let (clock, _) = self.published(&project.config)?;
        let mut request = Request::outputs();
        let outputs: Vec<_> = asked.iter().map(|one| request.ask(one)).collect();
        let ir = project.lower(&request);
        let kept = self.kept(&project.config)?;
        let evaluation = kept
            .data
            .evaluate(&ir, &clock, Keep::Outputs, &Unwatched)
            .map_err(|error| error.to_string())?;
        for (place, output) in outputs.into_iter().enumerate() {
            let column = evaluation.output(output).map_err(|stale| stale.reason)?;
            (0..evaluation.subjects.len()).for_each(|subject| see(place, column.value(subject)));
        }
        Ok(())
    }
}

/// The column of a table by its name, where it holds texts that may be shown.
fn text_column(catalog: &Catalog, entity: &Entity, wanted: &Column) -> Option<ColumnRef> {
    let columns = match &wanted.lookup {
        None => &entity.columns,
        Some(lookup) => &entity.lookups.get(lookup)?.columns,
    };
    let mut columns = columns.iter();
    let (name, state) = columns.find(|(known, _)| known.eq_ignore_ascii_case(&wanted.name))?;
    let column = ColumnRef {
        lookup: wanted.lookup.clone(),
        column: name.clone(),
    };
    let is_text = matches!(state, ColumnState::Present(ty) if ty.value_type() == Type::Text);
    (is_text && !catalog.is_private_of(entity, &column)).then_some(column)
}

/// `exists(rows where column = "text")`, up to now.
fn exists(collection: CollectionId, column: &ColumnRef, text: &str) -> Typed {
    let column = Typed::made(Kind::Row(column.clone()), Type::Text);
    let text = Typed::made(Kind::Constant(Value::Text(text.into())), Type::Text);
    let is_equal = Kind::Compare(Comparison::Equal, Box::new(column), Box::new(text));
    let rows = Aggregate {
        collection,
        window: Window::Past,
        filter: Some(Typed::made(is_equal, Type::Truth)),
        measure: Measure::Exists,
    };
    Typed::made(Kind::Aggregate(Box::new(rows)), Type::Truth)
}
