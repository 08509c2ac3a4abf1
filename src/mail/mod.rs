//! Reports as mail: composed from an outcome, frozen in the outbox, delivered once.

mod address;
mod alarm;
mod check;
mod compose;
mod crlf;
mod deliver;
mod error;
mod files;
mod folder;
mod forget;
mod held;
mod hold;
mod kept;
mod list;
mod lock;
mod mask;
mod message;
mod notice;
mod overdue;
mod plain;
mod render;
mod round;
mod send;
mod smtp;
mod subject;

pub use address::is_address;
pub use check::{findings, load, warnings};
pub use compose::ReportWriter;
pub use deliver::{deliver, open_password};
pub use error::MailError;
pub use forget::{Forgotten, forget};
pub use held::notify_of_held_run;
pub use kept::{Cleared, clear_folder, clear_report_files};
pub use mask::masked;
pub use overdue::{Punctuality, notify_of_schedules};
pub use round::{Delivered, Now};
