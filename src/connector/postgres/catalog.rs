//! The tables and their columns.

use std::collections::{BTreeMap, HashMap};

use super::begin::{cells, first};
use super::failure::Failure;
use super::kind::{Kind, Sent};
use super::session::{Rows, Session};
use super::sqlstate::NO_RIGHT;
use super::types::Types;
use crate::catalog::{Schema, Table, TableColumn, spelled};
use crate::sql::{literal, quoted};

/// The tables and views that a role can find.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    relations: BTreeMap<String, Relation>,
    /// The role that reads, as SQL names it.
    role: String,
}

/// A table or view.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// Its OID.
    pub(super) id: String,
    /// Its name with its schema, quoted for SQL.
    pub(super) quoted: String,
    /// The same name, as shown to people.
    called: String,
    pub(super) form: Form,
    /// The approximate number of rows; none where the server has never counted them.
    pub(super) rows: Option<u64>,
    /// Whether this role may read any part of it.
    pub(super) is_readable: bool,
    /// Whether row-level security restricts the rows that this role sees.
    hides_rows: bool,
    pub(super) columns: Vec<Column>,
    pub(super) primary_key: Vec<String>,
}

/// How a relation is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// In pages of its own, so that ranges of rows can be read.
    Heap,
    /// In partitions, together with child tables, or elsewhere.
    Elsewhere,
    View,
    /// A materialized view.
    KeptView,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The declaration from which rules infer its type; for an array, the type of its elements.
    declared: String,
    /// Why no rule can read it: a message that begins with what the column holds and ends with what to do.
    pub(super) unreadable: Option<String>,
}

impl Column {
    /// The declaration of its type.
    pub(super) fn declared(&self) -> &str {
        &self.declared
    }

    /// The expression that selects the column from the table `t`.
    pub(super) fn asked(&self) -> String {
        self.kind.asked(&format!("t.{}", quoted(&self.name)))
    }
}

impl Relation {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        let columns = self.columns.iter();
        let found = spelled(columns.map(|column| (column.name.as_str(), column)), name);
        found.ok().flatten().map(|(_, column)| column)
    }

    /// Whether ranges of its rows can be read.
    pub(super) fn has_pages(&self) -> bool {
        matches!(self.form, Form::Heap | Form::KeptView)
    }

    pub(super) fn is_view(&self) -> bool {
        matches!(self.form, Form::View | Form::KeptView)
    }
}

impl Catalog {
    /// Finds a table by name, ignoring case where the exact name does not match.
    pub(super) fn relation(&self, name: &str) -> Option<&Relation> {
        let relations = self.relations.iter();
        let relations = relations.map(|(known, relation)| (known.as_str(), relation));
        let found = spelled(relations, name).ok().flatten();
        found.map(|(_, relation)| relation)
    }

