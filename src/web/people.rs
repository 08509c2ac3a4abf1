//! The ids of people in addresses: they reveal nothing about a key, and can be decoded back to it.
//!
//! A key's text is encrypted with a nonce that is its own keyed digest (SIV). An id is therefore deterministic, needs
//! no table, and cannot be forged without the secret. Texts are padded, so that their length reveals little.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::engine::Key;

/// Bytes of the digest in an id.
const DIGEST: usize = 16;
/// Texts are padded to a multiple of this many bytes.
const BLOCK: usize = 8;

/// Encodes and decodes ids with the secret of one results file.
#[derive(Debug, Clone)]
pub struct PersonIds {
    digest: [u8; 32],
    cipher: [u8; 32],
}

impl PersonIds {
    /// The codec for a secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self {
            digest: blake3::derive_key("muster 2026 person ids: digest", secret),
            cipher: blake3::derive_key("muster 2026 person ids: cipher", secret),
        }
    }

    /// The id of a key: letters, digits, `-` and `_`.
    pub fn id(&self, key: &Key) -> String {
        let mut text = key.to_string().into_bytes();
        text.push(1);
        text.resize(text.len().next_multiple_of(BLOCK), 0);
        let nonce = self.nonce(&text);
        self.turn(&nonce, &mut text);
        BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &text].concat())
    }

    /// The text of the key behind an id; `None` if the id is invalid.
    pub fn key(&self, id: &str) -> Option<String> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(id).ok()?;
        let (nonce, text) = bytes.split_first_chunk::<DIGEST>()?;
        let mut text = text.to_vec();
        self.turn(nonce, &mut text);
        if self.nonce(&text) != *nonce {
            return None;
        }
        let end = text.iter().rposition(|byte| *byte == 1)?;
        text.truncate(end);
        String::from_utf8(text).ok()
    }

    fn nonce(&self, text: &[u8]) -> [u8; DIGEST] {
        let digest = blake3::keyed_hash(&self.digest, text);
        *digest.as_bytes().first_chunk().unwrap_or(&[0; DIGEST])
    }

    /// Encrypts or decrypts: XORs the text with the keystream of the nonce.
    fn turn(&self, nonce: &[u8; DIGEST], text: &mut [u8]) {
        let mut stream = vec![0; text.len()];
        let mut hasher = blake3::Hasher::new_keyed(&self.cipher);
        hasher.update(nonce).finalize_xof().fill(&mut stream);
        for (byte, mask) in text.iter_mut().zip(stream) {
            *byte ^= mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_of_numbers_are_alike_and_say_nothing() {
        let ids = PersonIds::new(&[7; 32]);
        let [one, other] = [12, 1_204_113].map(|key| ids.id(&Key::Integer(key)));
        assert_eq!(one.len(), 32);
        assert_eq!(one.len(), other.len());
        assert_eq!(ids.key(&one).as_deref(), Some("12"));
        // Another secret yields other ids.
        assert_eq!(PersonIds::new(&[8; 32]).key(&one), None);
        for made_up in ["", "12", "AAAA", &one[..30], &one.replace(&one[..1], "_")] {
            assert_eq!(ids.key(made_up), None, "{made_up}");
        }
    }

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_key(text in "\\PC{0,40}") {
            let ids = PersonIds::new(&[1; 32]);
            let id = ids.id(&Key::Text(text.as_str().into()));
            prop_assert_eq!(ids.key(&id), Some(text));
            prop_assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)));
        }
    }
}
