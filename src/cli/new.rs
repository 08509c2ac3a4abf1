//! `muster new segment`

use std::collections::HashMap;
use std::path::Path;

use clap::{Args, Subcommand};

use super::exit::{Exit, Failure};
use super::rewrite::{Rewrite, rewrite};
use super::watch::Terminal;
use super::{Common, findings, results};
use crate::authoring::{Wish, added, id_of, written};
use crate::config::{Config, SEGMENTS_FIELD};
use crate::connector::connect;
use crate::diagnostic::{Code, Finding, Teller, TerminalText, is_joiner, is_unprintable, suggest};
use crate::engine::Subjects;
use crate::lint::{Look, absent_filter_values};
use crate::project::{LoadError, Project, load_draft};
use crate::rules::{Draft, SegmentId, file_for_new};
use crate::run::{Options, Outcome};
use crate::source::{Commas, ReadError, Sources, entries};
use crate::time::Clock;
use crate::view::marks;

/// The name of a temporary segment for querying the data; it is never written.
const ASKED: &str = "asked of the data";

/// The number of members shown by name.
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
    /// Filters: --FIELD VALUE, with the fields that config defines and `--segments ID`; separate several values
    /// by commas, and put one that contains a comma in double quotes: --city '"Berlin, Mitte",Hamburg'
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "--FIELD VALUE"
    )]
    filters: Vec<String>,
}

pub(super) async fn new(command: &New, common: &Common) -> Result<Exit, Failure> {
    let What::Segment(segment) = &command.what;
    if !segment.name.chars().any(is_seen) {
        return Err(Failure::input(
            "a segment needs a name that people can read, such as `muster new segment \"Weekend regulars\"`",
        ));
    }
    let config = results::config(common)?;
    let given = given(&config, &segment.filters)?;
    let last = match results::reader(&config).await? {
        Some(mut store) => store.last_published().await?,
        None => None,
    };
    // As of the last run, so that the size is consistent with the segments page.
    let as_of = last.map_or_else(results::now, |run| run.as_of);
    let new = Wish {
        name: segment.name.clone(),
        when: segment.when.clone().or(given.when),
        filters: filters(&config, common, &given.filters, as_of).await?,
        ..Wish::default()
    };
    refuse_taken(&config, &new)?;
    let path = file_for_new(&config);
    let before = match path.exists() {
        true => Some(crate::source::read(&path).map_err(|error| unreadable(&path, &error))?),
        false => None,
    };
    let commas = given.filters.iter().any(|(_, text)| text.contains(','));
    let text = added(before.as_deref(), &id_of(&new.name), &new);
    let draft = Draft {
        text: text.map_err(|reason| Failure::input(format!("{}: {reason}", path.display())))?,
        path: path.clone(),
    };
    let project = load_draft(&common.config, &draft, connect).await?;
    let outcome = preview(&project, &new, commas, as_of).await?;
    let stale = show(&project, &new, &outcome);
    let exit = if stale { Exit::Attention } else { Exit::Done };
    if segment.print || given.print {
        super::say::try_out(&TerminalText::lines(&written(&id_of(&new.name), &new)))?;
        return Ok(exit);
    }
    let file = Rewrite {
        path: &path,
        before: before.as_deref(),
        text: &draft.text,
    };
    rewrite(&file, common)?;
    note!("written to {}; `muster run` publishes it", path.display());
    Ok(exit)
}

/// Whether a character is visible.
fn is_seen(c: char) -> bool {
    !c.is_whitespace() && !is_unprintable(c) && !is_joiner(c)
}

/// Rejects an id that a rule file already has, before a draft would make it a duplicate.
fn refuse_taken(config: &Config, new: &Wish) -> Result<(), Failure> {
    let mut sources = Sources::default();
    let (rules, _) = crate::rules::load(config, &mut sources);
    let id = id_of(&new.name);
    let Some(known) = rules.segments.iter().find(|known| known.id.value == id) else {
        return Ok(());
    };
    let finding = Finding::new(
        Code::DuplicateId,
        format!("there is a segment `{id}` already"),
    )
    .at(known.id.location)
    .help("choose another name");
    Err(LoadError::Refused(sources, vec![finding]).into())
}

fn unreadable(path: &Path, error: &ReadError) -> Failure {
    Failure::world(format!("cannot read {}: {error}", path.display()))
}

/// The arguments after the name: the filters, and `--print` and `--when` if given.
#[derive(Default)]
struct Given {
    print: bool,
    when: Option<String>,
    /// Fields with the text of their values, one entry for each time the flag is given.
    filters: Vec<(String, String)>,
}

