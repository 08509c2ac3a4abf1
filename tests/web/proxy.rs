//! The page behind nginx, as `deploy/nginx.conf` has it, but for TLS.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::scratch::Scratch;

const NAME: &str = "segments.example.com";

struct Proxied {
    page: Child,
    nginx: Child,
    port: u16,
    _scratch: Scratch,
}

impl Drop for Proxied {
    fn drop(&mut self) {
        for child in [&mut self.nginx, &mut self.page] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// None where there is no nginx, which is told.
fn proxied(auth: &str) -> Option<Proxied> {
    if Command::new("nginx").arg("-v").output().is_err() {
        println!("SKIPPED: there is no nginx here; Debian: apt install nginx-light");
        return None;
    }
    let scratch = Scratch::new();
    let (own, port) = (free_port(), free_port());
    scratch.sql("create table clients (id integer primary key, name text); insert into clients values (1, 'Ann');");
    scratch.write(
        "config.yaml",
        format!(
            "database: sqlite:studio.db\ntimezone: UTC\n\
             subject: {{ name: client, table: clients, key: id, label: name }}\n\
             page: {{ listen: \"127.0.0.1:{own}\", url: \"https://{NAME}\", auth: {auth} }}\n"
        ),
    );
    scratch.write(
        "rules/all.yaml",
        "segments:\n  - { id: all, name: All, when: id > 0 }\n",
    );
    scratch.expect(0, &["run"]);
    let shipped = include_str!("../../deploy/nginx.conf");
    let server: String = shipped
        .lines()
        .filter(|line| !line.trim_start().starts_with("ssl_"))
        .map(|line| line.replace("443 ssl", &format!("127.0.0.1:{port}")))
        .map(|line| line.replace(":8080", &format!(":{own}")) + "\n")
        .collect();
    let folder = scratch.folder().display();
    scratch.write(
        "nginx.conf",
        format!(
            "daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{}}\n\
             http {{\naccess_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;\n\
             fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;\n{server}}}\n"
        ),
    );
    let page = scratch
        .command(&["page"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut nginx = Command::new("nginx");
    nginx
        .arg("-c")
        .arg(scratch.path("nginx.conf"))
        .arg("-p")
        .arg(scratch.folder());
    let nginx = nginx.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let proxied = Proxied {
        page: page.unwrap(),
        nginx: nginx.unwrap(),
        port,
        _scratch: scratch,
    };
    let began = Instant::now();
    while [own, port]
        .iter()
        .any(|port| TcpStream::connect(("127.0.0.1", *port)).is_err())
    {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "the page and nginx are up"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(proxied)
}

impl Proxied {
    /// The status line and the rest.
    fn ask(&self, host: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn what_a_browser_says_of_itself_is_nobodys_word() {
    let auth = "{ proxy: { header: X-Forwarded-User, groups: X-Forwarded-Groups, networks: 127.0.0.1, \
                 roles: { admins: operate }, default: view } }";
    let Some(proxied) = proxied(auth) else {
        return;
    };
    for forged in [
        "X-Forwarded-User: ann\r\nX-Forwarded-Groups: admins\r\n",
        "x-forwarded-user: ann\r\n",
        "X-Forwarded-User: ann\r\nX-Forwarded-User: ben\r\n",
        "X_Forwarded_User: ann\r\n",
    ] {
        let answer = proxied.ask(NAME, forged);
        assert!(!answer.starts_with("HTTP/1.1 200"), "{forged}: {answer}");
        assert!(!answer.contains("Segments</h1>"), "{forged}: {answer}");
    }
}

#[test]
fn another_name_is_refused_and_strangers_are_asked_to_come_in() {
    let Some(proxied) = proxied("{ users: page-users }") else {
        return;
    };
    let answer = proxied.ask("evil.example.com", "");
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    let answer = proxied.ask(NAME, "");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(
        answer.to_lowercase().contains("location: /enter"),
        "{answer}"
    );
}
