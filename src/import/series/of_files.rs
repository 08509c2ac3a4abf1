//! What is told of a file, which is told of it as well where it is one of several.

use super::Series;
use crate::import::notes::Oddity;

impl Series<'_> {
    /// What its first reading told of each file beside its rows, in lines: one for all files of which the same is told, and none for what
    /// was `told` of all together.
    pub(super) fn told_of_files(&self, told: &[String]) -> Vec<String> {
        let mut lines: Vec<(&String, Vec<&str>)> = Vec::new();
        for member in &self.members {
            for line in member.found.told.iter().filter(|line| !told.contains(line)) {
                match lines.iter_mut().find(|(known, _)| *known == line) {
                    Some((_, names)) => names.push(&member.name),
                    None => lines.push((line, vec![&member.name])),
                }
            }
        }
        let unread = self.members.iter().flat_map(|member| {
            // In the rows of all these are letters already.
            let notes = member.found.notes.clone().only(Oddity::NoLetter);
            let lines = notes.lines(member.counted, self.unit).into_iter();
            lines.map(|line| format!("{}: {line}", member.name))
        });
        let lines = lines
            .into_iter()
            .map(|(line, names)| match names.as_slice() {
                [] => line.clone(),
                [name] => format!("{name}: {line}"),
                [name, more @ ..] => {
                    let unit = match more.len() {
                        1 => self.unit.one(),
                        _ => self.unit.several(),
                    };
                    format!("{name} and {} more {unit}: {line}", more.len())
                }
            });
        lines.chain(unread).collect()
    }
}
