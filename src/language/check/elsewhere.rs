//! What other languages have and this one has not: functions (`grammar/functions.txt`) and words that stand for a
//! value.

use std::sync::LazyLock;

use super::advice::Place;
use super::checker::Checker;
use super::compare_slips::month_of;
use crate::diagnostic::quoted;
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span};
use crate::language::functions::{of_values, over_population, over_rows};
use crate::language::table::{self, Row};

/// Arguments that say what is understood here: the unit and the other end of a length of time.
const UNDERSTOOD: [&str; 16] = [
    "now", "today", "now()", "today()", "day", "days", "dd", "d", "\"day\"", "\"days\"", "\"d\"",
    "\"D\"", "'day'", "'days'", "'d'", "'D'",
];

static ELSEWHERE: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::rows(include_str!("../../../grammar/functions.txt")));

/// Words that stand for a value elsewhere, and what is written here; a remark where that hangs on more.
const WORDS: &[(&[&str], &str)] = &[
    (&["yesterday"], "write `today - 1 day`"),
    (&["tomorrow"], "write `today + 1 day`"),
    (
        &[
            "current_date",
            "curdate",
            "currentdate",
            "sysdate",
            "todays_date",
        ],
        "write `today`",
    ),
    (
        &[
            "current_timestamp",
            "getdate",
            "sysdatetime",
            "localtimestamp",
            "current_time",
        ],
        "write `now`",
    ),
    (&["on"], "write `yes`"),
    (&["off"], "write `no`"),
    (&["monday", "mon"], "write `\"Mon\"`"),
    (&["tuesday", "tue"], "write `\"Tue\"`"),
    (&["wednesday", "wed"], "write `\"Wed\"`"),
    (&["thursday", "thu"], "write `\"Thu\"`"),
    (&["friday", "fri"], "write `\"Fri\"`"),
    (&["saturday", "sat"], "write `\"Sat\"`"),
    (&["sunday", "sun"], "write `\"Sun\"`"),
    (
        &["segment", "segments"],
        "membership is written `in segment` and the id of the segment",
    ),
    (
        &["average", "mean", "median", "total"],
        "what everybody has is a function, such as `avg(x)` or `median(x)`; of a group, `avg(x) within` and its name",
    ),
    (
        &["null", "none", "nil"],
        "ask with `is missing` or `is present` whether there is a value",
    ),
];

impl Checker<'_> {
    /// What is said of a name that nothing has, and that means something elsewhere or as a function.
    pub fn word_of_elsewhere(&mut self, name: &str) -> Option<String> {
        let lower = name.to_lowercase();
        let owners = self.owners_of(name);
        if let (Some(first), false) = (owners.first(), self.in_config) {
            let rows = first.trim_matches('`').split('.').next().unwrap_or("");
            let written = [
                format!("last({rows}).{name}"),
                format!("exists({rows} where {name} is present)"),
            ];
            let shown = self.that_fit(written, Place::Value);
            let shown: Vec<String> = shown.iter().map(|text| quoted(text)).collect();
            return Some(match shown.is_empty() {
                true => format!("it is a field of rows, {}", owners.join(" and ")),
                false => format!(
                    "it is a field of rows, and one value is needed: for example {}",
                    shown.join(" or ")
                ),
            });
        }
        let word = WORDS
            .iter()
            .find(|(words, _)| words.contains(&lower.as_str()));
        if let Some((_, help)) = word {
            return Some((*help).to_owned());
        }
        if let Some(month) = month_of(&lower) {
            return Some(format!("write `{month}`: months are numbers"));
        }
        let looked_up = |c: &&crate::catalog::Collection| c.entity.lookups.contains_key(name);
        if let Some(rows) = self.catalog.collections.iter().find(looked_up) {
            let lookup = rows.entity.lookups.get(name);
            let column = lookup.and_then(|l| l.columns.keys().find(|c| **c != l.key));
            let column = column.map_or("…", String::as_str);
            return Some(format!(
                "it is looked up from rows: for example `exists({} where {name}.{column} is present)`",
                rows.name
            ));
        }
        let example = if let Some((_, definition)) = of_values(&lower) {
            definition.entry.example.to_owned()
        } else if over_rows(&lower).is_some() {
            self.example(&lower)
        } else {
            over_population(&lower)?.entry.example.to_owned()
        };
        Some(format!(
            "it is a function and takes parentheses, as in `{example}`"
        ))
    }

    /// What to do instead of calling a function that other languages have.
    pub fn known_elsewhere(&mut self, call: &Call) -> Option<String> {
        let name = call.name.text.as_str();
        let of_name = |row: &&Row| {
            row.written
                .iter()
                .any(|names| names.split(' ').any(|n| n == name))
        };
        let row = ELSEWHERE.iter().find(of_name)?;
        let args: Vec<String> = call
            .args
            .iter()
            .map(|arg| self.argument_text(arg))
            .collect();
        let shorter = args
            .iter()
            .filter(|arg| !UNDERSTOOD.contains(&arg.as_str()));
        let shorter: Vec<String> = shorter.cloned().collect();
        let rows = call.args.first().and_then(|arg| self.rows_in(&arg.expr));
        let mut written = Vec::new();
        for template in &row.here {
            for args in [&args, &shorter] {
                written.extend(filled(template, args, rows.as_ref()));
            }
        }
        written.dedup();
        let help = match self.first_that_fits(written, Place::Any) {
            Some(text) => format!("write {}", quoted(&text)),
            None => self.in_own_words(row.remark),
        };
        Some(help)
    }

    /// A remark with a collection and a lookup that config has.
    fn in_own_words(&self, remark: &str) -> String {
        let collections = &self.catalog.collections;
        let timed = collections
            .iter()
            .find(|c| c.at.is_some() && c.key.is_some());
        let rows = timed.or(collections.first());
        let rows = rows.map_or("visits", |c| c.name.as_str());
        let lookups = self.catalog.subject.lookups.iter();
        let looked_up = lookups.filter_map(|(name, lookup)| {
            let column = lookup.columns.keys().find(|c| **c != lookup.key)?;
            Some(format!("{name}.{column}"))
        });
        let lookup = looked_up.min().unwrap_or_else(|| "studio.name".to_owned());
        remark.replace("{rows}", rows).replace("{lookup}", &lookup)
    }

    /// An argument as written, its `where` included.
    pub fn argument_text(&self, arg: &Arg) -> String {
        let end = arg.filter.as_ref().unwrap_or(&arg.expr).span.end;
        let text = self.quote(Span {
            end,
            ..arg.expr.span
        });
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match arg.distinct {
            true => format!("distinct {text}"),
            false => text,
        }
    }

    /// The collection of which the first field in an expression is, and that field.
    pub fn rows_in(&self, expr: &Expr) -> Option<(String, Option<String>)> {
        let mut rest = vec![expr];
        while let Some(expr) = rest.pop() {
            match &expr.kind {
                ExprKind::Path(path) => {
                    let (head, fields) = path.split_first()?;
                    if self.collection(&head.text).is_some() && !self.names_a_value(&head.text) {
                        let field = fields.first().map(ToString::to_string);
                        return Some((head.text.clone(), field));
                    }
                }
                ExprKind::Binary(_, left, right) | ExprKind::TextTest(_, _, left, right) => {
                    rest.extend([&**right, &**left]);
                }
                // What an aggregate takes is no longer many values.
                ExprKind::Call(call) if over_rows(&call.name.text).is_none() => {
                    rest.extend(call.args.iter().rev().map(|arg| &arg.expr));
                }
                ExprKind::Between(_, inner, ..)
                | ExprKind::InList(_, inner, _)
                | ExprKind::InWindow(_, inner, _)
                | ExprKind::Is(_, _, inner)
                | ExprKind::Not(inner)
                | ExprKind::Negate(inner)
                | ExprKind::Paren(inner) => rest.push(inner),
                _ => {}
            }
        }
        None
    }
}

