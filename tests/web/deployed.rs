//! The examples of `deploy/` behind Debian's nginx and Caddy, as they stand but for addresses and certificates.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::browser::{Browser, hidden, ten_clients, text};
use super::doors::{PASSWORD, add};
use crate::support::program::Said;
use crate::support::scratch::Scratch;
use crate::support::skipping::skipped;
use crate::support::waiting::holds_in_time;

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";
const USERS: &str = "page: { url: https://segments.example.com, auth: { users: page-users } }";
const PROXY: &str = "page: { url: https://segments.example.com, auth: { proxy: { header: X-Forwarded-User, \
    groups: X-Forwarded-Groups, networks: 127.0.0.1, roles: { managers: view, admins: operate } } } }";

/// Where a program is: installed, or unpacked by `tests/all.sh`.
fn program(name: &str) -> Option<PathBuf> {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/proxies/usr");
    let folders = [
        "/usr/sbin".into(),
        "/usr/bin".into(),
        unpacked.join("sbin"),
        unpacked.join("bin"),
    ];
    let mut places = folders.iter().map(|folder: &PathBuf| folder.join(name));
    let found = places.find(|place| place.exists());
    if found.is_none() {
        skipped(&format!(
            "the example for {name}: there is no {name} here; tests/all.sh unpacks Debian's"
        ));
    }
    found
}

/// A proxy in front of a page, and a browser that trusts its certificate.
struct Deployed {
    proxy: Child,
    page: Browser,
    port: u16,
}

impl Drop for Deployed {
    fn drop(&mut self) {
        // Its workers end with it.
        let _ = Command::new("kill")
            .arg(self.proxy.id().to_string())
            .status();
        let _ = self.proxy.wait();
    }
}

impl Deployed {
    /// An example of `deploy/`, with these texts in place of others.
    fn by(scratch: Scratch, example: &str, start: impl Fn(&Scratch, &str, u16) -> Child) -> Self {
        let page = Browser::outside(scratch);
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let made = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            ])
            .args([
                "-subj",
                "/CN=segments.example.com",
                "-keyout",
                "segments.key",
                "-out",
                "segments.pem",
            ])
            .current_dir(page.folder())
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("deploy")
            .join(example);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains("127.0.0.1:8080"));
        let text = text.replace("127.0.0.1:8080", page.host());
        let proxy = start(&page, &text, port);
        let deployed = Self { proxy, page, port };
        assert!(holds_in_time(|| deployed.curl("/enter", &[]).code == 0));
        deployed
    }

    fn nginx(nginx: &Path, scratch: Scratch, example: &str) -> Self {
        Self::by(scratch, example, |scratch, text, port| {
            let text = text
                .replace("listen 443", &format!("listen 127.0.0.1:{port}"))
                .replace("/etc/ssl/certs/", "")
                .replace("/etc/ssl/private/", "")
                .replace("/etc/nginx/", "");
            let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
            let folders = folders.map(|kind| format!("{kind}_temp_path {kind};"));
            let whole = format!(
                "daemon off; pid nginx.pid; error_log nginx.log; events {{}}\nhttp {{ access_log off; {}\n{text} }}",
                folders.concat()
            );
            scratch.write("nginx.conf", whole);
            let mut command = Command::new(nginx);
            command
                .arg("-p")
                .arg(scratch.folder())
                .args(["-e", "nginx.log", "-c", "nginx.conf"]);
            // As root it takes another user, who may not read here.
            command.args(["-g", "user root;"]).spawn().unwrap()
        })
    }

    fn curl(&self, path: &str, arguments: &[&str]) -> Said {
        let mut command = Command::new("curl");
        let name = format!("segments.example.com:{}", self.port);
        command
            .args([
                "--silent",
                "--insecure",
                "--max-time",
                "30",
                "--include",
                "--path-as-is",
            ])
            .args(["--resolve", &format!("{name}:127.0.0.1")])
            .args(arguments)
            .arg(format!("https://{name}{path}"));
        if !arguments
            .iter()
            .any(|argument| argument.starts_with("Host:"))
        {
            // As where the port is the one of https.
            command.args(["-H", "Host: segments.example.com"]);
        }
        Said::by(&mut command)
    }

    /// The status of an answer; 0 where there was none.
    fn status(&self, path: &str, arguments: &[&str]) -> u16 {
        let said = self.curl(path, arguments);
        let status = said.out.split(' ').nth(1);
        status.map_or(0, |status| status.parse().unwrap())
    }

    /// What has to hold for each that asks for passwords itself.
    fn is_safe_with_users(&self) {
        add(&self.page, "ana", "operate");
        let forged = [
            "X-Forwarded-User: ana",
            "X-Forwarded-Groups: admins",
            "X-Forwarded-For: 127.0.0.1",
        ];
        for header in forged {
            assert_eq!(self.status("/clients", &["-H", header]), 303, "{header}");
        }
        let form = format!("name=ana&password={}", PASSWORD.replace(' ', "+"));
        let origin = "Origin: https://segments.example.com";
        let foreign = self.status(
            "/enter",
            &["-H", "Origin: https://evil.example", "-d", &form],
        );
        assert_eq!(foreign, 403);
        let entered = self.curl("/enter", &["-H", origin, "-d", &form]);
        let (_, cookie) = entered.out.split_once("__Host-muster=").unwrap();
        let cookie = format!(
            "Cookie: __Host-muster={}",
            cookie.split(';').next().unwrap()
        );
        let page = self.curl("/runs", &["-H", &cookie]).out;
        assert!(
            page.contains("strict-transport-security")
                || page.contains("Strict-Transport-Security"),
            "{page}"
        );
        assert!(page.contains("default-src 'none'"), "{page}");
        let form = format!("csrf={}", hidden(&page, "csrf"));
        assert_eq!(
            self.status("/runs/try", &["-H", &cookie, "-H", origin, "-d", &form]),
            303
        );
        let export = self.curl("/segments/gold/export", &["-H", &cookie]);
        assert!(
            export.out.contains("Client 9") && export.code == 0,
            "{}",
            export.out
        );
        for path in [
            "/../config.yaml",
            "/segments/..%2f..%2fconfig.yaml",
            "/clients/..%2f",
        ] {
            let status = self.status(path, &["-H", &cookie]);
            assert!(matches!(status, 400 | 404), "{path}: {status}");
        }
        let large = format!("csrf={}", "x".repeat(2_000_000));
        self.page.write("large", large);
        let large = format!("@{}", self.page.path("large").display());
        let status = self.status("/runs/try", &["-H", &cookie, "-H", origin, "-d", &large]);
        // Some close the connection in the middle of it; to Caddy that may be a page that does not answer.
        assert!(matches!(status, 0 | 400..=499 | 502), "{status}");
        // Under another name there is nothing; Caddy says so by an empty page.
        let other = self.curl("/clients", &["-H", &cookie, "-H", "Host: evil.example"]);
        assert!(!other.out.contains("Client 9"), "{}", other.out);
    }
}

