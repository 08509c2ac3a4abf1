//! The shape of `config.yaml` as people write it. The doc comments are shown by editors.

use super::Locale;
use super::database::wire::{DatabaseFile, PublishFile};
use super::guard::GuardFile;
use super::health::wire::HealthFile;
use super::import::wire::ImportFile;
use super::lint::LintFile;
use super::mail::wire::{MailFile, ReportFile};
use super::memory::Memory;
use super::segments_page::value::Share;
use super::segments_page::wire::{Export, Field, History, Values};
use super::threads::Threads;
use super::timetable::wire::{ScheduleFile, ServeFile};
use super::value::{Currency, Email, MonthDay, OneFile, Pattern, SqliteFile, Zone};
use super::web::wire::PageFile;
use crate::decode::{
    Condition, Entries, Identifier, List, Placed, Read, Reader, Several, Text, inline_schema,
    record,
};
use crate::source::{Node, NodeKind, Scalar};
use crate::value::{ColumnType, KeyMatch, KeyType};
use schemars::json_schema;

/// The columns that people are shown; at least one.
#[derive(Debug)]
pub(super) struct Labels(pub Several<Text>);

impl Read for Labels {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if matches!(&node.kind, NodeKind::List(list) if list.is_empty()) {
            let expected = "a column, or a list of at least one; without a label, leave it out";
            reader.invalid(node.location, expected);
            return None;
        }
        Several::read(node, reader).map(Self)
    }
}

inline_schema!(Labels, |generator| {
    let one = generator.subschema_for::<Text>();
    let mut list = List::<Text>::json_schema(generator);
    list.insert("minItems".into(), 1.into());
    json_schema!({ "anyOf": [one, list] })
});

/// Types by column.
pub(super) type Types = Entries<Scalar, ColumnType>;
/// Lookups by name.
pub(super) type Lookups = Entries<Identifier, Lookup>;

record! {
    /// Muster: where the data is, what it is called, and when and to whom reports go.
    pub(super) struct ConfigFile {
        /// The database whose rows are segmented: `sqlite:` and a path, relative to this file, `postgres://` and a server, or `sc://` and a Spark server.
        database: DatabaseFile,
        /// The SQLite database that results are written to: `sqlite:` and a path. Default: the same database; beside a server `results.db`.
        results: Option<SqliteFile>,
        /// A PostgreSQL or Spark server that results are copied to after each run, where analysts join them.
        publish: Option<PublishFile>,
        /// CSV and Excel files that the database is made of, anew before each run once they have changed.
        import: Option<ImportFile>,
        /// Which files hold the rules, relative to this file and inside its folder. Left out: those in
        /// `rules` whose names end in `.yaml` or `.yml`.
        rules: Option<Pattern>,
        /// Which files hold the tests of the rules, relative to this file and inside its folder. Left out: those in
        /// `rules/tests` whose names end in `.yaml` or `.yml`.
        tests: Option<Pattern>,
        /// The business time zone, such as `America/New_York`: what `today` and `this month` mean.
        timezone: Zone,
        /// The first day of the fiscal year, as month and day: `04-01`. Needed for `this fiscal year` and the like.
        year_begins: Option<MonthDay>,
        /// Who is segmented: one row for each client, customer or donor.
        subject: Subject,
        /// Groups that `within` can name, such as a studio: a name and the column that tells the subject's group.
        scopes: Option<Entries<Identifier, Text>>,
        /// Tables with many rows per subject, such as visits or payments, by the names that rules use.
        collections: Option<Entries<Identifier, Collection>>,
        /// Lists kept by hand, by the names behind `in list`.
        lists: Option<Entries<Identifier, NamedList>>,
        /// Who takes part at all: a condition. Others are in no segment, no average and no score. Default: everyone.
        active: Option<Condition>,
        /// Columns of the subject whose values are nobody's business, such as an e-mail address: never shown as an example,
        /// a suggestion or a count by value. `explain`, exports and mail that name one still show it.
        private: Option<Several<Text>>,
        /// The currency of all amounts: three capital letters. Default: `USD`.
        currency: Option<Currency>,
        /// How digits, dates and exported files are written: `en-US` (the default), `en-GB`, `de-DE`, `fr-FR`, `nl-NL`,
        /// `it-IT`, `es-ES`, `pt-PT`, `pt-BR`, `pl-PL`, `sv-SE`.
        locale: Option<Locale>,
        /// How much of a column may be unreadable before what reads it keeps its last result. Default: `20%`.
        unreadable: Option<Share>,
        /// How much a run may change before it is held, and nothing published until somebody accepts it. Default:
        /// `{ moves: 50%, at_least: 20 }`; `off` publishes whatever was found.
        guard: Option<GuardFile>,
        /// What is legal and needs not be told.
        lint: Option<LintFile>,
        /// How many threads read the data, from 1 to 64. Default: one for each processor, up to 16; up to 4 for a server.
        threads: Option<Threads>,
        /// How much of the data is kept in memory where one command asks it many questions. Default: `1 GB`.
        memory: Option<Memory>,
        /// What is remembered of earlier runs.
        history: Option<History>,
        /// What segments may be filtered by, by plain names; `segments` is built in.
        fields: Option<Entries<Identifier, Field>>,
        /// The values that every segment has on the segments page. Default: its size.
        values: Option<Values>,
        /// The health score of each subject, and what it is to predict.
        health: Option<HealthFile>,
        /// What an exported file contains.
        export: Option<Export>,
        /// Who is told, by mail, of what needs attention: an address.
        owner: Option<Email>,
        /// How `muster serve` behaves.
        serve: Option<ServeFile>,
        /// The page that shows segments and clients in the browser.
        page: Option<Placed<PageFile>>,
        /// When Muster runs by itself.
        schedules: Option<List<ScheduleFile>>,
        /// The reports that are mailed after a run.
        reports: Option<List<ReportFile>>,
        /// How mail leaves.
        mail: Option<MailFile>,
    }
}

