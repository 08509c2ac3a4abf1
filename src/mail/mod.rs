//! Reports as mail: composed from an outcome, frozen in the outbox, delivered once.

mod deliver;
mod folder;
mod lock;
mod mask;
mod notice;
mod overdue;
mod send;
mod smtp;

pub use deliver::{Delivered, MailError, Now, deliver};
pub use mask::masked;
pub use overdue::{Punctuality, tell_of_schedules};
