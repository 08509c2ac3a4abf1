//! The tables of a file, not read yet.

use super::{Part, own_name};
use crate::config::{Encoding, FileForm, Sheets};
use crate::import::ImportError;
use crate::import::delimited::Delimited;
use crate::import::files::{Found, Kind};
use crate::import::layout::Layout;
use crate::import::workbook::{Sheet, sheets};

/// The names of the tables of a file.
///
/// # Errors
/// See [`parts`].
pub(in crate::import) fn tables_of(file: &Found) -> Result<Vec<String>, ImportError> {
    Ok(match file.kind {
        Kind::Text => vec![table_of(file)],
        Kind::Workbook => parts(file)?.into_iter().map(|part| part.table).collect(),
    })
}

/// What the only table of a file is called.
fn table_of(file: &Found) -> String {
    let stem = || file.path.file_stem().unwrap_or_default().to_string_lossy();
    let table = file.form.table.clone();
    own_name(table.unwrap_or_else(|| stem().trim().to_owned()))
}

/// The tables of a file.
///
/// # Errors
/// It cannot be read, or what config says of it cannot be meant.
pub(in crate::import) fn parts(file: &Found) -> Result<Vec<Part<'_>>, ImportError> {
    if file.kind == Kind::Text {
        let rows = Delimited::look(&file.path, &file.name, &file.form)?;
        return Ok(vec![Part {
            table: table_of(file),
            separator: Some(rows.separator),
            encoding: rows.encoding,
            rows: Box::new(rows),
            found: None,
            files: vec![file],
            form: file.form.clone(),
            counted: "line",
            sheet: None,
        }]);
    }
    let mut sheets = sheets(&file.path, &file.name)?;
    if let Some(sheet) = &file.form.sheet {
        if !sheets.iter().any(|known| known.name == *sheet) {
            let words = format_args!(
                "it has no sheet `{sheet}`; its sheets are {}",
                listed(&sheets)
            );
            return Err(ImportError::of(&file.name, words));
        }
        sheets.retain(|known| known.name == *sheet);
    }
    let is_by_name = file.form.sheets == Some(Sheets::ByName);
    let is_alone = sheets.len() == 1 && !is_by_name;
    if !is_alone && !file.form.columns.is_empty() {
        let words = format_args!(
            "it has several sheets, and `columns:` is of one: write `sheet:` too, one of {}",
            listed(&sheets)
        );
        return Err(ImportError::of(&file.name, words));
    }
    if let Some(key) = file.form.key.as_ref().filter(|_| !is_alone && !is_by_name) {
        let words = format_args!(
            "it has several sheets, and `key: {key}` is of one: write `sheet:` too, one of {}",
            listed(&sheets)
        );
        return Err(ImportError::of(&file.name, words));
    }
    if let Some(table) = file.form.table.as_ref().filter(|_| !is_alone) {
        let words = format_args!(
            "it has several sheets, and only one can be the table `{table}`: write `sheet:` too, one of {}",
            listed(&sheets)
        );
        return Err(ImportError::of(&file.name, words));
    }
    let parts = sheets.into_iter().map(|sheet| {
        Ok(Part {
            table: if is_alone {
                table_of(file)
            } else {
                own_name(sheet.name.trim().to_owned())
            },
            form: form_of(&sheet, file)?,
            sheet: (!is_alone).then(|| sheet.name.clone()),
            rows: Box::new(sheet),
            found: None,
            files: vec![file],
            counted: "row",
            separator: None,
            encoding: Some(Encoding::Utf8),
        })
    });
    parts.collect()
}

/// What config says of a sheet. The key of several is that of those that have such a column.
fn form_of(sheet: &Sheet, file: &Found) -> Result<FileForm, ImportError> {
    let mut form = file.form.clone();
    if form.sheets == Some(Sheets::ByName)
        && let Some(key) = &form.key
    {
        let layout = Layout::of(sheet, &file.name, &form)?;
        let has_key = layout.place_of(key).is_some();
        form.key = form.key.filter(|_| has_key);
    }
    Ok(form)
}

fn listed(sheets: &[Sheet]) -> String {
    let names = sheets.iter().map(|sheet| format!("`{}`", sheet.name));
    names.collect::<Vec<_>>().join(", ")
}
