//! The command line as a person would drive it: exit codes, stdout, stderr, files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod cli {
    mod any_schema;
    mod creating;
    mod damage;
    mod demo_tour;
    pub mod desk;
    mod documents;
    mod explaining;
    mod fitting;
    mod forgetting;
    mod guessing;
    mod health;
    mod lists;
    mod long_lists;
    mod newcomer;
    mod page;
    mod refusing;
    mod secrets;
    mod speaking;
    mod starting;
    mod values;
    mod warning;
}
