//! The embedded engine over SQLite: the only folder that names rusqlite.
