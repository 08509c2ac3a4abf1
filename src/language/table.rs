//! Tables of what people write and its equivalent here, as text files: `grammar/*.txt`.

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// What people write, in several variants.
    pub written: Vec<&'static str>,
    /// What to write here.
    pub here: Vec<&'static str>,
    /// A remark that is shown in addition, or instead.
    pub remark: &'static str,
}

/// The rows of a table, in order.
pub(super) fn rows(text: &'static str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut begun = false;
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let said = line.strip_prefix("  ");
        match (said, rows.last_mut()) {
            (Some(said), Some(row)) => {
                begun = false;
                match said.split_once(' ') {
                    Some((">", here)) => row.here.push(here),
                    Some((_, remark)) => row.remark = remark,
                    None => {}
                }
            }
            (None, Some(row)) if begun => row.written.push(line),
            (_, _) => {
                begun = true;
                rows.push(Row {
                    written: vec![line],
                    ..Row::default()
                });
            }
        }
    }
    rows
}

/// The row with a name in its first column, in which names are separated by spaces.
pub(super) fn of_name(rows: &'static [Row], name: &str) -> Option<&'static Row> {
    let is_named = |names: &&str| names.split(' ').any(|one| one == name);
    rows.iter().find(|row| row.written.iter().any(is_named))
}
