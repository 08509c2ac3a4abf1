//! The texts of a column, with the number of people who have each.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::counter::Counter;
use super::{Compared, Text};
use crate::catalog::{CollectionId, ColumnRef, ColumnState, Entity};
use crate::engine::{OwnedCell, Watch};
use crate::ir::Request;
use crate::language::typed::{Aggregate, Comparison, Kind, Measure, Typed};
use crate::project::Project;
use crate::time::Window;
use crate::value::{Truth, Type, Value};

/// The maximum number of texts offered for a column, and the maximum number of rows with which the list is complete.
const LISTED: usize = 200;
const MOST_ROWS: u32 = 1_000_000;
/// For a view or a larger table, or if there are more texts, only the texts in this many first rows are offered.
const LOOKED_AT: u32 = 100_000;
/// The number of samples shown for a column under the cursor, from those first rows.
const SAMPLES: usize = 5;
const FIRST_ROWS: u32 = 1_000;
/// The maximum number of comparisons between rows and texts for which people are counted.
const MOST_TESTS: u64 = 20_000_000;

impl Counter {
    /// The texts of a column that contain the typed part, most frequent first, and whether there are more; none of a
    /// private column.
    pub(super) fn texts(&mut self, compared: &Compared) -> Result<(Vec<Text>, bool), String> {
        let project = compared.world.project().ok_or("the rules cannot be read")?;
        let Some((collection, entity, column, Type::Text)) = shown(project, compared) else {
            return Ok((Vec::new(), false));
        };
        let (mut texts, are_all) = match collection {
            None => (self.of_subject(project, column, &compared.given_up)?, true),
            Some(id) => self.of_rows(project, (id, entity), column, &compared.given_up)?,
        };
        let typed = compared.typed.to_lowercase();
        texts.retain(|(text, _)| text.to_lowercase().contains(&typed));
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let is_cut = texts.len() > LISTED || !are_all;
        texts.truncate(LISTED);
        Ok((texts, is_cut))
    }

    /// Some values of a column: for text the most frequent, `yes` and `no` for truth values, otherwise those in the
    /// first rows.
    pub(super) fn samples(&mut self, compared: &Compared) -> Result<Vec<Text>, String> {
        let (mut texts, _) = self.texts(compared)?;
        let project = compared.world.project().ok_or("the rules cannot be read")?;
        let shown = shown(project, compared);
        if let Some((collection, _, column, Type::Truth)) = shown {
            return self.truths(project, collection, column, &compared.given_up);
        }
        if texts.is_empty()
            && let Some((_, entity, column, _)) = shown
        {
            let connector = (self.data.around.connect)(&project.config);
            let snapshot = connector.snapshot().map_err(|error| error.to_string())?;
            let cells = snapshot.values(entity.table_of(&column), &column.column, FIRST_ROWS);
            texts = uncounted(&cells.unwrap_or_default());
        }
        texts.truncate(SAMPLES);
        Ok(texts)
    }

    fn of_subject(
        &mut self,
        project: &Project,
        column: ColumnRef,
        watch: &dyn Watch,
    ) -> Result<Vec<Text>, String> {
        let column = Typed::made(Kind::Subject(column), Type::Text);
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        self.each(project, &[column], watch, |_, value| {
            if let Value::Text(text) = value {
                *counts.entry(text.to_string()).or_default() += 1;
            }
        })?;
        Ok(counts.into_iter().map(|(t, n)| (t, Some(n))).collect())
    }

    /// The number of people who have a `yes` and a `no`, themselves or in a row.
    fn truths(
        &mut self,
        project: &Project,
        collection: Option<CollectionId>,
        column: ColumnRef,
        watch: &dyn Watch,
    ) -> Result<Vec<Text>, String> {
        let is_it = match collection {
            Some(_) => Typed::made(Kind::Row(column), Type::Truth),
            None => Typed::made(Kind::Subject(column), Type::Truth),
        };
        let is_not = Typed::made(Kind::Not(Box::new(is_it.clone())), Type::Truth);
        let asked = [is_it, is_not].map(|filter| match collection {
            Some(collection) => exists(collection, filter),
            None => filter,
        });
        let mut counts = [0, 0];
        self.each(project, &asked, watch, |place, value| {
            if let (Value::Truth(Truth::Yes), Some(count)) = (value, counts.get_mut(place)) {
                *count += 1;
            }
        })?;
        let texts = ["yes", "no"].into_iter().zip(counts);
        let texts = texts.filter(|(_, count)| *count > 0);
        let mut texts: Vec<Text> = texts.map(|(t, n)| (t.to_owned(), Some(n))).collect();
        texts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(texts)
    }