#[test]
fn nginx_in_front_of_users() {
    let Some(nginx) = program("nginx") else {
        return;
    };
    let deployed = Deployed::nginx(&nginx, ten_clients(USERS, RULES), "nginx.conf");
    deployed.is_safe_with_users();
}

#[test]
fn caddy_in_front_of_users() {
    let Some(caddy) = program("caddy") else {
        return;
    };
    let scratch = ten_clients(USERS, RULES);
    let deployed = Deployed::by(scratch, "Caddyfile", |scratch, text, port| {
        let named = format!(
            "segments.example.com:{port} {{\n\ttls segments.pem segments.key\n\tbind 127.0.0.1\n"
        );
        let text = text.replace("segments.example.com {\n", &named);
        scratch.write(
            "Caddyfile",
            format!("{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{text}"),
        );
        let mut command = Command::new(&caddy);
        command
            .args(["run", "--config", "Caddyfile"])
            .current_dir(scratch.folder());
        command
            .env("HOME", scratch.folder())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    });
    deployed.is_safe_with_users();
}

#[test]
fn nginx_that_knows_who_asks() {
    let Some(nginx) = program("nginx") else {
        return;
    };
    let scratch = ten_clients(PROXY, RULES);
    let hash = Said::by(Command::new("openssl").args(["passwd", "-6", PASSWORD])).out;
    let lines = ["ana", "ben", "eve"].map(|name| format!("{name}:{hash}"));
    scratch.write("segments.htpasswd", lines.concat());
    let deployed = Deployed::nginx(&nginx, scratch, "nginx-sign-on.conf");
    let [ana, ben, eve] = ["ana", "ben", "eve"].map(|name| format!("{name}:{PASSWORD}"));
    assert_eq!(deployed.status("/", &[]), 401);
    assert_eq!(deployed.status("/clients", &["-u", &ben]), 200);
    assert_eq!(deployed.status("/clients", &["-u", &eve]), 403);
    // What a browser claims to be is replaced.
    let forged = [
        "-H",
        "X-Forwarded-User: ana",
        "-H",
        "X-Forwarded-Groups: admins",
    ];
    assert_eq!(deployed.status("/clients", &forged), 401);
    assert_eq!(
        deployed.status("/clients", &[&forged[..], &["-u", &eve]].concat()),
        403
    );
    let ben_runs = deployed
        .curl("/runs", &[&forged[..], &["-u", &ben]].concat())
        .out;
    assert!(!ben_runs.contains("/runs/now"), "{ben_runs}");
    let origin = "Origin: https://segments.example.com";
    let form = format!(
        "csrf={}",
        hidden(&deployed.curl("/runs", &["-u", &ana]).out, "csrf")
    );
    let run = |who: &str, origin: &str| {
        deployed.status("/runs/try", &["-u", who, "-H", origin, "-d", &form])
    };
    assert_eq!(run(&ben, origin), 403);
    // The browser sends the password of nginx with a foreign form, too.
    assert_eq!(run(&ana, "Origin: https://evil.example"), 403);
    assert_eq!(run(&ana, origin), 303);
}

#[test]
fn nginx_in_front_of_a_page_without_auth_shows_nothing() {
    let Some(nginx) = program("nginx") else {
        return;
    };
    let deployed = Deployed::nginx(&nginx, ten_clients("", RULES), "nginx.conf");
    let refused = deployed.curl(&deployed.page.entrance, &[]).out;
    assert!(refused.contains(" 403 "), "{refused}");
    assert!(text(&refused).contains("page: auth:"), "{refused}");
    assert!(!refused.to_lowercase().contains("set-cookie"), "{refused}");
}

/// A page that believes a proxy, behind one that does not know who asks.
#[test]
fn what_a_browser_says_of_itself_is_nobodys_word() {
    let Some(nginx) = program("nginx") else {
        return;
    };
    let everybody = PROXY.replace("networks:", "default: view, networks:");
    let deployed = Deployed::nginx(&nginx, ten_clients(&everybody, RULES), "nginx.conf");
    for forged in ["X-Forwarded-User", "x-forwarded-user", "X_Forwarded_User"] {
        let name = format!("{forged}: ana");
        let headers = ["-H", &name, "-H", "X-Forwarded-Groups: admins"];
        assert_eq!(deployed.status("/", &headers), 403, "{forged}");
    }
}
