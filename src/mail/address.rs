//! Addresses as mail servers accept them: the domain in ASCII, in whatever script config writes it.

use lettre::Address;
use lettre::message::Mailbox;

use crate::view::report::one_line;

/// The longest sender name, in characters. Longer ones are cut, because the length of a mail line is limited.
const LONGEST_NAME: usize = 200;

/// Whether a text is an address that mail can be sent to.
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok() && read(text).is_some()
}

/// Parses an address; `whose` says in an error whose address it is.
pub(super) fn mailbox(address: &str, whose: &str) -> Result<Mailbox, String> {
    read(address).ok_or_else(|| format!("{whose} is not a mail address that can be written to"))
}

fn read(address: &str) -> Option<Mailbox> {
    let Mailbox { name, email } = address.parse().ok()?;
    let name = name.map(|name| one_line(&name).chars().take(LONGEST_NAME).collect());
    let name = name.filter(|name: &String| !name.is_empty());
    Some(Mailbox::new(name, ascii(email)?))
}

/// The address with its domain as the domain name system knows it (RFC 5890). The part before the `@` has no other
/// form.
fn ascii(address: Address) -> Option<Address> {
    if address.domain().is_ascii() {
        return Some(address);
    }
    let domain = idna::domain_to_ascii(address.domain()).ok()?;
    Address::new(address.user(), domain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_ascii_in_whatever_script_it_is_written() {
        for (written, sent) in [
            ("a@example.com", "a@example.com"),
            ("a@müller.example", "a@xn--mller-kva.example"),
            ("a@MÜLLER.example", "a@xn--mller-kva.example"),
            ("a@xn--mller-kva.example", "a@xn--mller-kva.example"),
            ("a@παράδειγμα.δοκιμή", "a@xn--hxajbheg2az3al.xn--jxalpdlp"),
            ("a@例え。テスト", "a@xn--r8jz45g.xn--zckzah"),
            ("jürgen@example.com", "jürgen@example.com"),
            ("Jürgen <j@bücher.example>", "j@xn--bcher-kva.example"),
            ("a@192.0.2.1", "a@192.0.2.1"),
        ] {
            let read = mailbox(written, "it").map(|read| read.email.to_string());
            assert_eq!(read.as_deref(), Ok(sent), "{written}");
        }
        let long = format!("a@{}.example", "ü".repeat(60));
        for wrong in ["a", "a@", "@example.com", "a\r\nb@example.com", &long] {
            assert!(mailbox(wrong, "it").is_err(), "{wrong}");
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
