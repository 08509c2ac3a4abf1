//! `import:`: a folder of CSV and Excel files that become the database.

pub(super) mod tables;
pub(super) mod wire;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::decode::choice;
use crate::source::Location;
use crate::value::{ColumnType, is_same_name};

/// What the database is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The SQLite file that the files are made into.
    pub database: PathBuf,
    /// Where the folder is named.
    pub place: Location,
    pub files: FileSet,
}

/// A folder whose files become the tables of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSet {
    /// What lies in folders inside it is left out.
    pub folder: PathBuf,
    /// The names of the files that are read; none for all that can be.
    pub only: Vec<String>,
    /// What is said of single files, by their names.
    pub forms: Vec<(String, FileForm)>,
    /// The columns that config names as keys of tables, each `(table, column)`: what occurs there twice is told.
    pub keys: Vec<(String, String)>,
    /// The columns by which config finds rows of one table from another, keys and what points at them, each `(table, column)` in small
    /// letters.
    pub links: Vec<(String, String)>,
    /// The columns that config reads as times, in the same way, and as which.
    pub times: Vec<(String, String, ColumnType)>,
    /// The tables that config names; none where that is not known, and any may be read.
    pub named: Vec<String>,
    /// The tables that list people, so that a later row of the same key is a later state of somebody.
    pub people: Vec<String>,
    /// Where the names of files stand in config, such as `config.yaml:12`, each with the name.
    pub places: Vec<(String, String)>,
}

impl FileSet {
    /// Where config names a file, in brackets behind a blank; nothing where it does not.
    pub fn place_of(&self, name: &str) -> String {
        let mut places = self.places.iter();
        let place = places.find(|(named, _)| named == name);
        place.map_or_else(String::new, |(_, place)| format!(" ({place})"))
    }
}

/// How a file is written, where it does not show it itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileForm {
    /// The name of its table; none for the name of the file, or of the sheet.
    pub table: Option<String>,
    pub encoding: Option<Encoding>,
    pub separator: Option<Separator>,
    /// What a quote is; none where nobody says.
    pub quotes: Option<Quotes>,
    pub decimal: Option<Decimal>,
    /// The row of the headings, counted from 1; 0 where there are none.
    pub headings: Option<u32>,
    /// The one sheet of a workbook that is read; none for all of them.
    pub sheet: Option<String>,
    /// The column that tells rows apart: of rows that have the same there the last one is imported.
    pub key: Option<String>,
    /// What becomes of rows that are the same in every column; none where nobody says.
    pub copies: Option<Copies>,
    /// Of which files of a table, or sheets of one, rows are imported; none where nobody says.
    pub rows: Option<RowsOf>,
    /// Which sheets of workbooks are one table; none where nobody says.
    pub sheets: Option<Sheets>,
    /// What columns are called whose headings are others, each with the heading.
    pub columns: Vec<(String, String)>,
    /// Those of [`FileSet::links`], which config says elsewhere.
    pub links: Vec<(String, String)>,
    /// The same of [`FileSet::times`].
    pub times: Vec<(String, String, ColumnType)>,
}

impl FileForm {
    /// Whether config finds rows by this column of a table.
    pub fn is_link(&self, table: &str, column: &str) -> bool {
        let mut links = self.links.iter();
        links.any(|(of, named)| is_same_name(of, table) && is_same_name(named, column))
    }

    /// As which times config reads this column of a table.
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
