//! Common mistakes of people who do not know YAML's syntax: what they meant, and how to write it.

use std::ops::Range;

use super::{cut, escape};
use crate::diagnostic::quoted;
use crate::source::{line_start, line_stop, yaml_quoted};

/// A mistake found near the location of a YAML error.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    /// The message, if the parser's own is not clear; no full stop.
    pub message: Option<String>,
    /// The byte range concerned.
    pub place: Range<usize>,
    pub help: String,
}

/// Looks for a mistake on the line of a byte and on the adjacent lines, and for a tab after the value that starts
/// there.
pub(super) fn find(text: &str, at: usize) -> Option<Slip> {
    let lines = lines_around(text, at);
    let tab = lines.iter().find_map(|(start, line)| tab(*start, line));
    let tab = tab.or_else(|| tab_below(text, at));
    // The line itself first, then the previous one, where the error may have started.
    let mut near = lines.iter().rev().skip_while(|(start, _)| *start > at);
    tab.or_else(|| backslash(text, at))
        .or_else(|| lines.iter().find_map(|(start, line)| foreign(*start, line)))
        .or_else(|| cut_value(text, at))
        .or_else(|| not_below_block(text, at))
        .or_else(|| near.find_map(|(start, line)| Line::read(*start, line)?.slip()))
        .or_else(|| unclosed(text, at))
        .or_else(|| too_far_in(text, at))
}

/// A line that belongs to the `|` above it, but is not indented further than its key.
fn not_below_block(text: &str, at: usize) -> Option<Slip> {
    let start = line_start(text, at);
    let line = text.get(start..line_stop(text, start))?;
    let mut before = text.get(..start)?.lines().rev();
    let above = before.find(|line| !line.trim().is_empty())?;
    let opens = above.trim_end().trim_end_matches(['+', '-']);
    let opens = opens.ends_with(": |") || opens.ends_with(": >");
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    if !opens || indent(line) > indent(above) || line.trim().is_empty() {
        return None;
    }
    let place = start + line.len() - line.trim_start().len()..start + line.trim_end().len();
    Some(Slip {
        message: Some("this line is indented no further than the key above it".into()),
        place,
        help: "put blanks before it: the text below a `|` or `>` is indented further than its key"
            .into(),
    })
}

/// The YAML meaning of the character that a value starts with, if it may be intended: not in `*/5 * * * *`.
fn of_yaml(value: &str) -> &'static str {
    let mut letters = value.chars();
    let sign = letters.next();
    let is_name = letters
        .next()
        .is_some_and(|c| c.is_alphanumeric() || c == '_');
    match sign {
        Some('*') if is_name => {
            " if it is a text; an alias repeats the value marked with an anchor, `&` and the same name"
        }
        Some('&') if is_name => {
            " if it is a text; an anchor needs a value after it, separated by a blank"
        }
        Some('!') => " if it is a text; YAML tags are not used here",
        _ => "",
    }
}

/// `"a\d"`: inside double quotes, a backslash starts a YAML escape.
fn backslash(text: &str, at: usize) -> Option<Slip> {
    let (place, letter) = escape::unknown(text, at)?;
    let help = "use single quotes, where it is an ordinary character";
    let help = match escape::in_single_quotes(text, at) {
        Some(single) => format!("{help}: {}", quoted(&single)),
        None => help.to_owned(),
    };
    Some(Slip {
        message: Some(format!(
            "between double quotes a backslash begins a YAML escape, and there is no escape `\\{letter}`"
        )),
        place,
        help,
    })
}

/// `{ id: a, when: name in ("a", "b") }`: the comma ends the text.
fn cut_value(text: &str, at: usize) -> Option<Slip> {
    let (key, place) = cut::near(text, at)?;
    let value = text.get(place.clone())?;
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = match value.contains(',') {
        true => "between `{` and `}` a comma ends a text that has no quotes",
        false => "between `{` and `}` this text needs quotes",
    };
    Some(Slip {
        message: Some(message.into()),
        place,
        help: format!(
            "put the whole text in quotes: {}",
            quoted(&format!("{key}: {}", yaml_quoted(&value)))
        ),
    })
}

/// Look-alike characters: a no-break space, a colon of another script.
fn foreign(start: usize, line: &str) -> Option<Slip> {
    let (at, sign) = line
        .char_indices()
        .find(|(_, c)| matches!(c, '\u{a0}' | '：'))?;
    let (message, help) = match sign {
        '：' => ("this colon is from another script", "write `:` and a blank"),
        _ => (
            "this blank is a no-break space, as word processors write it",
            "take it out and press the space bar",
        ),
    };
    Some(Slip {
        message: Some(message.into()),
        place: start + at..start + at + sign.len_utf8(),
        help: help.into(),
    })
}

