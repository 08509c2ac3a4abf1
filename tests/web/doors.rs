//! Who comes in, and what they may.

use std::net::TcpListener;

use crate::browser::{ten_clients, text};
use crate::site::{Site, csrf, user};
use crate::support::program::Said;
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
fn the_printed_address_is_good_for_one_browser() {
    let scratch = ten_clients("", RULES);
    let site = Site::open(&scratch);
    let stranger = site.get("/clients?segment=gold", "");
    assert_eq!(
        (stranger.status, stranger.leads_to()),
        (303, "/enter?to=%2Fclients%3Fsegment%3Dgold")
    );
    let entered = site.get(&site.entrance, "");
    let cookie = entered.cookie().unwrap();
    let flags = entered.header("set-cookie").unwrap();
    assert!(
        flags.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{flags}"
    );
    assert_eq!(site.get("/clients", &cookie).status, 200);
    let again = site.get(&site.entrance, "");
    assert_eq!((again.status, again.cookie()), (200, None));
    assert!(text(&again.body).contains("used already"), "{}", again.body);
    for guess in ["/enter/", "/enter/x", "/enter/%00"] {
        assert_eq!(site.get(guess, "").cookie(), None, "{guess}");
    }
}

#[test]
fn a_page_that_others_reach_does_not_start_without_auth() {
    let beyond = ["page", "--listen", "0.0.0.0:0"];
    let scratch = ten_clients("", RULES);
    let said = scratch.expect(2, &beyond);
    assert!(said.err.contains("there is no `auth:`"), "{}", said.err);
    scratch.edit(
        "config.yaml",
        "database:",
        "page: { url: https://segments.example.com }\ndatabase:",
    );
    for command in [&["page"][..], &["serve"], &["check"]] {
        let said = scratch.expect(2, command);
        let words = "a page with `url:` is reached by others, and there is no `auth:`";
        assert!(said.err.contains(words), "{command:?}: {}", said.err);
    }
    let scratch = studio();
    let said = scratch.expect(2, &beyond);
    assert!(said.err.contains("`page: url:`"), "{}", said.err);
}

#[test]
fn with_https_the_cookie_is_sent_over_nothing_else() {
    let config = "page: { url: https://segments.example.com, auth: { users: page-users } }";
    let scratch = ten_clients(config, RULES);
    user(&scratch, &["add", "ana", "--role", "view"], PASSWORD);
    let site = Site::open(&scratch);
    let (answer, cookie) = site.sign_in("ana", PASSWORD);
    let flags = answer.header("set-cookie").unwrap();
    assert!(flags.starts_with("__Host-muster="), "{flags}");
    assert!(
        flags.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"),
        "{flags}"
    );
    assert_eq!(site.get("/clients", &cookie).status, 200);
    // The name that a page on another name of this machine could set.
    let tossed = cookie.replace("__Host-", "");
    assert_eq!(site.get("/clients", &tossed).status, 303);
}

#[test]
fn nobody_comes_in_by_a_wrong_password_or_as_nobody() {
    let scratch = studio();
    let site = Site::open(&scratch);
    for (name, password) in [
        ("ana", "correct horse"),
        ("nobody", PASSWORD),
        ("", ""),
        ("ana:operate", ""),
    ] {
        let (answer, cookie) = site.sign_in(name, password);
        assert_eq!((answer.status, cookie.as_str()), (403, ""), "{name}");
        assert!(
            answer.body.contains("the name or the password is wrong"),
            "{name}"
        );
    }
}

#[test]
fn a_session_that_somebody_else_chose_is_not_the_one_that_is_signed_in() {
    let scratch = studio();
    let site = Site::open(&scratch);
    let fixed = "muster=chosen-by-somebody-else";
    let form = format!(
        "name=ana&password={}&to=//evil.example",
        PASSWORD.replace(' ', "+")
    );
    let answer = site.ask("POST", "/enter", &[("Cookie", fixed)], &form);
    let cookie = answer.cookie().unwrap();
    assert_eq!((answer.status, answer.leads_to()), (303, "/"));
    assert!(cookie.len() > 40 && cookie != fixed);
    assert_eq!(site.get("/", fixed).status, 303);
    let (_, second) = site.sign_in("ana", PASSWORD);
    assert_ne!(second, cookie);
}

