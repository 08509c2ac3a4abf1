//! The condition language: parses text to [`Expr`], then checks it against a [`crate::catalog::Catalog`] to get a typed
//! tree.
//!
//! Does no I/O and reads no clock.

pub mod ast;
mod births;
mod canonical;
pub mod check;
mod comments;
mod formula;
pub mod functions;
mod grammar;
mod layout;
mod made;
mod name;
mod parse;
mod print;
pub mod reason;
mod source_map;
mod symbol;
mod table;
mod words;

pub mod typed;

pub use ast::Expr;
pub use canonical::{layout, same};
pub use comments::{comments, swallowed, without_comments};
pub use formula::formula_words;
pub use grammar::is_bare;
pub use layout::{Break, Layout, Mark};
pub use name::path;
use parse::parse_rows;
pub use parse::{ParseFailure, Slip, Token, date_of_text, parse, tokens};
pub(crate) use parse::{month_of, number_of_several};
pub use source_map::SourceMap;
pub use symbol::{Named, Names, Symbol};
