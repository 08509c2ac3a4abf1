//! Workbooks whose sheets have the same names: one workbook for each month, or for each shop.

use std::collections::BTreeMap;

use super::keys::key;
use super::naming::{meaning, timeless};
use super::{Export, Words};
use crate::config::{Copies, FileForm, Sheets};
use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::files::Found;
use crate::import::meant::disorder;
use crate::import::series::are_alike;

/// What config should say of some workbooks whose sheets have the same names and columns, by file names or a pattern.
///
/// # Errors
/// A file cannot be read, or `watch` ended it.
pub(super) fn alike(
    workbooks: &[&Found],
    all: &[Found],
    words: &Words,
    watch: &dyn Watch,
) -> Result<Vec<(String, FileForm)>, ImportError> {
    let mut by_name: BTreeMap<String, Vec<Export<'_>>> = BTreeMap::new();
    let unsaid = workbooks
        .iter()
        .filter(|file| file.form == FileForm::default());
    for file in unsaid {
        for sheet in Export::of_sheets(file)? {
            let name = sheet.sheet.clone().unwrap_or_default().to_lowercase();
            by_name.entry(name).or_default().push(sheet);
        }
    }
    by_name.retain(|_, sheets| sheets.len() > 1);
    let is_alike = |sheets: &Vec<Export<'_>>| {
        sheets.windows(2).all(|pair| match pair {
            [one, other] => are_alike(&one.headings, &other.headings),
            _ => true,
        })
    };
    if by_name.is_empty() || !by_name.values().all(is_alike) {
        return Ok(Vec::new());
    }
    let mut exports: Vec<Export<'_>> = Vec::new();
    for sheet in by_name.values().flatten() {
        if !exports
            .iter()
            .any(|known| known.file.name == sheet.file.name)
        {
            exports.push(Export {
                file: sheet.file,
                sheet: None,
                headings: Vec::new(),
                is_more: false,
            });
        }
    }
    let stems: Vec<String> = exports.iter().map(|export| export.file.stem()).collect();
    // Shops do not list each other's rows again.
    let mut shops: Vec<String> = stems
        .iter()
        .map(|stem| timeless(stem, words.is_period))
        .collect();
    shops.dedup();
    let key = match shops.as_slice() {
        [_] => shared_key(&by_name, words, watch)?,
        _ => None,
    };
    let in_order = disorder(&stems).is_none();
    let form = FileForm {
        sheets: Some(Sheets::ByName),
        copies: (key.is_some() && !in_order).then_some(Copies::Once),
        key: key.filter(|_| in_order),
        ..FileForm::default()
    };
    let names = meaning(&exports, all.iter(), words.is_period).into_iter();
    Ok(names.map(|name| (name, form.clone())).collect())
}

/// The key of sheets that list rows again, which no sheet has that does not list rows again.
fn shared_key(
    by_name: &BTreeMap<String, Vec<Export<'_>>>,
    words: &Words,
    watch: &dyn Watch,
) -> Result<Option<String>, ImportError> {
    let mut found: Vec<Option<String>> = Vec::new();
    for (name, sheets) in by_name {
        let is_key = |heading: &str, is_first| (words.is_key)(heading, name, is_first);
        found.push(key(sheets, &is_key, (words.is_of_people)(name), watch)?);
    }
    let Some(one) = found.iter().flatten().next().cloned() else {
        return Ok(None);
    };
    let lower = one.to_lowercase();
    let mut others = by_name.values().zip(&found);
    let is_safe = others.all(|(sheets, key)| {
        key.as_ref().is_some_and(|key| key.to_lowercase() == lower)
            || !sheets.iter().any(|sheet| sheet.headings.contains(&lower))
    });
    Ok(is_safe.then_some(one))
}
