//! From the shape of the file to the types that other rooms use.

use std::collections::BTreeMap;
use std::path::Path;

use super::page::wire::{Export, History, Values};
use super::value::Sending;
use super::wire::{self, Chosen, Lookups, Missed, Types, WhenEmpty};
use super::{
    Collection, Config, Lookup, Mail, MailTransport, Report, Schedule, Smtp, Subject, Tls,
};
use crate::diagnostic::{Code, Finding};
use crate::reader::{Identifier, Reader};
use crate::source::{FileId, Location, Scalar};
use crate::value::ColumnType;

/// Where rule files are, unless config says otherwise.
const DEFAULT_RULES: &str = "rules/*.yaml";

impl wire::ConfigFile {
    /// Relative paths start in `folder`.
    pub(super) fn into_config(
        self,
        file: FileId,
        folder: &Path,
        reader: &mut Reader<'_>,
    ) -> Config {
        let database = folder.join(self.database.0);
        let results = self.results.map(|r| folder.join(r.0));
        let head = Location {
            file,
            start: 0,
            end: 0,
        };
        let default_rules = || Scalar {
            value: DEFAULT_RULES.into(),
            location: head,
        };
        let subject: Subject = self.subject.into();
        let collections = self.collections.into_iter().flat_map(|c| c.0);
        let collections: Vec<_> = collections.map(|(name, c)| c.named(name)).collect();
        let fields = self.fields.into_iter().flat_map(|f| f.0);
        let values = Values::expanded(self.values, &collections, head, reader);
        let export = Export::of(self.export, &subject, head, reader);
        let scopes = self.scopes.into_iter().flat_map(|s| s.0);
        let schedules = self.schedules.into_iter().flat_map(|s| s.0);
        let reports = self.reports.into_iter().flat_map(|r| r.0);
        Config {
            file,
            folder: folder.to_path_buf(),
            results: results.filter(|results| *results != database),
            database,
            rules: self.rules.map_or_else(default_rules, |r| r.0),
            timezone: self.timezone.0,
            subject,
            scopes: scopes.map(|(name, path)| (name.0, path.scalar)).collect(),
            collections,
            active: self.active.and_then(|condition| condition.0),
            currency: self.currency.map_or_else(|| "USD".into(), |c| c.0),
            locale: self.locale.unwrap_or_default(),
            keep: History::keep(self.history),
            fields: fields
                .filter_map(|(name, field)| field.named(name, reader))
                .collect(),
            values,
            export,
            schedules: schedules.map(Into::into).collect(),
            reports: reports.map(Into::into).collect(),
            mail: self.mail.and_then(|mail| mail.checked(folder, reader)),
        }
    }
}

impl From<wire::Subject> for Subject {
    fn from(wire: wire::Subject) -> Self {
        Self {
            name: wire.name.0,
            table: wire.table.scalar,
            key: wire.key.scalar,
            label: wire.label.map(|t| t.scalar),
            at: wire.at.map(|t| t.scalar),
            filter: wire.r#where.and_then(|c| c.0),
            types: types(wire.types),
            lookups: lookups(wire.lookups),
        }
    }
}

impl wire::Collection {
    pub(super) fn named(self, name: Identifier) -> Collection {
        Collection {
            name: name.0,
            table: self.table.scalar,
            subject: self.subject.scalar,
            at: self.at.map(|t| t.scalar),
            key: self.key.map(|t| t.scalar),
            filter: self.r#where.and_then(|c| c.0),
            types: types(self.types),
            lookups: lookups(self.lookups),
        }
    }
}

fn types(types: Option<Types>) -> BTreeMap<String, (Scalar, ColumnType)> {
    let entries = types.into_iter().flat_map(|t| t.0);
    entries
        .map(|(column, kind)| (column.value.clone(), (column, kind)))
        .collect()
}

fn lookups(lookups: Option<Lookups>) -> Vec<(Scalar, Lookup)> {
    let entries = lookups.into_iter().flat_map(|l| l.0);
    entries
        .map(|(name, wire)| {
            let lookup = Lookup {
                table: wire.table.scalar,
                key: wire.key.scalar,
                by: wire.by.scalar,
                types: types(wire.types),
            };
            (name.0, lookup)
        })
        .collect()
}

impl From<wire::Schedule> for Schedule {
    fn from(wire: wire::Schedule) -> Self {
        Self {
            id: wire.id.0,
            cron: wire.cron.0,
            timezone: wire.timezone.map(|z| z.0),
            run_missed: !matches!(wire.missed, Some(Missed::Skip)),
            reports: wire
                .reports
                .into_iter()
                .flat_map(|r| r.0)
                .map(|r| r.0)
                .collect(),
        }
    }
}

impl From<wire::Report> for Report {
    fn from(wire: wire::Report) -> Self {
        Self {
            id: wire.id.0,
            to: wire.to.0.into_iter().map(|e| e.0).collect(),
            segments: match wire.segments {
                None | Some(Chosen::All) => None,
                Some(Chosen::These(ids)) => Some(ids.0.into_iter().map(|i| i.0).collect()),
            },
            send_empty: matches!(wire.when_empty, Some(WhenEmpty::Send)),
        }
    }
}

impl wire::Mail {
    /// Mail goes to a folder or to a server, and to one of them only.
    pub(super) fn checked(self, folder: &Path, reader: &mut Reader<'_>) -> Option<Mail> {
        let at = self.from.0.location;
        let transport = match (self.file, self.smtp) {
            (Some(file), None) => MailTransport::File(folder.join(file.0)),
            (None, Some(smtp)) => MailTransport::Smtp(smtp.into_smtp(folder)),
            (None, None) => return ambiguous(at, Code::MissingKey, "says neither", reader),
            (Some(_), Some(_)) => return ambiguous(at, Code::InvalidValue, "says both", reader),
        };
        Some(Mail {
            from: self.from.0,
            transport,
        })
    }
}

fn ambiguous(at: Location, code: Code, says: &str, reader: &mut Reader<'_>) -> Option<Mail> {
    let message = format!("`mail` {says}: `file:` (a folder) and `smtp:` (a server)");
    reader.report(
        Finding::new(code, message)
            .at(at)
            .help("give one of the two"),
    );
    None
}

impl wire::Smtp {
    fn into_smtp(self, folder: &Path) -> Smtp {
        let (tls, port) = match self.tls {
            None | Some(Sending::Starttls) => (Tls::Starttls, 587),
            Some(Sending::Implicit) => (Tls::Implicit, 465),
            Some(Sending::None) => (Tls::None, 25),
        };
        Smtp {
            host: self.host.0,
            port: self.port.map_or(port, |p| p.0),
            tls,
            username: self.username.map(|u| u.scalar.value),
            password_file: self.password_file.map(|p| folder.join(p.0)),
        }
    }
}
