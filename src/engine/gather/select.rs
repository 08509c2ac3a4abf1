//! Which columns of a table are read.

/// Some columns of one table.
#[derive(Debug, Clone)]
pub struct Select {
    table: String,
    /// The table's columns.
    known: Vec<String>,
    columns: Vec<String>,
    names_rows: bool,
}

impl Select {
    /// No column yet of a table that has these.
    pub(super) fn new(table: &str, known: Vec<String>) -> Self {
        Self {
            table: table.to_owned(),
            known,
            columns: Vec::new(),
            names_rows: false,
        }
    }

    /// The same columns, and what each row is called.
    pub(super) fn named(&self) -> Self {
        Self {
            names_rows: true,
            ..self.clone()
        }
    }

    /// Reads this column too: its place in each row; or why it cannot be read.
    pub(super) fn column(&mut self, name: &str) -> Result<usize, String> {
        let known = self.known.iter().find(|k| k.eq_ignore_ascii_case(name));
        let Some(known) = known else {
            return Err(format!("table `{}` has no column `{name}`", self.table));
        };
        let place = self.columns.iter().position(|there| there == known);
        Ok(place.unwrap_or_else(|| {
            self.columns.push(known.clone());
            self.columns.len() - 1
        }))
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Whether rows are to say what they are called.
    pub fn names_rows(&self) -> bool {
        self.names_rows
    }

    /// The columns, in the order of each row.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
}