/// A bracket opened on this line or shortly before, and not closed so far.
fn unclosed(text: &str, at: usize) -> Option<Slip> {
    const FAR: usize = 12;
    let own_end = text
        .get(at..)?
        .find('\n')
        .map_or(text.len(), |end| at + end);
    let begun: Vec<&str> = text.get(..own_end)?.split_inclusive('\n').collect();
    let mut end = own_end;
    let mut closed_later = 0;
    for line in begun.into_iter().rev().take(FAR) {
        let start = end - line.len();
        end = start;
        let (open, closed) = brackets(line);
        let opened = open.len();
        if let Some((place, sign)) = open.into_iter().rev().nth(closed_later) {
            let closing = if sign == '[' { ']' } else { '}' };
            return Some(Slip {
                message: Some(format!("the `{sign}` is not closed")),
                place: start + place..start + place + 1,
                help: format!("write `{closing}` where it should end"),
            });
        }
        closed_later = closed_later.saturating_sub(opened) + closed;
    }
    None
}

/// The brackets that a line leaves open, and the number of earlier ones that it closes.
fn brackets(line: &str) -> (Vec<(usize, char)>, usize) {
    let (mut open, mut closed, mut quote) = (Vec::new(), 0, None);
    for (place, c) in line.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => break,
            (None, '[' | '{') => open.push((place, c)),
            (None, ']' | '}') if open.pop().is_none() => closed += 1,
            _ => {}
        }
    }
    (open, closed)
}

/// A misplaced `: ` that belongs to the line itself.
fn too_far_in(text: &str, at: usize) -> Option<Slip> {
    let before = text.get(..at)?.rsplit('\n').next()?;
    let key = before.trim_start();
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_key && text.get(at..)?.starts_with(": ")).then(|| Slip {
        message: Some(format!(
            "`{key}:` is indented further than the line above it allows"
        )),
        place: at - key.len()..at,
        help: "keys that belong together begin with the same number of blanks; after `- ` they line up under the first of them"
            .into(),
    })
}

/// YAML requires a blank after the `:` of a key.
fn begins_apart(value: &str) -> bool {
    value.is_empty() || value.starts_with(char::is_whitespace)
}

/// The line of a byte, the previous one and the next one, each with its start offset.
fn lines_around(text: &str, at: usize) -> Vec<(usize, &str)> {
    let mut start = 0;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .map(|line| {
            let begins = start;
            start += line.len();
            (begins, line)
        })
        .collect();
    let own = lines.iter().rposition(|(start, _)| *start <= at);
    let own = own.unwrap_or(0);
    lines
        .into_iter()
        .skip(own.saturating_sub(1))
        .take(2 + own.min(1))
        .collect()
}

fn tab(start: usize, line: &str) -> Option<Slip> {
    let indent = line.len() - line.trim_start().len();
    let at = line.get(..indent)?.find('\t')?;
    let message = "this line begins with a tab, but YAML counts blanks";
    (!line.trim().is_empty()).then(|| Slip {
        message: Some(message.into()),
        place: start + at..start + at + 1,
        help: "replace it with blanks, as many as the lines around it have".into(),
    })
}

/// A tab before what follows a value that spans several lines, or is followed by blank lines.
fn tab_below(text: &str, at: usize) -> Option<Slip> {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let own = line_start(text, at);
    let is_within = |line: &str, of: usize| line.trim().is_empty() || indent(line) > of;
    let mut start = own;
    let mut lines = text.get(own..)?.split_inclusive('\n');
    let of = indent(lines.clone().next()?);
    let mut next = || {
        let line = lines.next()?;
        start += line.len();
        Some((start - line.len(), line))
    };
    next()?;
    loop {
        let (start, line) = next()?;
        if let Some(slip) = tab(start, line) {
            return Some(slip);
        }
        if !is_within(line, of) {
            return None;
        }
    }
}

/// A line of `key: value` or `- value`.
struct Line<'t> {
    /// The key; `None` for a list item.
    key: Option<&'t str>,
    /// The text after the key's `:`, without a comment.
    value: &'t str,
    /// The offset of the value in the file.
    start: usize,
}

impl<'t> Line<'t> {
    fn read(start: usize, line: &'t str) -> Option<Self> {
        let mut rest = line.trim_start();
        while let Some(item) = rest.strip_prefix("- ") {
            rest = item.trim_start();
        }
        let is_item = line.trim_start().starts_with("- ");
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (word, behind) = rest.split_at(word.unwrap_or(rest.len()));
        let (key, value) = match behind.strip_prefix(':') {
            Some(value) if !word.is_empty() && begins_apart(value) => (Some(word), value),
            _ if is_item || !word.is_empty() || rest.starts_with(['@', '*', '`', '%']) => {
                (None, rest)
            }
            _ => return None,
        };
        let begins = line.len() - value.trim_start().len();
        let value = value.trim_start();
        let end = value.find(" #").unwrap_or(value.len());
        Some(Self {
            key,
            value: match key {
                Some(_) => value.get(..end)?.trim_end(),
                // An item on a line of its own may be followed by its comma.
                None => value.get(..end)?.trim_end().trim_end_matches(','),
            },
            start: start + begins,
        })
    }

    fn slip(&self) -> Option<Slip> {
        self.colon()
            .or_else(|| self.open_quote())
            .or_else(|| self.sign())
            .or_else(|| self.sign_in_list())
            .or_else(|| self.more_than_quoted())
    }

