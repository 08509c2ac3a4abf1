//! Real rules, damaged: the equivalent of a fuzz target. `MUSTER_FUZZ_ROUNDS` sets how many.

use muster::language::parse;

/// What holds for every text: it is read, and its print is read as the same; or it is refused with
/// slips that have a place and words.
pub fn hold(text: &str) {
    match parse(text) {
        Ok(expr) => {
            let printed = expr.to_string();
            let again = parse(&printed).unwrap_or_else(|e| panic!("{text:?} → {printed:?}: {e:?}"));
            assert_eq!(again, expr, "{text:?} → {printed:?}");
            assert_eq!(again.to_string(), printed);
        }
        Err(failure) => {
            assert!(!failure.slips.is_empty(), "{text:?}");
            for slip in failure.slips {
                let place = text.get(slip.span.start..slip.span.end);
                assert!(place.is_some(), "{text:?}: {slip:?}");
                assert!(place == place.map(str::trim), "{text:?}: {slip:?}");
                assert!(!slip.message.is_empty());
            }
        }
    }
}

/// Words that a damaged rule may gain.
const WORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "is",
    "between",
    "where",
    "within",
    "by",
    "contains",
    "starts with",
    "last",
    "previous",
    "next",
    "calendar",
    "month",
    "days",
    "day",
    "30",
    "0",
    "75%",
    "2025-01-01",
    "2025-13-41",
    "ago",
    "from",
    "to",
    "since",
    "now",
    "today",
    "from now",
    "missing",
    "present",
    "segment",
    "top",
    "bottom",
    "distinct",
    "(",
    ")",
    ",",
    ".",
    "+",
    "-",
    "*",
    "/",
    "=",
    "==",
    "=>",
    "<",
    "!=",
    "<>",
    "&&",
    "!",
    "\"x\"",
    "\"",
    "'",
    "`",
    "`a b`",
    "“x”",
    "#",
    "\n",
    "count(",
    "visits",
    "the",
    "this",
    "week",
    "yes",
    "é",
    "🙂",
];

/// A small generator, so that a failure can be repeated.
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 to n − 1.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// A text with one to four of its parts taken, doubled, moved, replaced or broken.
pub fn damaged(text: &str, dice: &mut Dice) -> String {
    let mut parts: Vec<String> = text
        .split_inclusive(['(', ')', ' ', ',', '.'])
        .map(str::to_string)
        .collect();
    for _ in 0..=dice.below(3) {
        let (at, other) = (dice.below(parts.len()), dice.below(parts.len()));
        match dice.below(6) {
            0 if parts.len() > 1 => drop(parts.remove(at)),
            1 => parts.insert(at, parts[other].clone()),
            2 => parts.swap(at, other),
            3 => parts.insert(at, format!("{} ", WORDS[dice.below(WORDS.len())])),
            4 => parts[at] = WORDS[dice.below(WORDS.len())].to_string(),
            _ => {
                let mut chars: Vec<char> = parts[at].chars().collect();
                if !chars.is_empty() {
                    chars.remove(dice.below(chars.len()));
                }
                parts[at] = chars.into_iter().collect();
            }
        }
        if parts.is_empty() {
            parts.push(String::new());
        }
    }
    parts.concat()
}

/// How many texts to damage.
pub fn rounds(usual: usize) -> usize {
    let asked = std::env::var("MUSTER_FUZZ_ROUNDS").ok();
    asked.and_then(|r| r.parse().ok()).unwrap_or(usual)
}

#[test]
fn damaged_rules_are_read_or_refused() {
    let mut dice = Dice(0x5EED_1234_ABCD_0001);
    for _ in 0..rounds(5_000) {
        let (text, _) = super::read::READ[dice.below(super::read::READ.len())];
        let text = damaged(text, &mut dice);
        hold(&text);
    }
}
