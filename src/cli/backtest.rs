//! `muster backtest`

use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{print_part, print_table, print_value};
use super::proof::save_picture;
use super::watch::Terminal;
use super::{Common, Format, findings, results};
use crate::backtest::{Dates, Variant, backtest_segment, draw_sizes};
use crate::connector::connect;
use crate::project::{LoadError, Project};
use crate::time::{Clock, Duration};
use crate::view::{
    AboutSegment, Wording, date_names, marks, sizes_captions, sizes_json, sizes_table, sizes_words,
};

/// How large a segment would have been on past dates, and how large with another condition.
#[derive(Args, Debug)]
pub(super) struct Backtest {
    /// The segment, by its id; it need not have been run yet
    segment: String,
    /// How far the dates are apart: `day`, `week`, `month`, `10 days`
    #[arg(long, value_name = "LENGTH", default_value = "week", value_parser = length)]
    every: Duration,
    /// How far back the dates reach: `1 year`, `90 days`
    #[arg(long = "for", value_name = "LENGTH", default_value = "1 year", value_parser = length)]
    length: Duration,
    /// On this date alone (may be given more than once); default: a series that ends with the last run
    #[arg(long, value_name = "TIME", conflicts_with_all = ["every", "length"])]
    as_of: Vec<String>,
    /// Another condition in the place of the segment's own (may be given more than once); changes no file
    #[arg(long = "try", value_name = "CONDITION")]
    tries: Vec<String>,
    /// Draw the sizes into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// The name of the output in messages.
const WHAT: &str = "a backtest";

pub(super) async fn backtest(command: &Backtest, common: &Common) -> Result<Exit, Failure> {
    let project = crate::project::load(&common.config, connect).await?;
    findings::tell(&project.sources, &project.findings);
    let segments = &project.rules.segments;
    let id = segments.position(|segment| segment.id.value == command.segment);
    let Some((id, segment)) = id.and_then(|id| Some((id, segments.get(id)?))) else {
        let ids = segments.iter().map(|segment| segment.id.value.as_str());
        return Err(results::no_segment(&command.segment, ids));
    };
    let mut variants = vec![Variant::own(&project, id)];
    for condition in &command.tries {
        let tried = Variant::tried(&project, id, condition);
        let refused = |(sources, findings)| LoadError::Refused(sources, findings);
        variants.push(tried.map_err(refused)?);
    }
    let dates = dates(command, &project).await?;
    let connector = connect(&project.config);
    let asked = (variants.as_slice(), dates.as_slice());
    let found = backtest_segment(&project, &*connector, asked, &Terminal::new())?;
    let wording = Wording {
        subject: &project.config.subject,
        marks: marks(project.config.locale),
        zone: project.config.timezone,
    };
    let about = AboutSegment {
        id: &command.segment,
        name: &segment.name,
    };
    let table = sizes_table(&found, &wording);
    match common.format {
        Format::Csv | Format::Markdown => {
            print_table(&table, common.format, project.config.locale)?;
        }
        Format::Json | Format::Jsonl => {
            print_value(&sizes_json(&found, about, &wording), WHAT, common.format)?;
        }
        Format::Table => {
            for line in sizes_words(&found, about, &wording) {
                say!("{line}");
            }
            say!();
            print_part(&table, project.config.locale)?;
            for sentence in &found.notes {
                note!("note: {sentence}");
            }
        }
    }
    // The findings are printed first, so that they are not lost if the picture cannot be written.
    if let Some(path) = &command.svg {
        let captions = sizes_captions(&found, about, &wording);
        let names = date_names(&found, &wording);
        save_picture(path, &draw_sizes(&found, &names, &captions))?;
    }
    Ok(Exit::Done)
}

/// The requested dates; a series ends with the last published run, so that its last size is the published one.
async fn dates(command: &Backtest, project: &Project) -> Result<Vec<i64>, Failure> {
    let zone = project.config.timezone;
    let present = results::now();
    let last = match results::reader(&project.config).await? {
        Some(mut store) => store.last_published().await?,
        None => None,
    };
    let end = Clock {
        now: last.map_or(present, |run| run.as_of.min(present)),
        zone,
    };
    let as_of = command.as_of.iter();
    let as_of: Vec<i64> = as_of
        .map(|text| results::as_of(text, zone))
        .collect::<Result<_, _>>()?;
    let dates = match as_of.is_empty() {
        false => Dates::These(as_of),
        true => Dates::Series {
            every: command.every,
            length: command.length,
        },
    };
    Ok(dates.instants(end, present)?)
}

/// Parses a duration in words; the number may be omitted if it is 1.
fn length(text: &str) -> Result<Duration, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let length = match words.as_slice() {
        [unit] => Duration::of_words("1", unit),
        [count, unit] => Duration::of_words(count, unit),
        _ => None,
    };
    length.ok_or_else(|| {
        "write a length of whole days, such as `week`, `10 days`, `1 year`".to_owned()
    })
}
