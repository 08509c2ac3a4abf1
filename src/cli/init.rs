//! `muster init`

mod asking;
mod options;
mod wishes;

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use clap::Args;

use self::asking::{asked, chosen, no_people};
use self::options::{by_options, tls};
use self::wishes::wishes;
use super::Common;
use super::clock::clock;
use super::exit::{Exit, Failure};
use super::say;
use super::watch::Terminal;
use crate::config::{FileSet, Locale, Server, ServerTls, server_of};
use crate::connector::Connector;
use crate::connector::postgres::PostgresConnector;
use crate::connector::sqlite::SqliteConnector;
use crate::disk::{is_taken, write_new};
use crate::import::{Built, Words, alike, build, is_importable, told_apart};
use crate::init::{
    Data, FromFiles, Named, Origin, Refused, is_period, names_people, rows_called, starter,
    tells_rows_apart,
};
use crate::project::blocking;
use crate::source::Sources;
use crate::view::marks;

/// A starter config and rule file for a database of your own.
#[derive(Args, Debug)]
pub(super) struct Init {
    /// The database, as sqlite:FILE or postgres://ROLE@SERVER/DATABASE; or a folder of CSV and Excel files, or some files of
    /// one folder
    #[arg(value_name = "sqlite:FILE|postgres:URL|FOLDER|FILE", value_hint = clap::ValueHint::AnyPath, required = true)]
    data: Vec<String>,
    /// The table of the people who are segmented; left out: guessed
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,
    /// Its key, a column that is unique and never empty; left out: guessed
    #[arg(long, value_name = "COLUMN")]
    key: Option<String>,
    /// The column that people are called by, or several with commas between them; left out: guessed
    #[arg(long, value_name = "COLUMN,…")]
    label: Option<String>,
    /// The column that tells when the rows of a table happened; may be given for several tables
    #[arg(long, value_name = "TABLE.COLUMN")]
    at: Vec<String>,
    /// A file that holds the password for a PostgreSQL server; left out: the environment variable PGPASSWORD
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The schema of a PostgreSQL database whose tables are read; left out: those found without naming one
    #[arg(long, value_name = "SCHEMA")]
    schema: Option<String>,
    /// A file with the certificate of the authority that signed a PostgreSQL server's; left out: the system's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// How the connection to a PostgreSQL server is protected; left out: verify-full, and on this machine encrypted where the server
    /// can
    #[arg(long, value_name = "verify-full|require|off", value_parser = tls)]
    tls: Option<ServerTls>,
}

pub(super) fn init(command: &Init, common: &Common) -> Result<Exit, Failure> {
    let folder = common.config.parent().unwrap_or(Path::new(""));
    let rules = folder.join("rules/segments.yaml");
    let ladder = folder.join("rules/rfm.yaml");
    let source = source(command, folder)?;
    let made = source.made();
    for path in [&common.config, &rules, &ladder].into_iter().chain(made) {
        if is_taken(path) {
            return Err(Failure::input(format!(
                "{} is there already and stays as it is; move it away first",
                path.display()
            )));
        }
    }
    let mut built = None;
    let connector: Box<dyn Connector> = match &source {
        Source::Database(file) if !file.exists() => {
            let words = format!("there is no file `{}`", file.display());
            return Err(Failure::world(words));
        }
        Source::Database(file) => Box::new(SqliteConnector::new(file).rereading()),
        Source::Server(server) => Box::new(PostgresConnector::new(server, Tz::UTC)),
        Source::Files { set, database } => {
            let (made, set) = imported(set, database)?;
            let connector = SqliteConnector::new(made.file()).rereading();
            built = Some((made, set));
            Box::new(connector)
        }
    };
    let data =
        blocking(|| connector.snapshot().and_then(Data::of)).map_err(|error| match &source {
            Source::Server(_) => Failure::world(by_options(&error.to_string())),
            Source::Database(_) | Source::Files { .. } => Failure::world(error.to_string()),
        })?;
    let mut wishes = wishes(command, &data)?;
    let origin = Origin {
        database: source.named(folder),
        import: built.as_ref().map(|(_, set)| FromFiles {
            folder: relative(&set.folder, folder),
            only: &set.only,
            forms: &set.forms,
        }),
    };
    let now = clock().now();
    let first = match starter(&origin, &data, &wishes, now) {
        Err(Refused::NoPeople(tables)) if wishes.table.is_none() => {
            wishes.table = Some(asked(&tables, &data, &source)?);
            starter(&origin, &data, &wishes, now)
        }
        decided => decided,
    };
    let refusal = |refused| match refused {
        Refused::NoPeople(tables) => Failure::input_lines(&no_people(&tables, &data, &source)),
        Refused::Wish(why) => Failure::input(why),
    };
    let mut decided = first.map_err(refusal)?;
    if say::is_dialogue() && !decided.undecided.is_empty() {
        for undecided in &decided.undecided {
            wishes.types.extend(chosen(undecided)?);
        }
        decided = starter(&origin, &data, &wishes, now).map_err(refusal)?;
    }
    // Config makes a join column be read like a key. If that changes its values, the first run imports the files again;
    // otherwise the database is recorded as one made by this config.
    let said = said(&common.config, &decided.config).unwrap_or_default();
    let are_as_read = !has_decimals(&data, &said.links);
    drop(data);
    for line in &decided.told {
        say!("{line}");
    }
    if let Some((built, set)) = built {
        if are_as_read {
            let FileSet { links, times, .. } = said;
            built.described(&FileSet {
                links,
                times,
                ..set
            })?;
        }
        built.keep()?;
    }
    if let Some(database) = made {
        note!("wrote {}", database.display());
    }
    let texts = [
        (&common.config, Some(decided.config)),
        (&rules, Some(decided.rules)),
        (&ladder, decided.ladder),
    ];
    for (path, text) in texts {
        if let Some(text) = text {
            write(path, &text)?;
            note!("wrote {}", path.display());
        }
    }
    note!(
        "read them, and set what the data does not tell: {}; then: muster check, muster run, muster serve",
        decided.to_set.join(", ")
    );
    Ok(Exit::Done)
}

