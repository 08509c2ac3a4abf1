//! The keys of reports and mail as people write them. The doc comments are shown by editors.

use schemars::{JsonSchema, json_schema};
use serde::Deserialize;

use super::{Attach, Tls};
use crate::config::quantity::{Change, Count, Size, Stretch};
use crate::config::segments_page::wire::Switch;
use crate::config::value::{
    Allowed, Chosen, Email, Folder, Host, OneFile, Port, Sender, WhenEmpty,
};
use crate::decode::{
    Condition, Entries, Identifier, Read, Reader, Several, Text, choice, inline_schema, record,
};
use crate::source::{Node, NodeKind};

record! {
    /// A report that is mailed.
    pub(in crate::config) struct ReportFile {
        /// Its name in config and commands.
        id: Identifier,
        /// What its readers see it called. Default: the id.
        name: Option<Text>,
        /// Who receives it.
        to: Several<Email>,
        /// The segments it tells about: `all` (the default) or a list of ids.
        segments: Option<Chosen>,
        /// Whom it tells about: a condition, such as `studio.name = "Soho"`. Rows, counts and values are of them only. Default: everyone.
        r#where: Option<Condition>,
        /// The subject line: a text in which `{{ report }}`, `{{ entered }}`, `{{ left }}`, `{{ size }}`, `{{ segments }}` and `{{ date }}` are filled in.
        subject: Option<Text>,
        /// The values that it tells of each segment, beside the size: a list of ids, `all` or `none`. Default: `ahs` and `arr`, and those under `add:`.
        values: Option<ValuesFile>,
        /// How many names at most the mail gives per segment; `0` for none. Default: 10.
        names: Option<Count>,
        /// The columns of the attached files. Default: those of `export:`.
        columns: Option<Several<Text>>,
        /// What is attached: `one` file with all segments (the default), `per_segment`, or `none`.
        attach: Option<Attach>,
        /// The largest mail that is sent with its files, such as `10 MB` (the default). A larger one goes without, and says where the files are.
        max_size: Option<Size>,
        /// What to do when nothing changed: `skip` (the default) or `send`.
        when_empty: Option<WhenEmpty>,
        /// Where an answer goes. Default: to the sender.
        reply_to: Option<Email>,
        /// When the report is held back and the owner asked. Default: never.
        hold: Option<HoldFile>,
    }
}

record! {
    /// When a report is held back and the owner asked.
    pub(in crate::config) struct HoldFile {
        /// A segment's size moved by more than this share, such as `50%`.
        size_change: Option<Change>,
        /// Moves by fewer members than this are never held. Default: 20.
        at_least: Option<Count>,
        /// A segment is stale. Default: yes.
        stale: Option<Switch>,
        /// The newest row of a collection is older than this: `{ visits: 36 hours }`.
        data_older_than: Option<Entries<Identifier, Stretch>>,
        /// Segments whose size may move as it likes.
        except: Option<Several<Identifier>>,
    }
}

record! {
    /// How mail leaves: either `file:` or `smtp:`.
    pub(in crate::config) struct MailFile {
        /// The sender: `Segments <segments@example.com>`.
        from: Sender,
        /// A folder that mails are written into instead of being sent.
        file: Option<Folder>,
        /// The server that mails are sent through.
        smtp: Option<SmtpFile>,
        /// Where undeliverable mail comes back to. Default: the sender.
        bounces_to: Option<Email>,
        /// Who may receive mail at all: addresses, and domains as `@example.com`. Default: anyone.
        allow: Option<Several<Allowed>>,
        /// Mail that could not be sent within this goes nowhere, and the owner is told. Default: `24 hours`.
        expire: Option<Stretch>,
        /// What to do with mail of which nobody knows whether it arrived: `keep` (the default) or `send_again`.
        unknown: Option<Unknown>,
    }
}

record! {
    /// A mail server.
    pub(in crate::config) struct SmtpFile {
        /// Its name, such as `smtp.example.com`.
        host: Host,
        /// Its port. Default: 587 for `starttls`, 465 for `implicit`, 25 for `none`.
        port: Option<Port>,
        /// How the connection is protected: `starttls` (the default), `implicit` or `none`.
        tls: Option<Tls>,
        /// The user name, where the server asks for one.
        username: Option<Text>,
        /// A file that holds the password, relative to this file; it is read at each connection.
        password_file: Option<OneFile>,
        /// A file with the certificate of your own authority (PEM), relative to this file.
        ca_file: Option<OneFile>,
        /// How long the server may take for each step. Default: `60 seconds`.
        timeout: Option<Stretch>,
    }
}

/// `all`, `none`, or a list of value ids.
#[derive(Debug)]
pub(in crate::config) enum ValuesFile {
    All,
    None,
    These(Several<Identifier>),
}

impl Read for ValuesFile {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(word) if word.value == "all" => Some(Self::All),
            NodeKind::Scalar(word) if word.value == "none" => Some(Self::None),
            NodeKind::List(_) | NodeKind::Scalar(_) => Several::read(node, reader).map(Self::These),
            NodeKind::Mapping(_) | NodeKind::Empty => {
                reader.invalid(node.location, "`all`, `none` or a list of values' ids");
                None
            }
        }
    }
}

inline_schema!(ValuesFile, |generator| {
    let list = generator.subschema_for::<Several<Identifier>>();
    json_schema!({ "anyOf": [{ "enum": ["all", "none"] }, list] })
});

/// What to do with mail that perhaps arrived.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::config) enum Unknown {
    /// Leave it.
    Keep,
    /// Send it once more.
    SendAgain,
}

choice!(Attach, Unknown);

impl Read for Tls {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let told = reader.findings.len();
        let chosen = reader.choice(node);
        for finding in reader.findings.iter_mut().skip(told) {
            finding.help = finding.help.take().map(|help| {
                format!(
                    "{help}; `starttls` is usual with port 587, `implicit` is what others call SSL, \
                     with port 465"
                )
            });
        }
        chosen
    }
}
