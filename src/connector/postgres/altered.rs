//! Detects changes to table definitions while a reading begins: columns that are renamed, dropped or re-created,
//! views that are replaced, child tables and policies that come and go, and enumerations whose values are renamed. The rows stay where they are, and the server resolves
//! names by the current catalog. A transaction that began earlier would therefore read another column, or nothing,
//! for values.
//!
//! A catalog row that others have changed since tells which transaction did it, and whether it has committed. This
//! session asks for that. Only if there is such a row does another session, which sees the newest state, show whether
//! it matters.

use std::collections::{BTreeSet, HashSet};

use super::begin::{OWN_FIRST, cells, first};
use super::failure::Failure;
use super::session::{Rows, Session};
use super::tables::PostgresTables;
use crate::connector::interrupt::Stop;

impl PostgresTables {
    /// The names of tables and views whose definition has changed since the transaction began; none if nothing has
    /// changed. `locked` is the beginning of a query that defines the `locked` relations and their `heirs`.
    pub(super) fn altered(&self, locked: &str) -> Result<Option<String>, Failure> {
        let touched = match self.session.ask(touched(locked)) {
            // The transaction that changed a row may be recorded in a form that no server function reads.
            Err(Failure::Refused { .. }) => {
                let all = "SELECT string_agg(DISTINCT id::text, ', '), true FROM heirs";
                self.session.ask(format!("{locked} {all}"))
            }
            touched => touched,
        };
        let touched = touched?.into_iter().next().map(cells);
        let Some([touched, has_changed]) = touched.filter(|[touched, _]| !touched.is_empty())
        else {
            return Ok(None);
        };
        let made = made(&touched);
        let before = self.session.ask(made.as_str())?;
        let newest = match Session::open(self.login.options(), Stop::default()) {
            // Tables with policies are looked at in case one has been added.
            Err(failure) if failure.is_of_limit() && has_changed != "t" => return Ok(None),
            newest => newest?,
        };
        newest.query(format!("BEGIN READ ONLY; SELECT {OWN_FIRST}"))?;
        let altered = differing(before, newest.query(made)?);
        if altered.is_empty() {
            return Ok(None);
        }
        let altered: Vec<&str> = altered.iter().map(String::as_str).collect();
        let names = self.session.ask(format!(
            "SELECT string_agg('`' || relname || '`', ', ' ORDER BY relname) FROM pg_class WHERE oid IN ({})",
            altered.join(", ")
        ));
        Ok(first(names?))
    }
}

/// Finds the ids of relations with a catalog row that others have changed since, separated by commas.
///
/// A row holds only 32 of the 64 bits of the id of the transaction that changed it; the others are taken from the
/// transactions of that time. A policy that has been added leaves no such row, so tables with policies always count.
fn touched(locked: &str) -> String {
    format!(
        "{locked},
         seen (id, xid) AS MATERIALIZED (
             SELECT a.attrelid, a.xmax::text::bigint FROM pg_attribute a WHERE a.attnum > 0 AND a.attrelid IN (SELECT id FROM heirs)
             UNION ALL SELECT r.ev_class, r.xmax::text::bigint FROM pg_rewrite r WHERE r.ev_class IN (SELECT id FROM heirs)
             UNION ALL SELECT i.inhparent, i.xmax::text::bigint FROM pg_inherits i WHERE i.inhparent IN (SELECT id FROM heirs)
             UNION ALL SELECT p.polrelid, p.xmax::text::bigint FROM pg_policy p WHERE p.polrelid IN (SELECT id FROM heirs)
             UNION ALL SELECT a.attrelid, e.xmax::text::bigint FROM pg_enum e JOIN pg_attribute a ON a.atttypid IN (e.enumtypid, (
                 SELECT t.typarray FROM pg_type t WHERE t.oid = e.enumtypid)) WHERE a.attrelid IN (SELECT id FROM heirs)),
         changed (id, xid) AS MATERIALIZED (SELECT id, xid FROM seen WHERE xid <> 0),
         since (xid) AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
         SELECT string_agg(DISTINCT t.id::text, ', '), bool_or(t.has_changed) FROM (
             SELECT c.id, true FROM changed c CROSS JOIN since s
             WHERE pg_xact_status((s.xid + ((c.xid - s.xid + 2147483648) & 4294967295) - 2147483648)::text::xid8) = 'committed'
             UNION SELECT h.id, false FROM heirs h JOIN pg_class c ON c.oid = h.id
             WHERE c.relrowsecurity OR row_security_active(h.id)) t (id, has_changed)"
    )
}

/// Lists how tables and views are defined: the relation, a part of its definition, and whether an addition counts as
/// a change: columns, the rules of views, child tables, policies, and the values of enumerations. Adding a column or a
/// value does not.
fn made(ids: &str) -> String {
    format!(
        "SELECT a.attrelid, concat_ws(' ', a.attnum, a.atttypid, a.atttypmod, a.attisdropped, a.attname), false
         FROM pg_attribute a WHERE a.attnum > 0 AND a.attrelid IN ({ids})
         UNION ALL SELECT r.ev_class, concat_ws(' ', r.oid, r.ev_type, r.is_instead, r.ev_qual, r.ev_action), true
         FROM pg_rewrite r WHERE r.ev_class IN ({ids})
         UNION ALL SELECT i.inhparent, i.inhrelid::text, true
         FROM pg_inherits i WHERE i.inhparent IN ({ids}) OR i.inhrelid IN ({ids})
         UNION ALL SELECT p.polrelid, concat_ws(' ', p.oid, p.polcmd, p.polpermissive, p.polroles::text, p.polqual), true
         FROM pg_policy p WHERE p.polrelid IN ({ids})
         UNION ALL SELECT c.oid, concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity), true
         FROM pg_class c WHERE c.oid IN ({ids})
         UNION ALL SELECT a.attrelid, concat_ws(' ', e.oid, e.enumsortorder, e.enumlabel), false
         FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_attribute a ON a.atttypid IN (t.oid, t.typarray)
         WHERE a.attrelid IN ({ids})"
    )
}

/// The ids of the relations whose definitions differ.
fn differing(before: Rows, newest: Rows) -> BTreeSet<String> {
    let read = |rows: Rows| -> HashSet<[String; 3]> { rows.into_iter().map(cells).collect() };
    let (before, newest) = (read(before), read(newest));
    let gone = before.difference(&newest);
    let added = newest.difference(&before);
    let added = added.filter(|[_, _, is_exact]| is_exact == "t");
    gone.chain(added).map(|[id, ..]| id.clone()).collect()
}