/// Parses `--day-of-week Sat --client-type member` into fields and their texts.
fn given(config: &Config, words: &[String]) -> Result<Given, Failure> {
    let mut given = Given::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--") else {
            return Err(Failure::input(format!(
                "`{word}` does not belong to an option; a filter is written `--field value`"
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
        given.filters.push((field(config, flag)?, value));
    }
    Ok(given)
}

/// The values given for each field, repeated or separated by commas. If a text as a whole is somebody's value,
/// including commas and quotes, it is a single value.
async fn filters(
    config: &Config,
    common: &Common,
    given: &[(String, String)],
    as_of: i64,
) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let mut filters: Vec<(String, Vec<String>)> = Vec::new();
    for (field, text) in given {
        let parts: Vec<String> = entries(text, Commas::Part)
            .into_iter()
            .map(|e| e.value)
            .collect();
        let whole = vec![text.clone()];
        let is_value = parts == whole
            || is_listed(config, field, text)
            || has_somebody(config, common, field, text, as_of).await?;
        let values = if is_value { whole } else { parts };
        let place = filters.iter().position(|(known, _)| known == field);
        match place.and_then(|place| filters.get_mut(place)) {
            Some((_, known)) => {
                let new = values.into_iter().filter(|value| !known.contains(value));
                let new: Vec<String> = new.collect();
                known.extend(new);
            }
            None => filters.push((field.clone(), values)),
        }
    }
    Ok(filters)
}

/// Whether config's list of a field's values includes a text.
fn is_listed(config: &Config, field: &str, text: &str) -> bool {
    let mut fields = config.fields.iter();
    let field = fields.find(|known| known.id.value == field);
    let mut values = field.into_iter().flat_map(|f| &f.values).flatten();
    values.any(|value| value.value == text)
}

/// Whether anybody has a value of a field. A text that is no valid value at all is nobody's.
async fn has_somebody(
    config: &Config,
    common: &Common,
    field: &str,
    value: &str,
    as_of: i64,
) -> Result<bool, Failure> {
    let asked = Wish {
        name: ASKED.to_owned(),
        filters: vec![(field.to_owned(), vec![value.to_owned()])],
        ..Wish::default()
    };
    // A separate file, which is never written.
    let draft = Draft {
        path: config.folder.join(format!("{ASKED}.yaml")),
        text: added(None, &id_of(ASKED), &asked).map_err(Failure::input)?,
    };
    let project = match load_draft(&common.config, &draft, connect).await {
        Ok(project) => project,
        Err(LoadError::Refused(..)) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let outcome = dry_run(&project, as_of).await?;
    let found = segment_id(&project, &asked).and_then(|id| outcome.segments.get(id));
    Ok(found.is_some_and(|found| !found.members.is_empty()))
}

/// The field of a flag: `--day-of-week` is `day_of_week`.
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

/// The segment as it would be now. A value that nobody has is rejected here, because it is probably a typing error.
async fn preview(
    project: &Project,
    new: &Wish,
    commas: bool,
    as_of: i64,
) -> Result<Outcome, Failure> {
    findings::tell(&project.sources, &project.findings);
    let clock = Clock {
        now: as_of,
        zone: project.config.timezone,
    };
    let look = Look {
        connector: &*connect(&project.config),
        clock: &clock,
        watch: &Terminal::new(),
        beside_a_run: false,
    };
    let absent = absent_filter_values(&project.compiled(), &look)?;
    let mine = segment_id(project, new).and_then(|id| project.rules.segments.get(id));
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
        let told = Teller::new(&project.sources).tell(finding);
        let help = told.help.unwrap_or_default();
        let commas = match commas {
            true => "; double quotes keep together what has a comma: '\"a, b\",c'",
            false => "",
        };
        return Err(Failure::input(format!("{}; {help}{commas}", told.message)));
    }
    dry_run(project, as_of).await
}

/// Evaluates all segments without writing anything.
async fn dry_run(project: &Project, as_of: i64) -> Result<Outcome, Failure> {
    let options = Options {
        as_of: Some(as_of),
        dry_run: true,
        trigger: "preview".to_string(),
        ..Options::default()
    };
    let connector = connect(&project.config);
    Ok(crate::run::run(project, &*connector, &options, &Terminal::new()).await?)
}

/// The index of the new segment.
fn segment_id(project: &Project, new: &Wish) -> Option<SegmentId> {
    let segments = &project.rules.segments;
    segments.position(|segment| segment.id.value == id_of(&new.name))
}

/// The labels of subjects, with keys for those who share a label.
fn told_apart(subjects: &Subjects, places: impl Iterator<Item = usize>) -> Vec<String> {
    let labels: Vec<(usize, String)> = places
        .map(|place| (place, subjects.label(place).to_string()))
        .collect();
    let mut called: HashMap<&str, usize> = labels
        .iter()
        .map(|(_, label)| (label.as_str(), 0))
        .collect();
    for place in 0..subjects.len() {
        if let Some(count) = called.get_mut(subjects.label(place).to_string().as_str()) {
            *count += 1;
        }
    }
    let told = labels.iter().map(|(place, label)| {
        let is_shared = called.get(label.as_str()).is_some_and(|count| *count > 1);
        match subjects.key(*place).filter(|_| is_shared) {
            Some(key) => format!("{label} ({key})"),
            None => label.clone(),
        }
    });
    told.collect()
}

/// Prints who would be in it; true if that cannot be determined.
fn show(project: &Project, new: &Wish, outcome: &Outcome) -> bool {
    let found = segment_id(project, new).and_then(|id| outcome.segments.get(id));
    let Some(found) = found else {
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
        "{}: {} of {}",
        new.name,
        marks.whole(found.members.len()),
        project.config.subject.counted(subjects.len(), &marks),
    );
    let shown = found.members.iter().take(SHOWN);
    for name in told_apart(subjects, shown.map(|member| *member as usize)) {
        note!("  {name}");
    }
    let more = found.members.len().saturating_sub(SHOWN);
    if more > 0 {
        note!(
            "  and {} more; once it is published, `muster export {}` lists all",
            marks.whole(more),
            id_of(&new.name)
        );
    }
    false
}