record! {
    /// The table with one row for each subject.
    pub(super) struct Subject {
        /// What people call one: `client`, `customer`, `donor`.
        name: Identifier,
        /// What people call several, such as `Kunden`. Default: the plural of a common English word; any other name
        /// unchanged.
        plural: Option<Text>,
        /// The table or view.
        table: Text,
        /// The column that tells one subject from another.
        key: Text,
        /// What the keys are: `number` (whole numbers) or `text`. Default: as the column is declared, or as they were read before.
        key_type: Option<KeyType>,
        /// When a row's key is that of a subject: `exact`, as it is written, or `loose`, whatever its capitals, the blanks around
        /// it and the zeros in front of a number. Default: `exact`.
        r#match: Option<KeyMatch>,
        /// The column that people are shown, or several, such as `[first_name, last_name]`, joined by blanks; it also puts
        /// equal scores in order.
        label: Option<Labels>,
        /// A column with a time: before it the subject is not there yet.
        at: Option<Text>,
        /// Which rows are subjects at all: a condition over the table's columns.
        r#where: Option<Condition>,
        /// Types of columns whose declared type does not tell, and the forms in which their values are written.
        types: Option<Types>,
        /// On the clock of which time zone the times of this table are, where they tell no offset. Default: the business zone.
        zone: Option<Zone>,
        /// Rows of other tables that a column points at, by the names that rules use.
        lookups: Option<Lookups>,
    }
}

record! {
    /// One row of another table, found by a column of this one.
    pub(super) struct Lookup {
        /// The table or view looked into.
        table: Text,
        /// Its key column.
        key: Text,
        /// The column of the asking table that holds the key.
        by: Text,
        /// When a value is a key: `exact`, as it is written, or `loose`, whatever its capitals, the blanks around it and the zeros
        /// in front of a number. Default: `exact`.
        r#match: Option<KeyMatch>,
        /// Types of columns whose declared type does not tell, and the forms in which their values are written.
        types: Option<Types>,
        /// On the clock of which time zone the times of this table are, where they tell no offset. Default: the business zone.
        zone: Option<Zone>,
    }
}

record! {
    /// A list kept by hand.
    pub(super) struct NamedList {
        /// The file, relative to this one: CSV with an entry on each line, with a heading or without one.
        file: OneFile,
        /// The column of the subject whose values are listed. Default: the key.
        column: Option<Text>,
        /// When an entry is a value of that column: `exact`, as it is written, or `loose`, whatever its capitals, the blanks around
        /// it and the zeros in front of a number. Default: that of the subject where keys are listed, and `exact` for another column.
        r#match: Option<KeyMatch>,
    }
}

record! {
    /// A table with many rows per subject.
    pub(super) struct Collection {
        /// The table or view.
        table: Text,
        /// The column that holds the subject's key, or that of a row which a lookup finds: `order.client_id`.
        subject: Text,
        /// The column that tells when a row happened, needed for windows such as `in last 30 days`; or that of a row which a lookup finds: `order.created_at`.
        at: Option<Text>,
        /// The column that puts rows of the same time in order. Default: the table's primary key.
        key: Option<Text>,
        /// Which rows belong to it: a condition over the table's columns.
        r#where: Option<Condition>,
        /// Types of columns whose declared type does not tell, and the forms in which their values are written.
        types: Option<Types>,
        /// On the clock of which time zone the times of this table are, where they tell no offset. Default: the business zone.
        zone: Option<Zone>,
        /// Columns whose values change after the row was written, such as a counter or a status: what they were on an earlier day is not known.
        changes: Option<Several<Text>>,
        /// Columns whose values are nobody's business: never shown as an example, a suggestion or a count by value.
        private: Option<Several<Text>>,
        /// Rows of other tables that a column points at, by the names that rules use.
        lookups: Option<Lookups>,
    }
}
