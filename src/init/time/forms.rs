//! What values look like that are no times as Muster reads them.

use crate::engine::OwnedCell;
use crate::init::data::Guessed;

/// What values that are no times look like.
pub(super) fn otherwise(filled: &[&OwnedCell]) -> String {
    let Some(example) = filled.iter().find(|cell| !shown(cell).is_empty()) else {
        return "holds bytes".to_owned();
    };
    let numbers: Vec<Vec<u32>> = filled
        .iter()
        .filter_map(|cell| parts(cell.text()?))
        .collect();
    let form = match numbers.len() * 5 >= filled.len() * 4 {
        true => numbers.iter().fold((false, false), |(day, month), parts| {
            let over = |place: usize| parts.get(place).is_some_and(|number| *number > 12);
            (day || over(0), month || over(1))
        }),
        false => (false, false),
    };
    let is = match (numbers.len() * 5 >= filled.len() * 4, form) {
        (true, (true, false)) => "looks like day/month/year",
        (true, (false, true)) => "looks like month/day/year",
        (true, _) => "looks like days and months, in which order nothing tells",
        (false, _) if example.text().is_none() => {
            "holds numbers that are neither seconds nor milliseconds"
        }
        (false, _) => "holds texts that are no times",
    };
    format!("{is}, such as `{}`", shown(example))
}

/// The same of times that most businesses have none of.
pub(super) fn unlikely(filled: &[&OwnedCell]) -> String {
    let example = filled.first().map(|cell| shown(cell)).unwrap_or_default();
    format!(
        "lies before 1990 or more than two years ahead, such as `{example}`; if it is meant, write it behind `at:`"
    )
}

fn shown(cell: &OwnedCell) -> String {
    match cell.as_str() {
        Some(text) => text.chars().filter(|c| !c.is_control()).take(30).collect(),
        None => cell
            .number()
            .map(|number| number.to_string())
            .unwrap_or_default(),
    }
}

/// The three numbers of `17/10/1967`, with other separators as well.
fn parts(text: &str) -> Option<Vec<u32>> {
    let date = text.split([' ', 'T', ',']).next()?;
    let parts: Vec<u32> = date
        .split(['/', '.', '-'])
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let is_date = |parts: &[u32]| matches!(parts, [a, b, c] if (1..=31).contains(a) && (1..=31).contains(b) && *c < 2_200);
    is_date(&parts).then_some(parts)
}
