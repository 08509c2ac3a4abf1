//! Column defaults by which SQLite writes the current time, which is always in UTC.

/// The time that a default stamps a row with, in UTC and without saying so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// A day with a time of day.
    Time,
    Day,
}

/// A token of an SQL expression; words and texts are in lower case.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Word(String),
    Text(String),
    Sign(char),
}

impl Stamp {
    /// What a column's default, as SQLite returns it, stamps rows with; `None` if it writes no time, a number, a time
    /// with its offset, or the server's local time.
    pub fn of(default: &str) -> Option<Self> {
        let pieces = pieces(default);
        let texts = || {
            pieces.iter().filter_map(|piece| match piece {
                Piece::Text(text) => Some(text.as_str()),
                _ => None,
            })
        };
        if texts().any(|text| text == "localtime" || says_offset(text) || moves_hours(text)) {
            return None;
        }
        let (place, stamp) = pieces.iter().enumerate().find_map(|(place, piece)| {
            let Piece::Word(word) = piece else {
                return None;
            };
            let stamp = match word.as_str() {
                "current_timestamp" | "datetime" | "current_time" | "time" => Some(Self::Time),
                "current_date" | "date" => Some(Self::Day),
                "strftime" => texts().next().and_then(Self::of_format),
                // These are numbers, which have no zone.
                "unixepoch" | "julianday" => None,
                _ => return None,
            };
            Some((place, stamp))
        })?;
        let words = ["current_timestamp", "current_date", "current_time"];
        let is_now = |piece: &Piece| match piece {
            Piece::Text(text) => text == "now",
            Piece::Word(word) => words.contains(&word.as_str()),
            Piece::Sign(_) => false,
        };
        let behind = pieces.get(place + 1..)?;
        let alone = behind.starts_with(&[Piece::Sign('('), Piece::Sign(')')]);
        // `strftime('%F')` uses the current time too.
        let of_format =
            behind.len() <= 3 && pieces.get(place) == Some(&Piece::Word("strftime".into()));
        stamp.filter(|_| alone || of_format || pieces.iter().any(is_now))
    }

    /// What a format of `strftime` writes; `None` for numbers.
    fn of_format(format: &str) -> Option<Self> {
        let has = |marks: &[&str]| marks.iter().any(|mark| format.contains(mark));
        // Formats are in lower case here, so minutes and months look the same.
        match (
            has(&["%h", "%t", "%r", "%i"]),
            has(&["%y", "%d", "%f", "%m", "%g"]),
        ) {
            (true, _) => Some(Self::Time),
            (false, true) => Some(Self::Day),
            (false, false) => None,
        }
    }
}

/// Whether a format, or the text after it, states the offset.
fn says_offset(text: &str) -> bool {
    text.ends_with('z')
        || text.ends_with("+00")
        || text.ends_with("+00:00")
        || text.ends_with("+0000")
}

/// Whether a modifier shifts a time by hours or minutes, as is done to convert it to another zone.
fn moves_hours(text: &str) -> bool {
    let signed = text.strip_prefix(['+', '-']);
    signed.is_some_and(|rest| {
        let unit = rest
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .trim();
        let clock = rest.contains(':') && !rest.contains(' ');
        clock || matches!(unit, "hour" | "hours" | "minute" | "minutes")
    })
}

fn pieces(sql: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = sql.trim_start();
    while let Some(first) = rest.chars().next() {
        let (piece, after) = match first {
            '\'' | '"' => {
                let inside = rest.get(1..).unwrap_or("");
                let (text, after) = inside.split_once(first).unwrap_or((inside, ""));
                (Piece::Text(text.trim().to_ascii_lowercase()), after)
            }
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
                (Piece::Word(word.to_ascii_lowercase()), after)
            }
            _ => (
                Piece::Sign(first),
                rest.get(first.len_utf8()..).unwrap_or(""),
            ),
        };
        pieces.push(piece);
        rest = after.trim_start();
    }
    pieces
}
