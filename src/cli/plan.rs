//! `muster plan`

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{print_part, print_table, print_value};
use super::proof::save_picture;
use super::watch::Terminal;
use super::{Common, Format, results};
use crate::connector::connect;
use crate::diagnostic::TerminalText;
use crate::edits::between;
use crate::plan::{Asked, Drift, PlanFile, Planned, draw_plan, plan as planned};
use crate::project::{LoadError, Project, load_beside, load_published};
use crate::run::fingerprint;
use crate::source::Sources;
use crate::store::{Run, RunStatus, Store};
use crate::view::{Against, PlanView, Table, markdown, marks, plain};

/// Who would move by what was edited since the last run, by which edit and why; nothing is written.
#[derive(Args, Debug)]
pub(super) struct Plan {
    /// Hold the rules against these instead: another config.yaml, its folder, or the number of a run
    #[arg(long, value_name = "PATH|RUN", value_hint = clap::ValueHint::AnyPath)]
    against: Option<String>,
    /// Only who moves in this segment
    #[arg(long, value_name = "ID")]
    segment: Option<String>,
    /// List so many movers
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Evaluate at this time instead of now: a date (its local midnight) or an instant
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// List movers by name in Markdown too
    #[arg(long)]
    names: bool,
    /// Exit with 1 if somebody moves, or if that cannot be known
    #[arg(long)]
    exit_code: bool,
    /// Write the plan into this file, for `muster run --plan`: keys and no names
    #[arg(long, value_name = "FILE", conflicts_with = "segment")]
    out: Option<PathBuf>,
    /// Draw the segments before and after into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// The name of the output in messages.
const WHAT: &str = "a plan";

pub(super) async fn plan(command: &Plan, common: &Common) -> Result<Exit, Failure> {
    let new = crate::project::load(&common.config, connect).await?;
    let zone = new.config.timezone;
    let now = match &command.as_of {
        Some(text) => results::as_of(text, zone)?,
        None => results::now(),
    };
    let mut store = results::reader(&new.config).await?;
    let last = match &mut store {
        Some(store) => store.last_published().await?,
        None => None,
    };
    let (old, against) = earlier(
        command.against.as_deref(),
        &new,
        store.as_mut(),
        last.as_ref(),
    )
    .await?;
    if let Some(id) = &command.segment {
        known(&old, &new, id)?;
    }
    let run = match (&against, &last) {
        (Against::Run(run), Some(last)) if run.id == last.id => Some(run.id),
        _ if command.out.is_some() => {
            return Err(Failure::input(
                "a plan that can be run stands on the last published run: `--out` without `--against`",
            ));
        }
        _ => None,
    };
    let edits = between(&old, &new);
    let asked = Asked {
        now,
        segment: command.segment.as_deref(),
        explained: command.limit,
    };
    let connector = connect(&new.config);
    let found = planned((&old, &new), &edits, &*connector, &asked, &Terminal::new())?;
    let drift = match (&mut store, &last) {
        (Some(store), Some(last)) if command.segment.is_none() => {
            drift(store, &found, &old, last).await?
        }
        _ => None,
    };
    let view = PlanView {
        plan: &found.plan,
        against: &against,
        drift,
        subject: &new.config.subject,
        marks: marks(new.config.locale),
    };
    match common.format {
        Format::Table => tell(&view, &new, command.limit)?,
        Format::Markdown => {
            let text = in_markdown(&view, command.names.then_some(command.limit));
            super::say::try_out(&TerminalText::lines(&text))?;
        }
        Format::Csv => print_table(&view.movements(), Format::Csv, new.config.locale)?,
        format => print_value(&view.to_json(), WHAT, format)?,
    }
    if let (Some(path), Some(run)) = (&command.out, run) {
        let file = PlanFile::new(&found.plan, &new, run);
        let place = |error| Failure::world(format!("cannot write `{}`: {error}", path.display()));
        file.write(path).map_err(place)?;
    }
    if let Some(path) = &command.svg {
        let captions = view.captions();
        save_picture(path, &draw_plan(view.plan, &view.ways(), &captions))?;
    }
    Ok(match command.exit_code && !found.plan.moves_nobody() {
        true => Exit::Attention,
        false => Exit::Done,
    })
}

/// The old rules that the new ones are compared with.
async fn earlier(
    against: Option<&str>,
    new: &Project,
    store: Option<&mut Store>,
    last: Option<&Run>,
) -> Result<(Project, Against), Failure> {
    let run = match (
        against.map(|against| (against, against.parse::<i64>())),
        last,
    ) {
        (Some((path, Err(_))), _) => return config_at(path, new),
        (Some((_, Ok(number))), _) => run_of(store, number).await?,
        (None, Some(last)) => last.clone(),
        (None, None) => return Err(results::nothing_yet()),
    };
    match load_published(new, &new.sources, run.id).await? {
        Some(old) => Ok((old, Against::Run(Box::new(run)))),
        None => Err(Failure::input(not_stored(&run))),
    }
}

/// The message that the definitions behind a run are not stored, why, and what to do instead.
fn not_stored(run: &Run) -> String {
    let reason = match run.had_too_much() {
        true => "together with the lists they take up more than 16 MiB",
        false => {
            "the run is older than the history that is kept, or was made by an earlier version of Muster, which did not keep them"
        }
    };
    format!(
        "the rules that run {} was made by are not stored: {reason}; `--against PATH` takes a copy of them",
        run.id
    )
}

/// A published run by its number.
async fn run_of(store: Option<&mut Store>, number: i64) -> Result<Run, Failure> {
    let runs = match store {
        Some(store) => store.runs(None).await?,
        None => Vec::new(),
    };
    let mut published = runs
        .into_iter()
        .filter(|run| matches!(run.status, RunStatus::Published | RunStatus::Partial));
    published.find(|run| run.id == number).ok_or_else(|| {
        Failure::input(format!(
            "no run {number} was published; `muster status` lists the last ones"
        ))
    })
}

/// Another config, by its path or its folder's.
fn config_at(path: &str, new: &Project) -> Result<(Project, Against), Failure> {
    let path = Path::new(path);
    let path = match path.is_dir() {
        true => path.join(super::DEFAULT_CONFIG),
        false => path.to_owned(),
    };
    let env = |name: &str| std::env::var(name).ok();
    let old = load_beside(new, &path, Sources::default(), &env)
        .map_err(|(sources, findings)| LoadError::Refused(sources, findings))?;
    Ok((old, Against::Config(path.display().to_string())))
}

/// Rejects a segment that neither the old nor the new rules define.
fn known(old: &Project, new: &Project, id: &str) -> Result<(), Failure> {
    let ids = |project: &Project| -> Vec<String> {
        let segments = project.rules.segments.iter();
        segments.map(|segment| segment.id.value.clone()).collect()
    };
    let mut all = ids(new);
    all.extend(ids(old));
    match all.iter().any(|known| known == id) {
        true => Ok(()),
        false => Err(results::no_segment(id, all.iter().map(String::as_str))),
    }
}

/// The moves unrelated to the edits; `None` if the last run used rules other than the old ones.
async fn drift(
    store: &mut Store,
    found: &Planned,
    old: &Project,
    last: &Run,
) -> Result<Option<Drift>, Failure> {
    if fingerprint(old).rules != last.fingerprint.rules {
        return Ok(None);
    }
    let before = &found.before;
    let previous = store.previous(&before.subjects, &before.members()).await?;
    Ok(Some(before.drift(&previous)))
}

fn tell(view: &PlanView<'_>, new: &Project, limit: usize) -> Result<(), Failure> {
    let locale = new.config.locale;
    say!("{}", view.title());
    if !view.plan.edits.is_empty() {
        print_part(&view.edits(), locale)?;
    }
    if !view.plan.segments.is_empty() {
        say!();
        print_part(&view.segments(), locale)?;
    }
    say!();
    say!("{}", view.summary());
    let movers = view.movers(limit);
    if !movers.rows.is_empty() {
        print_part(&movers, locale)?;
    }
    let more = view.plan.movers.len() - movers.rows.len();
    if more > 0 {
        note!("{} more; `--limit` lists them", view.marks.whole(more));
    }
    for remark in view.remarks() {
        say!("{remark}");
    }
    Ok(())
}

/// The plan for a pull request: counts, and names only if requested.
fn in_markdown(view: &PlanView<'_>, names: Option<usize>) -> String {
    let part = |table: &Table| match table.rows.is_empty() {
        true => String::new(),
        false => markdown(table, &view.marks) + "\n",
    };
    let mut text = format!("**{}**\n\n", plain(&view.title()));
    text += &part(&view.edits());
    text += &part(&view.segments());
    text += &format!("{}\n", plain(&view.summary()));
    if let Some(most) = names {
        text += &format!("\n{}", part(&view.movers(most)));
    }
    for remark in view.remarks() {
        text += &format!("\n{}\n", plain(&remark));
    }
    text
}
