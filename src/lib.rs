//! Muster: customer segments as code.
//!
//! Rule files go in, memberships come out. Data flows through the rooms (the top-level modules) in one direction. Each
//! room has one entry point, whose signature says what it does:
//!
//! | room | turns | into |
//! | --- | --- | --- |
//! | [`index`] | indices | typed ids, each for one kind of list |
//! | [`disk`] | file names | bytes read within bounds, files written atomically |
//! | [`sql`] | names and texts | quoted SQL identifiers and literals |
//! | [`source`] | files | text with positions, YAML scalars with spans |
//! | [`diagnostic`] | problems | findings with stable codes; text safe for a terminal |
//! | [`time`] | a time zone and an instant | windows, days, anniversaries |
//! | [`value`] | literals and cells | numbers, money, text, booleans, dates |
//! | [`decode`] | YAML trees | fields of Rust types, JSON Schemas |
//! | [`schedule`] | a cron expression, a time zone and an instant | due times |
//! | [`config`] | `config.yaml` | [`config::Config`] |
//! | [`rules`] | `rules/*.yaml` | [`rules::RuleSet`] |
//! | [`lists`] | files of hand-maintained lists | their entries, changed files |
//! | [`catalog`] | config and the database's columns | [`catalog::Catalog`] |
//! | [`language`] | condition text | `Expr`, then [`language::check::Checked`] |
//! | [`ir`] | checked rules | [`ir::Ir`] |
//! | [`engine`] | an IR and rows | [`engine::Gathered`], then [`engine::Evaluation`] |
//! | [`pushdown`] | a scan of an IR | SQL, and its answers in the form of the scan's results |
//! | [`connector`] | the location of the data | [`connector::Snapshot`]: one state of it |
//! | [`authoring`] | a rule file's text and a requested change | the text as a person would have changed it |
//! | [`fmt`] | a config or rule file's text | the same text with its conditions in canonical form |
//! | [`import`] | CSV and Excel files | a SQLite file, and findings about the files |
//! | [`init`] | the database's tables and their data | a first config and rule files |
//! | [`chart`] | numbers and labels | SVG charts |
//! | [`validation`] | scores and the subjects' outcomes | how well the score predicts |
//! | [`store`] | an outcome | tables, history, migrations |
//! | [`lint`] | config, compiled rules, columns, data or people | findings about what is legal but probably unintended |
//! | [`project`] | config, rules and the database's columns | [`project::Project`] |
//! | [`edits`] | two projects | their differences in meaning, every state in between |
//! | [`variants`] | several rule sets and one state of the data | the results of each |
//! | [`attribution`] | old rules, new rules and one state of the data | who moves, and by which edits |
//! | [`health`] | an evaluation | scores, with reasons in words |
//! | [`explain`] | an evaluation | why a subject is in a segment |
//! | [`testing`] | test files and compiled rules | which tests fail, and why |
//! | [`reference`] | a term | its entry in the reference |
//! | [`export`] | an evaluation | the columns of an export |
//! | [`backtest`] | past dates | how well the score would have predicted |
//! | [`run`] | everything above | one run |
//! | [`publish`] | stored results | the same tables on a PostgreSQL or Spark server |
//! | [`plan`] | old rules and new rules | who would move, and by which edit |
//! | [`view`] | an outcome or stored results | what people see: tables, sentences, JSON, CSV |
//! | [`mail`] | an outcome | messages, each delivered once |
//! | [`serve`] | the timetable | runs at their due times, followed by mail |
//! | [`web`] | stored results, and submitted forms | pages |
//! | [`lsp`] | texts open in an editor | what the editor shows |
//! | [`demo`] | a date | a studio's database |
//! | [`cli`] | command lines | printed views, exit codes |
//!
//! A room may import only rooms listed before it; `tests/architecture.rs` enforces this.

pub mod attribution;
pub mod authoring;
pub mod backtest;
pub mod catalog;
pub mod chart;
pub mod cli;
pub mod config;
pub mod connector;
pub mod decode;
pub mod demo;
pub mod diagnostic;
pub mod disk;
pub mod edits;
pub mod engine;
pub mod explain;
pub mod export;
pub mod fmt;
pub mod health;
pub mod import;
pub mod index;
pub mod init;
pub mod ir;
pub mod language;
pub mod lint;
pub mod lists;
pub mod lsp;
pub mod mail;
pub mod plan;
pub mod project;
pub mod publish;
pub mod pushdown;
pub mod reference;
pub mod rules;
pub mod run;
pub mod schedule;
pub mod serve;
pub mod source;
pub mod sql;
pub mod store;
pub mod testing;
pub mod time;
pub mod validation;
pub mod value;
pub mod variants;
pub mod view;
pub mod web;
