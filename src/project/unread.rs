//! Findings that may only be consequences of an unreadable file: an unknown name may be defined in it.

use std::collections::HashSet;

use crate::diagnostic::{Code, Finding};
use crate::source::Sources;

/// The parts of the files that could not be read.
pub(super) struct Unread<'s> {
    sources: &'s Sources,
    /// Whether config is wrong, so that it is unknown what names stand for.
    of_config: bool,
    /// Whether one of them is a file whose text is unknown.
    is_dark: bool,
    /// The words in the other files.
    words: HashSet<&'s str>,
}

impl<'s> Unread<'s> {
    /// What is unread according to some findings; `of_config` if config is wrong.
    pub(super) fn of(findings: &[Finding], of_config: bool, sources: &'s Sources) -> Self {
        let found = findings.iter().filter(|finding| is_unread(finding));
        let texts = found.map(|finding| Some(sources.get(finding.location?.file)?.text.as_str()));
        let texts: Vec<Option<&str>> = texts.collect();
        Self {
            sources,
            of_config,
            is_dark: texts.iter().any(Option::is_none),
            words: texts.into_iter().flatten().flat_map(words).collect(),
        }
    }

    /// Whether a finding may only be a consequence of what is unread.
    pub(super) fn explains(&self, finding: &Finding) -> bool {
        let is_of_names = matches!(
            finding.code,
            Code::UnknownName
                | Code::UnknownField
                | Code::UnknownSegment
                | Code::UnknownBucket
                | Code::InvalidValue
                | Code::MissingKey
        );
        let is_of_syntax = (Code::Syntax..Code::UnknownName).contains(&finding.code);
        match finding.location {
            _ if is_of_syntax => false,
            None => true,
            Some(_) if self.of_config => true,
            Some(place) if is_of_names => {
                let mut named = words(self.sources.slice(place));
                self.is_dark || named.any(|word| self.words.contains(word))
            }
            Some(_) => false,
        }
    }
}

/// Whether a finding reports something that could not be read.
pub(super) fn is_unread(finding: &Finding) -> bool {
    let code = finding.code;
    matches!(
        code,
        Code::YamlSyntax | Code::FileUnreadable | Code::TooLarge
    )
}

/// The words of a text that can be names.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| !word.is_empty())
}
