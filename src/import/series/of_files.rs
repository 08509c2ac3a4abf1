//! Messages that are given for a single file, and also if it is one of several.

use super::Series;
use crate::import::notes::Oddity;

impl Series<'_> {
    /// Lines from the first reading of each file that are not about its rows. Files with the same message share one line, and what was already
    /// `told` of all together is left out.
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
            // In the joint rows, invalid bytes have already become characters.
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
