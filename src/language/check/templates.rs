//! Fills the templates of `grammar/functions.txt` and `grammar/arguments.txt`, which replace a call, with the call's
//! arguments.

use std::sync::LazyLock;

use crate::language::ast::{Name, Span};
use crate::language::table::{self, Row};

static ARGUMENTS: LazyLock<Vec<Row>> =
    LazyLock::new(|| table::rows(include_str!("../../../grammar/arguments.txt")));

/// Arguments that are implied here: the unit and the other end of a length of time.
const UNDERSTOOD: [&str; 16] = [
    "now", "today", "now()", "today()", "day", "days", "dd", "d", "\"day\"", "\"days\"", "\"d\"",
    "\"D\"", "'day'", "'days'", "'d'", "'D'",
];

/// The arguments without those that are implied here.
pub(super) fn without_understood(args: &[String]) -> Vec<String> {
    let needed = args
        .iter()
        .filter(|arg| !UNDERSTOOD.contains(&arg.as_str()));
    needed.cloned().collect()
}

/// What a call of one of our own functions with too few or too many arguments may mean.
pub(super) fn with_other_arguments(name: &str, args: &[String]) -> Vec<String> {
    let needed = without_understood(args);
    let shorter = (needed.len() < args.len()).then(|| format!("{name}({})", needed.join(", ")));
    let row = table::of_name(&ARGUMENTS, name);
    let templates = row.into_iter().flat_map(|row| &row.here);
    let written = templates.filter_map(|template| filled(template, args, None));
    shorter.into_iter().chain(written).collect()
}

/// A text as it is written inside the `where` of a collection.
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

/// A template filled with the arguments of a call; `None` if they are too many or too few for it.
pub(super) fn filled(
    template: &str,
    args: &[String],
    rows: Option<&(String, Option<String>)>,
) -> Option<String> {
    let is_of_all = template.contains("$*");
    let mut out = template.replace("$*", &args.join(", "));
    let (owner, field) = match rows {
        Some((owner, field)) => (Some(owner.as_str()), field.as_deref()),
        None => (None, None),
    };
    for (place, arg) in args.iter().enumerate() {
        let number = place + 1;
        let (plain, padded, inside) = (
            format!("${number}"),
            format!("$0{number}"),
            format!("$own{number}"),
        );
        let names_rows = template.contains("$rows") && place == 0;
        let is_taken = [&plain, &padded, &inside]
            .into_iter()
            .any(|one| out.contains(one));
        if !is_taken && !names_rows && !is_of_all {
            return None;
        }
        let own = own(arg, owner.unwrap_or("\u{0}"));
        out = out.replace(&inside, &own);
        out = out
            .replace(&padded, &format!("{arg:0>2}"))
            .replace(&plain, arg);
    }
    if let Some(owner) = owner {
        out = out.replace("$rows", owner);
    }
    if let Some(field) = field {
        out = out.replace("$field", field);
    }
    (!out.contains('$')).then_some(out)
}
