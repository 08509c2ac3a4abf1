//! Canonical text of an expression; reading it again gives the same tree.
