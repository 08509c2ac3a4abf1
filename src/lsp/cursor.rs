//! Where the cursor stands in YAML that may be half typed: the keys that lead there, and what stands before it.
//!
//! It goes by lines and their indentation, so that it needs no text that can be parsed.

/// Where the cursor stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor<'t> {
    /// The keys that lead there, the outermost first; of a value its own key, too.
    pub keys: Vec<String>,
    pub stands: Stands<'t>,
}

/// What the cursor stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands<'t> {
    /// In a key, or in an item of a list that may become one: what of it stands before the cursor.
    Key(&'t str),
    /// In a value: what of it stands before the cursor.
    Value(&'t str),
    /// In a comment of YAML.
    Comment,
}

/// A line's keys.
struct Line<'t> {
    /// Where its last `-` stands, if it begins an item.
    dash: Option<usize>,
    /// Where the text behind blanks and dashes begins.
    indent: usize,
    rest: &'t str,
}

impl<'t> Line<'t> {
    fn of(line: &'t str) -> Self {
        let mut dash = None;
        let mut indent = line.len() - line.trim_start_matches(' ').len();
        loop {
            let rest = line.get(indent..).unwrap_or_default();
            let Some(behind) = rest.strip_prefix('-') else {
                return Self { dash, indent, rest };
            };
            if !behind.is_empty() && !behind.starts_with(' ') {
                return Self { dash, indent, rest };
            }
            dash = Some(indent);
            indent += 1 + behind.len() - behind.trim_start_matches(' ').len();
        }
    }

    /// Its key and what stands behind the colon.
    fn entry(&self) -> Option<(&'t str, &'t str)> {
        if self.rest.starts_with(['#', '{', '[']) {
            return None;
        }
        let colon = self.rest.match_indices(':').map(|(at, _)| at);
        let colon = colon.into_iter().find(|at| {
            let behind = self.rest.get(at + 1..).unwrap_or_default();
            behind.is_empty() || behind.starts_with([' ', '\r'])
        })?;
        let key = self.rest.get(..colon)?.trim();
        let value = self.rest.get(colon + 1..)?;
        Some((key.trim_matches(['"', '\'']), value))
    }

    fn is_blank(&self) -> bool {
        self.dash.is_none() && (self.rest.trim().is_empty() || self.rest.starts_with('#'))
    }
}

/// Where a byte of a text stands.
pub fn cursor(text: &str, byte: usize) -> Cursor<'_> {
    let before = text.get(..byte).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let above: Vec<(usize, &str)> = line_starts(before, start);
    let head = before.get(start..).unwrap_or_default();
    let line = Line::of(head);
    if let Some((opener, value)) = holding(&above, &line, head.len()) {
        let keys = path(&above, opener, true);
        let value = before.get(value..).unwrap_or_default();
        return Cursor {
            keys,
            stands: Stands::Value(value),
        };
    }
    if has_comment(head) {
        return Cursor {
            keys: Vec::new(),
            stands: Stands::Comment,
        };
    }
    let mut keys = ancestors(&above, line.indent, line.dash);
    let stands = match line.entry() {
        Some((key, value)) => {
            keys.push(key.to_owned());
            flow(value, Stands::Value(value.trim_start()), &mut keys)
        }
        None => flow(line.rest, Stands::Key(line.rest), &mut keys),
    };
    Cursor { keys, stands }
}

/// Whether a comment begins in a line of YAML: at a `#` behind a blank that stands in no quotes, which begin where a key, value
/// or item does.
fn has_comment(line: &str) -> bool {
    let mut quote = None;
    let mut before = ' ';
    // Whether something begins at the next character that is no blank.
    let mut begins = true;
    for letter in line.chars() {
        match quote {
            Some(open) if letter == open && before != '\\' => quote = None,
            Some(_) => {}
            None if letter == '#' && before.is_whitespace() => return true,
            None if begins && matches!(letter, '"' | '\'') => quote = Some(letter),
            None => {}
        }
        begins = match letter {
            ' ' | '\t' => begins || matches!(before, ':' | '-'),
            '{' | '[' | ',' => true,
            _ => false,
        };
        before = letter;
    }
    false
}

