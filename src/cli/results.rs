//! Shared by the commands that read stored results: config, the last published run, times.

use std::collections::BTreeSet;
use std::path::Path;

use chrono_tz::Tz;

use super::Common;
use super::exit::{Exit, Failure};
use crate::config::{Config, Place, marks};
use crate::connector::connect;
use crate::diagnostic::suggest;
use crate::disk::is_empty_file;
use crate::ir::RunFingerprint;
use crate::project::{LoadError, not_imported};
use crate::run::fingerprint;
use crate::source::Sources;
use crate::store::{Client, Run, Store, StoredSegment};
use crate::time::parse_instant;
use crate::view::{ClientRow, changed_words, wrong_in_words};

/// A second in microseconds.
const SECOND: i64 = 1_000_000;

/// The last published run and its results.
pub(super) struct Results {
    pub(super) config: Config,
    pub(super) store: Store,
    pub(super) run: Run,
    pub(super) segments: Vec<StoredSegment>,
    /// Why the health scores are from an earlier run.
    pub(super) health_stale: Option<String>,
    /// The newest run held since then.
    held: Option<Run>,
    /// How config now differs from the one used for the run.
    changed: Option<String>,
}

impl Results {
    /// Opens the results; fails if nothing has been published yet.
    pub(super) async fn open(common: &Common) -> Result<Self, Failure> {
        let config = config(common)?;
        let Some(mut store) = reader(&config).await? else {
            return Err(nothing_yet());
        };
        let run = store.last_published().await?.ok_or_else(nothing_yet)?;
        let segments = store.segments().await?;
        let held = store.held_now().await?.pop();
        let health_stale = store.health_stale(run.id).await?;
        let project = crate::project::load(&common.config, connect).await.ok();
        let now = project.map_or_else(
            // Invalid rules must not block access to the results, and config alone provides the currency.
            || RunFingerprint {
                currency: Some(config.currency.clone()),
                ..RunFingerprint::default()
            },
            |project| fingerprint(&project),
        );
        let changed = changed_words(&run, &now);
        Ok(Self {
            config,
            store,
            run,
            segments,
            health_stale,
            held,
            changed,
        })
    }

    /// The segment with an id, or an error that suggests a similar one.
    pub(super) fn segment(&self, id: &str) -> Result<&StoredSegment, Failure> {
        let mut segments = self.segments.iter();
        segments
            .find(|segment| segment.id == id)
            .ok_or_else(|| no_segment(id, self.segments.iter().map(|segment| segment.id.as_str())))
    }

    /// The name of a segment.
    pub(super) fn name(&self, id: &str) -> String {
        let mut segments = self.segments.iter();
        let found = segments.find(|segment| segment.id == id);
        found.map_or(id, |segment| &segment.name).to_string()
    }

    /// Subjects as list rows.
    pub(super) fn rows(&self, clients: Vec<Client>) -> Vec<ClientRow> {
        let clients = clients.into_iter();
        let rows = clients.map(|client| ClientRow::new(client, |id| self.name(id)));
        rows.collect()
    }

    /// Reports on stderr which run it is, whether a later one is held, and which segments are stale.
    pub(super) fn tell(&self) -> Exit {
        let marks = marks(self.config.locale);
        note!(
            "run {}, as of {}",
            self.run.id,
            marks.moment(self.run.as_of, self.config.timezone)
        );
        if let Some(changed) = &self.changed {
            note!("{changed}");
        }
        let mut exit = Exit::Done;
        if let Some(held) = &self.held {
            note!(
                "run {}, as of {}, is held, so this is what was published before it; `muster status` says why",
                held.id,
                marks.moment(held.as_of, self.config.timezone)
            );
            exit = Exit::Attention;
        }
        if let Some(reason) = &self.health_stale {
            note!("stale: the health score: {reason}");
            exit = Exit::Attention;
        }
        for segment in &self.segments {
            if let Some(reason) = &segment.stale {
                note!("stale: `{}`: {reason}", segment.id);
                exit = Exit::Attention;
            }
        }
        exit
    }
}

/// The error that there are no results.
pub(super) fn nothing_yet() -> Failure {
    Failure::input("nothing has been published yet; `muster run` first")
}

/// The error that a segment does not exist; suggests a similar one, or lists all if they are few.
pub(super) fn no_segment<'a>(id: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Failure {
    Failure::input(format!("there is no segment `{id}`; {}", near(id, ids)))
}

