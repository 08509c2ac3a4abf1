//! The part of the list that an address asks for.

use crate::store::{Among, ClientQuery, Match};
use crate::web::fields::Fields;
use crate::web::refusal::Refusal;
use crate::web::results::Results;

use super::view::PER_PAGE;

/// The filter and page number of a list of people.
pub(in crate::web) struct Filter {
    pub(in crate::web) among: Among,
    /// Starts at 1.
    pub(in crate::web) page: u32,
    /// The query string without the page number.
    fields: Fields,
}

impl Filter {
    /// Reads `segment=a&segment=b&match=any&page=2`.
    ///
    /// # Errors
    /// The segment, the way to combine several, or the page does not exist.
    pub(in crate::web) fn read(fields: Fields, results: &Results) -> Result<Self, Refusal> {
        let segments: Vec<String> = fields.all("segment").map(str::to_owned).collect();
        for id in &segments {
            results.segment(id)?;
        }
        let how = match fields.said("match") {
            None | Some("all") => Match::All,
            Some("any") => Match::Any,
            Some("none") => Match::None,
            Some(_) => return Err(Refusal::invalid("`match` is one of: all, any, none")),
        };
        let page = fields.said("page").map_or(Ok(1), str::parse);
        let page = page.ok().filter(|page| *page > 0);
        Ok(Self {
            among: Among::new(segments, how),
            page: page.ok_or_else(|| Refusal::invalid("`page` is a number from 1"))?,
            fields,
        })
    }

    /// The query for the store.
    pub(in crate::web) fn query(&self) -> ClientQuery {
        ClientQuery {
            among: self.among.clone(),
            limit: Some(PER_PAGE),
            offset: (self.page - 1).saturating_mul(PER_PAGE),
        }
    }

    /// The part of a list that is on this page.
    pub(in crate::web) fn part<'k, T>(&self, all: &'k [T]) -> &'k [T] {
        let before = (self.page as usize - 1).saturating_mul(PER_PAGE as usize);
        let after = before.saturating_add(PER_PAGE as usize).min(all.len());
        all.get(before..after).unwrap_or_default()
    }

    /// The filter as form fields.
    pub(in crate::web) fn within(&self) -> Vec<(String, String)> {
        let fields = self.fields.only(&["segment", "match"]);
        let pairs = fields.iter();
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// The address for exporting the list as it was published by `run`.
    pub(in crate::web) fn export(&self, path: &str, run: i64) -> String {
        let fields = self.fields.only(&["segment", "match"]);
        address(path, &fields.with("run", Some(&run.to_string())))
    }

    /// The address of another page of the same list.
    pub(in crate::web) fn href(&self, path: &str, page: u32) -> String {
        let page = (page > 1).then(|| page.to_string());
        address(path, &self.fields.with("page", page.as_deref()))
    }

    /// The filter in words; `None` if everybody is listed.
    pub(in crate::web) fn words(&self, results: &Results) -> Option<String> {
        self.among.words(|id| results.name(id))
    }
}

/// A path with its query string, if there is one.
fn address(path: &str, query: &str) -> String {
    match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}
