//! The `import:` key: a folder of CSV and Excel files that become the database.

pub(super) mod tables;
pub(super) mod wire;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::decode::choice;
use crate::source::Location;
use crate::value::{ColumnType, is_same_name};

/// What the database is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The SQLite file that is created from the files.
    pub database: PathBuf,
    /// Where config names the folder.
    pub place: Location,
    pub files: FileSet,
}

/// A folder whose files become the tables of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    /// The folder. Folders inside it are ignored.
    pub folder: PathBuf,
    /// The names of the files to read; empty for all that can be read.
    pub only: Vec<String>,
    /// Settings for single files, by name.
    pub forms: Vec<(String, FileForm)>,
    /// The columns that config names as keys of tables, each `(table, column)`. Values that occur twice are reported.
    pub keys: Vec<(String, String)>,
    /// The columns by which config finds rows of one table from another, both keys and what refers to them, each
    /// `(table, column)` in lower case.
    pub links: Vec<(String, String)>,
    /// The columns that config reads as times, in the same form, with their type.
    pub times: Vec<(String, String, ColumnType)>,
    /// The tables that config names; empty if that is not known and any table may be read.
    pub named: Vec<String>,
    /// The tables that list people, in which a later row with the same key is a later state of the same person.
    pub people: Vec<String>,
    /// The names of files in config, each with its place, such as `config.yaml:12`.
    pub places: Vec<(String, String)>,
}

impl FileSet {
    /// Where config names a file, in brackets after a space; empty if it does not.
    pub fn place_of(&self, name: &str) -> String {
        let mut places = self.places.iter();
        let place = places.find(|(named, _)| named == name);
        place.map_or_else(String::new, |(_, place)| format!(" ({place})"))
    }
}

/// How a file is written, if the file itself does not show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileForm {
    /// The name of its table; `None` for the name of the file or of the sheet.
    pub table: Option<String>,
    pub encoding: Option<Encoding>,
    pub separator: Option<Separator>,
    /// The meaning of a double quote; `None` if config does not say.
    pub quotes: Option<Quotes>,
    pub decimal: Option<Decimal>,
    /// The row with the headings, counted from 1; 0 if there are no headings.
    pub headings: Option<u32>,
    /// The only sheet of a workbook that is read; `None` for all sheets.
    pub sheet: Option<String>,
    /// The column that tells rows apart: of rows with the same value in it, the last one is imported.
    pub key: Option<String>,
    /// What happens to rows that are equal in every column; `None` if config does not say.
    pub copies: Option<Copies>,
    /// Which of a table's files, or sheets, are imported; `None` if config does not say.
    pub rows: Option<RowsOf>,
    /// Which sheets of workbooks form one table; `None` if config does not say.
    pub sheets: Option<Sheets>,
    /// The names of columns whose headings differ, each with its heading.
    pub columns: Vec<(String, String)>,
    /// Its links, which other parts of config define, as in [`FileSet::links`].
    pub links: Vec<(String, String)>,
    /// Its times, as in [`FileSet::times`].
    pub times: Vec<(String, String, ColumnType)>,
}

impl FileForm {
    /// Whether config finds rows by this column of a table.
    pub fn is_link(&self, table: &str, column: &str) -> bool {
        let mut links = self.links.iter();
        links.any(|(of, named)| is_same_name(of, table) && is_same_name(named, column))
    }

    /// The time types that config reads this column of a table as.
    pub fn times_of(&self, table: &str, column: &str) -> Vec<ColumnType> {
        let times = self.times.iter();
        let own =
            times.filter(|(of, named, _)| is_same_name(of, table) && is_same_name(named, column));
        own.map(|(_, _, ty)| *ty).collect()
    }
}

/// Which sheets of workbooks are one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sheets {
    /// None: each is a table.
    Apart,
    /// Those that have the same name in several workbooks.
    ByName,
    /// Those of a workbook that have the same headings.
    Together,
}

/// What becomes of rows that are the same in every column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Copies {
    /// Each is imported.
    All,
    /// One of them is.
    Once,
}

/// Of which files of a table, or sheets of one, the rows are imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowsOf {
    /// Of all.
    AllFiles,
    /// Of the last one in the order of the names.
    LastFile,
}

/// How letters are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16")]
    Utf16,
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// What stands between the cells of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Separator {
    Comma,
    Semicolon,
    Tab,
    Bar,
}

/// What a double quote is, and how far it is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quotes {
    /// It stands around a cell, and a file is refused where quotes seem to stand around rows.
    Checked,
    /// It stands around a cell, whatever lines are in it.
    Trusted,
    /// It is a letter like any other.
    None,
}

/// What stands before the decimals of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    Point,
    Comma,
}

choice!(Encoding, Separator, Quotes, Decimal, Copies, RowsOf, Sheets);
