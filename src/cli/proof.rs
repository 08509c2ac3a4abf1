//! `muster health --backtest`: whether the score predicts churn.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Failure};
use super::output::{no_csv, print_part, print_value};
use super::watch::Terminal;
use super::{Common, Format, findings, results};
use crate::backtest::{Asked, Backtest, BacktestError, backtest};
use crate::connector::connect;
use crate::diagnostic::TerminalText;
use crate::disk::{Access, refuse_special, write};
use crate::project::Project;
use crate::view::{
    Wording, backtest_json, backtest_tables, captions, left_out, marks, suggestion_words,
    suggestion_yaml, verdict,
};

/// What is asked of the past.
#[derive(Args, Debug)]
pub(super) struct Proof {
    /// Hold the score against the past: did the less healthy leave?
    #[arg(long)]
    pub(super) backtest: bool,
    /// On this date of the past (may be given more than once); default: up to six, as late as the data allows
    #[arg(long, value_name = "DATE", requires = "backtest")]
    as_of: Vec<String>,
    /// Fit other weights to earlier dates, and judge them on later ones; changes no file
    #[arg(long, requires = "backtest")]
    suggest: bool,
    /// Draw what came out into this file
    #[arg(long, value_name = "FILE", requires = "backtest")]
    svg: Option<PathBuf>,
}

/// The name of the output in messages.
const WHAT: &str = "a backtest";

pub(super) async fn prove(command: &Proof, common: &Common) -> Result<Exit, Failure> {
    if common.format == Format::Csv {
        return Err(no_csv(WHAT));
    }
    let project = crate::project::load(&common.config, connect).await?;
    findings::tell(&project.sources, &project.findings);
    let zone = project.config.timezone;
    let as_of = command.as_of.iter().map(|text| results::as_of(text, zone));
    let asked = Asked {
        as_of: as_of.collect::<Result<_, _>>()?,
        suggest: command.suggest,
    };
    let found = backtest(
        &project,
        &*connect(&project.config),
        &asked,
        results::now(),
        &Terminal::new(),
    )?;
    let wording = Wording {
        subject: &project.config.subject,
        marks: marks(project.config.locale),
        zone,
    };
    match common.format {
        Format::Table => tell(&project, &found, &wording)?,
        _ => print_value(&backtest_json(&found, &wording), WHAT, common.format)?,
    }
    // The findings are printed first, so that they are not lost if the picture cannot be written.
    if let Some(path) = &command.svg {
        let captions = captions(&found, &wording);
        save_picture(path, &crate::validation::draw(&found.proof, &captions))?;
    }
    Ok(Exit::Done)
}

/// Writes a requested picture.
pub(super) fn save_picture(path: &Path, picture: &str) -> Result<(), Failure> {
    refuse_special(path)
        .and_then(|()| write(path, picture.as_bytes(), Access::Usual))
        .map_err(|error| Failure::world(format!("cannot write `{}`: {error}", path.display())))
}

/// Prints the findings in words, then the tables; remarks go to stderr.
fn tell(project: &Project, found: &Backtest, wording: &Wording<'_>) -> Result<(), Failure> {
    for sentence in verdict(found, wording) {
        say!("{sentence}");
    }
    for (title, table) in backtest_tables(found, wording) {
        say!();
        say!("{title}");
        print_part(&table, project.config.locale)?;
    }
    if let Some(tried) = &found.suggestion {
        say!();
        for sentence in suggestion_words(found, tried, wording) {
            say!("{sentence}");
        }
        if let (Ok(suggestion), Some(health)) = (tried, &project.config.health) {
            say!();
            let yaml = suggestion_yaml(found, suggestion, &health.factors, wording);
            super::say::try_out(&TerminalText::lines(&yaml))?;
        }
    }
    for sentence in left_out(found).iter().chain(&found.notes) {
        note!("note: {sentence}");
    }
    if found.untold > 0 {
        note!(
            "note: of {} it cannot be told whether they left, because what `when` asks is missing; they are left out",
            found.untold
        );
    }
    Ok(())
}

impl From<BacktestError> for Failure {
    fn from(error: BacktestError) -> Self {
        match error {
            BacktestError::Asked(words) => Self::input(words),
            BacktestError::Run(error) => error.into(),
        }
    }
}
