//! Workbooks whose sheets are one table, one sheet for each month or year.

use std::collections::BTreeMap;

use super::corrected::{is_later_state, is_more};
use super::keys::{key, repeated};
use super::naming::timeless;
use super::{Export, Words};
use crate::config::FileForm;
use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::files::Found;
use crate::import::meant::{disorder, tells_time};
use crate::import::months::is_letter;
use crate::import::series::{are_alike, decisive};
use crate::import::source::put_sheets_in_order;

/// The names that programs give to sheets that nobody has named.
const NAMELESS: &str = "sheet tabelle blatt feuil feuille hoja foglio blad planilha folha arkusz ark list taul munkalap foaie";

/// The sheets of a workbook that are one table.
#[derive(Default)]
pub(super) struct Together<'f> {
    /// The sheets in their order; empty if no several sheets are one table.
    pub(super) sheets: Vec<Export<'f>>,
    /// The words of their names besides their times, in lower case: `gifts` of `Gifts 2025` and `Gifts 2026`.
    pub(super) name: String,
    /// The same words as they are written; `None` if they say nothing.
    pub(super) table: Option<String>,
    /// Lines for people: which sheets look like one table but are not.
    pub(super) told: Vec<String>,
}

/// The sheets of a workbook whose names differ only in their time and that have the same columns. There are none if another sheet has these columns
/// too, as it may hold all rows once more. Of several such tables, the one that an import makes of the sheets.
///
/// # Errors
/// It cannot be read, or `watch` ended it.
pub(super) fn together<'f>(
    file: &'f Found,
    words: &Words,
    watch: &dyn Watch,
) -> Result<Together<'f>, ImportError> {
    let mut found = Together::default();
    if file.form != FileForm::default() {
        return Ok(found);
    }
    let mut sheets = Export::of_sheets(file)?;
    put_sheets_in_order(&mut sheets, Export::called);
    let lists = sheets.iter().map(|sheet| (sheet.headings.clone(), false));
    let deciding = decisive(&lists.collect::<Vec<_>>());
    let deciding = deciding.and_then(|at| Some(sheets.get(at)?.headings.clone()));
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, sheet) in sheets.iter().enumerate() {
        if tells_time(sheet.called()) {
            let name = timeless(sheet.called(), words.is_period);
            by_name.entry(name).or_default().push(at);
        }
    }
    by_name.retain(|_, of_name| of_name.len() > 1);
    for (name, of_name) in by_name {
        let own = || of_name.iter().filter_map(|at| sheets.get(*at));
        let lists = own().map(|sheet| (sheet.headings.clone(), false));
        let usual = decisive(&lists.collect::<Vec<_>>());
        let Some(first) = usual.and_then(|at| own().nth(at)) else {
            continue;
        };
        let is_alike = |export: &&Export<'_>| are_alike(&first.headings, &export.headings);
        let is_other =
            |(at, export): &(usize, &Export<'f>)| !of_name.contains(at) && is_alike(export);
        let others = sheets.iter().enumerate().filter(is_other);
        let others: Vec<&Export<'f>> = others.map(|(_, export)| export).collect();
        let several = are_apart(file, own());
        let alike = own().filter(is_alike).count();
        let why = if alike < of_name.len() {
            let mut unlike = own().filter(|export| !is_alike(export));
            let unlike = unlike.next().map_or("", Export::called);
            (alike > 1).then(|| {
                format!(
                    "as `{unlike}` has different columns from `{}`: if they are one table, write `sheets: together` for the workbook, and \
                     `columns:` for headings that differ",
                    first.called()
                )
            })
        } else if !are_more(&others, &own().collect::<Vec<_>>(), &name, words, watch)? {
            Some(format!(
                "as {} has the same columns, and its rows may repeat theirs: hide it or move it to another workbook, and write `sheets: \
                 together` for this one",
                listed(others.iter().copied())
            ))
        } else if deciding
            .as_ref()
            .is_some_and(|of| are_alike(of, &first.headings))
            && found.sheets.is_empty()
        {
            let more: Vec<String> = others.iter().map(|more| more.called().to_owned()).collect();
            found.sheets = own().chain(others.iter().copied()).cloned().collect();
            for sheet in &mut found.sheets {
                sheet.is_more = more.iter().any(|more| more == sheet.called());
            }
            put_sheets_in_order(&mut found.sheets, Export::called);
            found.table = written(first.called(), words);
            found.name = name;
            None
        } else {
            Some(
                "as of one workbook the sheets can be one table: move them to a workbook of their own, with `sheets: together`"
                    .to_owned(),
            )
        };
        found
            .told
            .extend(why.map(|why| format!("{several}, {why}")));
    }
    Ok(found)
}

impl Together<'_> {
    /// The message that the sheets stay separate, as each may form one table with the sheet of the same name in another workbook.
    pub(super) fn left_apart(&self, file: &Found) -> String {
        format!(
            "{}: if they are one table, write `sheets: together` and a `table:` for the workbook",
            are_apart(file, self.sheets.iter())
        )
    }
}

fn are_apart<'e, 'f: 'e>(file: &Found, sheets: impl Iterator<Item = &'e Export<'f>>) -> String {
    let sheets = listed(sheets);
    format!("{}: its sheets {sheets} are tables of their own", file.name)
}

/// Whether each of some sheets is named as one of the others plus something and lists its rows again, later, so that the last row of each key
/// counts.
fn are_more(
    more: &[&Export<'_>],
    of: &[&Export<'_>],
    name: &str,
    words: &Words,
    watch: &dyn Watch,
) -> Result<bool, ImportError> {
    let is_key = |heading: &str, is_first| (words.is_key)(heading, name, is_first);
    let is_of_people = (words.is_of_people)(name);
    for sheet in more {
        let called = sheet.called();
        let mut firsts = of.iter().filter(|of| is_more(called, of.called(), name));
        let Some(first) = firsts.next_back().filter(|_| is_later_state(called)) else {
            return Ok(false);
        };
        let repeated = repeated([first, sheet], &is_key, is_of_people, watch)?;
        if !repeated.is_some_and(|repeated| repeated.is_same && repeated.is_most()) {
            return Ok(false);
        }
    }
    if more.is_empty() {
        return Ok(true);
    }
    let all: Vec<Export<'_>> = of
        .iter()
        .chain(more)
        .map(|export| (*export).clone())
        .collect();
    let names: Vec<String> = of.iter().map(|export| export.called().to_owned()).collect();
    Ok(key(&all, &is_key, is_of_people, watch)?.is_some() && disorder(&names).is_none())
}

/// The words of a name without its times, as they are written; `None` if nobody chose them.
fn written(sheet: &str, words: &Words) -> Option<String> {
    let all = sheet.split(|c: char| !is_letter(c));
    let all = all.filter(|word| !word.is_empty() && !(words.is_period)(&word.to_lowercase()));
    let all: Vec<&str> = all.collect();
    let name = all.join(" ");
    let is_nameless = NAMELESS.split(' ').any(|word| word == name.to_lowercase());
    (!name.is_empty() && !is_nameless).then_some(name)
}

/// The names of sheets; of many, only the first and the last.
fn listed<'e, 'f: 'e>(sheets: impl Iterator<Item = &'e Export<'f>>) -> String {
    let names: Vec<String> = sheets
        .map(|sheet| format!("`{}`", sheet.called()))
        .collect();
    match names.as_slice() {
        [first, _, .., last] => format!("{first} to {last}"),
        names => names.join(" and "),
    }
}