    /// `cron "0 6 * * *"` and `cron:"0 6 * * *"`.
    fn colon(&self) -> Option<Slip> {
        let end = self
            .value
            .find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let (word, behind) = self.value.split_at(end);
        let value = behind.trim_start_matches(':').trim_start();
        let in_quotes = value.starts_with(['"', '\'']) && value.ends_with(['"', '\'']);
        // `when:paid > 3`, but not an address such as `http://…`.
        let is_glued = behind.starts_with(':') && value.contains(' ') && !behind.starts_with(":/");
        if self.key.is_some() || word.is_empty() || !(in_quotes || is_glued) || value.len() < 2 {
            return None;
        }
        let message = match behind.starts_with(':') {
            true => format!("a blank is missing after `{word}:`"),
            false => format!("the `:` is missing after `{word}`"),
        };
        Some(Slip {
            message: Some(message),
            place: self.start..self.start + self.value.len(),
            help: format!("write {}", quoted(&format!("{word}: {value}"))),
        })
    }

    /// `"0 6 * * *`
    fn open_quote(&self) -> Option<Slip> {
        let quote = self
            .value
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))?;
        let text = self.value.get(1..)?;
        (!text.is_empty() && !text.contains(quote)).then(|| Slip {
            message: Some("this text has no closing quote".into()),
            place: self.start..self.start + self.value.len(),
            help: format!("write `{quote}{text}{quote}`"),
        })
    }

    /// A value that starts with a YAML indicator.
    fn sign(&self) -> Option<Slip> {
        let sign = self.value.chars().next()?;
        let braces = self.value.starts_with('{') && {
            // `{{ … }}`, or text after the closing brace: not a mapping in either case.
            let inner = self.value.split_once('}').map_or("", |(_, rest)| rest);
            self.value.starts_with("{{")
                || !inner.trim().is_empty() && !inner.contains('}')
                || self.value.starts_with('{') && !self.value.contains(": ")
        };
        if !matches!(sign, '*' | '@' | '`' | '%' | '&' | '!') && !braces {
            return None;
        }
        let mut slip = self.quoted(format!("a text that begins with `{sign}` needs quotes"));
        slip.help.push_str(of_yaml(self.value));
        Some(slip)
    }

    /// `[@example.com]`: an indicator at the start of an item.
    fn sign_in_list(&self) -> Option<Slip> {
        if !self.value.starts_with(['[', '{']) {
            return None;
        }
        let places = self.value.char_indices().filter(|(at, c)| {
            let before = self.value.get(..*at).unwrap_or("").trim_end();
            matches!(c, '@' | '*' | '`' | '%') && before.ends_with(['[', ',', '{', ':'])
        });
        let (at, sign) = places.into_iter().next()?;
        let item = self.value.get(at..)?;
        let end = item.find([',', ']', '}']).unwrap_or(item.len());
        let item = item.get(..end)?.trim_end();
        Some(Slip {
            message: Some(format!("a text that begins with `{sign}` needs quotes")),
            place: self.start + at..self.start + at + item.len(),
            help: format!("write {}{}", quoted(&yaml_quoted(item)), of_yaml(item)),
        })
    }

    /// `"Soho" and more`, and a `: ` in the middle of a text.
    fn more_than_quoted(&self) -> Option<Slip> {
        let first = self.value.chars().next()?;
        let plain = !matches!(first, '[' | '{' | '|' | '>' | '"' | '\'');
        let behind = |quote: char| {
            let rest = self.value.get(1..)?;
            rest.split_once(quote).map(|(_, behind)| behind.trim())
        };
        let more =
            matches!(first, '"' | '\'') && behind(first).is_some_and(|more| !more.is_empty());
        if !(plain && self.value.contains(": ") || more) {
            return None;
        }
        let help = match self.wrapped_alike() {
            Some(inner) => {
                let key = self.key.map_or(String::new(), |key| format!("{key}: "));
                let written = yaml_quoted(inner);
                format!(
                    "the quotes around the whole differ from those inside it: write `{key}{written}`"
                )
            }
            None => {
                let key = self.key.map_or(String::new(), |key| format!("{key}: "));
                let whole = format!("{key}{}", yaml_quoted(self.value));
                format!("put the whole text in quotes: {}", quoted(&whole))
            }
        };
        Some(Slip {
            message: None,
            place: 0..0,
            help,
        })
    }

    /// `"name = "Anna" and points > 3"`: the content, if the outer quotes are also used inside.
    fn wrapped_alike(&self) -> Option<&str> {
        let quote = self
            .value
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\''))?;
        let inner = self.value.strip_prefix(quote)?.strip_suffix(quote)?;
        let (_, behind) = inner.split_once(quote)?;
        behind.starts_with(char::is_alphanumeric).then_some(inner)
    }

    /// Suggests quoting the complete value.
    fn quoted(&self, message: String) -> Slip {
        Slip {
            message: Some(message),
            place: self.start..self.start + self.value.len(),
            help: format!("write {}", quoted(&yaml_quoted(self.value))),
        }
    }
}
