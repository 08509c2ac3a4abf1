//! A page that is served, and a browser with a session of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::support::scratch::{Scratch, on_scratch};

/// A folder with a config, the page of it, and a session that may operate.
pub struct Browser {
    scratch: Scratch,
    server: Child,
    host: String,
    cookie: String,
}

on_scratch!(Browser);

/// What came back.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Browser {
    /// Serves the page of a folder, and comes in by the address that is printed.
    pub fn open(scratch: Scratch) -> Self {
        let mut command = scratch.command(&["page", "--listen", "127.0.0.1:0"]);
        let mut server = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let address = lines.next().unwrap().unwrap();
        let rest = address.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_at(rest.find('/').unwrap());
        let mut browser = Self {
            scratch,
            server,
            host: host.to_owned(),
            cookie: String::new(),
        };
        let entered = browser.get(path);
        let cookie = entered.header("set-cookie").unwrap();
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    /// The rules and ten clients of `tests/cli`, evaluated: with as many visits as their key says, the last two of them gold.
    pub fn ten_clients(config: &str, rules: &str) -> Self {
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
        Self::open(scratch)
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
        let runs = self.page("/runs");
        let (_, csrf) = runs.split_once("name=\"csrf\" value=\"").unwrap();
        let csrf = csrf.split('"').next().unwrap();
        let mut form = format!("csrf={csrf}");
        for (name, value) in fields {
            form += &format!("&{name}={value}");
        }
        self.send("POST", path, &form)
    }

    fn send(&self, method: &str, path: &str, form: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let (host, cookie, length) = (&self.host, &self.cookie, form.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nOrigin: http://{host}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{form}"
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Answer {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
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

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
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
