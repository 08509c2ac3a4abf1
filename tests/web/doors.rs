//! Who comes in, by name and password or by a proxy, and what each of them may.

use std::io::Write;
use std::process::{Child, Stdio};

use super::browser::{Answer, Browser, hidden, ten_clients, text};
use super::support::scratch::Scratch;

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";
pub const USERS: &str = "page: { auth: { users: page-users } }";
pub const PASSWORD: &str = "correct horse battery";

pub fn add(scratch: &Scratch, name: &str, role: &str) {
    type_password(adding(scratch, name, role));
}

/// Somebody is being added, and their password is asked for.
fn adding(scratch: &Scratch, name: &str, role: &str) -> Child {
    let mut command = scratch.command(&["page", "user", "add", name, "--role", role]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

fn type_password(mut adding: Child) {
    writeln!(adding.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(adding.wait().unwrap().success());
}

pub fn sign_in(browser: &Browser, name: &str, password: &str) -> Answer {
    let host = browser.host();
    let headers = format!("Host: {host}\r\nOrigin: http://{host}");
    let form = format!(
        "name={name}&password={}&to=%2Fclients",
        password.replace(' ', "+")
    );
    browser.raw("POST", "/enter", &headers, &form)
}

/// What somebody who signed in gets to see.
pub struct Guest<'b> {
    browser: &'b Browser,
    pub headers: String,
}

impl<'b> Guest<'b> {
    pub fn new(browser: &'b Browser, name: &str) -> Self {
        let entered = sign_in(browser, name, PASSWORD);
        assert_eq!(
            (entered.status, entered.header("location")),
            (303, Some("/clients")),
            "{}",
            entered.body
        );
        let cookie = entered
            .header("set-cookie")
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let headers = format!("Host: {}\r\nCookie: {cookie}", browser.host());
        Self { browser, headers }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.browser.raw("GET", path, &self.headers, "")
    }

    fn post(&self, path: &str) -> Answer {
        let csrf = hidden(&self.get("/").body, "csrf");
        self.browser
            .raw("POST", path, &self.headers, &format!("csrf={csrf}"))
    }
}

#[test]
fn each_role_may_what_it_may_and_nothing_else() {
    let scratch = ten_clients(USERS, RULES);
    for role in ["counts", "view", "edit", "operate"] {
        add(&scratch, role, role);
    }
    let browser = Browser::outside(scratch);
    let allowed = [
        ("/", [true, true, true, true]),
        ("/segments/gold", [true, true, true, true]),
        ("/clients", [false, true, true, true]),
        ("/clients/export", [false, true, true, true]),
        ("/segments/gold/export", [false, true, true, true]),
        ("/create", [false, false, true, true]),
        ("/names/texts?name=tier", [false, false, true, true]),
    ];
    for (place, role) in ["counts", "view", "edit", "operate"]
        .into_iter()
        .enumerate()
    {
        let guest = Guest::new(&browser, role);
        for (path, who) in allowed {
            let expected = if who[place] { 200 } else { 403 };
            assert_eq!(guest.get(path).status, expected, "{role} {path}");
        }
        let may_run = guest.post("/runs/now").status;
        assert_eq!(may_run, if role == "operate" { 303 } else { 403 }, "{role}");
    }
    let guest = Guest::new(&browser, "counts");
    for path in ["/", "/segments/gold"] {
        let page = guest.get(path).body;
        assert!(!page.contains("Client 9"), "{path} names people");
        // What one may not do is not offered.
        for link in ["/create", "/export", "/edit\"", "href=\"/clients"] {
            assert!(!page.contains(link), "{path} {link}");
        }
    }
}

#[test]
fn passwords_are_slow_to_guess_and_names_are_not_told() {
    let scratch = ten_clients(USERS, RULES);
    add(&scratch, "ana", "view");
    let browser = Browser::outside(scratch);
    let wrong = sign_in(&browser, "ana", "wrong horse battery");
    let unknown = sign_in(&browser, "nobody", "wrong horse battery");
    let words = |answer: &Answer| {
        text(&answer.body)
            .replace("ana", "NAME")
            .replace("nobody", "NAME")
    };
    assert_eq!(
        (wrong.status, words(&wrong)),
        (unknown.status, words(&unknown))
    );
    assert_eq!(wrong.status, 403);
    assert_eq!(wrong.header("set-cookie"), None);
    let tries: Vec<u16> = (0..8)
        .map(|_| sign_in(&browser, "ana", "wrong").status)
        .collect();
    assert!(tries.ends_with(&[429, 429]), "{tries:?}");
    // Not even the right one is tried then.
    let waits = sign_in(&browser, "ana", PASSWORD);
    assert_eq!(waits.status, 429);
    assert!(text(&waits.body).contains("try again in"), "{}", waits.body);
    // Others come in.
    add(&browser, "ben", "view");
    Guest::new(&browser, "ben");
}

#[test]
fn many_who_guess_at_once_do_not_stop_the_page() {
    let scratch = ten_clients(USERS, RULES);
    add(&scratch, "ana", "view");
    let browser = Browser::outside(scratch);
    let guest = Guest::new(&browser, "ana");
    std::thread::scope(|scope| {
        for number in 0..60 {
            let browser = &browser;
            scope.spawn(move || {
                let status = sign_in(browser, &format!("guess{number}"), "wrong").status;
                assert!(matches!(status, 403 | 429), "{status}");
            });
        }
        assert_eq!(guest.get("/").status, 200);
    });
}

#[test]
fn who_is_taken_out_is_out_at_the_next_click() {
    let scratch = ten_clients(USERS, RULES);
    add(&scratch, "ana", "operate");
    let browser = Browser::outside(scratch);
    let guest = Guest::new(&browser, "ana");
    assert_eq!(guest.get("/create").status, 200);
    // Another role comes with another password.
    add(&browser, "ana", "view");
    assert_eq!(guest.get("/create").status, 303);
    let guest = Guest::new(&browser, "ana");
    assert_eq!(guest.get("/create").status, 403);
    assert_eq!(guest.get("/clients").status, 200);
    browser.expect(0, &["page", "user", "remove", "ana"]);
    assert_eq!(guest.get("/").status, 303);
}

#[test]
fn after_signing_in_one_stays_on_this_page() {
    let scratch = ten_clients(USERS, RULES);
    add(&scratch, "ana", "view");
    let browser = Browser::outside(scratch);
    let host = browser.host();
    for to in [
        "//evil.example",
        "https://evil.example",
        "/%5Cevil.example",
        "/enter/x",
        "%2F%09%2Fevil.example",
    ] {
        let form = format!("name=ana&password={}&to={to}", PASSWORD.replace(' ', "+"));
        let answer = browser.raw("POST", "/enter", &format!("Host: {host}"), &form);
        assert_eq!(answer.header("location"), Some("/"), "{to}");
    }
    let headers = format!("Host: {host}\r\nOrigin: http://evil.example");
    let form = format!("name=ana&password={}", PASSWORD.replace(' ', "+"));
    assert_eq!(browser.raw("POST", "/enter", &headers, &form).status, 403);
}

#[cfg(unix)]
#[test]
fn whoever_is_taken_out_while_a_password_is_typed_stays_out() {
    let scratch = ten_clients(USERS, RULES);
    add(&scratch, "ana", "operate");
    let ben = adding(&scratch, "ben", "view");
    std::thread::sleep(std::time::Duration::from_millis(700));
    scratch.expect(0, &["page", "user", "remove", "ana"]);
    type_password(ben);
    let listed = scratch.expect(0, &["page", "user", "list"]).out;
    assert!(
        listed.contains("ben") && !listed.contains("ana"),
        "{listed}"
    );
}

#[test]
fn a_file_of_users_that_others_can_read_lets_nobody_in() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = ten_clients(USERS, RULES);
    add(&scratch, "ana", "view");
    let path = scratch.path("page-users");
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let browser = Browser::outside(scratch);
    let guest = Guest::new(&browser, "ana");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let answer = guest.get("/");
    assert_eq!(answer.status, 503);
    assert!(text(&answer.body).contains("chmod 600"), "{}", answer.body);
    assert!(!answer.body.contains("Gold"));
    assert_eq!(sign_in(&browser, "ana", PASSWORD).status, 503);
    let said = browser.expect(3, &["page", "user", "list"]);
    assert!(said.err.contains("chmod 600"), "{}", said.err);
}

#[test]
fn passwords_and_names_that_will_not_do_are_refused() {
    let scratch = ten_clients(USERS, RULES);
    let said = scratch.expect(2, &["page", "user", "add", "a:b", "--role", "view"]);
    assert!(said.err.contains("a name has"), "{}", said.err);
    let said = scratch.expect(2, &["page", "user", "add", "ana", "--role", "view"]);
    assert!(said.err.contains("at least 12"), "{}", said.err);
    assert!(!scratch.path("page-users").exists());
    let said = scratch.muster(&["page", "user", "add", "ana", "--role", "boss"]);
    assert!(
        said.err.contains("counts, view, edit and operate"),
        "{}",
        said.err
    );
    add(&scratch, "ana", "view");
    let text = scratch.read("page-users");
    assert!(
        text.contains("ana:view:$argon2id$") && !text.contains("horse"),
        "{text}"
    );
    let said = scratch.expect(2, &["page", "user", "remove", "anna"]);
    assert!(said.err.contains("did you mean `ana`?"), "{}", said.err);
}

fn proxied(networks: &str) -> Browser {
    let config = format!(
        "page: {{ auth: {{ proxy: {{ header: X-User, groups: X-Groups, networks: [{networks}], roles: {{ staff: view, office: edit }} }} }} }}"
    );
    Browser::outside(ten_clients(&config, RULES))
}

#[test]
fn a_trusted_proxy_says_who_asks() {
    let browser = proxied("127.0.0.0/8");
    let asks = |more: &str, path: &str| {
        browser.raw("GET", path, &format!("Host: {}{more}", browser.host()), "")
    };
    assert_eq!(asks("", "/").status, 403);
    assert_eq!(asks("\r\nX-User: ana", "/").status, 403);
    assert_eq!(asks("\r\nX-User: ana\r\nX-Groups: guests", "/").status, 403);
    let staff = "\r\nX-User: ana\r\nX-Groups: guests, staff\r\nX-Forwarded-For: 192.0.2.1";
    assert_eq!(asks(staff, "/clients").status, 200);
    assert_eq!(asks(staff, "/create").status, 403);
    let office = "\r\nX-User: ben\r\nX-Groups: staff|office";
    let form = asks(office, "/create");
    assert_eq!(form.status, 200);
    // Somebody who sends the header along with the proxy's own is not believed.
    assert_eq!(
        asks("\r\nX-User: ana\r\nX-User: ben\r\nX-Groups: office", "/").status,
        403
    );
    assert_eq!(
        asks(
            "\r\nX-User: ana\r\nX-Groups: staff\r\nX-Groups: office",
            "/"
        )
        .status,
        403
    );
    // A form is its sender's own.
    let csrf = hidden(&form.body, "csrf");
    let post = |more: &str| {
        let headers = format!("Host: {}{more}", browser.host());
        browser
            .raw(
                "POST",
                "/create",
                &headers,
                &format!("csrf={csrf}&name=A&when=yes&do=count"),
            )
            .status
    };
    assert_eq!(post(office), 200);
    assert_eq!(post("\r\nX-User: eve\r\nX-Groups: office"), 403);
}

#[test]
fn a_header_from_anywhere_else_counts_for_nothing() {
    let browser = proxied("10.0.0.0/8, 192.0.2.7");
    let headers = format!(
        "Host: {}\r\nX-User: ana\r\nX-Groups: office",
        browser.host()
    );
    let answer = browser.raw("GET", "/", &headers, "");
    assert_eq!(answer.status, 403);
    assert!(!answer.body.contains("Gold"));
}

#[test]
fn a_page_that_everybody_would_see_does_not_start() {
    let scratch = ten_clients("", RULES);
    let said = scratch.expect(2, &["page", "--listen", "0.0.0.0:0"]);
    assert!(said.err.contains("no `auth:`"), "{}", said.err);
    let refused = |config: &str, words: &str| {
        let scratch = ten_clients("", RULES);
        let text = scratch.read("config.yaml") + config;
        scratch.write("config.yaml", text);
        let said = scratch.expect(2, &["check"]);
        assert!(
            said.out.contains(words) || said.err.contains(words),
            "{}{}",
            said.out,
            said.err
        );
        scratch.expect(2, &["page"]);
        scratch.expect(2, &["serve"]);
    };
    refused("page: { listen: \"0.0.0.0:8080\" }\n", "no `auth:`");
    refused("page: { url: https://a.example }\n", "no `auth:`");
    refused(
        "page: { listen: \"0.0.0.0:8080\", auth: { users: u } }\n",
        "by which name",
    );
    refused(
        "page: { url: http://a.example, auth: { users: u } }\n",
        "along the way can read",
    );
    refused("page: { auth: { } }\n", "neither");
    refused(
        "page: { url: \"https://a.example/path\", auth: { users: u } }\n",
        "without a path",
    );
}

#[test]
fn an_address_that_is_taken_is_told() {
    let browser = Browser::ten_clients("", RULES);
    let said = browser.expect(3, &["page", "--listen", browser.host()]);
    assert!(said.err.contains("another program has it"), "{}", said.err);
}

#[test]
fn behind_https_the_cookie_goes_over_nothing_else() {
    let config = "page: { url: https://segments.example.com, auth: { users: page-users } }";
    let scratch = ten_clients(config, RULES);
    add(&scratch, "ana", "view");
    let browser = Browser::outside(scratch);
    let form = format!("name=ana&password={}", PASSWORD.replace(' ', "+"));
    let headers = "Host: segments.example.com\r\nOrigin: https://segments.example.com";
    let answer = browser.raw("POST", "/enter", headers, &form);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(
        cookie.starts_with("__Host-muster=") && cookie.contains("; Secure"),
        "{cookie}"
    );
    assert_eq!(
        browser
            .raw("GET", "/", "Host: other.example.com", "")
            .status,
        403
    );
}
