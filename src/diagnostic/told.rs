//! What is shown of a finding: its words without any part of a secret that they quote.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::secret::{covered, secrets};
use super::{Code, Finding, covered_words, visible_lines};
use crate::source::{FileId, Sources};

/// This many characters of a secret are recognised anywhere.
const TELLING: usize = 4;
/// What stands for them.
const LEFT_OUT: &str = "…";

/// The words of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub message: String,
    pub label: Option<String>,
    /// The remark of each related place.
    pub related: Vec<String>,
    pub help: Option<String>,
}

/// Tells findings; each file is looked through once.
pub struct Teller<'s> {
    sources: &'s Sources,
    files: RefCell<BTreeMap<FileId, Rc<Shown>>>,
}

/// A file as it may be shown.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its text, one character for one, without a byte-order mark.
    pub(super) text: String,
    /// Where it may hold secrets.
    secrets: Vec<Range<usize>>,
}

impl<'s> Teller<'s> {
    /// Tells findings about these files.
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            files: RefCell::default(),
        }
    }

    /// A file as it may be shown, if it is one of ours.
    pub(super) fn shown(&self, id: FileId) -> Option<Rc<Shown>> {
        let file = self.sources.get(id)?;
        let mut files = self.files.borrow_mut();
        let shown = files
            .entry(id)
            .or_insert_with(|| Rc::new(Shown::new(&file.text)));
        Some(Rc::clone(shown))
    }

    /// The words of a finding as people and programs may see them.
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
            .filter_map(|secret| file.text.get(secret.clone()))
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
    /// The reader failed on a secret, and its message would reveal parts of it.
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

/// The parts by which a secret can be known again.
fn pieces(secret: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | ':' | '"' | '\'');
    let parts = secret.split(apart).chain([secret.trim()]);
    parts.filter(|part| part.chars().count() >= TELLING)
}

/// Words without the quotations that are part of a secret, and without those parts in longer ones.
fn hidden(words: &str, secrets: &[&str], inside: bool) -> String {
    let quotations = words.split('`').enumerate().map(|(place, part)| {
        // What stands between two backticks has an odd place.
        if place % 2 == 0 || part.is_empty() {
            return part.to_owned();
        }
        if inside && secrets.iter().any(|secret| secret.contains(part)) {
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
