//! Opens the tables of a file without reading their rows.

use std::fmt::Display;

use super::{Part, own_name};
use crate::config::{Encoding, FileForm, Sheets};
use crate::import::ImportError;
use crate::import::delimited::Delimited;
use crate::import::files::{Found, Kind};
use crate::import::layout::Layout;
use crate::import::meant::tells_time;
use crate::import::source::{Source, put_sheets_in_order};
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

/// The name of the only table of a file.
fn table_of(file: &Found) -> String {
    let stem = || file.path.file_stem().unwrap_or_default().to_string_lossy();
    let table = file.form.table.clone();
    own_name(table.unwrap_or_else(|| stem().trim().to_owned()))
}

/// The tables of a file.
///
/// # Errors
/// It cannot be read, or what config says of it makes no sense.
pub(in crate::import) fn parts(file: &Found) -> Result<Vec<Part<'_>>, ImportError> {
    if file.kind == Kind::Text {
        let rows = Delimited::look(&file.path, &file.name, &file.form)?;
        return Ok(vec![Part {
            table: table_of(file),
            separator: Some(rows.separator),
            encoding: rows.encoding,
            rows: Box::new(rows),
            found: None,
            left_out: None,
            sources: vec![Source { file, sheet: None }],
            form: file.form.clone(),
            counted: "line",
        }]);
    }
    let found = sheets(&file.path, &file.name)?;
    let mut sheets = found.visible;
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
    let said = file.form.sheets;
    let are_together = said == Some(Sheets::Together);
    let are_several = sheets.len() > 1 || matches!(said, Some(Sheets::ByName | Sheets::Together));
    let are_apart = are_several && !are_together;
    let of_one = |what: &dyn Display| {
        let words = format_args!(
            "it has several sheets, and {what}: write `sheet:` too, one of {}, or `sheets: together` if those with the same headings are one table",
            listed(&sheets)
        );
        ImportError::of(&file.name, words)
    };
    if are_apart && !file.form.columns.is_empty() {
        return Err(of_one(&"`columns:` applies to one"));
    }
    let key = file.form.key.as_ref();
    if let Some(key) = key.filter(|_| are_apart && said != Some(Sheets::ByName)) {
        return Err(of_one(&format_args!("`key: {key}` applies to one")));
    }
    if let Some(table) = file.form.table.as_ref().filter(|_| are_apart) {
        let words = format_args!("only one can be the table `{table}`");
        return Err(of_one(&words));
    }
    if are_together {
        put_sheets_in_order(&mut sheets, |sheet| &sheet.name);
    }
    let mut left_out = hidden_among(&found.hidden, file).filter(|_| are_together);
    let parts = sheets.into_iter().map(|sheet| {
        Ok(Part {
            left_out: left_out.take(),
            table: match are_apart {
                true => own_name(sheet.name.trim().to_owned()),
                false => table_of(file),
            },
            form: form_of(&sheet, file)?,
            sources: vec![Source {
                file,
                sheet: are_several.then(|| sheet.name.clone()),
            }],
            rows: Box::new(sheet),
            found: None,
            counted: "row",
            separator: None,
            encoding: Some(Encoding::Utf8),
        })
    });
    let parts: Vec<Part<'_>> = parts.collect::<Result<_, ImportError>>()?;
    let mut columns = file.form.columns.iter();
    let is_nowhere = |column: &&(String, String)| {
        let mut parts = parts.iter();
        !parts.any(|part| part.form.columns.contains(column))
    };
    match columns.find(is_nowhere) {
        Some((heading, column)) => Err(ImportError::of(
            &file.name,
            format_args!(
                "none of its sheets has a heading `{heading}`, which `columns:` in config renames to `{column}`"
            ),
        )),
        None => Ok(parts),
    }
}

/// The message for people that hidden sheets have names with times or numbers, as the visible ones may have; `None` if there are no such sheets.
fn hidden_among(hidden: &[String], file: &Found) -> Option<String> {
    let of_times = hidden.iter().filter(|sheet| tells_time(sheet));
    let names: Vec<String> = of_times.map(|sheet| format!("`{sheet}`")).collect();
    let (sheets, are) = match names.len() {
        0 => return None,
        1 => ("sheet", "is"),
        _ => ("sheets", "are"),
    };
    Some(format!(
        "{}: its {sheets} {} {are} hidden and not read",
        file.name,
        names.join(", ")
    ))
}

/// What config says of a sheet. For sheets that share a name, a key applies to those that have such a column, and columns are renamed in those that
/// have such headings.
fn form_of(sheet: &Sheet, file: &Found) -> Result<FileForm, ImportError> {
    let mut form = file.form.clone();
    let columns = match form.sheets {
        Some(Sheets::Together) => std::mem::take(&mut form.columns),
        _ => Vec::new(),
    };
    let key = form.key.take_if(|_| form.sheets == Some(Sheets::ByName));
    if key.is_none() && columns.is_empty() {
        return Ok(form);
    }
    let layout = Layout::of(sheet, &file.name, &form)?;
    let has = |heading: &str| layout.place_of(heading).is_some();
    form.key = key.filter(|key| has(key)).or(form.key);
    form.columns
        .extend(columns.into_iter().filter(|(heading, _)| has(heading)));
    Ok(form)
}

fn listed(sheets: &[Sheet]) -> String {
    let names = sheets.iter().map(|sheet| format!("`{}`", sheet.name));
    names.collect::<Vec<_>>().join(", ")
}
