//! What people see on a terminal, in mail and in files: plain data made from an outcome or from what is stored, and the
//! one place where values become text. Never queries, never prints.

mod backtest;
mod catalog;
mod clients;
mod column;
mod csv;
mod edits;
mod explanation;
mod export;
mod findings;
mod fit;
mod history;
mod json;
mod lint;
mod markdown;
mod notes;
mod outbox;
mod outcome;
mod plan;
mod reading;
pub mod report;
mod schedule;
mod schedule_status;
mod segments;
mod select;
mod status;
mod table;
mod testing;
mod values;

pub use crate::config::{Marks, marks};
pub use backtest::{
    AboutSegment, Wording, backtest_json, backtest_tables, captions, date_names, left_out,
    sizes_captions, sizes_json, sizes_table, sizes_words, suggestion_words, suggestion_yaml,
    verdict,
};
pub use catalog::catalog_table;
pub use clients::{ClientRow, clients_table, health_table};
pub use column::Columns;
pub use csv::{CsvWriter, write_csv};
pub use edits::{edited_words, logged_json, logged_lines, logged_table};
pub use explanation::{
    LastRun, SegmentAnswer, ahead_words, definition_lines, explanation_lines, mark, namesake_lines,
    overview_lines, segment_answers, unknown_words,
};
pub use export::{BYTE_ORDER_MARK, entered_cell, export_headings, export_row};
pub use findings::{findings_summary, findings_table, wrong_in_words};
pub use fit::{Fitted, fitted};
pub use history::{history_table, joined, moves_table, sparkline, trends_table};
pub use json::{Framing, JsonWriter, write_json_lines};
pub use lint::{lint_lines, lint_order};
pub use markdown::{markdown, plain};
pub use notes::{changed_words, rule_change_words, wide_top_words};
pub use outbox::{counts_in_words, mails_table, undelivered_words};
pub use outcome::outcome_lines;
pub use plan::{Against, PlanView, as_planned_words};
pub use reading::{Block, blocks};
pub use schedule::ComingRuns;
pub use schedule_status::{Standing, Watched, definition, is_neglected, standing};
pub use segments::{Detail, SegmentRow, SegmentsPage, count_moved};
pub use status::{Expected, ScheduleRow, StatusView, as_last_seen, of_config, schedules_table};
pub use table::{Align, Cell, Heading, Table, of_few};
pub use testing::{coverage_lines, junit, mutation_lines, test_lines};
pub use values::{segment_value_cell, value_cell, value_label};
