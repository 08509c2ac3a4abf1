//! Reports and the mail that carries them, as config defines them.

mod convert;
pub(super) mod wire;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::source::{Location, Scalar};
use crate::value::Share;

pub(super) use convert::instead;

/// One mailed report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub id: Scalar,
    /// What the reader sees it called; the id where none is set.
    pub name: String,
    /// Recipients: addresses, each once.
    pub to: Vec<Scalar>,
    /// The segments, in this order; none for all.
    pub segments: Option<Vec<Scalar>>,
    /// Whom it tells about: a condition per subject; none for everyone.
    pub filter: Option<Scalar>,
    /// The template of the subject line; none for the usual one.
    pub subject: Option<Scalar>,
    /// The values that it shows of each segment, beside the size.
    pub values: ReportValues,
    /// How many names at most a segment's list in the body has; 0: none.
    pub names: u32,
    /// Columns of the attached files; none for those of `export:`.
    pub columns: Option<Vec<Scalar>>,
    pub attach: Attach,
    /// The largest encoded message that goes out whole, in bytes.
    pub max_size: u64,
    /// Whether it is sent when nothing changed.
    pub send_empty: bool,
    /// Where an answer goes; none: to the sender.
    pub reply_to: Option<Scalar>,
    /// When it is held back, until somebody has looked.
    pub hold: Option<Hold>,
}

/// Which values a report shows of each segment, beside the size.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportValues {
    /// Those that most mails are read for.
    Usual,
    All,
    /// These, in this order; none of them where it is empty.
    These(Vec<Scalar>),
}

/// What is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "AttachFile")]
pub enum Attach {
    /// Nothing.
    None,
    /// One file.
    #[default]
    One,
    /// A file for each segment.
    PerSegment,
}

/// When a report is held back.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// A size that moved by more than this share of what it was: 0.5 is 50%; none: whatever it did.
    pub size_change: Option<Share>,
    /// Smaller moves than by so many members are never held.
    pub at_least: u32,
    /// A segment whose members are those of an earlier run.
    pub stale: bool,
    /// Collections whose newest row must not be older than this.
    pub data_older_than: Vec<(Scalar, Duration)>,
    /// Segments that may move as they like.
    pub except: Vec<Scalar>,
}

/// How mail leaves.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    /// The sender: an address, or `Name <address>`.
    pub from: Scalar,
    pub transport: MailTransport,
    /// The envelope's sender, which undeliverable mail comes back to; none: the sender's address.
    pub bounces_to: Option<Scalar>,
    /// Addresses, and domains as `@example.com`, that mail may go to; none: anywhere.
    pub allow: Option<Vec<Scalar>>,
    /// Mail that was not sent within this goes nowhere.
    pub expire: Duration,
    /// Whether mail that perhaps arrived is sent again.
    pub unknown_again: bool,
}

impl Mail {
    pub fn allows(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        self.allow.as_ref().is_none_or(|allowed| {
            allowed.iter().any(|one| {
                let one = one.value.trim().to_ascii_lowercase();
                one == address || one.starts_with('@') && address.ends_with(&one)
            })
        })
    }
}

/// Where mail goes.
#[derive(Debug, Clone, PartialEq)]
pub enum MailTransport {
    /// `.eml` files into a folder.
    File(PathBuf),
    Smtp(Smtp),
}

/// A file that config names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    pub path: PathBuf,
    /// Where config names it.
    pub at: Location,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// User name, where the server asks for one.
    pub username: Option<String>,
    /// The file that holds the password; read at each connection.
    pub password_file: Option<NamedFile>,
    /// A file with the certificate of an authority of one's own, PEM; none: the system's.
    pub ca_file: Option<NamedFile>,
    /// How long the server may take for each step.
    pub timeout: Duration,
}

impl Smtp {
    /// True where the server is this very machine, so that nobody reads what goes to it.
    pub fn is_here(&self) -> bool {
        let address: Result<IpAddr, _> = self.host.parse();
        self.host.eq_ignore_ascii_case("localhost")
            || address.is_ok_and(|address| address.is_loopback())
    }
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Sending")]
pub enum Tls {
    /// Not at all.
    None,
    /// Upgraded after greeting.
    #[default]
    Starttls,
    /// From the first byte.
    Implicit,
}
