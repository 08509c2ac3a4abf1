//! `${NAME}`: values from the environment, in config's values but not in conditions.

use super::{Environment, Reader};
use crate::diagnostic::{Code, Finding};
use crate::source::{Location, Scalar};

/// Replaces each `${NAME}`; `$${` is a literal `${`. Every unset variable is reported.
pub(super) fn replace(
    scalar: Scalar,
    environment: Environment<'_>,
    reader: &mut Reader<'_>,
) -> Option<Scalar> {
    let text = scalar.value.as_str();
    let mut value = String::with_capacity(text.len());
    let mut at = 0;
    let mut complete = true;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("${")) {
        let dollar = at + found;
        let before = text.get(at..dollar).unwrap_or("");
        if let Some(before) = before.strip_suffix('$') {
            value.push_str(before);
            value.push_str("${");
            at = dollar + 2;
            continue;
        }
        value.push_str(before);
        let inner = text.get(dollar + 2..).unwrap_or("");
        let name = inner.split('}').next().unwrap_or("");
        at = dollar + 2 + name.len() + 1;
        let place = scalar.locate(dollar..at.min(text.len()), reader.sources);
        match (inner.contains('}') && is_name(name)).then(|| environment(name)) {
            Some(Some(found)) => value.push_str(&found),
            Some(None) => {
                complete = false;
                reader.report(unset(name, place));
            }
            None => {
                complete = false;
                reader.report(malformed(place));
            }
        }
    }
    value.push_str(text.get(at..).unwrap_or(""));
    complete.then_some(Scalar { value, ..scalar })
}

/// Reports each `${NAME}` in a condition, which is not replaced: a rule has the same meaning wherever it is run.
/// `$${NAME}` is not a variable, and both dollar signs stay.
pub(super) fn tell_unreplaced(scalar: &Scalar, reader: &mut Reader<'_>) {
    for (dollar, rest) in scalar.value.match_indices("${") {
        let before = scalar.value.get(..dollar).unwrap_or("");
        if before.ends_with('$') {
            continue;
        }
        let inner = scalar.value.get(dollar + rest.len()..).unwrap_or("");
        let Some((name, _)) = inner.split_once('}').filter(|(name, _)| is_name(name)) else {
            continue;
        };
        let written = format!("${{{name}}}");
        let place = scalar.locate(dollar..dollar + written.len(), reader.sources);
        let message = format!(
            "`{written}` in a condition stays as it is written: no variable is replaced there"
        );
        let finding = Finding::new(Code::UnreplacedVariable, message).at(place);
        reader.report(finding.help(
            "write the value itself; in config.yaml, values that are not conditions can name a variable",
        ));
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn unset(name: &str, place: Location) -> Finding {
    Finding::new(
        Code::UnsetVariable,
        format!("the environment variable `{name}` is not set"),
    )
    .at(place)
    .help(format!("set it before the command: `{name}=… muster run`"))
}

fn malformed(place: Location) -> Finding {
    Finding::new(
        Code::InvalidValue,
        "`${` must be followed by a variable's name and `}`",
    )
    .at(place)
    .help("for a literal `${` write `$${`")
}
