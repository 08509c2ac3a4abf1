//! Muster: customer segments as code.
//!
//! Rule files go in, memberships come out. Data flows through the rooms in one direction; each
//! room has one entry, whose signature says what it does:
//!
//! | room | turns | into |
//! | --- | --- | --- |
//! | [`index`] | indices | ids that fit one kind of list |
//! | [`disk`] | names of files | bytes read within bounds, files written whole |
//! | [`sql`] | names and texts | names and texts as SQL takes them |
//! | [`source`] | files | text with positions, YAML scalars with spans |
//! | [`diagnostic`] | what is wrong | findings with stable codes; text fit for a terminal |
//! | [`time`] | a zone and an instant | windows, days, anniversaries |
//! | [`value`] | literals and cells | numbers, money, text, truth, dates |
//! | [`decode`] | YAML trees | fields of Rust types, JSON Schemas |
//! | [`schedule`] | a cron text, a zone and an instant | due times |
//! | [`config`] | `config.yaml` | [`config::Config`] |
//! | [`rules`] | `rules/*.yaml` | [`rules::RuleSet`] |
//! | [`lists`] | files of lists kept by hand | their entries, files changed |
//! | [`catalog`] | config and the database's columns | [`catalog::Catalog`] |
//! | [`language`] | condition text | `Expr`, then [`language::check::Checked`] |
//! | [`ir`] | checked rules | [`ir::Ir`] |
//! | [`engine`] | an IR and rows | [`engine::Gathered`], then [`engine::Evaluation`] |
//! | [`pushdown`] | a scan of an IR | SQL, and its answers as what the scan would have found |
//! | [`connector`] | where the data is | [`connector::Snapshot`]: one state of it |
//! | [`authoring`] | a rule file's text and a wish | the text as a person would have changed it |
//! | [`fmt`] | a config or rule file's text | the same with its conditions in one form |
//! | [`import`] | CSV and Excel files | a SQLite file, and what was found in them |
//! | [`init`] | the database's tables and what they hold | a first config and rule files |
//! | [`chart`] | numbers and words | SVG pictures |
//! | [`validation`] | scores and what came of the subjects | whether the score predicts |
//! | [`store`] | an outcome | tables, history, migrations |
//! | [`lint`] | config, compiled rules, columns, data or people | what is legal and probably not meant |
//! | [`project`] | config, rules and the database's columns | [`project::Project`] |
//! | [`edits`] | two projects | what differs by meaning, every state in between |
//! | [`variants`] | several rule sets and one state of the data | what each finds |
//! | [`attribution`] | old rules, new ones and one state of the data | who moves, by which edits |
//! | [`health`] | an evaluation | scores, and reasons in words |
//! | [`explain`] | an evaluation | why a subject is in a segment |
//! | [`testing`] | test files and compiled rules | which tests fail, and why |
//! | [`reference`] | a term | what the reference says about it |
//! | [`export`] | an evaluation | the columns of an export |
//! | [`backtest`] | past dates | whether the score would have predicted |
//! | [`run`] | everything above | one run |
//! | [`publish`] | what is stored | the same tables on a PostgreSQL or Spark server |
//! | [`plan`] | old rules and new ones | who would move, by which edit |
//! | [`view`] | an outcome or what is stored | what people see: tables, sentences, JSON, CSV |
//! | [`mail`] | an outcome | messages, delivered once |
//! | [`serve`] | the timetable | runs at their due times, mail after them |
//! | [`web`] | what is stored, and forms that people send | pages |
//! | [`lsp`] | texts that somebody edits | what their editor shows |
//! | [`demo`] | a date | a studio's database |
//! | [`cli`] | people's commands | views printed, exit codes |
//!
//! Imports go down this table only; `tests/architecture.rs` holds the rooms to it.

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
