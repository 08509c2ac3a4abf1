//! The usual values of a line of business, as texts in our own language.

use super::{ValueDefinition, ValueFormat};
use crate::source::{Location, Scalar};

/// The number of members: what a page without any `values:` shows.
pub(super) fn size(at: Location) -> ValueDefinition {
    let text = |value: &str| Scalar {
        value: value.to_owned(),
        location: at,
    };
    ValueDefinition {
        id: text("size"),
        label: "Size".to_owned(),
        description: "how many are in the segment now".to_owned(),
        format: ValueFormat::Number,
        of: text("size()"),
    }
}
