//! The desired state of a segment.

use crate::rules::Segment;

/// The desired state of a segment; parts that are `None` are not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Its display name.
    pub name: String,
    /// Its meaning, in plain words.
    pub description: Option<String>,
    pub bucket: Option<String>,
    pub importance: Option<u32>,
    /// The condition in addition to the filters.
    pub when: Option<String>,
    /// The values of each field, at least one each.
    pub filters: Vec<(String, Vec<String>)>,
}

impl Wish {
    /// The current state of a segment.
    pub fn of(segment: &Segment) -> Self {
        let filters = segment.filter.iter().map(|filter| {
            let values = filter.values.iter().map(|value| value.value.clone());
            (filter.field.value.clone(), values.collect())
        });
        Self {
            name: segment.name.clone(),
            description: segment.description.clone(),
            bucket: segment.bucket.clone(),
            importance: segment.importance,
            when: segment.when.as_ref().map(|when| when.value.clone()),
            filters: filters.collect(),
        }
    }

    /// The condition, if there is one; `yes`, for everybody, if there is no filter either.
    pub(super) fn condition(&self) -> Option<&str> {
        let when = self
            .when
            .as_deref()
            .map(str::trim)
            .filter(|when| !when.is_empty());
        when.or_else(|| self.filters.is_empty().then_some("yes"))
    }
}

/// Derives an id from a name: lower-case letters, digits and `_`.
pub fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('_') {
            id.push('_');
        }
    }
    let id = id.trim_end_matches('_');
    if id.is_empty() || id.starts_with(|c: char| c.is_ascii_digit()) {
        format!("segment_{id}").trim_end_matches('_').to_string()
    } else {
        id.to_string()
    }
}
