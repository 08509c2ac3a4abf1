//! What the tests of all rooms stand on. A test binary takes the whole of it and uses what it needs; whatever is built
//! on it for one room stays with that room's tests.
//!
//! | file | for |
//! | --- | --- |
//! | `scratch` | a folder of one test: a config, rules, a database |
//! | `database` | SQL from outside, rows as texts, the columns that statements make |
//! | `program` | the binary as a person runs it: arguments, clock, exit code, output |
//! | `library` | the library as a command calls it: load, evaluate, run |
//! | `compiled` | a project compiled from texts, with what was found |
//! | `clock` | instants that tests begin at |
//! | `signals` | who is told to stop, and how soon that is heard |
//! | `waiting` | what takes its time in another process |
//! | `cases` | `tests/cases/`: YAML in, rendered text out |
//! | `data_set` | the public data sets where they lie beside the checkout |
//! | `mail_server` | a mail server of others |
//! | `postgres` | a database of a real PostgreSQL server |
//! | `relay` | what stands between a client and a server, and counts |
//! | `spark` | tables that a server of Spark Connect finds |
//! | `cluster` | a schema of a real Spark |
//! | `publishing` | results on a server of whatever kind |
//! | `promises` | what is promised of each such server |
//! | `published` | what two runs over the same rows have published |
//! | `twins` | the demo studio in a file and on a server |
//! | `rounds` | how often a test goes round |
//! | `skipping` | what a machine cannot test, told |
#![allow(dead_code, unused_imports, unused_macros)]

pub mod cases;
pub mod clock;
#[cfg(feature = "spark")]
pub mod cluster;
pub mod compiled;
pub mod data_set;
pub mod database;
pub mod library;
pub mod mail_server;
pub mod postgres;
pub mod program;
pub mod promises;
pub mod published;
pub mod publishing;
pub mod relay;
pub mod rounds;
pub mod scratch;
pub mod signals;
pub mod skipping;
pub mod spark;
pub mod twins;
pub mod waiting;
