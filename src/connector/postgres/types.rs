//! The types of a database, by OID.

use std::collections::HashMap;

use super::begin::cells;
use super::failure::Failure;
use super::kind::{Kind, OfType, Sent};
use super::session::Session;

/// The types of a database.
pub(super) struct Types {
    known: HashMap<String, Known>,
}

struct Known {
    ty: OfType,
    /// The base type of a domain, and its modifier.
    base: Option<(String, i32)>,
}

impl Types {
    pub(super) fn read(session: &Session) -> Result<Self, Failure> {
        let rows = session.ask(
            "SELECT t.oid, t.typname, t.typcategory, t.typbasetype, t.typtypmod, t.typnamespace = 'pg_catalog'::regnamespace,
                    t.typtype <> 'c' AND EXISTS (
                        SELECT FROM pg_cast c WHERE c.castsource = t.oid AND c.casttarget = 'text'::regtype AND c.castmethod = 'f')
             FROM pg_type t WHERE t.typtype <> 'p'",
        )?;
        let known = rows.into_iter().map(|row| {
            let [id, name, category, base, modifier, is_built_in, has_cast] = cells(row);
            let base = (base != "0").then(|| (base, modifier.parse().unwrap_or(-1)));
            let ty = OfType {
                name,
                category,
                is_built_in: is_built_in == "t",
                has_cast: has_cast == "t",
            };
            (id, Known { ty, base })
        });
        Ok(Self {
            known: known.collect(),
        })
    }

    /// What a column of a type holds, and its declaration; none for a type that the catalog does not have.
    pub(super) fn column(&self, ty: &str, modifier: i32) -> Option<(Kind, String)> {
        let known = self.known.get(ty)?;
        if let Some((base, of_base)) = &known.base {
            return self.column(base, *of_base);
        }
        let kind = Kind::of(&known.ty);
        if kind.sent == Sent::Array {
            return Some((kind, known.ty.name.trim_start_matches('_').to_owned()));
        }
        // The precision is in the upper half, the scale in eleven bits of the lower one.
        let digits = match modifier {
            4.. => ((modifier - 4) >> 16, (modifier - 4) & 0x7ff),
            _ => (0, 0),
        };
        Some((kind, kind.declared(digits)))
    }
}
