//! What people see of a run: tables of typed cells, and their CSV and JSON. Never queries.

mod csv;
mod notes;
mod page;
mod table;

pub use csv::write_csv;
pub use notes::problem_words;
pub use page::{ClientRow, SegmentRow, clients_table, segments_table};
pub use table::{Align, Cell, Heading, Table, group_digits, write_json_lines};
