//! Where the data and results are. Even a config with errors may tell that, which is enough to show what is stored.

use std::path::{Path, PathBuf};

use super::database::wire::DatabaseFile;
use super::value::{SqliteFile, Zone};
use super::{Config, Database, Locale};
use crate::decode::{self, Environment, Read, Reader, inline_schema, record};
use crate::source::{Node, Sources};

/// Where the data and results are, and how they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub database: Database,
    /// The database with the results, which is often the same.
    pub results: PathBuf,
    /// The business time zone; UTC if a config with errors does not tell.
    pub timezone: chrono_tz::Tz,
    /// How digits are written.
    pub locale: Locale,
}

record! {
    /// The keys that tell where things are.
    struct PlaceFile {
        /// The evaluated database.
        database: DatabaseFile,
        /// Where results go.
        results: Results,
        /// The business time zone.
        timezone: Option<Zone>,
        /// How digits are written.
        locale: Option<Locale>,
    }
}

/// The optional `results:`. If it is there and cannot be read, the place of the results is unknown; they are not in the
/// evaluated database then.
#[derive(Debug)]
struct Results(Option<SqliteFile>);

impl Read for Results {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        SqliteFile::read(node, reader).map(|file| Self(Some(file)))
    }

    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

inline_schema!(Results, |generator| SqliteFile::json_schema(generator));

impl Config {
    /// The file with the results: `results:`, or the evaluated database.
    pub fn results_path(&self) -> &Path {
        let results = self.results.as_deref().or(self.database.file());
        // For a server's data, the results always have a file of their own.
        results.unwrap_or(Path::new(""))
    }

    pub fn place(&self) -> Place {
        Place {
            database: self.database.clone(),
            results: self.results_path().to_path_buf(),
            timezone: self.timezone,
            locale: self.locale,
        }
    }
}

/// Where the data and results are, according to a config that may have errors elsewhere; `None` if that is unknown.
/// Errors are left to [`super::load`].
pub fn glance(path: &Path, env: Environment<'_>) -> Option<Place> {
    let mut sources = Sources::default();
    let node = match decode::open(path, &mut sources) {
        Ok(opened) => opened.node,
        Err(_) => {
            let text = sources.read(path).ok()?;
            decode::take(path, excerpt(&text), &mut sources).ok()?.node
        }
    };
    let mut reader = Reader::new(&sources, Some(env));
    let file = PlaceFile::read(&node, &mut reader)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let database = file.database.into_database(folder, &mut reader);
    let results = file.results.0.map(|results| folder.join(results.0));
    let usual = database.usual_results(folder);
    Some(Place {
        results: results
            .or(usual)
            .or_else(|| Some(database.file()?.to_path_buf()))?,
        database,
        timezone: file.timezone.map_or(chrono_tz::UTC, |zone| zone.0),
        locale: file.locale.unwrap_or_default(),
    })
}

/// The lines of the requested keys, for YAML that cannot be parsed as a whole.
fn excerpt(text: &str) -> String {
    const KEYS: [&str; 4] = ["database:", "results:", "timezone:", "locale:"];
    let mut taken = false;
    let lines = text.trim_start_matches('\u{feff}').lines().filter(|line| {
        if !line.starts_with(char::is_whitespace) {
            taken = KEYS.iter().any(|key| line.starts_with(key));
        }
        taken
    });
    lines.fold(String::new(), |text, line| text + line + "\n")
}
