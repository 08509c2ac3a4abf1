//! What was expected where reading stopped, in plain words.

use super::Slip;
use super::scan::token_at;
use crate::diagnostic::Code;
use crate::language::grammar::Stop;

/// The slip at the place where nothing fitted.
pub(super) fn unexpected(text: &str, stop: &Stop) -> Slip {
    let found =
        token_at(text, stop.at).map_or(stop.at..text.len(), |(_, r)| stop.at.max(r.start)..r.end);
    Slip::new(
        Code::Syntax,
        found,
        format!("this does not fit here; expected {:?}", stop.expected),
    )
}