    /// The same in a form that is independent of servers.
    pub(super) fn schema(&self) -> Schema {
        let readable = self.relations.iter();
        let readable = readable.filter(|(_, relation)| relation.is_readable);
        let tables = readable.map(|(name, relation)| {
            let columns = relation.columns.iter().map(|column| TableColumn {
                name: column.name.clone(),
                declared: match column.kind.sent {
                    Sent::Array => String::new(),
                    _ => column.declared.clone(),
                },
                // The server uses its own time zone, which no expression reveals.
                default: None,
                unreadable: column.unreadable.clone(),
            });
            let table = Table {
                columns: columns.collect(),
                primary_key: relation.primary_key.clone(),
            };
            (name.clone(), table)
        });
        let refused = self.relations.iter();
        let refused = refused.filter(|(_, relation)| !relation.is_readable);
        let refused = refused.map(|(name, relation)| {
            // No backticks here: text between them is not shown if it comes before the host in the config.
            let (table, role) = (&relation.called, &self.role);
            let why = format!(
                "permission denied: ask its owner to run \"GRANT SELECT ON {table} TO {role}\""
            );
            (name.clone(), why)
        });
        let hiding = self.relations.iter();
        let hiding = hiding.filter(|(_, relation)| relation.hides_rows);
        Schema {
            tables: tables.collect(),
            unreadable: refused.collect(),
            hiding: hiding.map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Reads the relations of one schema, or those on the role's search path. Leaves out partitions and the server's
    /// own tables.
    pub(super) fn read(session: &Session, schema: Option<&str>) -> Result<Self, Failure> {
        if let Some(schema) = schema {
            has_schema(session, schema)?;
            may_use(session, &format!("nspname = {}", literal(schema)))?;
        }
        let seen = match schema {
            Some(schema) => format!("n.nspname = {}", literal(schema)),
            None => "pg_table_is_visible(c.oid) AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
                .to_owned(),
        };
        let from = format!(
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am am ON am.oid = c.relam
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND {seen}"
        );
        let relations = session.ask(format!(
            "SELECT c.oid, n.nspname, c.relname,
                    CASE WHEN c.relkind IN ('r', 'm') AND (c.relhassubclass OR am.amname <> 'heap' OR NOT has_table_privilege(c.oid, 'SELECT'))
                    THEN 'x' ELSE c.relkind END,
                    c.reltuples::bigint,
                    has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'),
                    row_security_active(c.oid),
                    CASE WHEN n.nspname = 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.relname)
             {from}"
        ))?;
        if relations.is_empty() && schema.is_none() {
            // The search for tables skips a schema that the role may not use.
            may_use(
                session,
                "nspname IN (SELECT replace(btrim(name, ' \"'), '$user', current_user)
                             FROM unnest(string_to_array(current_setting('search_path'), ',')) AS name)",
            )?;
        }
        let columns = session.ask(format!(
            "SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
                    quote_ident(a.attname)
             FROM pg_attribute a WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid IN (SELECT c.oid {from})
             ORDER BY a.attrelid, a.attnum"
        ))?;
        let keys = session.ask(format!(
            "SELECT i.indrelid, a.attname
             FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, place)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
             WHERE i.indisprimary AND k.place <= i.indnkeyatts AND i.indrelid IN (SELECT c.oid {from})
             ORDER BY i.indrelid, k.place"
        ))?;
        let types = Types::read(session)?;
        let role = first(session.ask("SELECT quote_ident(current_user)")?).unwrap_or_default();
        let mut by_id: HashMap<String, (String, Relation)> = HashMap::new();
        for row in relations {
            let [
                id,
                schema,
                name,
                kind,
                rows,
                is_readable,
                hides_rows,
                called,
            ] = cells(row);
            let relation = Relation {
                quoted: format!("{}.{}", quoted(&schema), quoted(&name)),
                called,
                form: match kind.as_str() {
                    "r" => Form::Heap,
                    "m" => Form::KeptView,
                    "v" => Form::View,
                    _ => Form::Elsewhere,
                },
                rows: rows.parse().ok(),
                is_readable: is_readable == "t",
                hides_rows: hides_rows == "t",
                columns: Vec::new(),
                primary_key: Vec::new(),
                id: id.clone(),
            };
            by_id.insert(id, (name, relation));
        }
        for row in columns {
            let [id, name, ty, modifier, may_read, called] = cells(row);
            let found = types.column(&ty, modifier.parse().unwrap_or(-1));
            if let (Some((_, relation)), Some((kind, declared))) = (by_id.get_mut(&id), found) {
                let unreadable = match kind.sent {
                    // Where no part of a table may be read, the error comes from the table itself.
                    _ if relation.is_readable && may_read != "t" => Some(format!(
                        "what {role} may not read: ask the table's owner to run \"GRANT SELECT ({called}) ON {} TO {role}\"",
                        relation.called
                    )),
                    Sent::Array => Some(format!(
                        "arrays of {declared}, which no rule reads: let a view make rows or texts of them"
                    )),
                    Sent::Bytes => Some(format!(
                        "bytes (`bytea`), which no rule reads: let a view make text of them (`encode({called}, 'hex')`)"
                    )),
                    _ => None,
                };
                relation.columns.push(Column {
                    name,
                    kind,
                    declared,
                    unreadable,
                });
            }
        }
        for row in keys {
            let [id, name] = cells(row);
            if let Some((_, relation)) = by_id.get_mut(&id) {
                relation.primary_key.push(name);
            }
        }
        Ok(Self {
            relations: by_id.into_values().collect(),
            role,
        })
    }
}