#[test]
fn the_role_counts_sees_no_people_and_exports_none() {
    let scratch = studio();
    let site = Site::open(&scratch);
    let (_, cookie) = site.sign_in("cleo", PASSWORD);
    for path in [
        "/",
        "/segments/gold",
        "/segments/gold/edits",
        "/segments/gold/overlap",
        "/health",
    ] {
        let page = site.get(path, &cookie);
        assert!([200, 404].contains(&page.status), "{path}: {}", page.status);
        assert!(!page.body.contains("Client 9"), "{path}: {}", page.body);
        assert!(!page.body.contains("/export"), "{path}: {}", page.body);
    }
    for path in [
        "/clients",
        "/clients/export",
        "/segments/gold/export",
        "/runs",
        "/mail",
    ] {
        let refused = site.get(path, &cookie);
        assert_eq!(refused.status, 403, "{path}");
        assert!(
            text(&refused.body).contains("this takes the role"),
            "{path}"
        );
    }
    let token = csrf(&site.get("/", &cookie).body);
    let run = site.ask(
        "POST",
        "/runs/now",
        &[("Cookie", &cookie)],
        &format!("csrf={token}"),
    );
    assert_eq!(run.status, 403);
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

#[test]
fn whoever_signs_out_is_out() {
    let scratch = studio();
    let site = Site::open(&scratch);
    let (_, cookie) = site.sign_in("ana", PASSWORD);
    let token = csrf(&site.get("/", &cookie).body);
    let left = site.ask(
        "POST",
        "/leave",
        &[("Cookie", &cookie)],
        &format!("csrf={token}"),
    );
    assert!(left.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(site.get("/", &cookie).leads_to(), "/enter");
}

#[test]
fn a_file_of_users_that_others_can_read_lets_nobody_in() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = studio();
    let site = Site::open(&scratch);
    let (_, cookie) = site.sign_in("ana", PASSWORD);
    let mode = std::fs::metadata(scratch.path("page-users"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let open = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(scratch.path("page-users"), open).unwrap();
    for answer in [site.get("/", &cookie), site.sign_in("ana", PASSWORD).0] {
        assert_eq!(answer.status, 503);
        let words = text(&answer.body);
        assert!(
            words.contains("can be read or written by others (mode 640)"),
            "{words}"
        );
    }
    let said = scratch.expect(3, &["page", "user", "list"]);
    assert!(said.err.contains("chmod 600"), "{}", said.err);
    let said = user(&scratch, &["add", "ben", "--role", "view"], PASSWORD);
    assert_eq!(said.code, 3, "{}", said.err);
}

#[test]
fn users_are_told_what_will_not_do() {
    let scratch = studio();
    let add = |name: &str, password: &str| -> Said {
        user(&scratch, &["add", name, "--role", "view"], password)
    };
    let before = scratch.read("page-users");
    for (name, password, words) in [
        ("ben", "short", "at least 12 characters"),
        ("b:en", PASSWORD, "a name has up to 64 letters"),
        ("\u{202e}neb", PASSWORD, "a name has up to 64 letters"),
    ] {
        let said = add(name, password);
        assert_eq!(said.code, 2, "{name}");
        assert!(said.err.contains(words), "{}", said.err);
    }
    let said = scratch.expect(2, &["page", "user", "remove", "anna"]);
    assert!(said.err.contains("`ana`"), "{}", said.err);
    assert_eq!(scratch.read("page-users"), before);
    assert!(!before.contains(PASSWORD));
}

#[test]
fn a_taken_port_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = ten_clients("", RULES).expect(3, &["page", "--listen", &address]);
    assert!(said.err.contains("another program has it"), "{}", said.err);
    let said =
        ten_clients(&format!("page: {{ listen: '{address}' }}"), RULES).expect(3, &["serve"]);
    assert!(said.err.contains("`page: listen:`"), "{}", said.err);
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
