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
    /// Where somebody comes in.
    pub entrance: String,
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
        let mut browser = Self::outside(scratch);
        let entered = browser.get(&browser.entrance.clone());
        let cookie = entered.header("set-cookie").unwrap();
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    /// Serves the page of a folder, and stays outside.
    pub fn outside(scratch: Scratch) -> Self {
        let mut command = scratch.command(&["page", "--listen", "127.0.0.1:0"]);
        let mut server = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let address = lines.next().unwrap().unwrap();
        let at = address.split("http://").last().unwrap();
        let (host, path) = match address.split_once("listening on ") {
            Some((_, at)) => (at.trim_end_matches(')'), "/"),
            None => at.split_at(at.find('/').unwrap()),
        };
        Self {
            scratch,
            server,
            host: host.to_owned(),
            entrance: path.to_owned(),
            cookie: String::new(),
        }
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
        let mut form = format!("csrf={}", self.csrf());
        for (name, value) in fields {
            form += &format!("&{name}={value}");
        }
        self.send("POST", path, &form)
    }

    fn send(&self, method: &str, path: &str, form: &str) -> Answer {
        let (host, cookie) = (&self.host, &self.cookie);
        let headers = format!("Host: {host}\r\nCookie: {cookie}\r\nOrigin: http://{host}");
        self.raw(method, path, &headers, form)
    }

    /// Sends a form of a page of ours, and goes away before anything is answered.
    pub fn post_and_leave(&self, path: &str) {
        let (host, cookie, form) = (&self.host, &self.cookie, format!("csrf={}", self.csrf()));
        let mut stream = self.connect();
        let length = form.len();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nOrigin: http://{host}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
        )
        .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(300));
    }

    /// Sends what no browser of ours would send.
    pub fn raw(&self, method: &str, path: &str, headers: &str, form: &str) -> Answer {
        let mut stream = self.connect();
        let length = form.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{headers}\r\n\
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

    /// A connection on which nothing was sent yet.
    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.host).unwrap()
    }

    /// `127.0.0.1:40123`
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The cookie of the session.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// The most memory that the server ever took, in MB.
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap();
        let mut lines = status.lines();
        let line = lines.find(|line| line.starts_with("VmHWM")).unwrap();
        let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kilobytes / 1_000
    }

    /// What the forms of the session carry.
    pub fn csrf(&self) -> String {
        hidden(&self.page("/"), "csrf")
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

/// Ten clients, evaluated.
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

/// The value of a hidden field.
pub fn hidden(html: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    let (_, rest) = html.split_once(&field).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Every hidden field of a page but `csrf`, names and values encoded as a form is sent.
pub fn carried(html: &str) -> Vec<(String, String)> {
    let encoded = |text: &str| {
        let plain = text.replace("&#x2f;", "/").replace("&amp;", "&");
        form_urlencoded::byte_serialize(plain.as_bytes()).collect::<String>()
    };
    let fields = html.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = fields.map(|field| {
        let mut parts = field.split('"');
        let (name, value) = (parts.next().unwrap(), parts.nth(1).unwrap());
        (encoded(name), encoded(value))
    });
    fields.filter(|(name, _)| name != "csrf").collect()
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
