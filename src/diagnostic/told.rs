//! The display form of a finding: its words, without any part of a secret that they quote.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::secret::{covered, secrets};
use super::{Code, Finding, covered_words, visible_lines};
use crate::source::{FileId, Sources};

/// A part of a secret with this many characters is recognized anywhere.
const TELLING: usize = 4;
/// The replacement for it.
const LEFT_OUT: &str = "…";

/// The words of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub message: String,
    pub label: Option<String>,
    /// The labels of the related locations.
    pub related: Vec<String>,
    pub help: Option<String>,
}

/// Redacts findings; each file is scanned once.
pub struct Teller<'s> {
    sources: &'s Sources,
    files: RefCell<BTreeMap<FileId, Rc<Shown>>>,
}

/// A file for display.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its text, character for character, without a byte-order mark.
    pub(super) text: String,
    /// The ranges of possible secrets.
    secrets: Vec<Range<usize>>,
}

impl<'s> Teller<'s> {
    /// A teller for findings about these files.
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            files: RefCell::default(),
        }
    }

    /// A file for display, if it is in these sources.
    pub(super) fn shown(&self, id: FileId) -> Option<Rc<Shown>> {
        let file = self.sources.get(id)?;
        let mut files = self.files.borrow_mut();
        let shown = files
            .entry(id)
            .or_insert_with(|| Rc::new(Shown::new(&file.text)));
        Some(Rc::clone(shown))
    }

    /// The redacted words of a finding.
    pub fn tell(&self, finding: &Finding) -> Told {
        let words = |words: &str| covered_words(words).into_owned();
        let open = Told {
            message: words(&finding.message),
            label: finding.label.as_deref().map(words),
            related: finding.related.iter().map(|r| words(&r.label)).collect(),
            help: finding.help.as_deref().map(words),
        };
        let place = finding.location;
        let place = place.and_then(|p| Some((p, self.sources.get(p.file)?, self.shown(p.file)?)));
        let Some((place, file, shown)) = place.filter(|(.., shown)| !shown.secrets.is_empty())
        else {
            return open;
        };
        let mut secrets = shown.secrets.iter();
        let inside = secrets.any(|s| s.start <= place.end && place.start <= s.end);
        if inside && finding.code == Code::YamlSyntax {
            return Told::of_unread();
        }
        let secrets = shown.secrets.iter();
        let secrets: Vec<&str> = secrets
            .flat_map(|secret| telling(&file.text, secret))
            .collect();
        let hide = |words: &str| hidden(words, &secrets, inside);
        Told {
            message: hide(&open.message),
            label: open.label.as_deref().map(hide),
            related: open.related.iter().map(|words| hide(words)).collect(),
            help: open.help.as_deref().map(hide),
        }
    }
}

impl Shown {
    fn new(text: &str) -> Self {
        let secrets = secrets(text);
        // The renderer counts a byte-order mark as a character of the first line.
        let shown = covered(text, &secrets);
        let shown = visible_lines(shown.trim_start_matches('\u{feff}')).into_owned();
        Self {
            text: shown,
            secrets,
        }
    }
}

impl Told {
    /// The parser failed on a secret, so its message would reveal parts of it.
    fn of_unread() -> Self {
        Self {
            message: "this YAML cannot be read".into(),
            label: Some("here".into()),
            related: Vec::new(),
            help: Some(
                "something beside what may be a secret, which is not shown; a text with signs of \
                 its own needs quotes: `'…'`"
                    .into(),
            ),
        }
    }
}

/// The parts of a possible secret that words may not quote. The role in the login of an address is no secret, nor is the
/// name of a variable: words about them have to name them.
fn telling<'t>(text: &'t str, secret: &Range<usize>) -> impl Iterator<Item = &'t str> {
    let before = text.get(..secret.start).unwrap_or("");
    let secret = text.get(secret.clone()).unwrap_or("");
    let secret = match before.ends_with("://") {
        true => secret
            .split_once([':', ' '])
            .map_or("", |(_, password)| password),
        false => secret,
    };
    secret
        .split("${")
        .enumerate()
        .map(|(place, part)| match part.split_once('}') {
            Some((_, rest)) if place > 0 => rest,
            _ => part,
        })
}

/// The parts by which a secret can be recognized.
fn pieces(secret: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '"' | '\'');
    let parts = secret.split(apart).chain([secret.trim()]);
    parts.filter(|part| part.chars().count() >= TELLING)
}

/// Removes quotations that are part of a secret, and such parts inside longer quotations.
fn hidden(words: &str, secrets: &[&str], inside: bool) -> String {
    let quotations = words.split('`').enumerate().map(|(place, part)| {
        // Text between backticks has an odd index.
        if place % 2 == 0 || part.is_empty() {
            return part.to_owned();
        }
        // A single punctuation character reveals nothing, and help has to name it.
        let is_sign = !part.chars().any(char::is_alphanumeric) && part.chars().count() == 1;
        if inside && !is_sign && secrets.iter().any(|secret| secret.contains(part)) {
            return LEFT_OUT.to_owned();
        }
        let pieces = secrets.iter().copied().flat_map(pieces);
        pieces.fold(part.to_owned(), |part, piece| match part.contains(piece) {
            true => part.replace(piece, LEFT_OUT),
            false => part,
        })
    });
    quotations.collect::<Vec<_>>().join("`")
}
