//! Which names suggest a secret.

/// Words that suggest a secret at the end of any name, such as `smtppassword`.
const LONG: [&str; 14] = [
    "password",
    "passwd",
    "passwort",
    "passphrase",
    "passcode",
    "kennwort",
    "wachtwoord",
    "depasse", // mot de passe
    "contraseña",
    "contrasena",
    "senha",
    "secret",
    "apikey",
    "accesskey",
];
/// Words that suggest a secret only as separate words.
const SHORT: [&str; 7] = [
    "pass",
    "pwd",
    "pw",
    "token",
    "credential",
    "credentials",
    "privatekey",
];
/// Words that add no meaning to the name of a secret.
const BESIDE: [&str; 4] = ["value", "text", "plain", "key"];
/// The maximum number of typos in a long name.
const SLIPS: usize = 2;

/// True for common names of secrets: `password`, `smtpPassword`, `api_key`, `pasword`, `secret_2`.
pub(super) fn is_secret(name: &str) -> bool {
    is_plainly_secret(name) || {
        let words = words(name);
        let last = last(&words);
        SHORT.contains(&last.as_str()) || SHORT.contains(&joined(&words).as_str())
    }
}

/// The same, without names that also have another meaning.
pub(super) fn is_plainly_secret(name: &str) -> bool {
    let words = words(name);
    let (last, joined) = (last(&words), joined(&words));
    let ends = |long: &&str| last.ends_with(*long) || joined.ends_with(*long);
    LONG.iter().any(ends) || is_misspelt(&last)
}

/// `pasword`, `passwrod`, `paswrd`: typos with the same first and last letters.
fn is_misspelt(word: &str) -> bool {
    let [meant, ..] = LONG;
    word.starts_with('p')
        && word.ends_with('d')
        && strsim::damerau_levenshtein(word, meant) <= SLIPS
}

/// The words of a name in lower case: `smtpPassword` and `smtp_password` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let parts = !c.is_alphanumeric();
        if parts || c.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| !parts) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The last meaningful word, ignoring numbers and words that add nothing.
fn last(words: &[String]) -> String {
    let bare = |word: &String| {
        word.trim_end_matches(|c: char| c.is_ascii_digit())
            .to_owned()
    };
    let mut telling = words.iter().map(bare).rev();
    let telling = telling.find(|word| !word.is_empty() && !BESIDE.contains(&word.as_str()));
    telling.unwrap_or_default()
}

fn joined(words: &[String]) -> String {
    let tail = words.iter().rev().take(2).rev();
    tail.map(String::as_str).collect()
}
