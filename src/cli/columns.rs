//! `--columns`: which columns of a table are shown.

use clap::Args;

use super::Format;
use super::exit::Failure;
use crate::diagnostic::suggest;
use crate::view::Table;

/// Which columns.
#[derive(Args, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// Only these columns, in this order, by their names in JSON or CSV
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    columns: Vec<String>,
}

impl Columns {
    /// True if columns were chosen.
    pub(super) fn is_given(&self) -> bool {
        !self.columns.is_empty()
    }

    /// The chosen columns; by default those for people in a table for people, otherwise all.
    pub(super) fn of(
        &self,
        all: Table,
        for_people: Option<Table>,
        format: Format,
    ) -> Result<Table, Failure> {
        if !self.is_given() {
            let for_people = for_people.filter(|_| format == Format::Table);
            return Ok(for_people.unwrap_or(all));
        }
        let places = self
            .columns
            .iter()
            .map(|name| place(&all, name.trim(), None));
        Ok(all.only(&places.collect::<Result<Vec<_>, _>>()?))
    }
}

/// The index of the column with a name; otherwise an error that lists all names. `also` is an alias that one column may
/// be called by.
pub(super) fn place(table: &Table, name: &str, also: Option<&str>) -> Result<usize, Failure> {
    table.place(name).ok_or_else(|| {
        let keys = || {
            let own = table.headings.iter().map(|heading| heading.key.as_str());
            also.into_iter().chain(own)
        };
        let near = suggest(name, keys())
            .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        let all = keys().collect::<Vec<_>>().join(", ");
        Failure::input(format!(
            "there is no column `{name}`: {near}there are {all}"
        ))
    })
}
