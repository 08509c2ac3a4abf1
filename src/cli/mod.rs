//! The command line interface: arguments, printing of views, exit codes. Decides nothing.
//!
//! One file per command; stdout is for results, stderr for everything else.

#[macro_use]
mod say;

mod backtest;
mod check;
mod clients;
mod clock;
mod columns;
mod completions;
mod demo;
mod docs;
mod exit;
mod explain;
mod export;
mod extent;
mod findings;
mod fixing;
mod fmt;
mod forget;
mod health;
mod import;
mod init;
mod lease;
mod lint;
mod list;
mod listing;
mod log;
mod logs;
mod lsp;
mod man;
mod members;
mod new;
mod outbox;
mod output;
mod page;
mod plan;
mod proof;
mod publish;
mod report;
mod results;
mod rewrite;
mod run;
mod schedule;
mod schema;
mod segments;
mod serve;
mod status;
mod test;
mod test_from;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::{Paint, TerminalText};

use exit::{Exit, Failure};

/// The meaning of [`Exit`], for the help and the manual page.
const EXIT_CODES: &str = "Exit codes: 0, done; 1, done, but something needs attention; 2, config, rules or arguments \
    are wrong; 3, the database, the mail server or the disk is.";

/// Customer segments as code.
#[derive(Parser, Debug)]
#[command(name = "muster", version, about, max_term_width = 100, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// The config of a project in the current folder.
const DEFAULT_CONFIG: &str = "config.yaml";

/// What every command takes.
#[derive(Args, Debug, Clone)]
struct Common {
    /// The configuration file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = DEFAULT_CONFIG
    )]
    config: PathBuf,
    /// How tables and findings are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// How a result is printed.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For programs: one object a line
    Jsonl,
    /// For spreadsheets
    Csv,
    /// For pull requests
    Markdown,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make the database of the demo where config says, then run
    Demo(demo::Demo),
    /// Write a first config.yaml and rule file for your database, or for CSV and Excel files
    Init(init::Init),
    /// Make the database anew from the CSV and Excel files that config names
    Import(import::Import),
    /// Check config and rules against the database, without running anything
    Check(check::Check),
    /// Show who would move by what was edited since the last run
    Plan(plan::Plan),
    /// Report rules that are valid but look like mistakes, with the people affected
    Lint(lint::Lint),
    /// Run the tests of the rules, over people made up for them
    Test(test::Test),
    /// Evaluate all segments once and publish the results
    Run(run::RunOnce),
    /// List the clients, by score and then by name
    Clients(clients::Clients),
    /// List the segments with their sizes and values, or how these changed
    Segments(segments::Segments),
    /// Write a segment's members as CSV or JSON
    Export(export::Export),
    /// Explain why someone is in a segment, with real values, and what would change it; or what a segment is
    Explain(explain::Explain),
    /// List who is at risk and why, lowest health first, or test the score on the past
    Health(health::Health),
    /// Show how large a segment would have been on past dates, and with another condition
    Backtest(backtest::Backtest),
    /// Show the coming runs of each schedule
    Schedule(schedule::Schedule),
    /// Show the lists kept by hand, or add and remove entries
    List(list::List),
    /// Write the conditions of config and rule files in one form
    Fmt(fmt::Fmt),
    /// Write a new segment into a rule file
    New(new::New),
    /// Run the schedules of config until told to stop
    Serve(serve::Serve),
    /// Show the segments and clients in the browser
    Page(page::Page),
    /// Mail a report about the last published run
    Report(report::Report),
    /// Show the last runs, the schedules and what needs attention
    Status(status::Status),
    /// Show which run changed which definition, and who moved by it
    Log(log::Log),
    /// Show the mail and what became of it, or decide what becomes of it
    Outbox(outbox::Outbox),
    /// Write the results to the server that config names
    Publish(publish::Publish),
    /// Erase someone from every table that Muster writes
    Forget(forget::Forget),
    /// Show what a function, a word of conditions, a key or the code of a finding means
    Docs(docs::Docs),
    /// Serve an editor over stdin and stdout, by the Language Server Protocol
    Lsp(lsp::Lsp),
    /// Print the JSON Schema of config.yaml, rule files or test files; or the database's tables as tests take them
    Schema(schema::Schema),
    /// Print the completions of a shell
    Completions(completions::Completions),
    /// Print the manual page, or write those of all commands
    Man(man::Man),
}

