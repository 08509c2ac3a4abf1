//! The command line as a person would drive it: exit codes, stdout, stderr, files.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    missing_docs
)]

mod any_schema;
mod as_meant;
mod corrected;
mod creating;
mod currencies;
mod damage;
mod days_and_years;
mod demo_tour;
mod desk;
mod discretion;
mod documents;
mod encodings;
mod endless;
mod explaining;
mod exports;
mod finding_none;
mod fitting;
mod fixing;
mod foreign;
mod forgetting;
mod formatting;
mod further_files;
mod guessing;
mod health;
mod holding;
mod importing;
mod kept_apart;
mod kept_lists;
mod languages;
mod linting;
mod listing;
mod lists;
mod logging;
mod long_lists;
mod looking_up;
mod made_tests;
mod monthly;
mod namesakes;
mod newcomer;
mod odd_names;
mod own_data;
mod page;
mod placeholders;
mod plan_edges;
mod planning;
mod reaching;
mod refusing;
mod renewed;
mod repeating;
mod retyped;
mod schemas;
mod secrets;
mod series;
mod shells;
mod shop;
mod speaking;
mod starting;
mod states;
mod testing;
mod total_lines;
mod turned;
mod values;
mod warning;
mod widths;
mod workbooks;
mod workflow;

#[path = "../support/mod.rs"]
mod support;
