//! A page that is served, and requests as anybody may write them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::support::program::Said;
use crate::support::scratch::Scratch;

/// `muster page`, as long as this is there.
pub struct Site {
    server: Child,
    /// Its address, as a browser names it.
    pub host: String,
    /// The path that was printed: `/enter/…`, or `/`.
    pub entrance: String,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Site {
    /// Serves the page of a folder at a free port of this machine.
    pub fn open(scratch: &Scratch) -> Self {
        let mut command = scratch.command(&["page", "--listen", "127.0.0.1:0"]);
        let mut server = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let printed = lines.next().unwrap().unwrap();
        // With `page: url:` the address that it listens on stands behind the one that readers use.
        let (host, entrance) = match printed.split_once(" (listening on ") {
            Some((_, address)) => (address.trim_end_matches(')'), "/"),
            None => {
                let rest = printed.strip_prefix("http://").unwrap();
                rest.split_at(rest.find('/').unwrap())
            }
        };
        Self {
            server,
            host: host.to_owned(),
            entrance: entrance.to_owned(),
        }
    }

    /// A request with these headers, and `Host` where they have none.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        write(&mut stream, &self.host, method, path, headers, body);
        Answer::read(&mut stream)
    }

    /// A page, with this cookie.
    pub fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask("GET", path, &[("Cookie", cookie)], "")
    }

    /// Signs in: the answer, and the cookie that came with it.
    pub fn sign_in(&self, name: &str, password: &str) -> (Answer, String) {
        let form = format!("name={name}&password={}", password.replace(' ', "+"));
        let answer = self.ask("POST", "/enter", &[], &form);
        let cookie = answer.cookie().unwrap_or_default();
        (answer, cookie)
    }

    /// The most memory that it ever took, in MB.
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap();
        let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kilobytes / 1_000
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Writes a request; the connection ends with its answer.
fn write(
    stream: &mut TcpStream,
    host: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) {
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head += &format!("Host: {host}\r\n");
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if method == "POST" {
        head += "Content-Type: application/x-www-form-urlencoded\r\n";
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    // Whoever refuses early closes before all of it is written.
    let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
}

impl Answer {
    /// What comes back over a connection until it is closed.
    fn read(stream: &mut TcpStream) -> Self {
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let mut bytes = Vec::new();
        // Whoever is not listened to until the end may be told so by a reset, after the answer.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        Self {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The cookie that was set, as it is sent back.
    pub fn cookie(&self) -> Option<String> {
        let cookie = self.header("set-cookie")?;
        Some(cookie.split(';').next().unwrap().to_owned())
    }

    /// Where the answer leads.
    pub fn leads_to(&self) -> &str {
        self.header("location").unwrap_or_default()
    }
}

/// The token of the forms on a page.
pub fn csrf(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// `muster page user` with a password on stdin.
pub fn user(scratch: &Scratch, arguments: &[&str], password: &str) -> Said {
    scratch.write("password", format!("{password}\n"));
    let mut command = scratch.command(&[&["page", "user"], arguments].concat());
    command.stdin(std::fs::File::open(scratch.path("password")).unwrap());
    Said::by(&mut command)
}

/// The folder of `Browser::ten_clients`.
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
