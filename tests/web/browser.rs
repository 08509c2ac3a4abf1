//! A page that is served, and a browser with a session of it.

use crate::site::{Answer, Site, csrf};
use crate::support::scratch::{Scratch, on_scratch};

/// A folder with a config, the page of it, and a session that may operate.
pub struct Browser {
    scratch: Scratch,
    pub site: Site,
    pub cookie: String,
}

on_scratch!(Browser);

impl Browser {
    /// Serves the page of a folder, and comes in by the address that is printed.
    pub fn open(scratch: Scratch) -> Self {
        let site = Site::open(&scratch);
        let path = site.entrance.clone();
        let mut browser = Self {
            scratch,
            site,
            cookie: String::new(),
        };
        browser.cookie = browser.get(&path).cookie().unwrap();
        browser
    }

    /// The rules and ten clients of `tests/cli`, evaluated: with as many visits as their key says, the last two of them gold.
    pub fn ten_clients(config: &str, rules: &str) -> Self {
        Self::open(ten_clients(config, rules))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "")
    }

    /// A page that is there.
    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// Sends a form of a page of ours.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = format!("csrf={}", csrf(&self.page("/runs")));
        for (name, value) in fields {
            form += &format!("&{name}={value}");
        }
        self.send("POST", path, &form)
    }

    fn send(&self, method: &str, path: &str, form: &str) -> Answer {
        let origin = format!("http://{}", self.site.host);
        let headers = [("Cookie", self.cookie.as_str()), ("Origin", &origin)];
        self.site.ask(method, path, &headers, form)
    }

    /// The address of a client's page, by the name in the list.
    pub fn client(&self, name: &str) -> String {
        let list = self.page("/clients");
        let link = format!("\"><bdi>{name}</bdi></a></th>");
        let before = list.split(&link).next().unwrap();
        assert_ne!(before.len(), list.len(), "{name} is in the list");
        before.rsplit_once("href=\"").unwrap().1.to_owned()
    }
}

/// The folder of [`Browser::ten_clients`].
pub fn ten_clients(config: &str, rules: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.sql(
        "create table clients (id integer primary key, name text, visits integer, tier text);
         create table visits (client_id integer, at text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 10)
         insert into clients select i, 'Client ' || i, i, iif(i > 8, 'gold', 'blue') from n;
         insert into visits select id, datetime('2026-03-14', '-' || id || ' days') from clients;",
    );
    scratch.write(
        "config.yaml",
        format!(
            "database: sqlite:studio.db\ntimezone: UTC\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             collections: {{ stays: {{ table: visits, subject: client_id, at: at }} }}\n{config}\n"
        ),
    );
    scratch.write("rules/all.yaml", rules);
    scratch.put_clock("2026-03-15T10:00:00Z");
    scratch.expect(0, &["run"]);
    scratch
}

/// The text of HTML: without tags, character references and runs of blanks.
pub fn text(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let part = part.split_once('>').map_or(part, |(_, part)| part);
        text.push(' ');
        text.push_str(part);
    }
    for (reference, letter) in [
        ("&#x2f;", "/"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ] {
        text = text.replace(reference, letter);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
