//! What people are shown, on a terminal, in mail and in files: plain data made from an outcome or from what is
//! stored, and the one place where values become text. Never queries, never prints.

mod backtest;
mod csv;
mod export;
mod findings;
mod fit;
mod history;
mod json;
mod notes;
mod page;
mod table;

pub use crate::config::{Marks, marks};
pub use backtest::{
    Tongue, backtest_json, backtest_tables, captions, left_out, suggestion_words, suggestion_yaml,
    verdict,
};
pub use csv::{CsvWriter, write_csv};
pub use export::{BYTE_ORDER_MARK, export_headings, export_row};
pub use findings::findings_table;
pub use fit::{Fitted, fitted, wrapped};
pub use history::{history_table, joined, moves_table, sparkline, trends_table};
pub use json::{Framing, JsonWriter, write_json_lines};
pub use notes::{problem_summary, problem_words, rule_change_words};
pub use page::{
    ClientRow, SegmentRow, SegmentsPage, View, clients_table, health_cell, health_table,
    segment_value_cell, value_cell, value_label,
};
pub use table::{Align, Cell, Heading, Table, of_few};