fn has_schema(session: &Session, schema: &str) -> Result<(), Failure> {
    let sql = format!(
        "SELECT count(*) FILTER (WHERE nspname = {}), string_agg(nspname, ', ' ORDER BY nspname) FILTER (WHERE nspname NOT LIKE 'pg\\_%')
         FROM pg_namespace",
        literal(schema)
    );
    let row = session.ask(sql)?.into_iter().next().unwrap_or_default();
    let [found, known] = cells(row);
    match found.as_str() {
        "0" => Err(Failure::Refused {
            code: "3F000".to_owned(),
            reason: format!("there is no schema `{schema}`; there are {known}"),
        }),
        _ => Ok(()),
    }
}

/// Checks that the role may use the schemas of a condition.
fn may_use(session: &Session, condition: &str) -> Result<(), Failure> {
    let sql = format!(
        "SELECT string_agg(nspname, ', ' ORDER BY nspname) FROM pg_namespace
         WHERE NOT has_schema_privilege(oid, 'USAGE') AND {condition}"
    );
    match first(session.ask(sql)?) {
        Some(barred) => Err(Failure::Refused {
            code: NO_RIGHT.to_owned(),
            reason: format!("permission denied for schema `{barred}`"),
        }),
        None => Ok(()),
    }
}

/// What the catalog says about one table.
impl Catalog {
    /// The current number of pages of a table.
    pub(super) fn pages(session: &Session, relation: &Relation) -> Result<u64, Failure> {
        let sql = format!(
            "SELECT pg_relation_size({}) / current_setting('block_size')::bigint",
            relation.id
        );
        let pages = first(session.ask(sql)?);
        Ok(pages.and_then(|pages| pages.parse().ok()).unwrap_or(0))
    }

    /// The query that defines a view.
    pub(super) fn definition(session: &Session, relation: &Relation) -> Result<String, Failure> {
        let sql = format!("SELECT pg_get_viewdef({})", relation.id);
        Ok(first(session.ask(sql)?).unwrap_or_default())
    }

    /// The columns that are unique on their own, apart from the primary key.
    pub(super) fn unique(session: &Session, relation: &Relation) -> Result<Vec<String>, Failure> {
        let sql = format!(
            "SELECT a.attname FROM pg_index i
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
             WHERE i.indrelid = {} AND i.indisunique AND i.indisvalid AND NOT i.indisprimary AND i.indnkeyatts = 1
               AND i.indpred IS NULL ORDER BY 1",
            relation.id
        );
        Ok(session.ask(sql)?.into_iter().flatten().flatten().collect())
    }

    /// The columns by which a table is partitioned.
    pub(super) fn parted_by(
        session: &Session,
        relation: &Relation,
    ) -> Result<Vec<String>, Failure> {
        let sql = format!(
            "SELECT a.attname FROM pg_partitioned_table p CROSS JOIN LATERAL unnest(p.partattrs::int2[]) AS k(attnum)
             JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.attnum WHERE p.partrelid = {} ORDER BY 1",
            relation.id
        );
        Ok(session.ask(sql)?.into_iter().flatten().flatten().collect())
    }

    /// The foreign keys: the columns, and the tables that they refer to.
    pub(super) fn references(
        session: &Session,
        relation: &Relation,
    ) -> Result<Vec<(String, String)>, Failure> {
        let sql = format!(
            "SELECT a.attname, f.relname FROM pg_constraint c
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             JOIN pg_class f ON f.oid = c.confrelid
             WHERE c.conrelid = {} AND c.contype = 'f' AND cardinality(c.conkey) = 1 ORDER BY c.conkey[1]",
            relation.id
        );
        let rows: Rows = session.ask(sql)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let [column, table] = cells(row);
                (column, table)
            })
            .collect())
    }
}
