//! Guards against what transaction isolation does not cover. If others have emptied, rewritten or replaced a table
//! since the transaction began, reading it returns whatever is left for this state, which is mostly nothing. If they
//! have [altered](super::altered) it, it is read with its current columns.
//!
//! Tables are therefore locked before the first of them is read, as `pg_dump` does. A comparison reveals earlier
//! changes: a catalog query answers as of the transaction's state, while the server's functions and locks reflect the
//! present.

use std::collections::{BTreeMap, BTreeSet};

use super::begin::{SAVED, cells, first};
use super::failure::Failure;
use super::tables::PostgresTables;
use crate::sql::literal;

impl PostgresTables {
    /// Keeps others from emptying, rewriting or replacing tables until the transaction ends. The tables behind a
    /// view, and the partitions of a table, are locked with it. Unreadable tables are skipped, since reading them
    /// gives the reason.
    ///
    /// # Errors
    /// One of the tables is no longer what it was when the transaction began, or the server is gone.
    pub(super) fn hold(&self, tables: &BTreeSet<&str>) -> Result<(), Failure> {
        for table in tables {
            let Some(relation) = self.relation(table) else {
                continue;
            };
            if self.held.borrow().contains_key(&relation.id) {
                continue;
            }
            // A refused statement releases the locks taken after the savepoint.
            let locked = self.session.ask(format!(
                "SELECT 1 FROM {} AS t LIMIT 0; RELEASE SAVEPOINT {SAVED}; SAVEPOINT {SAVED}",
                relation.quoted
            ));
            match locked {
                Ok(_) => {
                    let (id, name) = (relation.id.clone(), relation.quoted.clone());
                    self.held.borrow_mut().insert(id, name);
                }
                Err(failure) if failure.concerns_table() => {}
                Err(failure) => return Err(failure),
            }
        }
        self.unmoved()
    }

    /// Checks that the locked tables are what they were when the transaction began.
    ///
    /// # Errors
    /// They are not, or the server is gone.
    pub(super) fn unmoved(&self) -> Result<(), Failure> {
        let locked = locked(&self.held.borrow());
        let moved = first(self.session.ask(moved(&locked))?);
        let mut moved = moved.filter(|names| !names.is_empty());
        if moved.is_none() {
            moved = self.altered(&locked)?;
        }
        if moved.is_none() {
            moved = self.refiltered(&locked)?;
        }
        moved.map_or(Ok(()), |names| Err(Failure::Moved(names)))
    }

    /// The names of locked tables of which this role sees other rows than when they were locked: it has got or lost the right
    /// to bypass row-level security, or is a member of other roles.
    fn refiltered(&self, locked: &str) -> Result<Option<String>, Failure> {
        let found = self.session.ask(filtered(locked))?;
        let mut before = self.filtered.borrow_mut();
        let changed = found.into_iter().filter_map(|row| {
            let [id, name, filter] = cells(row);
            let known = before.entry(id).or_insert_with(|| filter.clone());
            (*known != filter).then(|| format!("`{name}`"))
        });
        let changed: Vec<String> = changed.collect();
        Ok((!changed.is_empty()).then(|| changed.join(", ")))
    }
}

/// The beginning of a query: the tables that are `meant`, those that are `locked`, and the `heirs` that these had,
/// including themselves.
fn locked(held: &BTreeMap<String, String>) -> String {
    let rows = held.iter();
    let rows = rows.map(|(id, name)| format!("({id}::oid, {})", literal(name)));
    let rows: Vec<String> = rows.collect();
    let meant = match rows.is_empty() {
        true => "SELECT NULL::oid, NULL WHERE false".to_owned(),
        false => format!("VALUES {}", rows.join(", ")),
    };
    format!(
        "WITH RECURSIVE meant (id, name) AS ({meant}),
         locked (id) AS (
             SELECT DISTINCT relation FROM pg_locks
             WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation IS NOT NULL
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())),
         heirs (root, id) AS (
             SELECT id, id FROM locked
             UNION SELECT h.root, i.inhrelid FROM heirs h JOIN pg_inherits i ON i.inhparent = h.id)"
    )
}

/// Finds the names of tables that are no longer what they were:
///
/// - The rows are stored in another file.
/// - It was not there before (an index may be new, because it says nothing about rows).
/// - The name now refers to another table, or to none. A lock on a table does not protect the name of its schema.
/// - It has different partitions or child tables.
fn moved(locked: &str) -> String {
    format!(
        "{locked},
         moved (id) AS (
             SELECT c.oid FROM heirs h JOIN pg_class c ON c.oid = h.id
             WHERE c.relkind IN ('r', 'm') AND c.relfilenode <> 0 AND pg_relation_filenode(c.oid) IS DISTINCT FROM c.relfilenode
             UNION SELECT l.id FROM locked l
             WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = l.id) AND pg_get_indexdef(l.id) IS NULL
             UNION SELECT m.id FROM meant m WHERE m.id NOT IN (SELECT id FROM locked) OR to_regclass(m.name)::oid IS DISTINCT FROM m.id
             UNION SELECT c.oid FROM locked l JOIN pg_class c ON c.oid = l.id
             WHERE c.relkind = 'p' AND (
                 EXISTS (SELECT h.id FROM heirs h WHERE h.root = c.oid EXCEPT SELECT p.relid::oid FROM pg_partition_tree(c.oid) p)
                 OR EXISTS (SELECT p.relid::oid FROM pg_partition_tree(c.oid) p EXCEPT SELECT h.id FROM heirs h WHERE h.root = c.oid)))
         SELECT string_agg(DISTINCT '`' || coalesce(c.relname::text, m.id::regclass::text) || '`', ', ')
         FROM moved m LEFT JOIN pg_class c ON c.oid = m.id"
    )
}

/// Lists the locked tables: the id, the name, and what decides now which rows this role sees: nothing, or the roles that it
/// is a member of.
fn filtered(locked: &str) -> String {
    format!(
        "{locked}
         SELECT l.id, c.relname, CASE WHEN row_security_active(l.id) THEN (
             SELECT string_agg(oid::text, ' ' ORDER BY oid) FROM pg_roles WHERE pg_has_role(oid, 'member')) END
         FROM locked l JOIN pg_class c ON c.oid = l.id WHERE c.relkind IN ('r', 'p')"
    )
}