/// The known name most similar to an unknown one, or all known names, each once.
pub(super) fn near<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    suggest(name, known.clone()).map_or_else(
        || {
            let mut told = BTreeSet::new();
            let each = known.clone().filter(|name| told.insert(*name));
            format!("there are: {}", each.collect::<Vec<_>>().join(", "))
        },
        |near| format!("did you mean `{near}`?"),
    )
}

/// Config, or what can be recovered from an invalid one.
pub(super) enum Seen {
    /// Valid.
    Whole(Box<Config>),
    /// Invalid, but the paths could be recovered.
    Wrong(Wrong),
}

/// An invalid config.
pub(super) struct Wrong {
    /// The recovered paths.
    pub(super) place: Place,
    /// The error, in one line.
    pub(super) words: String,
    /// Every finding, for a command that needs config.
    pub(super) failure: Failure,
}

/// Reads config for a command that only reads stored results.
pub(super) fn seen(common: &Common) -> Result<Seen, Failure> {
    let mut sources = Sources::default();
    let env = |name: &str| std::env::var(name).ok();
    let findings = match crate::config::load(&common.config, &mut sources, &env) {
        Ok(config) => return Ok(Seen::Whole(Box::new(config))),
        Err(findings) => findings,
    };
    let words = wrong_in_words("config is", &sources, &findings);
    let failure = LoadError::Refused(sources, findings).into();
    match crate::config::glance(&common.config, &env) {
        Some(place) => Ok(Seen::Wrong(Wrong {
            place,
            words,
            failure,
        })),
        None => Err(failure),
    }
}

/// The errors in rules, and in config as far as rules need it, in one line; `None` if there are none, or if the
/// database cannot be asked.
pub(super) async fn wrong_rules(common: &Common) -> Option<String> {
    match crate::mail::load(&common.config, connect).await {
        Err(LoadError::Refused(sources, findings)) => {
            Some(wrong_in_words("config or rules are", &sources, &findings))
        }
        Ok(_) | Err(LoadError::World(_)) => None,
    }
}

/// Reads only config.
pub(super) fn config(common: &Common) -> Result<Config, Failure> {
    match seen(common)? {
        Seen::Whole(config) => Ok(*config),
        Seen::Wrong(wrong) => Err(wrong.failure),
    }
}

/// The stored results, if anything was ever stored.
pub(super) async fn reader(config: &Config) -> Result<Option<Store>, Failure> {
    match not_imported(config) {
        Some(reason) => Err(Failure::world(reason)),
        None => reader_at(&config.place()).await,
    }
}

/// The same, if only the paths are known.
pub(super) async fn reader_at(place: &Place) -> Result<Option<Store>, Failure> {
    if let Some(file) = place.database.file() {
        let shown = file.display();
        let there = file
            .try_exists()
            .map_err(|error| Failure::world(format!("`{shown}` cannot be looked at: {error}")))?;
        if !there {
            let advice = crate::disk::without_database(file);
            let words = format!("there is no database `{shown}`: {advice}");
            return Err(Failure::world(words));
        }
    }
    stored(&place.results).await
}

/// The results in a file; `None` if nothing was ever stored. A file that was emptied is not the same as one that was
/// never written.
pub(super) async fn stored(results: &Path) -> Result<Option<Store>, Failure> {
    if is_empty_file(results) {
        return Err(Failure::world(format!(
            "`{}` is empty, so it is not a database of results: restore it from a copy, or delete it and let the \
             next run make a new one",
            results.display()
        )));
    }
    Ok(Store::open_reader(results).await?)
}

/// The current instant in microseconds, rounded down to a second.
pub(super) fn now() -> i64 {
    super::clock::clock().now().div_euclid(SECOND) * SECOND
}

/// Parses `--as-of`: a date means its local midnight, and an instant without an offset is local.
pub(super) fn as_of(text: &str, zone: Tz) -> Result<i64, Failure> {
    let instant = parse_instant(text.trim(), zone).ok_or_else(|| {
        Failure::input(format!(
            "`{text}` is not a time; write a date such as 2026-03-15, \
             or an instant such as 2026-03-15T18:30:00"
        ))
    })?;
    Ok(instant.div_euclid(SECOND) * SECOND)
}