/// The lines before a byte, with their first bytes.
fn line_starts(text: &str, end: usize) -> Vec<(usize, &str)> {
    let mut at = 0;
    let lines = text.get(..end).unwrap_or_default().split_inclusive('\n');
    let lines = lines.map(|line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    });
    lines.collect()
}

/// The line above whose value goes on in this one: its place, and the first byte of the value.
fn holding(above: &[(usize, &str)], line: &Line<'_>, column: usize) -> Option<(usize, usize)> {
    let mut least = match line.rest.is_empty() {
        true => column,
        false => line.dash.unwrap_or(line.indent),
    };
    let is_entry = line.entry().is_some() || line.dash.is_some();
    for (place, (start, text)) in above.iter().enumerate().rev() {
        let candidate = Line::of(text);
        if candidate.is_blank() {
            continue;
        }
        let Some((_, value)) = candidate.entry() else {
            let begins = candidate.dash.unwrap_or(candidate.indent);
            least = least.min(begins.max(1));
            continue;
        };
        if candidate.indent >= least {
            continue;
        }
        least = candidate.dash.unwrap_or(candidate.indent);
        let behind = start + text.len() - value.len();
        let written = value.split(" #").next().unwrap_or_default().trim();
        if written.starts_with(['|', '>']) {
            return Some((place, start + text.len()));
        }
        // A plain or quoted text may go on in deeper lines.
        let goes_on = !written.is_empty() && !written.starts_with(['{', '[', '&', '*']);
        if goes_on && !is_entry {
            return Some((place, behind));
        }
        if !is_entry {
            return None;
        }
    }
    None
}

/// The keys that lead to a line's key, with that key.
fn path(above: &[(usize, &str)], place: usize, with_own: bool) -> Vec<String> {
    let text = above.get(place).map_or("", |(_, text)| text);
    let line = Line::of(text);
    let before = above.get(..place).unwrap_or_default();
    let mut keys = ancestors(before, line.indent, line.dash);
    let own = line.entry().filter(|_| with_own);
    keys.extend(own.map(|(key, _)| key.to_owned()));
    keys
}

/// The keys above a place that begins in this column, behind a dash or not.
fn ancestors(above: &[(usize, &str)], indent: usize, dash: Option<usize>) -> Vec<String> {
    let mut keys = Vec::new();
    let (mut indent, mut dash) = (indent, dash);
    for (_, text) in above.iter().rev() {
        let line = Line::of(text);
        if line.is_blank() {
            continue;
        }
        let own = line.dash.unwrap_or(line.indent);
        match dash {
            // The items of a list may stand right below its key, or deeper.
            Some(column) if line.dash.is_none() && line.indent <= column => {}
            Some(_) if line.dash.is_none() || own >= dash.unwrap_or(0) => continue,
            None if line.indent < indent => {}
            None if own < indent => {
                // An item that this place is another key of.
                dash = line.dash;
                continue;
            }
            _ if own < dash.unwrap_or(indent) => {}
            _ => continue,
        }
        let Some((key, _)) = line.entry() else {
            continue;
        };
        keys.push(key.to_owned());
        (indent, dash) = (line.indent, line.dash);
        if indent == 0 && dash.is_none() {
            break;
        }
    }
    keys.reverse();
    keys
}

