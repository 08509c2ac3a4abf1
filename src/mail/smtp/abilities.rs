//! What a server can do, as its answer to EHLO tells.

use super::reply::Reply;

/// What a server says that it can do: RFC 5321, 4.1.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Abilities {
    /// It can be protected: STARTTLS.
    pub protection: bool,
    /// It takes bodies beyond ASCII: 8BITMIME.
    pub eight_bits: bool,
    /// It takes addresses beyond ASCII: SMTPUTF8.
    pub utf8_addresses: bool,
    /// It takes a login in one go: PLAIN.
    pub log_in_plainly: bool,
    /// It asks for a login part by part: LOGIN.
    pub log_in: bool,
}

impl Abilities {
    pub fn of(reply: &Reply) -> Self {
        let mut can = Self::default();
        for line in &reply.lines {
            let line = line.to_ascii_uppercase();
            // Some old servers write `AUTH=` for `AUTH `.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => can.protection = true,
                Some("8BITMIME") => can.eight_bits = true,
                Some("SMTPUTF8") => can.utf8_addresses = true,
                Some("AUTH") => {
                    for word in words {
                        can.log_in_plainly |= word == "PLAIN";
                        can.log_in |= word == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        can
    }
}
