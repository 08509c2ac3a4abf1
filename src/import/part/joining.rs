//! Joins the parts of one table.

use std::collections::BTreeSet;

use super::{Part, own_name};
use crate::config::{Copies, Encoding, FileForm, Separator};
use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::series::{Input, Series};
use crate::import::source::{Source, files_of, name_of};
use crate::import::survey::Table;
use crate::value::is_same_name;

impl<'f> Part<'f> {
    /// The same part as a table of its own, with a name that is not `taken` (in lower case).
    pub(in crate::import) fn apart(mut self, taken: &mut BTreeSet<String>) -> Self {
        let names = self.source().map(Source::names_apart).unwrap_or_default();
        let mut names: Vec<String> = names.into_iter().map(own_name).collect();
        let is_free = |name: &String| !taken.contains(&name.to_lowercase());
        let name = names.iter().find(|name| is_free(name)).cloned();
        if let Some(name) = name.or_else(|| names.pop()) {
            taken.insert(name.to_lowercase());
            self.table = name;
        }
        // These refer to the columns of the other table.
        self.form.key = None;
        self.form.copies = None;
        self
    }

    /// Joins parts of one table into one part that has been surveyed. `key` is the column that config names as its key.
    ///
    /// # Errors
    /// Config does not say that they are one table, they have different columns, or a file cannot be read.
    pub(in crate::import) fn joined(
        parts: Vec<Self>,
        key: Option<&str>,
        watch: &'f dyn Watch,
    ) -> Result<Self, ImportError> {
        if let Some((other, part)) = parts.first().zip(parts.get(1))
            && !are_meant_so(&parts)
        {
            let remedy = match parts
                .iter()
                .all(|part| part.is_sheet() && !part.is_together())
            {
                true => {
                    "write `sheets: by_name` for both, if sheets of one name are one table, or `sheet:` and another name with `table:`"
                }
                false => "give one of them another name with `table:`",
            };
            return Err(ImportError::of(
                &part.name(),
                format_args!(
                    "it would be the table `{}`, which {} already is: {remedy}",
                    part.table,
                    other.name()
                ),
            ));
        }
        let form = said_of_all(&parts)?;
        let (mut sources, mut inputs) = (Vec::new(), Vec::new());
        let mut ways: Vec<(Option<Separator>, String)> = Vec::new();
        for part in parts {
            ways.push((part.separator, part.table));
            if let Some(source) = part.sources.into_iter().next() {
                sources.push(source.clone());
                inputs.push(Input {
                    source,
                    rows: part.rows,
                    form: part.form,
                    counted: part.counted,
                    said: part.encoding,
                });
            }
        }
        let (separator, table) = ways.first().cloned().unwrap_or_default();
        let is_alike = ways.iter().all(|(other, _)| *other == separator);
        let of_all = Table {
            table: &table,
            name: &name_of(&sources),
            form: &form,
            key,
        };
        let (series, found) = Series::of(inputs, of_all, watch)?;
        Ok(Self {
            table,
            left_out: None,
            rows: Box::new(series),
            found: Some(found),
            sources,
            form,
            counted: "row",
            separator: separator.filter(|_| is_alike),
            encoding: Some(Encoding::Utf8),
        })
    }
}

/// Whether config says that these are one table: for sheets, or by naming it.
fn are_meant_so(parts: &[Part<'_>]) -> bool {
    let sources = parts.iter().flat_map(|part| part.sources.iter().cloned());
    let sources: Vec<Source<'_>> = sources.collect();
    let are_of_one_book = files_of(&sources).len() == 1 && parts.iter().all(Part::is_together);
    let may_belong = |part: &Part<'_>| part.is_named() || !part.is_sheet() || part.is_together();
    parts.iter().all(Part::is_of_sheets)
        || are_of_one_book
        || parts.iter().any(Part::is_named) && parts.iter().all(may_belong)
}

/// What config says of the rows of several files: what it says of any of them.
///
/// # Errors
/// It says different things of them.
fn said_of_all(parts: &[Part<'_>]) -> Result<FileForm, ImportError> {
    let mut form = parts
        .first()
        .map(|part| part.form.clone())
        .unwrap_or_default();
    // These are particular to each file.
    form.columns = Vec::new();
    for part in parts {
        let other = &part.form;
        if let (Some(key), Some(said)) = (&form.key, &other.key)
            && !is_same_name(said, key)
        {
            let words = format_args!(
                "config gives it `key: {said}`, and another file of the same table `key: {key}`: a table has one key"
            );
            return Err(ImportError::of(&part.name(), words));
        }
        form.key = form.key.or_else(|| other.key.clone());
        form.copies = form.copies.or(other.copies);
        if let (Some(key), Some(Copies::Once)) = (&form.key, form.copies) {
            let words = format_args!(
                "`key: {key}` and `copies: once` are set for files of one table, and of rows with the same key only the last one is imported: leave \
                 `copies:` out"
            );
            return Err(ImportError::of(&part.name(), words));
        }
        form.decimal = form.decimal.or(other.decimal);
    }
    Ok(form)
}