/// The import section of a config that is not written yet.
fn said(path: &Path, text: &str) -> Option<FileSet> {
    let mut sources = Sources::in_memory([(path.to_path_buf(), text.to_owned())]);
    let config = crate::config::load(path, &mut sources, &|_| None);
    Some(config.ok()?.import?.files)
}

/// Whether one of these columns, given with their tables, is stored as decimals, in which `7.10` equals `7.1`.
fn has_decimals(data: &Data, links: &[(String, String)]) -> bool {
    let mut tables = data.schema().tables.iter();
    tables.any(|(name, table)| {
        let links = links.iter().filter(|(of, _)| *of == name.to_lowercase());
        let links: Vec<&String> = links.map(|(_, column)| column).collect();
        let mut decimals = table
            .columns
            .iter()
            .filter(|column| column.declared == "NUMERIC");
        decimals.any(|column| links.contains(&&column.name.to_lowercase()))
    })
}

/// Imports the files into a database that is not in its final place yet, and returns what config will say about them.
fn imported(set: &FileSet, database: &Path) -> Result<(Built, FileSet), Failure> {
    let words = Words {
        is_period,
        is_key: tells_rows_apart,
        is_of_people: names_people,
        rows_called,
    };
    let watch = Terminal::new();
    let (mut set, apart) = blocking(|| alike(set, &words, &watch))?;
    let mut built = blocking(|| build(&set, database, &watch))?;
    if let Some(keyed) = blocking(|| told_apart(&set, &built.imported, &words, &watch))? {
        set = keyed;
        drop(built);
        built = blocking(|| build(&set, database, &watch))?;
    }
    drop(watch);
    let lines = built.imported.told(&marks(Locale::EnUs)).into_iter();
    for line in lines.chain(apart).chain(built.imported.without_years()) {
        say!("{line}");
    }
    let set = FileSet {
        forms: built.imported.forms(),
        ..set
    };
    built.described(&set)?;
    Ok((built, set))
}

/// The source of the data.
enum Source {
    /// A SQLite file.
    Database(PathBuf),
    /// A database on a PostgreSQL server.
    Server(Server),
    /// CSV and Excel files, and the database that they are imported into, next to config.
    Files { set: FileSet, database: PathBuf },
}

impl Source {
    fn files(set: FileSet, folder: &Path) -> Self {
        let absolute = std::path::absolute(&set.folder).unwrap_or_default();
        let name = absolute.file_name().unwrap_or("data".as_ref());
        let database = folder.join(format!("{}.db", name.to_string_lossy()));
        Self::Files { set, database }
    }

    /// The database to create; `None` if one exists.
    fn made(&self) -> Option<&PathBuf> {
        match self {
            Self::Files { database, .. } => Some(database),
            Self::Database(_) | Self::Server(_) => None,
        }
    }

