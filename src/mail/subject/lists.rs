//! Lists in a subject line. A list of lists doubles with every word, and the template engine does not count the work of
//! showing or comparing it. So lists must be flat, and must not have a name by which they could grow.

use std::ops::Range;

/// Filters and functions that return a list of lists.
const NESTING: [&str; 8] = [
    "batch", "chain", "dictsort", "groupby", "items", "map", "slice", "zip",
];
/// Filters and functions that return a list.
const LISTING: [&str; 10] = [
    "lines",
    "list",
    "reject",
    "rejectattr",
    "reverse",
    "select",
    "selectattr",
    "sort",
    "split",
    "unique",
];
/// Tags that give a name to what may be a list.
const NAMING: [&str; 4] = ["call", "macro", "set", "with"];
/// Words after which a bracket begins a list; after other words, it indexes.
const LEADING: [&str; 8] = ["and", "elif", "else", "if", "in", "is", "not", "or"];

/// A token inside tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    /// The begin or end of a tag.
    Edge,
    Word(&'t str),
    Text,
    Sign(char),
}

/// What a bracket opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// The arguments of a call, or an index.
    Of,
    /// A parenthesised expression, or a list once there is a comma.
    Group,
    List,
}

/// The place where a list could grow.
pub(super) fn growing(text: &str) -> Option<Range<usize>> {
    let mut before = Token::Edge;
    let mut open: Vec<Open> = Vec::new();
    // Whether there is a list anywhere, in this tag, and one without brackets.
    let (mut any, mut here, mut bare) = (false, false, false);
    let mut grows = None;
    for (token, place) in tokens(text) {
        let inside = open.contains(&Open::List);
        let list = match token {
            Token::Sign(sign @ ('(' | '[' | '{')) => {
                let of = match before {
                    Token::Word(word) => !LEADING.contains(&word),
                    Token::Text | Token::Sign(')' | ']' | '}') => true,
                    _ => false,
                };
                open.push(match (of, sign) {
                    (true, _) => Open::Of,
                    (false, '(') => Open::Group,
                    (false, _) => Open::List,
                });
                !of && sign != '('
            }
            Token::Sign(')' | ']' | '}') => {
                // An unmatched bracket cannot be parsed and is never evaluated; that error has to be reported instead.
                open.pop()?;
                false
            }
            Token::Sign(',') => match open.pop() {
                Some(Open::Group) => {
                    let held = open.iter().any(|open| *open != Open::Of);
                    open.push(Open::List);
                    if held {
                        return Some(place);
                    }
                    true
                }
                Some(other) => {
                    open.push(other);
                    false
                }
                None if here => return Some(place),
                None => {
                    bare = true;
                    any = true;
                    false
                }
            },
            Token::Word("in") => {
                // The names of a loop are not a list.
                bare = false;
                false
            }
            Token::Word(word) if before == Token::Sign('|') => {
                if NESTING.contains(&word) {
                    return Some(place);
                }
                LISTING.contains(&word)
            }
            Token::Word(word) if before == Token::Edge && NAMING.contains(&word) => {
                grows = grows.or_else(|| Some(place.clone()));
                false
            }
            Token::Sign('*') => {
                grows = grows.or_else(|| Some(place.clone()));
                false
            }
            Token::Edge => {
                open.clear();
                (here, bare) = (false, false);
                false
            }
            Token::Word(_) | Token::Text | Token::Sign(_) => false,
        };
        if list && (inside || bare) {
            return Some(place);
        }
        any |= list;
        here |= list;
        before = token;
    }
    grows.filter(|_| any)
}

/// The tokens in the tags of a template, with their places; an unclosed tag extends to the end.
fn tokens(text: &str) -> impl Iterator<Item = (Token<'_>, Range<usize>)> {
    let mut at = 0;
    let mut end = None;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let Some(close) = end else {
                // Between tags.
                let tags = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];
                let found = tags.map(|(tag, close)| rest.find(tag).map(|place| (place, close)));
                let (place, close) = found.into_iter().flatten().min()?;
                at += place + 2;
                if close == "#}" {
                    at += text.get(at..)?.find(close)? + close.len();
                    continue;
                }
                end = Some(close);
                at += usize::from(text.get(at..)?.starts_with(['-', '+']));
                return Some((Token::Edge, at..at));
            };
            let first = rest.chars().next()?;
            let length = match first {
                _ if rest.starts_with(close) => {
                    end = None;
                    at += close.len();
                    continue;
                }
                '"' | '\'' => length_of_text(rest, first),
                c if is_part(c) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
                c => c.len_utf8(),
            };
            let place = at..at + length;
            at = place.end;
            let token = match first {
                c if c.is_whitespace() => continue,
                '"' | '\'' => Token::Text,
                c if is_part(c) => Token::Word(text.get(place.clone())?),
                c => Token::Sign(c),
            };
            return Some((token, place));
        }
    })
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a quoted text.
fn length_of_text(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_flat_and_has_no_name() {
        for fine in [
            "{{ report }}: {{ news }}",
            "{{ report[:20] }} {{ \"=\" * 3 }}",
            "{% set a = report|replace(\"a\", \"b\") %}{{ a[0] }}",
            "{% set short = (report ~ news)[:9] %}{{ short|upper }}",
            "{% if report in [\"A\", \"B\"] %}x{% endif %}",
            "{% if report in (\"A\", \"B\") %}x{% endif %}",
            "{{ [report, news]|join(\" - \") }} {{ report|split(\"-\")|first }}",
            "{% for a in report|list %}{{ a }}{% endfor %}",
            "{% for a, b in [1, 2] %}{{ a }}{% endfor %}",
            "{{ \"[1]*9\" }} [1]*9, [[1]] {# {% set a = [1] %} #}",
        ] {
            assert_eq!(growing(fine), None, "{fine}");
        }
        for grows in [
            "{{ [1]*100000000 }}",
            "{{ 2 in ([1] * 100000000) }}",
            "{{ (report|list) * 100000000 ~ 1 }}",
            "{% set a = [1] %}{% set a = [a, a] %}{{ a }}",
            "{% set a = 1, 2 %}{% set a = a, a %}{{ a }}",
            "{%- with a = (1, 2) %}{{ a }}{% endwith %}",
            "{% for a in [[1]] %}{% for a in [a+a] %}{{ a }}{% endfor %}{% endfor %}",
            "{% for a in [(1, 2)] %}{{ a }}{% endfor %}",
            "{% for a in ((1, 2),) %}{{ a }}{% endfor %}",
            "{% for a in (1, 2), (3, 4) %}{{ a }}{% endfor %}",
            "{% for a in 1, [2] %}{{ a }}{% endfor %}",
            "{% for a in [report|list] %}{{ a }}{% endfor %}",
            "{% for a in report|batch(2) %}{{ a }}{% endfor %}",
            "{{ {\"a\": [1]} }}",
            "{{ '\\'' ~ [[1]] }}",
        ] {
            assert!(growing(grows).is_some(), "{grows}");
        }
    }
}
