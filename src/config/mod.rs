//! `config.yaml` as Rust types, validated once. No other module reads the file.

mod column_type;
mod convert;
mod database;
mod guard;
mod health;
mod import;
mod lint;
mod load;
mod locale;
mod mail;
mod memory;
mod overrides;
mod place;
mod plural;
mod quantity;
mod segments_page;
mod threads;
mod timetable;
mod validate;
mod value;
mod web;
mod wire;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::available_parallelism;

use crate::source::{FileId, Scalar};
use crate::time::{Duration, YearStart};
use crate::value::{ColumnType, KeyMatch, KeyType, Share};

pub use convert::{DEFAULT_RULES, DEFAULT_TESTS};
pub use database::spark::{SparkServer, SparkTls};
pub use database::wire::server_of;
pub use database::{Database, Destination, Secret, SecretFile, Server, ServerTls};
pub use guard::Guard;
pub use health::{Churn, Factor, HEALTH, Health};
pub use import::{
    Copies, Decimal, Encoding, FileForm, FileSet, Import, Quotes, RowsOf, Separator, Sheets,
};
pub use lint::AllowedCode;
pub use load::{conditions, is_config, is_config_text, load, read, read_completed};
pub use locale::{Marks, marks};
pub use mail::{Attach, Hold, Mail, MailTransport, NamedFile, Report, ReportValues, Smtp, Tls};
pub use memory::bytes;
pub use place::{Place, glance};
pub use plural::{one_called, plural_of, several_called, singular_of};
pub use segments_page::{
    Amounts, Export, Field, FieldSource, Formula, Locale, OrderWindow, Recurring, SEGMENTS_FIELD,
    ToldValue, UsualValue, ValueDefinition, ValueFormat,
};
pub use timetable::{Schedule, Serve};
pub use web::{Auth, Page, PageUrl, Proxy, Role, is_loopback};

#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The file that it was read from.
    pub file: FileId,
    /// The folder of that file, from which every relative path is resolved; empty for the working directory.
    pub folder: PathBuf,
    /// The evaluated database.
    pub database: Database,
    /// The files that the database is made from; `None` if Muster does not create it.
    pub import: Option<Import>,
    /// The SQLite file for results; `None` for the evaluated database itself.
    pub results: Option<PathBuf>,
    /// The server and schema that results are copied to; `None` for no copy.
    pub publish: Option<Destination>,
    /// The files with the passwords or tokens of the servers for data and results.
    pub secret_files: Vec<SecretFile>,
    /// The pattern of rule files, relative to the folder.
    pub rules: Scalar,
    /// The pattern of test files, relative to the folder.
    pub tests: Scalar,
    /// The business time zone.
    pub timezone: chrono_tz::Tz,
    /// When the fiscal year begins, if config says so.
    pub year_begins: Option<YearStart>,
    /// What is segmented.
    pub subject: Subject,
    /// The scopes, in order: name and path (`studio.network_id`).
    pub scopes: Vec<(Scalar, Scalar)>,
    /// The collections, in order.
    pub collections: Vec<Collection>,
    /// The hand-maintained lists, in order.
    pub lists: Vec<NamedList>,
    /// Who is active: a condition; `None` for everyone.
    pub active: Option<Scalar>,
    /// Columns of the subject whose values are never shown as examples; see
    /// [`Catalog::is_private`](crate::catalog::Catalog::is_private).
    pub private: Vec<Scalar>,
    /// The currency of every amount: three capital letters.
    pub currency: String,
    /// How digits, dates and CSV files are written.
    pub locale: Locale,
    /// The share of a column's values that may be unreadable before everything that reads it becomes stale.
    pub unreadable: Share,
    /// How much a run may change before someone has to accept it; `None` for no limit.
    pub guard: Option<Guard>,
    /// The codes that lints never report.
    pub allow: Vec<AllowedCode>,
    /// How many threads read the data; `None` for as many as are useful on this machine.
    pub threads: Option<usize>,
    /// How many bytes of the data may be kept in memory for further questions.
    pub memory: u64,
    /// How long runs, movements and metrics are kept; `None` for ever.
    pub keep: Option<Duration>,
    /// The fields by which segments can be filtered, in order.
    pub fields: Vec<Field>,
    /// The values of every segment, in order: those of the preset, then the added ones.
    pub values: Vec<ValueDefinition>,
    /// The health score; `None` if config defines none.
    pub health: Option<Health>,
    pub export: Export,
    /// The address that is notified if something needs attention.
    pub owner: Option<Scalar>,
    pub serve: Serve,
    /// The page in the browser; `None` for the default of `muster page`.
    pub page: Option<Page>,
    pub schedules: Vec<Schedule>,
    pub reports: Vec<Report>,
    pub mail: Option<Mail>,
}

