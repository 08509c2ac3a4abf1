//! The fields of a query string or form: names with values, which may repeat.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::refusal::Refusal;

/// Names with values, in their original order.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses `a=1&b=2`; invalid UTF-8 is replaced.
    pub(super) fn read(encoded: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(encoded);
        Self(
            pairs
                .map(|(n, v)| (n.into_owned(), v.into_owned()))
                .collect(),
        )
    }

    /// All pairs.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The first value of a name.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        let found = pairs.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first value of a name, trimmed; `None` if it is blank.
    pub(super) fn said(&self, name: &str) -> Option<&str> {
        self.one(name)
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }

    /// Every value of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.iter().filter(move |(known, _)| known == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// Only the pairs with one of these names.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        let pairs = self
            .0
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()));
        Self(pairs.cloned().collect())
    }

    /// The query string with every `name` replaced by one `value`, or removed if there is none.
    pub(super) fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        let others = self.0.iter().filter(|(known, _)| known != name);
        encoded.extend_pairs(others);
        if let Some(value) = value {
            encoded.append_pair(name, value);
        }
        encoded.finish()
    }
}

/// The query string of the address.
#[derive(Debug, Clone)]
pub(super) struct Query(pub(super) Fields);

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(Fields::read(query.as_bytes())))
    }
}

/// The fields of a form. They exist only if [`super::who`] has verified that the form is ours.
#[derive(Debug, Clone)]
pub(super) struct Posted(pub(super) Fields);

impl<S: Sync> FromRequestParts<S> for Posted {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let posted = parts.extensions.get::<Self>().cloned();
        posted.ok_or_else(|| Refusal::broken("a form was read that nobody has checked"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_several_times() {
        let fields = Fields::read(b"s=a&s=b%26c&q=+x+&e=");
        assert_eq!(fields.all("s").collect::<Vec<_>>(), ["a", "b&c"]);
        assert_eq!((fields.said("q"), fields.said("e")), (Some("x"), None));
        assert_eq!(fields.with("s", Some("ü")), "q=+x+&e=&s=%C3%BC");
    }
}
