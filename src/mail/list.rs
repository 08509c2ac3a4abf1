//! Headers that let mail programs sort reports and unsubscribe from them: for programs, in ASCII whatever letters
//! config uses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode as percent};

/// Characters encoded in a part of a URI (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same in the local part of an address (RFC 6068, 2).
const USER: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'*')
    .remove(b'+');

/// The same in a domain, which may be an IP address in brackets.
const DOMAIN: &AsciiSet = &RESERVED.remove(b':');

/// The longest label of a list's name, as for a part of a domain (RFC 1035, 2.3.4).
const LONGEST: usize = 63;

/// The longest subject of an unsubscribe mail, in bytes. Beyond it, the subject names the report by its label, because
/// the length of a mail line is limited.
const LONGEST_SUBJECT: usize = 400;

/// The list name of a report (RFC 2919): the same for all its mails, and different for every other report of the
/// domain.
pub(super) fn id(report: &str, domain: &str) -> String {
    // An IP address stands in brackets, which a list's name cannot contain.
    let domain = domain.trim_matches(['[', ']']).replace(':', "-");
    format!("<{}.muster.{domain}>", label(report))
}

/// The address for unsubscribing from a report (RFC 2369), as a URI (RFC 6068).
pub(super) fn unsubscribe(user: &str, domain: &str, report: &str) -> String {
    let (user, domain) = (percent(user, USER), percent(domain, DOMAIN));
    let name =
        Some(percent(report, RESERVED).to_string()).filter(|name| name.len() <= LONGEST_SUBJECT);
    let name = name.unwrap_or_else(|| label(report));
    format!("<mailto:{user}@{domain}?subject=unsubscribe%20{name}>")
}

/// A report's id, which has letters, digits and `_`, in ASCII. Labels are unique: only those that are not ids contain a
/// hyphen.
fn label(report: &str) -> String {
    if report.is_ascii() {
        return report.to_owned();
    }
    let coded = idna::punycode::encode_str(report).map(|coded| format!("xn--{coded}"));
    coded
        .filter(|coded| coded.len() <= LONGEST)
        .unwrap_or_else(|| {
            let hash = blake3::hash(report.as_bytes()).to_hex();
            format!("id--{}", hash.get(..32).unwrap_or_default())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_name_of_ascii_letters() {
        let long = "ß".repeat(64);
        for (report, domain, name) in [
            ("managers", "example.com", "<managers.muster.example.com>"),
            ("größe", "example.com", "<xn--gre-6ka8i.muster.example.com>"),
            ("日本語", "xn--r8jz45g.xn--zckzah", ""),
            ("a", "[192.0.2.1]", "<a.muster.192.0.2.1>"),
            ("a", "[IPv6:2001:db8::1]", "<a.muster.IPv6-2001-db8--1>"),
            (&long, "example.com", ""),
        ] {
            let id = id(report, domain);
            assert!(name.is_empty() || id == name, "{id}");
            let inner = id.trim_matches(['<', '>']);
            let atom = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            let parts: Vec<&str> = inner.split('.').collect();
            assert!(parts.iter().all(|part| !part.is_empty()), "{id}");
            assert!(inner.chars().all(|c| atom(c) || c == '.'), "{id}");
            assert!(inner.len() <= 255, "{id}");
        }
    }

    #[test]
    fn no_two_reports_share_a_name() {
        let ids = [
            "große",
            "größe",
            "Größe",
            "grosse",
            "gro\u{308}ße",
            "groſſe",
            "xn",
            "id",
            "日本",
            "本日",
        ];
        let long = |last: &str| "日".repeat(63) + last;
        let ids = ids
            .map(str::to_owned)
            .into_iter()
            .chain([long("a"), long("b")]);
        let labels: Vec<String> = ids.map(|id| label(&id)).collect();
        let distinct: std::collections::HashSet<&String> = labels.iter().collect();
        assert_eq!(distinct.len(), labels.len(), "{labels:?}");
    }

    #[test]
    fn a_link_to_leave_has_nothing_that_a_uri_cannot_have() {
        for (user, report, uri) in [
            (
                "desk",
                "managers",
                "<mailto:desk@example.com?subject=unsubscribe%20managers>",
            ),
            (
                "o'brien+a",
                "größe",
                "<mailto:o'brien+a@example.com?subject=unsubscribe%20gr%C3%B6%C3%9Fe>",
            ),
            (
                "a&b=c?d%e",
                "m",
                "<mailto:a%26b%3Dc%3Fd%25e@example.com?subject=unsubscribe%20m>",
            ),
            (
                "\"a b>\"",
                "m",
                "<mailto:%22a%20b%3E%22@example.com?subject=unsubscribe%20m>",
            ),
            (
                "jürgen",
                "m",
                "<mailto:j%C3%BCrgen@example.com?subject=unsubscribe%20m>",
            ),
        ] {
            assert_eq!(unsubscribe(user, "example.com", report), uri);
        }
        let longest = unsubscribe(&"ü".repeat(32), "example.com", &"𠀀".repeat(64));
        assert!(longest.is_ascii() && longest.len() < 900, "{longest}");
    }
}