/// Where the end of a value stands that may be a list or mapping in brackets: its keys are added.
fn flow<'t>(text: &'t str, otherwise: Stands<'t>, keys: &mut Vec<String>) -> Stands<'t> {
    let opened = text.trim_start();
    if !opened.starts_with(['{', '[']) {
        return otherwise;
    }
    // For each bracket that is open: whether it is a mapping, and its key at this place.
    let mut open: Vec<(bool, Option<&str>)> = Vec::new();
    let (mut from, mut quote) = (0, None);
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some(end), letter) if letter == end => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if text.get(from..at).is_some_and(|t| t.trim().is_empty()) => {
                quote = Some(letter);
            }
            (None, '{' | '[') => {
                open.push((letter == '{', None));
                from = at + 1;
            }
            (None, '}' | ']') => {
                open.pop();
                from = at + 1;
            }
            (None, ',') => {
                if let Some((_, key)) = open.last_mut() {
                    *key = None;
                }
                from = at + 1;
            }
            (None, ':') if letters.peek().is_none_or(|(_, next)| *next == ' ') => {
                if let Some((true, key)) = open.last_mut()
                    && key.is_none()
                {
                    *key = text.get(from..at).map(str::trim);
                    from = at + 1;
                }
            }
            _ => {}
        }
    }
    let written = text.get(from..).unwrap_or_default().trim_start();
    let is_key = matches!(open.last(), Some((true, None)) | None);
    keys.extend(
        open.into_iter()
            .filter_map(|(_, key)| Some(key?.to_owned())),
    );
    match is_key {
        true => Stands::Key(written),
        false => Stands::Value(written),
    }
}

#[cfg(test)]
mod tests {
    use super::{Stands, cursor};

    /// The keys and the place of the `¦` in a text.
    fn at(text: &str) -> (String, String) {
        let byte = text.find('¦').unwrap_or(text.len());
        let text = text.replace('¦', "");
        let found = cursor(&text, byte);
        let stands = match found.stands {
            Stands::Key(typed) => format!("key {typed}"),
            Stands::Value(typed) => format!("value {}", typed.trim_start()),
            Stands::Comment => "comment".to_owned(),
        };
        (found.keys.join("."), stands)
    }

    #[test]
    fn the_keys_and_the_beginning_are_found() {
        for (text, keys, stands) in [
            ("seg¦", "", "key seg"),
            ("metrics:\n  a: count(vi¦", "metrics.a", "value count(vi"),
            ("segments:\n  - id: a\n    wh¦", "segments", "key wh"),
            ("segments:\n- id: a\n  wh¦", "segments", "key wh"),
            ("segments:\n  - i¦", "segments", "key i"),
            (
                "segments:\n  - id: a\n    when: x > 1 and ¦\n  - id: b",
                "segments.when",
                "value x > 1 and ",
            ),
            (
                "segments:\n  - id: a\n    when: |\n      x > 1\n      and y¦",
                "segments.when",
                "value x > 1\n      and y",
            ),
            (
                "segments:\n  - id: a\n    when: |\n      x > 1\n      ¦",
                "segments.when",
                "value x > 1\n      ",
            ),
            (
                "segments:\n  - id: a\n    when: x > 1\n      and y¦",
                "segments.when",
                "value x > 1\n      and y",
            ),
            (
                "segments:\n  - { id: a, when: x > ¦",
                "segments.when",
                "value x > ",
            ),
            ("segments:\n  - { id: a, wh¦", "segments", "key wh"),
            (
                "segments:\n  - id: a\n    filter: { plan: [a, ¦",
                "segments.filter.plan",
                "value ",
            ),
            (
                "segments:\n  - id: a\n    filter:\n      pl¦",
                "segments.filter",
                "key pl",
            ),
            (
                "collections:\n  visits: { table: visits, at: ¦",
                "collections.visits.at",
                "value ",
            ),
            (
                "collections:\n  visits:\n    where: a = \"¦",
                "collections.visits.where",
                "value a = \"",
            ),
            ("a: 1\nb: ¦", "b", "value "),
            ("a:\n  b: 1\n\n# remark\nc¦", "", "key c"),
            ("# remark ¦", "", "comment"),
            ("segments:\n  - id: a\n    # this is ¦", "", "comment"),
            ("segments:\n  - id: a # this ¦", "", "comment"),
            (
                "segments:\n  - { id: a, name: 'b # c¦",
                "segments.name",
                "value 'b # c",
            ),
            (
                "segments:\n  - id: a\n    when: name = \"it's # 1¦",
                "",
                "comment",
            ),
            ("segments:\n  - id: a#1¦", "segments.id", "value a#1"),
        ] {
            assert_eq!(at(text), (keys.to_owned(), stands.to_owned()), "{text}");
        }
    }
}
