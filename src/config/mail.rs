//! Reports and how they are mailed, as config defines them.

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

/// A mailed report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub id: Scalar,
    /// The name that readers see; the id if none is set.
    pub name: String,
    /// The recipients' addresses, without duplicates.
    pub to: Vec<Scalar>,
    /// The segments, in this order; `None` for all.
    pub segments: Option<Vec<Scalar>>,
    /// The subjects that it covers: a condition per subject; `None` for everyone.
    pub filter: Option<Scalar>,
    /// The template of the subject line; `None` for the default.
    pub subject: Option<Scalar>,
    /// The values that it shows for each segment, besides the size.
    pub values: ReportValues,
    /// The maximum number of names per segment in the body; 0 for none.
    pub names: u32,
    /// The columns of the attached files; `None` for those of `export:`.
    pub columns: Option<Vec<Scalar>>,
    pub attach: Attach,
    /// The largest encoded message that is sent with its files, in bytes.
    pub max_size: u64,
    /// Whether it is sent if nothing changed.
    pub send_empty: bool,
    /// The address for replies; `None` for the sender's.
    pub reply_to: Option<Scalar>,
    /// When it is held until someone has checked it.
    pub hold: Option<Hold>,
}

/// Which values a report shows for each segment, besides the size.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportValues {
    /// Those that matter for most readers.
    Usual,
    All,
    /// These values, in this order; if empty, no value.
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

/// When a report is held.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    /// A size that changed by more than this share of what it was: 0.5 is 50%. `None` allows any change.
    pub size_change: Option<Share>,
    /// Changes by fewer members than this are never held.
    pub at_least: u32,
    /// A segment whose members are from an earlier run.
    pub stale: bool,
    /// Collections whose newest row must not be older than this.
    pub data_older_than: Vec<(Scalar, Duration)>,
    /// Segments that may change by any amount.
    pub except: Vec<Scalar>,
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    /// The sender: an address, or `Name <address>`.
    pub from: Scalar,
    pub transport: MailTransport,
    /// The envelope sender, which receives undeliverable mail; `None` for the sender's address.
    pub bounces_to: Option<Scalar>,
    /// Addresses, and domains as `@example.com`, that mail may go to; `None` for anyone.
    pub allow: Option<Vec<Scalar>>,
    /// Mail that was not sent within this time is dropped.
    pub expire: Duration,
    /// Whether mail that may have arrived is sent again.
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

/// Where mail is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum MailTransport {
    /// Writes `.eml` files into a folder.
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
    /// The user name, if the server requires one.
    pub username: Option<String>,
    /// The file with the password; read at each connection.
    pub password_file: Option<NamedFile>,
    /// A PEM file with the certificate of a private authority; `None` for the system's authorities.
    pub ca_file: Option<NamedFile>,
    /// How long the server may take for each step.
    pub timeout: Duration,
}

impl Smtp {
    /// True if the server is this machine, so that nobody can read what is sent to it.
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
