//! The command line as a person would drive it: exit codes, stdout, stderr, files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod cli {
    mod creating;
    mod demo_tour;
    pub mod desk;
    mod documents;
    mod explaining;
    mod forgetting;
    mod health;
    mod long_lists;
    mod page;
    mod refusing;
    mod starting;
}
