//! Sessions and their forms: how long they last, and whose they are.

use crate::site::{Answer, Site, csrf, ten_clients, user};
use crate::support::scratch::Scratch;

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";
const USERS: &str = "page: { auth: { users: page-users } }";
const PASSWORD: &str = "correct horse battery";

/// A folder whose page `ana` may operate and `cleo` may count on.
fn studio() -> Scratch {
    let scratch = ten_clients(USERS, RULES);
    for (name, role) in [("ana", "operate"), ("cleo", "counts")] {
        let said = user(&scratch, &["add", name, "--role", role], PASSWORD);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    scratch
}

#[test]
fn who_is_removed_or_has_another_password_is_out_at_the_next_click() {
    let scratch = studio();
    let site = Site::open(&scratch);
    let (_, ana) = site.sign_in("ana", PASSWORD);
    let (_, cleo) = site.sign_in("cleo", PASSWORD);
    assert_eq!(site.get("/", &ana).status, 200);
    scratch.expect(0, &["page", "user", "remove", "ana"]);
    user(
        &scratch,
        &["add", "cleo", "--role", "view"],
        "another horse battery",
    );
    for cookie in [&ana, &cleo] {
        assert_eq!(site.get("/", cookie).leads_to(), "/enter");
    }
    // Somebody else of the same name is somebody else.
    user(&scratch, &["add", "ana", "--role", "counts"], PASSWORD);
    assert_eq!(site.get("/", &ana).leads_to(), "/enter");
    assert_eq!(site.sign_in("ana", PASSWORD).0.status, 303);
}

/// Nobody loses what they typed by a session that ended.
#[test]
fn a_form_of_a_session_that_ended_can_be_sent_once_more() {
    let scratch = studio();
    let site = Site::open(&scratch);
    let (_, before) = site.sign_in("ana", PASSWORD);
    let old = csrf(&site.get("/runs", &before).body);
    let (_, now) = site.sign_in("ana", PASSWORD);
    let origin = format!("http://{}", site.host);
    let headers = [("Cookie", now.as_str()), ("Origin", &origin)];
    let form = format!("csrf={old}&run=7&typed=%3Cb%3E+x");
    let answer = site.ask("POST", "/runs/accept", &headers, &form);
    assert_eq!(answer.status, 403);
    let page = answer.body.replace("&#x2f;", "/");
    assert!(page.contains("action=\"/runs/accept\""), "{page}");
    assert!(
        page.contains("name=\"typed\" value=\"&lt;b&gt; x\""),
        "{page}"
    );
    let (_, form) = page.split_once("/runs/accept").unwrap();
    let token = csrf(form);
    assert_ne!(token, old);
    let again = site.ask(
        "POST",
        "/runs/accept",
        &headers,
        &format!("csrf={token}&run=7"),
    );
    // It is let through: there is no such held run.
    assert_eq!(again.status, 409, "{}", again.body);
}

fn behind(networks: &str) -> String {
    format!(
        "page:\n  url: https://segments.example.com\n  auth:\n    proxy:\n      header: X-Forwarded-User\n      \
         groups: X-Forwarded-Groups\n      networks: [{networks}]\n      \
         roles: {{ managers: view, owners: operate }}\n"
    )
}

fn asked(site: &Site, path: &str, headers: &[(&str, &str)]) -> Answer {
    site.ask(
        "GET",
        path,
        &[&[("Host", "segments.example.com")], headers].concat(),
        "",
    )
}

#[test]
fn a_form_is_bound_to_whom_the_proxy_brings() {
    let scratch = ten_clients(&behind("127.0.0.1"), RULES);
    let site = Site::open(&scratch);
    let owner = |name| [("X-Forwarded-User", name), ("X-Forwarded-Groups", "owners")];
    let token = csrf(&asked(&site, "/runs", &owner("ana")).body);
    let posted = |name, origin| {
        let host = [("Host", "segments.example.com"), ("Origin", origin)];
        let headers = [&host[..], &owner(name)].concat();
        site.ask("POST", "/runs/try", &headers, &format!("csrf={token}"))
            .status
    };
    assert_eq!(posted("mallory", "https://segments.example.com"), 403);
    assert_eq!(posted("ana", "https://evil.example"), 403);
    assert_eq!(posted("ana", "https://segments.example.com"), 303);
}

#[test]
fn nothing_that_a_page_is_asked_for_breaks_it() {
    let scratch = ten_clients("", RULES);
    let site = Site::open(&scratch);
    let cookie = site.get(&site.entrance, "").cookie().unwrap();
    for query in [
        "page=-1",
        "page=99999999999999999999",
        "page=%ff",
        "sort=nothing",
        "sort=%27%3B%20drop%20table%20x",
        "segment=nothing",
        "segment=gold&segment=gold&match=nonsense",
        "run=x",
        &"segment=gold&".repeat(1_000),
    ] {
        for path in [
            "/",
            "/clients",
            "/segments/gold",
            "/health",
            "/runs",
            "/mail",
            "/newer",
        ] {
            let answer = site.get(&format!("{path}?{query}"), &cookie);
            assert!(answer.status < 500, "{path}?{query}: {}", answer.body);
        }
    }
}