    /// The database as config should name it, without a password.
    fn named(&self, folder: &Path) -> Named {
        let file = |path: &Path| Named::File(relative(path, folder));
        match self {
            Self::Database(path) | Self::Files { database: path, .. } => file(path),
            Self::Server(server) => {
                let of_file =
                    |key, path: &Option<PathBuf>| Some((key, relative(path.as_ref()?, folder)));
                let schema = server.schema.clone().map(|schema| ("schema", schema));
                let keys = [
                    Some(("postgres", server.url())),
                    of_file("password_file", &server.password_file),
                    schema,
                    server.tls.map(|tls| ("tls", tls.name().to_owned())),
                    of_file("ca_file", &server.ca_file),
                ];
                Named::Server(keys.into_iter().flatten().collect())
            }
        }
    }
}

/// The server given by a URL and its options.
fn server(url: &str, command: &Init) -> Result<Server, Failure> {
    let server = server_of(url)
        .map_err(|why| Failure::input(format!("the URL of the server cannot be read: {why}")))?;
    if server.password.is_some() {
        let words = "do not put a password on a command line, where others can see it: write the URL without it, and \
                     name a file that holds it with `--password-file FILE`";
        return Err(Failure::input(words));
    }
    let asks_for_certificate = matches!(command.tls, None | Some(ServerTls::VerifyFull));
    let is_protected = command.tls.is_some_and(|tls| tls != ServerTls::Off);
    if server.is_socket() && (is_protected || command.ca_file.is_some()) {
        let words = "nothing is encrypted on a Unix socket: leave out `--tls` and `--ca-file`";
        return Err(Failure::input(words));
    }
    if command.ca_file.is_some() && !asks_for_certificate {
        let words = "`--ca-file` goes with `--tls verify-full`, which asks for a certificate";
        return Err(Failure::input(words));
    }
    Ok(Server {
        tls: command.tls,
        password_file: command.password_file.clone(),
        schema: command.schema.clone(),
        ca_file: command.ca_file.clone(),
        ..server
    })
}

/// The source given on the command line.
fn source(command: &Init, folder: &Path) -> Result<Source, Failure> {
    let words = &command.data;
    let of_servers = [
        ("--password-file", command.password_file.is_some()),
        ("--schema", command.schema.is_some()),
        ("--ca-file", command.ca_file.is_some()),
        ("--tls", command.tls.is_some()),
    ];
    if let [only] = words.as_slice()
        && (only.starts_with("postgres://") || only.starts_with("postgresql://"))
    {
        return server(only, command).map(Source::Server);
    }
    if words.iter().any(|word| word.starts_with("sc://")) {
        let words = "`init` cannot guess a config for a Spark server: write `database: { spark: …, tables: { … } }` into `config.yaml`, as \
                     docs/scale.md has it; `muster check --catalog` then shows what there is";
        return Err(Failure::input(words));
    }
    if let Some((option, _)) = of_servers.iter().find(|(_, is_given)| *is_given) {
        let words =
            format!("`{option}` goes with a server, such as `postgres://db.example.com/shop`");
        return Err(Failure::input(words));
    }
    if let [only] = words.as_slice() {
        if let Some(file) = only.strip_prefix("sqlite:") {
            return Ok(Source::Database(PathBuf::from(file)));
        }
        if Path::new(only).is_dir() {
            let set = FileSet {
                folder: PathBuf::from(only),
                ..FileSet::default()
            };
            return Ok(Source::files(set, folder));
        }
    }
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut names = Vec::new();
    for word in words {
        let path = Path::new(word);
        let name = path
            .file_name()
            .filter(|_| path.is_file() && is_importable(path));
        let Some(name) = name else {
            return Err(Failure::input(format!(
                "`{word}` is neither a folder nor a CSV or Excel file; write `sqlite:{word}` if it is a database"
            )));
        };
        names.push(name.to_string_lossy().into_owned());
        folders.push(path.parent().map_or_else(PathBuf::new, Path::to_path_buf));
    }
    folders.dedup();
    match folders.as_slice() {
        [of_files] => {
            let set = FileSet {
                folder: match of_files.as_os_str().is_empty() {
                    true => ".".into(),
                    false => of_files.clone(),
                },
                only: names,
                ..FileSet::default()
            };
            Ok(Source::files(set, folder))
        }
        _ => Err(Failure::input(
            "the files lie in several folders; put them into one",
        )),
    }
}

/// A path relative to config's folder, if that differs from the current one.
fn relative(path: &Path, folder: &Path) -> String {
    if folder.as_os_str().is_empty() || path.is_absolute() {
        return path.display().to_string();
    }
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (path, folder) = (absolute(path), absolute(folder));
    path.strip_prefix(&folder)
        .map_or(path.clone(), PathBuf::from)
        .display()
        .to_string()
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_new(path, text.as_bytes())
        .map_err(|error| Failure::world(format!("cannot write {}: {error}", path.display())))
}
