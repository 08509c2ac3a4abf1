//! Shared by the commands that list people or segments: which rows are shown, and in which order.

use clap::Args;

use super::columns::{Columns, place};
use super::exit::{Exit, Failure};
use super::extent::{Extent, tell_part};
use super::output::print_list;
use super::results::Results;
use super::{Common, Format};
use crate::config::Locale;
use crate::view::{Table, marks};

/// The number of rows in a table of people.
pub(super) const USUAL: u32 = 25;

/// Which part of a list, and how it is shown.
#[derive(Args, Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    /// Only rows whose name or key has all these words; case and accents do not matter
    #[arg(long = "where", value_name = "NAME")]
    search: Option<String>,
    /// Sort by a column, or by `name`; with `:desc` the largest first
    #[arg(long, value_name = "COLUMN[:desc]")]
    sort: Option<String>,
    #[command(flatten)]
    extent: Extent,
    /// The page of the list, from 1; `--limit` says how long one is
    #[arg(long, value_name = "N", conflicts_with = "all", value_parser = clap::value_parser!(u32).range(1..))]
    page: Option<u32>,
    #[command(flatten)]
    columns: Columns,
}

/// A list to print.
#[derive(Default)]
pub(super) struct Listed<'a> {
    /// The name of one row, and of several.
    pub(super) called: [&'a str; 2],
    /// The columns that `--where` searches: the name and the key.
    pub(super) named: [&'a str; 2],
    /// The column that is hidden.
    pub(super) hidden: Option<&'a str>,
    /// The columns shown in a table for people, if not all.
    pub(super) for_people: Option<Vec<String>>,
    /// The usual number of rows in a table for people; `None` for all.
    pub(super) usual: Option<u32>,
    /// The total number of rows, if the table holds only those of [`Listing::part`]; `None` if it holds all.
    pub(super) of: Option<u64>,
    /// Notes to print first, one a line.
    pub(super) before: Vec<String>,
}

/// A part of a list, by position.
pub(super) struct Part {
    /// The number of rows skipped.
    pub(super) skipped: u32,
    /// The maximum number of rows; `None` for all.
    pub(super) most: Option<u32>,
}

impl Listing {
    /// True if any option is given.
    pub(super) fn is_given(&self) -> bool {
        *self != Self::default()
    }

    /// True if the rows of the part can only be determined from the whole list.
    pub(super) fn needs_all(&self) -> bool {
        self.search.is_some() || self.sort.is_some()
    }

    /// The requested part, given the usual number of rows in a table for people; `None` for all.
    pub(super) fn part(&self, usual: Option<u32>, format: Format) -> Part {
        let page = self.page.map(|_| usual.unwrap_or(USUAL));
        let most = self.extent.limit.or(page);
        let most = most.or_else(|| self.extent.most(usual?, format));
        let before = self.page.unwrap_or(1).saturating_sub(1);
        Part {
            skipped: before.saturating_mul(most.unwrap_or(0)),
            most,
        }
    }

    /// Prints the requested part of a list of results: first the notes, then the table, then how to see the rest of the
    /// list.
    pub(super) fn print(
        &self,
        mut table: Table,
        listed: &Listed<'_>,
        common: &Common,
        results: &Results,
    ) -> Result<Exit, Failure> {
        let locale = results.config.locale;
        if let Some(text) = &self.search {
            table.search(text, &listed.named);
        }
        if let Some(sort) = &self.sort {
            let (column, descending) = match sort.strip_suffix(":desc") {
                Some(column) => (column, true),
                None => (sort.strip_suffix(":asc").unwrap_or(sort), false),
            };
            // `name` works in every list, whatever its column of names is called.
            let [name, _] = listed.named;
            let column = if column == "name" { name } else { column };
            let also = (name != "name").then_some("name");
            let place = place(&table, column, also)?;
            table.sort(place, descending);
        }
        let part = self.part(listed.usual, common.format);
        let of = listed.of.unwrap_or(table.rows.len() as u64);
        if listed.of.is_none() {
            table.page(part.skipped as usize, part.most.map(|most| most as usize));
        }
        self.refuse_beyond(&part, of, listed.called, locale)?;
        if let Some(hidden) = listed.hidden {
            table = table.without(hidden);
        }
        let for_people = listed.for_people.as_deref();
        let for_people = for_people.map(|keys| table.clone().keep(keys));
        let table = self.columns.of(table, for_people, common.format)?;
        let exit = results.tell();
        for line in &listed.before {
            note!("{line}");
        }
        print_list(&table, common.format, locale)?;
        self.tell(&part, table.rows.len(), of, listed, locale);
        Ok(exit)
    }

    /// Rejects a page after the last one.
    fn refuse_beyond(
        &self,
        part: &Part,
        of: u64,
        [one, several]: [&str; 2],
        locale: Locale,
    ) -> Result<(), Failure> {
        let (Some(page), Some(most)) = (self.page, part.most.filter(|most| *most > 0)) else {
            return Ok(());
        };
        let last = of.div_ceil(u64::from(most)).max(1);
        if u64::from(page) <= last {
            return Ok(());
        }
        let called = if of == 1 { one } else { several };
        Err(Failure::input(format!(
            "there is no page {page}: the last page of {} {called} is {last}",
            marks(locale).whole(of)
        )))
    }

    fn tell(&self, part: &Part, shown: usize, of: u64, listed: &Listed<'_>, locale: Locale) {
        let [one, several] = listed.called;
        if of == 0 {
            match &self.search {
                Some(text) => note!("no {one} has `{text}` in its name or key"),
                None => note!("no {several}"),
            }
            return;
        }
        let behind = u64::from(part.skipped) + (shown as u64) < of;
        let next = self.page.unwrap_or(1).saturating_add(1);
        let next = (behind && shown > 0).then(|| format!("`--page {next}` shows the next"));
        let all = "`--all` shows all".to_owned();
        let others: Vec<String> = next.into_iter().chain([all]).collect();
        let skipped = part.skipped as usize;
        tell_part((skipped, shown), of, listed.called, &others, &marks(locale));
    }
}
