//! What tables there are, and what columns they have.

use std::collections::{BTreeMap, HashMap};

use super::begin::first;
use super::failure::{Failure, NO_RIGHT};
use super::kind::{Kind, Sent};
use super::session::{Rows, Session};
use crate::catalog::{Schema, Table, TableColumn, spelled};
use crate::sql::{literal, quoted};

/// The tables and views that a role finds.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    relations: BTreeMap<String, Relation>,
}

/// A table or view.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    /// Its number, as the server has it.
    pub(super) id: String,
    /// Its name with its schema's, as SQL quotes them.
    pub(super) quoted: String,
    pub(super) form: Form,
    /// About how many rows it has; none where the server has never counted them.
    pub(super) rows: Option<u64>,
    /// Whether this role may read any of it.
    pub(super) is_readable: bool,
    /// Whether row-level security decides which of its rows this role sees.
    hides_rows: bool,
    pub(super) columns: Vec<Column>,
    pub(super) primary_key: Vec<String>,
}

/// How a relation is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// In pages of its own, so that ranges of rows can be read.
    Heap,
    /// In parts, together with its heirs, or elsewhere.
    Elsewhere,
    View,
    /// A view whose rows are kept in pages.
    KeptView,
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The words that tell rules its type; of an array, the type of its values.
    declared: String,
    /// Whether this role may read other columns of its table and not this one.
    is_refused: bool,
}

impl Column {
    /// Why no rule can read it, in words that begin with what it holds.
    pub(super) fn unreadable(&self) -> Option<String> {
        if self.is_refused {
            return Some("what this role may not read: `GRANT SELECT` on it, too".to_owned());
        }
        let of = &self.declared;
        (self.kind.sent == Sent::Array).then(|| {
            format!("arrays of {of}, which no rule reads: let a view make rows or texts of them")
        })
    }

    /// The words that tell its type.
    pub(super) fn declared(&self) -> &str {
        &self.declared
    }

    /// The column of the table `t`, as it is asked for.
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
    /// A table by its name, which may be written without the capitals that it has.
    pub(super) fn relation(&self, name: &str) -> Option<&Relation> {
        let relations = self.relations.iter();
        let relations = relations.map(|(known, relation)| (known.as_str(), relation));
        let found = spelled(relations, name).ok().flatten();
        found.map(|(_, relation)| relation)
    }

    /// The same for those who know nothing of servers.
    pub(super) fn schema(&self) -> Schema {
        let tables = self.relations.iter().map(|(name, relation)| {
            let columns = relation.columns.iter().map(|column| TableColumn {
                name: column.name.clone(),
                declared: match column.kind.sent {
                    Sent::Array => String::new(),
                    _ => column.declared.clone(),
                },
                // A server writes the time of its own zone, which no expression tells.
                default: None,
                unreadable: column.unreadable(),
            });
            let table = Table {
                columns: columns.collect(),
                primary_key: relation.primary_key.clone(),
            };
            (name.clone(), table)
        });
        let hiding = self.relations.iter();
        let hiding = hiding.filter(|(_, relation)| relation.hides_rows);
        Schema {
            tables: tables.collect(),
            hiding: hiding.map(|(name, _)| name.clone()).collect(),
            ..Schema::default()
        }
    }

    /// Those of one schema, or those that the role finds without naming one; without the parts of tables that are kept in
    /// parts, and without the server's own.
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
                    row_security_active(c.oid)
             {from}"
        ))?;
        if relations.is_empty() && schema.is_none() {
            // A schema that the role may not use is passed over where it is searched for tables.
            may_use(
                session,
                "nspname IN (SELECT replace(btrim(name, ' \"'), '$user', current_user)
                             FROM unnest(string_to_array(current_setting('search_path'), ',')) AS name)",
            )?;
        }
        let columns = session.ask(format!(
            "SELECT a.attrelid, a.attname, a.atttypid, a.atttypmod, has_column_privilege(a.attrelid, a.attnum, 'SELECT')
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
        let mut by_id: HashMap<String, (String, Relation)> = HashMap::new();
        for row in relations {
            let [id, schema, name, kind, rows, is_readable, hides_rows] = cells(row);
            let relation = Relation {
                quoted: format!("{}.{}", quoted(&schema), quoted(&name)),
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
            let [id, name, ty, modifier, may_read] = cells(row);
            if let Some((_, relation)) = by_id.get_mut(&id) {
                let (kind, declared) = types.column(&ty, modifier.parse().unwrap_or(-1));
                relation.columns.push(Column {
                    name,
                    kind,
                    declared,
                    // Where nothing of a table may be read, reading it tells so.
                    is_refused: relation.is_readable && may_read != "t",
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

/// That the role may use the schemas of a condition.
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

/// The types of a database.
struct Types {
    known: HashMap<String, Known>,
}

struct Known {
    name: String,
    category: String,
    /// What a domain is made of, and the modifier of that.
    base: Option<(String, i32)>,
}

impl Types {
    fn read(session: &Session) -> Result<Self, Failure> {
        let rows = session.ask(
            "SELECT oid, typname, typcategory, typbasetype, typtypmod FROM pg_type WHERE typtype <> 'p'",
        )?;
        let known = rows.into_iter().map(|row| {
            let [id, name, category, base, modifier] = cells(row);
            let base = (base != "0").then(|| (base, modifier.parse().unwrap_or(-1)));
            let known = Known {
                name,
                category,
                base,
            };
            (id, known)
        });
        Ok(Self {
            known: known.collect(),
        })
    }

    /// What a column of a type holds, and how it is declared for that.
    fn column(&self, ty: &str, modifier: i32) -> (Kind, String) {
        let Some(known) = self.known.get(ty) else {
            return (Kind::of(ty, ""), String::new());
        };
        if let Some((base, of_base)) = &known.base {
            return self.column(base, *of_base);
        }
        let kind = Kind::of(&known.name, &known.category);
        if kind.sent == Sent::Array {
            return (kind, known.name.trim_start_matches('_').to_owned());
        }
        // Digits in the upper half, places in eleven bits of the lower one.
        let digits = match modifier {
            4.. => ((modifier - 4) >> 16, (modifier - 4) & 0x7ff),
            _ => (0, 0),
        };
        (kind, kind.declared(digits))
    }
}

/// The cells of a row; those that are missing are empty.
fn cells<const N: usize>(row: Vec<Option<String>>) -> [String; N] {
    let mut cells = row.into_iter();
    std::array::from_fn(|_| cells.next().flatten().unwrap_or_default())
}

/// What the catalog tells of one table.
impl Catalog {
    /// How many pages a table has now.
    pub(super) fn pages(session: &Session, relation: &Relation) -> Result<u64, Failure> {
        let sql = format!(
            "SELECT pg_relation_size({}) / current_setting('block_size')::bigint",
            relation.id
        );
        let pages = first(session.ask(sql)?);
        Ok(pages.and_then(|pages| pages.parse().ok()).unwrap_or(0))
    }

    /// What a view is made by.
    pub(super) fn definition(session: &Session, relation: &Relation) -> Result<String, Failure> {
        let sql = format!("SELECT pg_get_viewdef({})", relation.id);
        Ok(first(session.ask(sql)?).unwrap_or_default())
    }

    /// The columns that are unique by themselves, apart from the primary key.
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

    /// The columns that point at other tables' keys, and the tables.
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
