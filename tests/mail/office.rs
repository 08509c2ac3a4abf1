//! A folder with a config and an outbox, and a clock that is set by hand.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};

use muster::config::{Config, load};
use muster::mail::{Delivered, deliver};
use muster::source::Sources;
use muster::store::{Delivery, DeliveryStatus, NewDelivery, Store};
use tokio_util::sync::CancellationToken;

use crate::outbox::MORNING;
use crate::support::mail_server::Server;
use crate::support::program::Said;
use crate::support::scratch::{Scratch, on_scratch};

pub struct Office {
    scratch: Scratch,
    pub config: Config,
    clock: AtomicI64,
}

/// Who is written to.
pub const MANAGER: &str = "manager@example.com";
pub const OTHER: &str = "other@example.com";
pub const OWNER: &str = "owner@example.com";

pub fn config(folder: &Scratch, mail: &str, env: Option<&str>) -> Result<Config, String> {
    let text = format!(
        "database: sqlite:studio.db
timezone: America/New_York
subject: {{ name: client, table: clients, key: id }}
owner: {OWNER}
schedules: [{{ id: nightly, cron: \"0 6 * * *\" }}]
reports: [{{ id: managers, to: [{MANAGER}, {OTHER}] }}, {{ id: second, to: [{MANAGER}] }}]
mail: {{ from: Studio <studio@example.com>, {mail} }}
"
    );
    folder.write("config.yaml", &text);
    let mut sources = Sources::default();
    let env = |name: &str| {
        (name == "MUSTER_MAIL")
            .then(|| env.map(str::to_owned))
            .flatten()
    };
    load(&folder.path("config.yaml"), &mut sources, &env)
        .map_err(|found| found.iter().map(|f| f.message.clone() + "\n").collect())
}

on_scratch!(Office);

/// The keys of `smtp:` with which amy logs in at a server, and the file that her password is read from.
pub fn login(server: &Server) -> (String, PathBuf) {
    let [ca, password] = ["ca.pem", "password"].map(|name| server.folder.path().join(name));
    let (ca, file) = (ca.display(), password.display());
    let keys = format!("ca_file: {ca}, username: amy, password_file: {file}");
    (keys, password)
}

impl Office {
    pub async fn new(mail: &str) -> Self {
        let scratch = Scratch::new();
        let config = config(&scratch, mail, None).unwrap();
        let office = Self {
            scratch,
            config,
            clock: AtomicI64::new(MORNING),
        };
        Store::open_writer(&office.results(), true)
            .await
            .unwrap()
            .close()
            .await
            .unwrap();
        office
    }

    /// One whose mail goes to a server; `more` are further keys of `smtp:`. A server that answers is waited
    /// for, however slow the machine is.
    pub async fn with(server: &Server, more: &str) -> Self {
        Self::waiting("2 minutes", server, more).await
    }

    /// One that gives each step a second.
    pub async fn impatient(server: &Server, more: &str) -> Self {
        Self::waiting("1 seconds", server, more).await
    }

    async fn waiting(patience: &str, server: &Server, more: &str) -> Self {
        let port = server.port;
        let smtp =
            format!("smtp: {{ host: localhost, port: {port}, timeout: {patience}, {more} }}");
        Self::new(&smtp).await
    }

    /// `muster outbox` by the office's clock: by the machine's, mail of these tests would get too old one day.
    pub fn outbox_command(&self, arguments: &[&str]) -> Command {
        let now = chrono::DateTime::from_timestamp_micros(self.now()).unwrap();
        self.put_clock(&now.to_rfc3339());
        self.command(&[&["outbox"], arguments].concat())
    }

    /// What [`Office::outbox_command`] says.
    pub fn outbox(&self, arguments: &[&str]) -> Said {
        Said::by(&mut self.outbox_command(arguments))
    }

    pub fn results(&self) -> PathBuf {
        self.database()
    }

    pub fn reconfigure(&mut self, mail: &str) {
        self.config = config(&self.scratch, mail, None).unwrap();
    }

    pub async fn store(&self) -> Store {
        Store::open_writer(&self.results(), false).await.unwrap()
    }

    pub async fn put(&self, mails: &[NewDelivery]) {
        let mut store = self.store().await;
        store.enqueue(mails, None, self.now()).await.unwrap();
        store.close().await.unwrap();
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub fn later(&self, minutes: i64) {
        self.clock
            .fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    pub async fn deliver(&self) -> Delivered {
        let now = || self.now();
        deliver(&self.config, &now, &CancellationToken::new())
            .await
            .unwrap()
    }

    /// All mails in the order in which they were put there.
    pub async fn mails(&self) -> Vec<Delivery> {
        let mut store = self.store().await;
        let mut all = store.deliveries(100_000).await.unwrap();
        all.sort_by_key(|mail| mail.id);
        all
    }

    pub async fn statuses(&self) -> Vec<DeliveryStatus> {
        self.mails().await.iter().map(|mail| mail.status).collect()
    }
}
