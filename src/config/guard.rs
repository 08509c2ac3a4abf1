//! When a run is held instead of published.

use schemars::json_schema;

use super::quantity::{Change, Count};
use crate::decode::{Identifier, Read, Reader, Several, inline_schema, record};
use crate::source::{Node, NodeKind, Scalar};
use crate::value::Share;

/// By default, changes to more than this share of the memberships hold a run.
const MOVES: Share = Share::percent(50);
/// By default, fewer changes than this never hold a run.
const AT_LEAST: u32 = 20;

/// How much a run may change before someone has to accept it.
#[derive(Debug, Clone, PartialEq)]
pub struct Guard {
    /// The largest number of changes, as a share of the memberships before the run. It may be more than 100%.
    pub moves: Share,
    /// With fewer changes than this, a run is never held.
    pub at_least: u32,
    /// Segments that are ignored, both in the changes and in the memberships.
    pub except: Vec<Scalar>,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            moves: MOVES,
            at_least: AT_LEAST,
            except: Vec::new(),
        }
    }
}

record! {
    /// How much a run may change before it is held.
    pub(super) struct Limits {
        /// More changes than this share of the memberships hold a run: `50%` (the default).
        moves: Option<Change>,
        /// Fewer changes than this never hold a run. Default: 20.
        at_least: Option<Count>,
        /// Segments whose members may change as they like, such as those with a birthday this month.
        except: Option<Several<Identifier>>,
    }
}

/// `off`, or limits.
#[derive(Debug)]
pub(super) enum GuardFile {
    Off,
    On(Limits),
}

impl Read for GuardFile {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(word) if word.value == "off" => Some(Self::Off),
            NodeKind::Mapping(_) => Limits::read(node, reader).map(Self::On),
            NodeKind::Scalar(_) | NodeKind::List(_) | NodeKind::Empty => {
                let expected = "`off`, or limits such as `{ moves: 50%, at_least: 20 }`";
                reader.invalid(node.location, expected);
                None
            }
        }
    }
}

inline_schema!(GuardFile, |generator| {
    let limits = generator.subschema_for::<Limits>();
    json_schema!({ "anyOf": [{ "enum": ["off"] }, limits] })
});

impl GuardFile {
    /// `None` if the guard is off.
    pub(super) fn into_guard(self) -> Option<Guard> {
        let Self::On(limits) = self else {
            return None;
        };
        let default = Guard::default();
        let except = limits.except.into_iter().flat_map(|ids| ids.0);
        Some(Guard {
            moves: limits.moves.map_or(default.moves, |share| share.0),
            at_least: limits.at_least.map_or(default.at_least, |count| count.0),
            except: except.map(|id| id.0).collect(),
        })
    }
}