/// What may be meant by a call of one of our own functions with too few or too many arguments.
pub(super) fn with_other_arguments(name: &str, args: &[String]) -> Vec<String> {
    let needed = args
        .iter()
        .filter(|arg| !UNDERSTOOD.contains(&arg.as_str()));
    let needed: Vec<String> = needed.cloned().collect();
    let mut written = Vec::new();
    if needed.len() < args.len() {
        written.push(format!("{name}({})", needed.join(", ")));
    }
    match (name, args) {
        ("default", [x]) => written.push(format!("default({x}, 0)")),
        ("default", [x, y, z]) => written.push(format!("default({x}, default({y}, {z}))")),
        ("greatest", [x]) => written.push(format!("max({x})")),
        ("least", [x]) => written.push(format!("min({x})")),
        ("date", [year, month, day]) => written.push(format!("{year}-{month:0>2}-{day:0>2}")),
        _ => {}
    }
    written
}

/// A text as it stands inside the `where` of a collection.
pub(super) fn own(text: &str, rows: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let owner = format!("{rows}.");
    while let Some((before, behind)) = rest.split_once(owner.as_str()) {
        out.push_str(before);
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
            out.push_str(&owner);
            rest = behind;
            continue;
        }
        let end = behind.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (field, behind) = behind.split_at(end.unwrap_or(behind.len()));
        if !field.is_empty() {
            let name = Name {
                text: field.to_owned(),
                span: Span::default(),
            };
            out.push_str(&name.to_string());
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A template with the arguments of a call; none where they are too many or too few for it.
fn filled(
    template: &str,
    args: &[String],
    rows: Option<&(String, Option<String>)>,
) -> Option<String> {
    let mut out = template.to_owned();
    let (owner, field) = match rows {
        Some((owner, field)) => (Some(owner.as_str()), field.as_deref()),
        None => (None, None),
    };
    for (place, arg) in args.iter().enumerate() {
        let (plain, inside) = (format!("${}", place + 1), format!("$own{}", place + 1));
        let names_rows = template.contains("$rows") && place == 0;
        if !out.contains(&plain) && !out.contains(&inside) && !names_rows {
            return None;
        }
        let own = own(arg, owner.unwrap_or("\u{0}"));
        out = out.replace(&inside, &own).replace(&plain, arg);
    }
    if let Some(owner) = owner {
        out = out.replace("$rows", owner);
    }
    if let Some(field) = field {
        out = out.replace("$field", field);
    }
    (!out.contains('$')).then_some(out)
}
