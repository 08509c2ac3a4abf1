//! Who may see and do what.
//!
//! Every route is behind [`admit`], which knows who asks, by which role, and that a form is one of ours, before a handler
//! sees the request.

mod admit;
mod gate;
mod origin;
mod role;
mod session;
mod visitor;

pub(super) use admit::admit;
pub use gate::Access;
pub(super) use gate::Gate;
pub(super) use origin::check_host;
pub use role::Role;
pub(super) use visitor::Visitor;
