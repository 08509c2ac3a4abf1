//! Reports as mail: composed from an outcome, frozen in the outbox, delivered once.