impl Config {
    /// The place of a field by which segments can be filtered.
    pub fn field(&self, id: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.id.value == id)
    }

    /// How many threads work at once: as many as config says, otherwise one per processor, but at most `most`.
    pub fn threads_up_to(&self, most: usize) -> usize {
        let processors = || available_parallelism().map_or(1, usize::from);
        self.threads.unwrap_or_else(|| processors().min(most))
    }

    /// Removes what is requested besides the rules: reports, their schedules, and the columns of exports except the
    /// key.
    pub fn ask_nothing(&mut self) {
        self.reports.clear();
        self.schedules.clear();
        self.export.columns = vec![self.subject.key.clone()];
    }
}

/// The subject's table.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The singular: `client`.
    pub name: Scalar,
    /// The plural: `clients`.
    pub plural: String,
    pub table: Scalar,
    pub key: Scalar,
    /// The type of the keys; `None` to decide by the column and earlier runs.
    pub key_type: Option<KeyType>,
    /// When a key in a row matches that of a subject.
    pub matching: KeyMatch,
    /// The columns that are shown, joined with spaces, and that break ties alphabetically; none for the key.
    pub label: Vec<Scalar>,
    /// A subject does not exist before the instant in this column.
    pub at: Option<Scalar>,
    /// Which rows are subjects: a condition over the table's columns.
    pub filter: Option<Scalar>,
    /// The types of columns whose declared type does not tell, by column; the scalar is the column's name in the file.
    pub types: BTreeMap<String, (Scalar, ColumnType)>,
    /// The zone of the table's times without an offset; `None` for the business zone.
    pub zone: Option<chrono_tz::Tz>,
    pub lookups: Vec<(Scalar, Lookup)>,
}

impl Subject {
    /// A number of subjects: `1 client`, `2,314 clients`.
    pub fn counted(&self, number: usize, marks: &Marks) -> String {
        let [one, several] = self.called();
        format!(
            "{} {}",
            marks.whole(number),
            if number == 1 { one } else { several }
        )
    }

    /// The singular and the plural.
    pub fn called(&self) -> [&str; 2] {
        [&self.name.value, &self.plural]
    }
}

/// A lookup into another table.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    pub table: Scalar,
    pub key: Scalar,
    /// The asking table's column.
    pub by: Scalar,
    /// When a value of `by` matches a key.
    pub matching: KeyMatch,
    /// The types of columns whose declared type does not tell, by column; the scalar is the column's name in the file.
    pub types: BTreeMap<String, (Scalar, ColumnType)>,
    /// The zone of the table's times without an offset; `None` for the business zone.
    pub zone: Option<chrono_tz::Tz>,
}

/// A hand-maintained list.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedList {
    /// The name that conditions use.
    pub name: Scalar,
    /// The file, relative to the folder of config.
    pub file: Scalar,
    /// The subject's column that is looked up in the list; `None` for the key.
    pub column: Option<Scalar>,
    /// When an entry matches a value; `None` if config does not say.
    pub matching: Option<KeyMatch>,
}

/// A collection: many rows per subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// The name rules use.
    pub name: Scalar,
    pub table: Scalar,
    /// The column that holds the subject's key.
    pub subject: Scalar,
    pub at: Option<Scalar>,
    /// The column that breaks ties in time; the default is the table's primary key.
    pub key: Option<Scalar>,
    /// Which rows belong to it: a condition.
    pub filter: Option<Scalar>,
    /// Columns whose values change after a row is written, so that earlier values are unknown.
    pub changes: Vec<Scalar>,
    /// Columns whose values are never shown as examples.
    pub private: Vec<Scalar>,
    /// The types of columns whose declared type does not tell, by column; the scalar is the column's name in the file.
    pub types: BTreeMap<String, (Scalar, ColumnType)>,
    /// The zone of the table's times without an offset; `None` for the business zone.
    pub zone: Option<chrono_tz::Tz>,
    pub lookups: Vec<(Scalar, Lookup)>,
}

/// The keys of `config.yaml` that decide the results of a run, apart from where the data is.
pub const DECIDING: &[&str] = &[
    "timezone",
    "year_begins",
    "subject",
    "scopes",
    "collections",
    "lists",
    "active",
    "currency",
    "locale",
    "unreadable",
    "fields",
    "values",
    "health",
];

/// The JSON Schema of `config.yaml`.
pub fn schema() -> String {
    crate::decode::schema_of::<wire::ConfigFile>()
}
