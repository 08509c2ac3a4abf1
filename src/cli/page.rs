//! `muster page`

use std::io::{IsTerminal, stdin};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::clock::clock;
use super::exit::{Exit, Failure};
use super::output::print_table;
use super::watch::Signals;
use super::{Common, results};
use crate::config::{Auth, Config, Role};
use crate::connector::connect;
use crate::disk;
use crate::serve::{Bounds, answer, bind};
use crate::view::{Heading, Table};
use crate::web::{Order, User, Users, Web, router};

/// How long open responses may continue when the page is told to stop.
const TO_END: Duration = Duration::from_secs(5);

/// Shows the segments and clients in the browser until told to stop.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Page {
    /// The address to listen on. Default: `page: listen:` of config, or a free port of this machine
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    #[command(subcommand)]
    command: Option<PageCommand>,
}

#[derive(Subcommand, Debug)]
enum PageCommand {
    /// Add, remove or list those who may see the page
    #[command(subcommand)]
    User(UserCommand),
}

#[derive(Subcommand, Debug)]
enum UserCommand {
    /// Add somebody, or give somebody another role and password; the password is asked for, or read from stdin
    Add {
        /// Their name
        #[arg(value_name = "NAME")]
        name: String,
        /// What they may do: counts (no people), view, edit (rules), operate (runs and mail)
        #[arg(long, value_name = "ROLE")]
        role: Role,
    },
    /// Take somebody out: they are out at their next click
    Remove {
        /// Their name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// List them with their roles
    List,
}

pub(super) async fn page(command: &Page, common: &Common) -> Result<Exit, Failure> {
    let config = results::config(common)?;
    match &command.command {
        Some(PageCommand::User(command)) => user(command, &config, common),
        None => show(command.listen, &config, common).await,
    }
}

async fn show(
    listen: Option<SocketAddr>,
    config: &Config,
    common: &Common,
) -> Result<Exit, Failure> {
    let mut signals = Signals::listen();
    let page = config.page.clone().unwrap_or_default();
    let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let address = listen.or(page.listen).unwrap_or(free);
    if let Some((message, help)) = page.open_to_all(Some(address)) {
        return Err(Failure::input(format!("{message}; {help}")));
    }
    let web = web(config, common).map_err(Failure::world)?;
    let listener = bind(address, "`--listen`").await.map_err(Failure::world)?;
    let address = listener.local_addr();
    let address = address.map_err(|error| Failure::world(error.to_string()))?;
    let entrance = web.entrance().map_err(Failure::world)?;
    match &page.url {
        Some(url) => say!("{url}/ (listening on {address})"),
        None => say!("http://{address}{entrance}"),
    }
    if page.auth.is_none() {
        note!("open this address in a browser: it is good for one. Ctrl-C ends the page");
    }
    let stop = CancellationToken::new();
    let answered = answer(listener, Bounds::PEOPLE, router(web), stop.clone());
    tokio::pin!(answered);
    tokio::select! {
        () = &mut answered => {}
        () = signals.told_to_stop() => {
            stop.cancel();
            tokio::select! {
                () = &mut answered => {}
                () = sleep(TO_END) => {}
            }
        }
    }
    Ok(Exit::Done)
}

/// The page of a config.
///
/// # Errors
/// See [`Web::new`].
pub(super) fn web(config: &Config, common: &Common) -> Result<Web, String> {
    Web::new(Order {
        config: common.config.clone(),
        connect,
        clock: clock(),
        page: config.page.clone().unwrap_or_default(),
    })
}

fn user(command: &UserCommand, config: &Config, common: &Common) -> Result<Exit, Failure> {
    let path = users_file(config)?;
    match command {
        UserCommand::Add { name, role } => {
            let password = password(name)?;
            change(&path, common, |users| {
                users.put(name, *role, &password).map_err(Failure::input)
            })?;
            note!("`{name}` can sign in, with the role `{role}`");
        }
        UserCommand::Remove { name } => {
            change(&path, common, |users| match users.remove(name) {
                true => Ok(()),
                false => {
                    let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
                    let near = results::near(name, names.into_iter());
                    Err(Failure::input(format!("there is no user `{name}`; {near}")))
                }
            })?;
            note!("`{name}` can no longer sign in");
        }
        UserCommand::List => {
            let users = users(&path)?;
            let rows: Vec<&User> = users.iter().collect();
            let table = Table::of(&rows)
                .column(Heading::left("name", "Name").names(), |user| {
                    user.name.clone()
                })
                .column(Heading::left("role", "Role"), |user| user.role.to_string())
                .done();
            print_table(&table, common.format, config.locale)?;
        }
    }
    Ok(Exit::Done)
}

fn users(path: &Path) -> Result<Users, Failure> {
    match path.try_exists() {
        Ok(false) => Ok(Users::default()),
        _ => Users::read(path).map_err(Failure::world),
    }
}

/// Changes the file of users under a lock: otherwise, two concurrent changes would both start from the same old file.
fn change(
    path: &Path,
    common: &Common,
    change: impl FnOnce(&mut Users) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let changed = disk::alone(&common.config, || {
        let mut users = users(path)?;
        change(&mut users)?;
        users.write(path).map_err(Failure::world)
    });
    changed.map_err(|error| Failure::world(format!("the users cannot be locked: {error}")))?
}

fn users_file(config: &Config) -> Result<PathBuf, Failure> {
    match config.page.as_ref().and_then(|page| page.auth.as_ref()) {
        Some(Auth::Users(path)) => Ok(Path::new(path).to_path_buf()),
        Some(Auth::Proxy(_)) => Err(Failure::input(
            "the proxy in front of the page says who people are: `page: auth: proxy:` has no file of users",
        )),
        None => Err(Failure::input(
            "config names no file of users; write `page: { auth: { users: page-users } }`",
        )),
    }
}

/// Reads a password from the terminal, hidden and twice, or from the single line of stdin.
fn password(name: &str) -> Result<String, Failure> {
    let failed =
        |error: std::io::Error| Failure::world(format!("no password could be read: {error}"));
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin().read_line(&mut line).map_err(failed)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let first = rpassword::prompt_password(format!("Password of {name}: ")).map_err(failed)?;
    let again = rpassword::prompt_password("Once more: ").map_err(failed)?;
    match first == again {
        true => Ok(first),
        false => Err(Failure::input(
            "the two are not the same; nothing was changed",
        )),
    }
}
