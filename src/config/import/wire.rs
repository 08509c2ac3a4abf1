//! The keys of `import:` as people write them. The doc comments are shown by editors.

use std::path::Path;

use super::tables::Tables;
use super::{
    Copies, Decimal, Encoding, FileForm, FileSet, Import, Quotes, RowsOf, Separator, Sheets,
};
use crate::config::Database;
use crate::config::quantity::Count;
use crate::config::value::OneFile;
use crate::decode::{Entries, Reader, Several, Text, record};
use crate::diagnostic::{Code, Finding};
use crate::source::Scalar;

record! {
    /// A folder of CSV and Excel files that `database:` is made of.
    pub(in crate::config) struct ImportFile {
        /// The folder, relative to this file. Files of other kinds, and folders inside it, are left out.
        folder: OneFile,
        /// The names of the files that are read. Default: all CSV and Excel files of the folder.
        only: Option<Several<Text>>,
        /// What files do not show themselves, by their names: `orders.csv: { decimal: comma }`.
        files: Option<Entries<Scalar, FormFile>>,
    }
}

record! {
    /// How one file is written.
    pub(in crate::config) struct FormFile {
        /// The name of its table. Default: the file's name without its ending; of several sheets that are not one table, the sheet's name.
        table: Option<Text>,
        /// How letters are stored: `utf-8`, `utf-16` or `windows-1252`. Default: as the bytes of the file tell.
        encoding: Option<Encoding>,
        /// What stands between cells: `comma`, `semicolon`, `tab` or `bar`. Default: what divides the rows alike.
        separator: Option<Separator>,
        /// What a double quote is: around a cell, of which `checked` refuses those that seem to hold rows of the file and `trusted` none,
        /// or, with `none`, a letter like any other. Default: `checked`.
        quotes: Option<Quotes>,
        /// What stands before decimals: `point` or `comma`. Default: as the numbers of the file tell.
        decimal: Option<Decimal>,
        /// The row that holds the headings, counted from 1; 0 where there are none. Default: the first full row, unless it holds numbers, dates or addresses.
        headings: Option<Count>,
        /// The one sheet of an Excel file that is read. Default: all of them.
        sheet: Option<Text>,
        /// The column that tells rows apart: of rows that have the same there, the last one is imported. Default: all rows are.
        key: Option<Text>,
        /// Rows that are the same in every column: `once` imports one of them, `all` each. Default: each, and they are reported.
        copies: Option<Copies>,
        /// Of several files, or sheets, of one table: `last_file` imports the last of them alone, in the order of their names, as where each lists everybody. Default: `all_files`.
        rows: Option<RowsOf>,
        /// Of an Excel file: `together` makes one table of its sheets that have the same headings, `by_name` one of those that have the same name in several files. Default: `apart`, each sheet is a table.
        sheets: Option<Sheets>,
        /// What columns are called whose headings are others, by their headings: `{ Betrag: amount }`.
        columns: Option<Entries<Scalar, Text>>,
    }
}

impl ImportFile {
    /// Resolves the folder from `folder`, the folder of config, which says this about tables. `None` if the database
    /// cannot be made of files.
    pub(in crate::config) fn into_import(
        self,
        folder: &Path,
        database: &Database,
        tables: Tables,
        reader: &mut Reader<'_>,
    ) -> Option<Import> {
        let Some(file) = database.file() else {
            let message = "`import:` makes a SQLite file, and `database:` names a server";
            let finding = Finding::new(Code::InvalidValue, message).at(self.folder.0.location);
            let help =
                "let `database:` name a file, such as `sqlite:data.db`, or leave `import:` out";
            reader.report(finding.help(help));
            return None;
        };
        let only: Vec<Text> = self.only.into_iter().flat_map(|only| only.0).collect();
        let forms = self.files.into_iter().flat_map(|files| files.0);
        let forms: Vec<(Scalar, FileForm)> =
            forms.map(|(name, form)| (name, form.into_form())).collect();
        for (name, form) in &forms {
            misplaced(name, form, reader);
            contradictory(name, form, reader);
        }
        several_keys(&forms, reader);
        let scalars = forms.iter().map(|(name, _)| name);
        let scalars = scalars.chain(only.iter().map(|name| &name.scalar));
        let places = scalars.map(|name| (name.value.clone(), reader.place(name.location)));
        let places = places.collect();
        Some(Import {
            database: file.to_path_buf(),
            place: self.folder.0.location,
            files: FileSet {
                folder: folder.join(self.folder.0.value),
                only: only.into_iter().map(|name| name.scalar.value).collect(),
                forms: forms
                    .into_iter()
                    .map(|(name, form)| (name.value, form))
                    .collect(),
                keys: tables.keys,
                links: tables.links,
                times: tables.times,
                named: tables.named,
                people: tables.people,
                places,
            },
        })
    }
}

