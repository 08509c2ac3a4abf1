//! The abilities of a server, from its answer to EHLO.

use super::reply::Reply;

/// The abilities that a server announces: RFC 5321, 4.1.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Abilities {
    /// Encryption: STARTTLS.
    pub protection: bool,
    /// Bodies beyond ASCII: 8BITMIME.
    pub eight_bits: bool,
    /// Addresses beyond ASCII: SMTPUTF8.
    pub utf8_addresses: bool,
    /// Login in one step: PLAIN.
    pub log_in_plainly: bool,
    /// Login part by part: LOGIN.
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
