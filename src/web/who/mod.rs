//! Who may see and do what.
//!
//! Every route is behind [`admit`], which knows who asks, by which role, and that a form is one of ours, before a handler
//! sees the request.

mod admit;
mod gate;
mod origin;
mod session;
mod slow;
mod users;
mod visitor;

pub(super) use crate::config::Role;
pub(super) use admit::{Admits, admit, peer};
pub(super) use gate::Gate;
pub(super) use origin::{Sender, check_host};
pub(super) use session::secret;
pub use users::{User, Users};
pub(super) use visitor::Visitor;