/// Runs the command line and returns its exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misunderstood(error).into(),
    };
    crate::store::silence_reader_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(dispatch(&arguments));
            // Tasks that cannot be stopped end with the process.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(Failure::world(format!("cannot start: {error}"))),
    };
    if crate::store::has_panicked() && !result.as_ref().is_err_and(Failure::is_of_the_world) {
        let words = "a database that was read is damaged; restore it from a copy";
        return Failure::world(words).tell().into();
    }
    match result {
        Ok(_) if say::lost() => Exit::World.into(),
        Ok(exit) => exit.into(),
        Err(failure) => failure.tell().into(),
    }
}

/// Prints the requested help, or the error in the arguments.
fn misunderstood(error: clap::Error) -> Exit {
    // The error repeats the arguments, so it is created again from sanitized ones. An argument that is merely invalid
    // UTF-8 may then be accepted, and is not repeated.
    let seen =
        std::env::args_os().map(|word| TerminalText::words(word.to_string_lossy()).to_string());
    let error = Arguments::try_parse_from(seen).err().unwrap_or(error);
    let text = |paint| match paint {
        Paint::Coloured => TerminalText::coloured(&error.render().ansi().to_string()),
        Paint::Plain => TerminalText::lines(&error.render().to_string()),
    };
    if error.use_stderr() {
        say::err(&text(say::err_paint()));
        return Exit::Input;
    }
    // If not even the help can be printed, nothing can be done.
    let _ = say::try_out(&text(say::out_paint()));
    Exit::Done
}

async fn dispatch(arguments: &Arguments) -> Result<Exit, Failure> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Demo(command) => demo::demo(command, common).await,
        Command::Init(command) => init::init(command, common),
        Command::Import(_) => import::import(common),
        Command::Check(command) => check::check(command, common).await,
        Command::Plan(command) => plan::plan(command, common).await,
        Command::Lint(command) => lint::lint(command, common).await,
        Command::Test(command) => test::test(command, common).await,
        Command::Run(command) => run::run_once(command, common).await,
        Command::Clients(command) => clients::clients(command, common).await,
        Command::Segments(command) => segments::segments(command, common).await,
        Command::Export(command) => export::export(command, common).await,
        Command::Explain(command) => explain::explain(command, common).await,
        Command::Health(command) => health::health(command, common).await,
        Command::Backtest(command) => backtest::backtest(command, common).await,
        Command::Schedule(command) => schedule::schedule(command, common).await,
        Command::List(command) => list::list(command, common),
        Command::Fmt(command) => fmt::fmt(command, common),
        Command::New(command) => new::new(command, common).await,
        Command::Serve(command) => serve::serve_on(command, common).await,
        Command::Page(command) => page::page(command, common).await,
        Command::Report(command) => report::report(command, common).await,
        Command::Status(command) => status::status(command, common).await,
        Command::Log(command) => log::log(command, common).await,
        Command::Outbox(command) => outbox::outbox(command, common).await,
        Command::Publish(command) => publish::publish_now(command, common).await,
        Command::Forget(command) => forget::forget(command, common).await,
        Command::Docs(command) => docs::docs(command),
        Command::Lsp(command) => lsp::lsp(command, common),
        Command::Schema(command) => schema::schema(command, common),
        Command::Completions(command) => completions::completions(command),
        Command::Man(command) => man::man(command),
    }
}
