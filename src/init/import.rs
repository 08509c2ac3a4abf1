//! Writes the `import:` section of config, for files that became the database.

use crate::authoring::{key, scalar};
use crate::config::{Copies, Decimal, Encoding, FileForm, Quotes, RowsOf, Separator, Sheets};

/// Files that became the database.
#[derive(Debug)]
pub struct FromFiles<'i> {
    /// The folder, as config should write it.
    pub folder: String,
    /// The names of the files, where not all files in the folder are meant.
    pub only: &'i [String],
    /// Settings for individual files, by file name.
    pub forms: &'i [(String, FileForm)],
}

/// The lines of the section. A file's format is stated where it is unusual, so that the file is read the same way
/// next time.
pub(super) fn import(files: &FromFiles<'_>) -> String {
    let mut text = format!(
        "import:                      # `muster import`, and each run, make the database anew once they have changed\n  \
         folder: {}\n",
        scalar(&files.folder)
    );
    if !files.only.is_empty() {
        let names: Vec<String> = files.only.iter().map(|name| scalar(name)).collect();
        text += &format!("  only: [{}]\n", names.join(", "));
    }
    if !files.forms.is_empty() {
        text += "  files:\n";
    }
    for (file, said) in files.forms {
        text += &format!("    {}: {{ {} }}\n", key(file), form(said).join(", "));
    }
    text
}

fn form(form: &FileForm) -> Vec<String> {
    let separator = form.separator.map(|separator| match separator {
        Separator::Comma => "separator: comma",
        Separator::Semicolon => "separator: semicolon",
        Separator::Tab => "separator: tab",
        Separator::Bar => "separator: bar",
    });
    let encoding = form.encoding.map(|encoding| match encoding {
        Encoding::Utf8 => "encoding: utf-8",
        Encoding::Utf16 => "encoding: utf-16",
        Encoding::Windows1252 => "encoding: windows-1252",
    });
    let decimal = form.decimal.map(|decimal| match decimal {
        Decimal::Point => "decimal: point",
        Decimal::Comma => "decimal: comma",
    });
    let quotes = form.quotes.map(|quotes| match quotes {
        Quotes::Checked => "quotes: checked",
        Quotes::Trusted => "quotes: trusted",
        Quotes::None => "quotes: none",
    });
    let headings = form.headings.map(|row| format!("headings: {row}"));
    let words = [separator, quotes, encoding, decimal]
        .into_iter()
        .flatten()
        .map(str::to_owned);
    let table = form
        .table
        .iter()
        .map(|table| format!("table: {}", scalar(table)));
    let key = form.key.iter().map(|key| format!("key: {}", scalar(key)));
    let copies = form.copies.map(|copies| match copies {
        Copies::All => "copies: all".to_owned(),
        Copies::Once => "copies: once".to_owned(),
    });
    let sheets = form.sheets.map(|sheets| match sheets {
        Sheets::Apart => "sheets: apart".to_owned(),
        Sheets::ByName => "sheets: by_name".to_owned(),
        Sheets::Together => "sheets: together".to_owned(),
    });
    let words = table.chain(words).chain(headings).chain(sheets);
    let rows = form.rows.map(|rows| match rows {
        RowsOf::AllFiles => "rows: all_files".to_owned(),
        RowsOf::LastFile => "rows: last_file".to_owned(),
    });
    words.chain(key).chain(copies).chain(rows).collect()
}
