//! Who may see and do what.
//!
//! Every route is behind [`admit`]: before a handler sees a request, the visitor, the role and the origin of a form are
//! verified.

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
