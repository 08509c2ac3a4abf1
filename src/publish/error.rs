//! Why results could not be published.

use crate::engine::EngineError;
use crate::store::StoreError;

/// Why results are not on the server.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The results file cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server cannot be written.
    #[error(transparent)]
    Server(#[from] EngineError),
    /// Keys have become texts since the tables were created; the field is the statement after which they can be
    /// recreated.
    #[error(
        "keys are texts now, and the tables on the server were created for numbers: execute `{0}` there, and publish again to recreate \
         them; drop views that read them first, recreate those afterwards, and grant the rights on the tables again"
    )]
    Keys(String),
    /// Another results file has published there.
    #[error(
        "`{server}` has the results of another file in this schema (run {run}), and nothing there was changed: each project needs a \
         schema of its own (`schema:` under `publish:`). To replace that file's results with this one's, use \
         `muster publish --take-over`, which overwrites what is there"
    )]
    OtherFile {
        /// The server.
        server: String,
        /// The run that it has.
        run: i64,
    },
    /// Another copy of this file has published there since this one did.
    #[error(
        "`{server}` has run {run} of another copy of this results file, which has published since, and nothing there was changed: each \
         copy needs a schema of its own (`schema:` under `publish:`). To go on with this one, such as a restored backup, first forget \
         again everybody who was forgotten since the backup; then `muster publish --take-over` overwrites what is there"
    )]
    OtherCopy {
        /// The server.
        server: String,
        /// The run that it has.
        run: i64,
    },
    /// A later state of this file, or of a copy of it, has published there.
    #[error(
        "`{server}` has run {there}, and this results file ends with run {here}: the file is an older state or a copy, and nothing on the \
         server was changed. To go on with this file, first forget again everybody who was forgotten since; then \
         `muster publish --take-over` overwrites what is there"
    )]
    Older {
        /// The server.
        server: String,
        /// The run that the server has.
        there: i64,
        /// The newest run of the file.
        here: i64,
    },
    /// A table does not have the columns it was created with.
    #[error(
        "the table {table} there has no column `{column}` any more: execute `{removal}`, and publish again to recreate it; \
         drop views that read it first, recreate those afterwards, and grant the rights on the table again"
    )]
    Altered {
        /// The table, quoted.
        table: String,
        /// The missing column.
        column: &'static str,
        /// The statement that removes it.
        removal: String,
    },
    /// A column has another type than it was made with, and its values cannot be compared.
    #[error(
        "the column `{column}` of {table} there is `{there}` and was made as `{own}`: execute `{alteration}`, and publish again; drop \
         views that read it first, and recreate them afterwards"
    )]
    Retyped {
        /// The table, quoted.
        table: String,
        /// Which column.
        column: &'static str,
        /// The type that it has.
        there: String,
        /// The type that Muster gives it.
        own: &'static str,
        /// The statement that gives it that type.
        alteration: String,
    },
    /// The server has other rows than were sent.
    #[error(
        "the table {table} has {there} rows after {sent} were written: something there (a trigger, a rule, a policy, another program) \
         changes what is written, and has to leave it alone"
    )]
    Changed {
        /// The table, quoted.
        table: String,
        /// How many rows there are.
        there: u64,
        /// How many there should be.
        sent: u64,
    },
    /// The server has other values than were sent.
    #[error(
        "{rows} of the rows of {table} differ from what was written: a trigger, a rule or a changed column type on the server alters \
         them; remove it, and publish again"
    )]
    Unlike {
        /// The table, quoted.
        table: String,
        /// How many rows differ.
        rows: u64,
    },
    /// The row that says who owns the tables is gone.
    #[error(
        "`{0}` has tables of Muster's in this schema, and its table `publication` no longer tells whose they are: nothing there was \
         changed. If they belong to this file, or it is to replace them, `muster publish --take-over` recreates them"
    )]
    Unmarked(String),
    /// The schema has tables of the same names, and nothing shows that they are Muster's.
    #[error(
        "the schema has tables already ({tables}), and nothing there says that they are Muster's: let `schema:` under `publish:` name a \
         schema that nobody else has tables in. If an earlier publication left them, execute `{removal}`, and publish again to recreate \
         them; drop views that read them first, recreate those afterwards, and grant the rights on the tables again"
    )]
    Taken {
        /// Their names.
        tables: String,
        /// The statement that removes them.
        removal: String,
    },
    /// Rows that readers no longer see could not be removed.
    #[error(
        "the results are published, but what earlier publications have left there could not be removed: {0}"
    )]
    Unswept(EngineError),
    /// The publication was asked to stop.
    #[error("Muster was stopped before it was done")]
    Stopped,
    /// Another program wrote the same tables at the same time.
    #[error(
        "somebody else publishes to the same schema of `{0}` at the same time: each project needs one of its own; try again"
    )]
    Overtaken(String),
    /// The server speaks Spark's protocol, but cannot make a run visible as a whole.
    #[error(
        "`{0}` keeps no list of a table's partitions, which Muster needs to make all tables of a run visible at once: publish to Apache \
         Spark itself, or to PostgreSQL"
    )]
    Unfit(String),
    /// The work was cut off by the end of the program.
    #[error("the program ended first")]
    Ended,
}