/// Refuses settings of a file that are impossible for its kind.
fn misplaced(name: &Scalar, form: &FileForm, reader: &mut Reader<'_>) {
    let ending = Path::new(&name.value).extension().unwrap_or_default();
    let ending = ending.to_string_lossy().to_lowercase();
    let is_excel = ["xlsx", "xlsm"].contains(&ending.as_str());
    let keys = [
        (
            "separator",
            form.separator.is_some(),
            false,
            "an Excel file has cells",
        ),
        (
            "quotes",
            form.quotes.is_some(),
            false,
            "an Excel file has cells",
        ),
        (
            "encoding",
            form.encoding.is_some(),
            false,
            "an Excel file states its encoding itself",
        ),
        (
            "sheet",
            form.sheet.is_some(),
            true,
            "only Excel files have sheets",
        ),
        (
            "sheets",
            form.sheets.is_some(),
            true,
            "only Excel files have sheets",
        ),
    ];
    let wrong = keys
        .into_iter()
        .filter(|(_, is_said, of_excel, _)| *is_said && *of_excel != is_excel);
    for (key, _, _, why) in wrong {
        let message = format!("`{key}` cannot be set for `{}`: {why}", name.value);
        let finding = Finding::new(Code::InvalidValue, message).at(name.location);
        reader.report(finding.help(format!("leave `{key}:` out")));
    }
}

/// Refuses settings of a file that contradict each other, or have no meaning.
fn contradictory(name: &Scalar, form: &FileForm, reader: &mut Reader<'_>) {
    if form
        .table
        .as_ref()
        .is_some_and(|table| table.trim().is_empty())
    {
        let message = format!("`table` of `{}` is empty: a table needs a name", name.value);
        let finding = Finding::new(Code::InvalidValue, message).at(name.location);
        reader.report(
            finding
                .help("name it, or leave `table:` out: the table then takes the name of the file"),
        );
    }
    if let (Some(key), Some(Copies::Once)) = (&form.key, form.copies) {
        let message = format!(
            "`copies: once` and `key: {key}` are both set for `{}`: only the last of the rows with the same key is imported, \
             so no two are left that are the same in every column",
            name.value
        );
        let finding = Finding::new(Code::InvalidValue, message).at(name.location);
        reader
            .report(finding.help("leave `copies:` out, or `key:` if rows that differ count each"));
    }
}

/// Refuses two keys for the same table.
fn several_keys(forms: &[(Scalar, FileForm)], reader: &mut Reader<'_>) {
    let keyed = forms.iter().filter_map(|(name, form)| {
        let (table, key) = (form.table.as_ref()?, form.key.as_ref()?);
        Some((name, table.to_lowercase(), key))
    });
    let mut known: Vec<(&Scalar, String, &String)> = Vec::new();
    for (name, table, key) in keyed {
        let mut before = known.iter().filter(|(_, of, _)| *of == table);
        if let Some((first, _, other)) = before.find(|(_, _, said)| !said.eq_ignore_ascii_case(key))
        {
            let message = format!(
                "`key: {key}` is set for `{}`, and `key: {other}` for `{}`: both are the table `{table}`, which has one key",
                name.value, first.value
            );
            let finding = Finding::new(Code::InvalidValue, message).at(name.location);
            let finding = finding.related(first.location, format!("`key: {other}` is set here"));
            reader.report(
                finding.help("set it for one of them: it holds for all files of the table"),
            );
        }
        known.push((name, table, key));
    }
}

impl FormFile {
    fn into_form(self) -> FileForm {
        FileForm {
            table: self.table.map(|table| table.scalar.value),
            encoding: self.encoding,
            separator: self.separator,
            quotes: self.quotes,
            decimal: self.decimal,
            headings: self.headings.map(|row| row.0),
            sheet: self.sheet.map(|sheet| sheet.scalar.value),
            key: self.key.map(|key| key.scalar.value),
            copies: self.copies,
            rows: self.rows,
            sheets: self.sheets,
            columns: self
                .columns
                .into_iter()
                .flat_map(|columns| columns.0)
                .map(|(heading, column)| (heading.value, column.scalar.value))
                .collect(),
            links: Vec::new(),
            times: Vec::new(),
        }
    }
}