    fn of_rows(
        &mut self,
        project: &Project,
        (collection, entity): (CollectionId, &Entity),
        column: ColumnRef,
        watch: &dyn Watch,
    ) -> Result<(Vec<Text>, bool), String> {
        let connector = (self.data.around.connect)(&project.config);
        let snapshot = connector.snapshot().map_err(|error| error.to_string())?;
        let texts = snapshot.distinct_texts(
            entity.table_of(&column),
            &column.column,
            LISTED,
            MOST_ROWS as usize,
        );
        let Some(texts) = texts.map_err(|error| error.to_string())? else {
            let table = entity.table_of(&column);
            let cells = snapshot.values(table, &column.column, LOOKED_AT);
            return Ok((uncounted(&cells.unwrap_or_default()), false));
        };
        let texts: Vec<String> = texts.into_iter().collect();
        let rows = snapshot.row_count(&entity.table, MOST_ROWS);
        drop(snapshot);
        if rows.saturating_mul(texts.len() as u64) > MOST_TESTS {
            let texts = texts.into_iter().map(|text| (text, None));
            return Ok((texts.collect(), true));
        }
        let has = texts.iter();
        let has = has.map(|text| exists(collection, equals(&column, text)));
        let mut counts = vec![0; texts.len()];
        self.each(project, &has.collect::<Vec<_>>(), watch, |place, value| {
            if let (Value::Truth(Truth::Yes), Some(count)) = (value, counts.get_mut(place)) {
                *count += 1;
            }
        })?;
        let counts = counts.into_iter().map(Some);
        Ok((texts.into_iter().zip(counts).collect(), true))
    }

    /// The value of each expression for each person, by the index of the expression. As many are evaluated at once as
    /// the memory limit allows beside the data kept.
    pub(super) fn each(
        &mut self,
        project: &Project,
        asked: &[Typed],
        watch: &dyn Watch,
        mut see: impl FnMut(usize, Value),
    ) -> Result<(), String> {
        let mut first = 0;
        while first < asked.len() {
            let at_once = self.data.affordable(&project.config)?;
            let last = asked.len().min(first.saturating_add(at_once));
            let portion = asked.get(first..last).unwrap_or_default();
            let mut request = Request::outputs();
            let outputs: Vec<_> = portion.iter().map(|one| request.ask(one)).collect();
            let ir = project.lower(&request);
            let evaluated = self.data.evaluate(&project.config, &ir, watch);
            let (evaluation, _) = evaluated.map_err(|error| error.to_string())?;
            for (place, output) in (first..last).zip(outputs) {
                let column = evaluation.output(output).map_err(|stale| stale.reason)?;
                (0..evaluation.subjects.len())
                    .for_each(|subject| see(place, column.value(subject)));
            }
            first = last;
        }
        Ok(())
    }
}

/// The distinct texts of some cells, in their order.
fn uncounted(cells: &[OwnedCell]) -> Vec<Text> {
    let mut seen = BTreeSet::new();
    let texts = cells.iter().filter_map(|cell| cell.lent().text());
    let texts = texts.map(Cow::into_owned);
    let texts = texts.filter(|text| !text.is_empty() && seen.insert(text.clone()));
    texts.map(|text| (text, None)).collect()
}

/// An existing column that may be shown, with its table and type.
fn shown<'p>(
    project: &'p Project,
    compared: &Compared,
) -> Option<(Option<CollectionId>, &'p Entity, ColumnRef, Type)> {
    let (catalog, wanted) = (&project.catalog, &compared.column);
    let collection = match &wanted.of {
        None => None,
        Some(of) => Some(catalog.collections.position(|one| one.name == *of)?),
    };
    let entity = match collection {
        None => &catalog.subject,
        Some(id) => &catalog.collections.get(id)?.entity,
    };
    let columns = match &wanted.lookup {
        None => &entity.columns,
        Some(lookup) => &entity.lookups.get(lookup)?.columns,
    };
    let mut columns = columns.iter();
    let (name, state) = columns.find(|(known, _)| known.eq_ignore_ascii_case(&wanted.name))?;
    let ColumnState::Present(ty) = state else {
        return None;
    };
    let column = ColumnRef {
        lookup: wanted.lookup.clone(),
        column: name.clone(),
    };
    let names_people = collection.is_none() && wanted.lookup.is_none();
    let is_name = names_people && catalog.called_by().contains(&column.column);
    let is_hidden = is_name && compared.hide_names || catalog.is_private_of(entity, &column);
    (!is_hidden).then_some((collection, entity, column, ty.value_type()))
}

/// `exists(rows where …)`, up to now.
fn exists(collection: CollectionId, filter: Typed) -> Typed {
    let rows = Aggregate {
        collection,
        window: Window::Past,
        filter: Some(filter),
        measure: Measure::Exists,
    };
    Typed::made(Kind::Aggregate(Box::new(rows)), Type::Truth)
}

/// `column = "text"`, for a row.
fn equals(column: &ColumnRef, text: &str) -> Typed {
    let column = Typed::made(Kind::Row(column.clone()), Type::Text);
    let text = Typed::made(Kind::Constant(Value::Text(text.into())), Type::Text);
    let is_equal = Kind::Compare(Comparison::Equal, Box::new(column), Box::new(text));
    Typed::made(is_equal, Type::Truth)
}
