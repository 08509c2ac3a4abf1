//! The embedded reference: the meaning of functions, keywords, keys and codes, as Markdown.

mod functions;
mod keys;
mod schemas;
mod sections;
mod words;

use crate::diagnostic::{Code, suggest};

pub use schemas::{Purpose, is_list, places};
pub use sections::headings;

/// A page about a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its title, as a heading.
    pub title: String,
    /// Markdown, without that heading.
    pub text: String,
}

/// All pages about a term: a function, with or without parentheses; a keyword; a key, with or without the enclosing
/// keys (`at`, `collections.visits.at`); a code; a heading of the language reference. Empty for anything else.
pub fn pages(term: &str) -> Vec<Page> {
    let term = term.trim();
    let quoted = term
        .strip_prefix('`')
        .and_then(|term| term.strip_suffix('`'));
    let term = quoted.unwrap_or(term);
    let term = term.strip_suffix("()").unwrap_or(term);
    let term = term.strip_suffix(':').unwrap_or(term);
    let code = Code::parse(term).map(|code| Page {
        title: format!("Findings: {}", code.name()),
        text: code.page().to_owned(),
    });
    let mut pages: Vec<Page> = code.into_iter().collect();
    pages.extend(of_function(term));
    pages.extend(of_word(term));
    pages.extend(keys::pages(term));
    if pages.is_empty() {
        pages.extend(sections::page(term));
    }
    pages
}

/// All pages about a function.
pub fn of_function(name: &str) -> Vec<Page> {
    functions::pages(name)
}

/// All pages about a keyword or operator.
pub fn of_word(word: &str) -> Vec<Page> {
    let page = words::section(word).and_then(sections::page);
    page.into_iter().collect()
}

/// Every keyword and operator, and phrases of these.
pub fn words() -> impl Iterator<Item = &'static str> {
    words::names()
}

/// Whether a word is a keyword.
pub fn is_word(word: &str) -> bool {
    words::is_known(word)
}

/// All pages about a key of a file, by its full path.
pub fn of_key(file: Purpose, path: &[&str]) -> Vec<Page> {
    keys::page(file, path).into_iter().collect()
}

/// The known term most similar to an unknown one.
pub fn near(term: &str) -> Option<String> {
    let terms = terms();
    suggest(term, terms.iter().map(String::as_str)).map(str::to_owned)
}

/// Every term.
pub fn terms() -> Vec<String> {
    index().into_iter().flat_map(|(_, terms)| terms).collect()
}

/// Every term, by kind.
pub fn index() -> Vec<(String, Vec<String>)> {
    let kind = |name: &str, terms: Vec<&str>| {
        let terms = terms.into_iter().map(str::to_owned);
        (name.to_owned(), terms.collect::<Vec<_>>())
    };
    let codes = Code::ALL.iter().map(|code| code.name());
    let mut index = vec![
        kind("Functions", functions::names()),
        kind("Words of conditions", words::names().collect()),
    ];
    index.extend(Purpose::ALL.map(|file| {
        let name = format!("Keys of {}", file.words());
        kind(&name, keys::names(file))
    }));
    index.push(kind("Codes of findings", codes.collect()));
    index.push(kind("Language and recipes", sections::names()));
    index
}
