//! A proxy that says who somebody is, and others that say so, too.

use crate::browser::{ten_clients, text};
use crate::site::{Answer, Site, csrf};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

fn config(networks: &str) -> String {
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
fn the_proxy_says_who_it_is_and_what_they_may() {
    let scratch = ten_clients(&config("127.0.0.1"), RULES);
    let site = Site::open(&scratch);
    let user = ("X-Forwarded-User", "ana@example.com");
    let manager = [user, ("X-Forwarded-Groups", "staff, managers")];
    assert_eq!(asked(&site, "/clients", &manager).status, 200);
    let forms = asked(&site, "/segments/gold", &manager).body;
    assert!(!forms.contains("/runs/now"));
    for (headers, words) in [
        (&[][..], "does not say who you are"),
        (&[("X-Forwarded-User", "")], "does not say who you are"),
        (&[user], "in no group"),
        (&[user, ("X-Forwarded-Groups", "staff")], "in no group"),
        (
            &[user, ("X-Forwarded-User", "mallory"), manager[1]],
            "more than once",
        ),
        (
            &[user, manager[1], ("X-Forwarded-Groups", "owners")],
            "more than once",
        ),
    ] {
        let refused = asked(&site, "/", headers);
        assert_eq!(refused.status, 403, "{headers:?}");
        assert!(
            text(&refused.body).contains(words),
            "{headers:?}: {}",
            refused.body
        );
    }
    // There are no passwords here.
    assert_eq!(site.sign_in("ana", "correct horse battery").0.status, 404);
}

#[test]
fn a_form_is_bound_to_whom_the_proxy_brings() {
    let scratch = ten_clients(&config("127.0.0.1"), RULES);
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
fn a_header_from_anywhere_else_is_nobodys() {
    let scratch = ten_clients(&config("10.0.0.0/8, 'fd00::/8'"), RULES);
    let site = Site::open(&scratch);
    let mut headers = vec![
        ("X-Forwarded-User", "ana"),
        ("X-Forwarded-Groups", "owners"),
    ];
    for claim in [
        ("X-Forwarded-For", "10.0.0.1"),
        ("X-Real-IP", "10.0.0.1"),
        ("Forwarded", "for=10.0.0.1"),
    ] {
        headers.push(claim);
        let refused = asked(&site, "/", &headers);
        assert_eq!(refused.status, 403, "{claim:?}");
        assert!(
            text(&refused.body).contains("did not come from there"),
            "{}",
            refused.body
        );
    }
}
