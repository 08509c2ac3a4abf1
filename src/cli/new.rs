//! `muster new segment`

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::exit::{Exit, Failure};
use super::output::printable;
use super::watch::Terminal;
use super::{Common, findings, results};
use crate::config::{Config, SEGMENTS_FIELD};
use crate::diagnostic::suggest;
use crate::report::marks;
use crate::rules::Draft;
use crate::run::absent::absent_values;
use crate::run::{Options, Outcome, Project, load_draft};
use crate::starter::{NewSegment, appended};
use crate::time::Clock;

/// The file that new segments go into, in the config's folder.
const FILE: &str = "rules/custom.yaml";

/// How many members are shown by name.
const SHOWN: usize = 10;

/// Writes something new into a rule file.
#[derive(Args, Debug)]
pub(super) struct New {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// A segment; only its name is required
    Segment(Segment),
}

#[derive(Args, Debug)]
struct Segment {
    /// Its name for people
    name: String,
    /// Only print what would be written
    #[arg(long)]
    print: bool,
    /// A condition beside the filters
    #[arg(long, value_name = "CONDITION")]
    when: Option<String>,
    /// Filters: --FIELD VALUE, with the fields that config defines and `--segments ID`
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "--FIELD VALUE"
    )]
    filters: Vec<String>,
}

pub(super) async fn new(command: &New, common: &Common) -> Result<Exit, Failure> {
    let What::Segment(segment) = &command.what;
    let config = results::config(common)?;
    let given = given(&config, &segment.filters)?;
    let new = NewSegment {
        name: segment.name.clone(),
        when: segment.when.clone().or(given.when),
        filters: given.filters,
    };
    let path = config.folder.join(FILE);
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(unwritable(&path, &error)),
    };
    let draft = Draft {
        path: path.clone(),
        text: appended(before.as_deref(), &new),
    };
    let project = load_draft(&common.config, &draft).await?;
    let last = match results::reader(&config).await? {
        Some(mut store) => store.last_published().await?,
        None => None,
    };
    // As of the last run, so that the size fits those of the segments page.
    let as_of = last.map_or_else(results::now, |run| run.as_of);
    let outcome = preview(&project, &new, as_of).await?;
    let stale = show(&project, &new, &outcome);
    let exit = if stale { Exit::Attention } else { Exit::Done };
    if segment.print || given.print {
        super::say::out(format_args!("{}", new.yaml()));
        return Ok(exit);
    }
    write(&path, &draft.text).map_err(|error| unwritable(&path, &error))?;
    note!("written to {}; `muster run` publishes it", path.display());
    Ok(exit)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::world(format!("cannot write {}: {error}", path.display()))
}

/// What stands behind the name: the filters, and `--print` and `--when` if they are there.
#[derive(Default)]
struct Given {
    print: bool,
    when: Option<String>,
    filters: Vec<(String, Vec<String>)>,
}

/// `--day-of-week Sat --client-type member`: a field's values, several times or apart by commas.
fn given(config: &Config, words: &[String]) -> Result<Given, Failure> {
    let mut given = Given::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--") else {
            return Err(Failure::input(format!(
                "`{word}` belongs to nothing; a filter is written `--field value`"
            )));
        };
        if flag == "print" {
            given.print = true;
            continue;
        }
        let (flag, value) = match flag.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_string())),
            None => (flag, words.next().cloned()),
        };
        let value =
            value.ok_or_else(|| Failure::input(format!("`--{flag}` needs a value behind it")))?;
        if flag == "when" {
            given.when = Some(value);
            continue;
        }
        let field = field(config, flag)?;
        let values = value.split(',').map(|v| v.trim().to_string());
        match given.filters.iter_mut().find(|(known, _)| *known == field) {
            Some((_, known)) => known.extend(values),
            None => given.filters.push((field, values.collect())),
        }
    }
    Ok(given)
}

/// The field that a flag means: `--day-of-week` is `day_of_week`.
fn field(config: &Config, flag: &str) -> Result<String, Failure> {
    let name = flag.replace('-', "_");
    let fields = || {
        let own = config.fields.iter().map(|field| field.id.value.as_str());
        own.chain([SEGMENTS_FIELD])
    };
    if fields().any(|field| field == name) {
        return Ok(name);
    }
    let help = suggest(&name, fields()).map_or_else(
        || {
            let flags: Vec<String> = fields()
                .map(|f| format!("--{}", f.replace('_', "-")))
                .collect();
            format!("the fields are {}", flags.join(", "))
        },
        |near| format!("did you mean `--{}`?", near.replace('_', "-")),
    );
    Err(Failure::input(format!(
        "there is no field `--{flag}`; {help}"
    )))
}

/// What the segment would be now. A value that nobody has is refused here: it is a slip while it is typed.
async fn preview(project: &Project, new: &NewSegment, as_of: i64) -> Result<Outcome, Failure> {
    findings::tell(&project.sources, &project.findings);
    let clock = Clock {
        now: as_of,
        zone: project.config.timezone,
    };
    let watch = Terminal::new();
    let absent = absent_values(project, &clock, &watch)?;
    let mine = project
        .rules
        .segments
        .iter()
        .find(|s| s.id.value == new.id());
    let mine: Vec<_> = mine
        .into_iter()
        .flat_map(|segment| &segment.filter)
        .flat_map(|filter| &filter.values)
        .map(|value| value.location)
        .collect();
    if let Some(finding) = absent
        .iter()
        .find(|f| f.location.is_some_and(|l| mine.contains(&l)))
    {
        let help = finding.help.as_deref().unwrap_or_default();
        return Err(Failure::input(format!("{}; {help}", finding.message)));
    }
    let options = Options {
        as_of: Some(as_of),
        dry_run: true,
        trigger: "preview".to_string(),
        ..Options::default()
    };
    let outcome = crate::run::run(project, &options, &watch).await;
    watch.finish();
    Ok(outcome?)
}

/// Tells who would be in it; true where that cannot be told.
fn show(project: &Project, new: &NewSegment, outcome: &Outcome) -> bool {
    let place = project
        .rules
        .segments
        .iter()
        .position(|s| s.id.value == new.id());
    let Some(found) = place.and_then(|place| outcome.segments.get(place)) else {
        return false;
    };
    if let Some(stale) = &found.stale {
        note!("{}: cannot be evaluated: {}", new.name, stale.reason);
        return true;
    }
    if new.filters.is_empty() && new.when.is_none() {
        note!("warning: neither a filter nor a condition: everyone is in this segment");
    }
    let subjects = &outcome.evaluation.subjects;
    let marks = marks(project.config.locale);
    note!(
        "{}: {} of {} {}s",
        new.name,
        marks.whole(i64::try_from(found.members.len()).unwrap_or(i64::MAX)),
        marks.whole(i64::try_from(subjects.len()).unwrap_or(i64::MAX)),
        project.config.subject.name.value
    );
    for member in found.members.iter().take(SHOWN) {
        note!("  {}", printable(&subjects.label(*member as usize)));
    }
    if found.members.len() > SHOWN {
        note!("  …");
    }
    false
}

/// Beside the file and renamed: a rule file is never half written.
fn write(path: &PathBuf, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(old) = std::fs::metadata(path) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.persist(path)?;
    Ok(())
}
