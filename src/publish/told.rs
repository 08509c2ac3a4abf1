//! What a publication came to, in words.

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The run that the tables are of.
    pub run: i64,
    /// Tables that were gone, and were made anew.
    pub made: Vec<String>,
}

impl Done {
    /// What somebody has to do now; none where there is nothing.
    pub fn words(&self) -> Option<String> {
        let (tables, verb) = (listed(&self.made)?, was(&self.made));
        Some(format!(
            "{tables} {verb} gone from the server, and {verb} made anew: rights have to be granted again, and views made again"
        ))
    }
}

/// Names of tables; none where there are none.
pub(super) fn listed(tables: &[String]) -> Option<String> {
    let names: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn was(tables: &[String]) -> &'static str {
    match tables {
        [_] => "was",
        _ => "were",
    }
}
