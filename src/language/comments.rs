//! Comments in the text of a condition.

use std::ops::Range;

/// Comments out, white space to single blanks.
pub fn without_comments(text: &str) -> String {
    let code = text.lines().map(code_of);
    let words: Vec<&str> = code.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

/// Where the comments stand, each from its `#` to the end of its line.
pub fn comments(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').filter_map(|line| {
        let from = start + code_of(line).len();
        start += line.len();
        let comment = from..from + text.get(from..start)?.trim_end().len();
        (!comment.is_empty()).then_some(comment)
    });
    lines.collect()
}

/// A line up to the first `#` outside quotes.
fn code_of(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return line.get(..at).unwrap_or(line),
            (None, '"' | '\'' | '`') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    line
}
