//! The document, taken apart into its blocks and tables.

use std::collections::BTreeMap;

/// Marks what an example answers.
const ARROW: &str = "# → ";

/// A fenced block.
pub struct Block {
    /// What stands behind the fence: `muster,error=syntax`.
    pub info: String,
    /// The text inside.
    pub body: String,
    /// The line of the fence, from 1.
    pub line: usize,
}

/// An expression of a `muster` block, with the line that says what it answers.
pub struct Example {
    pub text: String,
    /// The line with the arrow, from 1.
    pub end: usize,
}

/// A table of the example studio: `#### name`, then columns and rows.
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

pub struct Document {
    lines: Vec<String>,
    pub blocks: Vec<Block>,
}

impl Block {
    /// The first word of the info.
    pub fn kind(&self) -> &str {
        self.words()[0]
    }

    pub fn words(&self) -> Vec<&str> {
        self.info.split(',').collect()
    }

    /// The code of `error=CODE` or `warning=CODE`.
    pub fn code(&self) -> Option<&str> {
        let words = self.words().into_iter();
        words
            .filter_map(|w| w.strip_prefix("error=").or(w.strip_prefix("warning=")))
            .next()
    }

    /// The parts of a block that blank lines divide; a YAML block is one.
    pub fn paragraphs(&self) -> Vec<String> {
        match self.kind() {
            "yaml" => vec![self.body.clone()],
            _ => self.body.trim().split("\n\n").map(str::to_string).collect(),
        }
    }
}

impl Document {
    pub fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_string).collect();
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (at, line) in lines.iter().enumerate() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(info), None) => {
                    open = Some(Block {
                        info: info.to_string(),
                        body: String::new(),
                        line: at + 1,
                    });
                }
                (None, Some(block)) => block.body += &format!("{line}\n"),
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "a fence is never closed");
        Self { lines, blocks }
    }

    /// The blocks with these words behind the fence.
    pub fn tagged<'d>(&'d self, info: &'d str) -> impl Iterator<Item = &'d Block> {
        self.blocks.iter().filter(move |b| b.info == info)
    }

    /// The expressions that answer something.
    pub fn examples(&self) -> impl Iterator<Item = Example> {
        self.tagged("muster").flat_map(|block| {
            let mut text = String::new();
            let mut examples = Vec::new();
            for (at, line) in block.body.lines().enumerate() {
                let (code, answer) = match line.split_once(ARROW) {
                    Some((code, _)) => (code, true),
                    None => (line, false),
                };
                text += &format!("{code}\n");
                if answer {
                    examples.push(Example {
                        text: std::mem::take(&mut text).trim().to_string(),
                        end: block.line + at + 1,
                    });
                }
            }
            let rest = text.trim();
            assert!(
                rest.is_empty(),
                "line {}: `{rest}` answers nothing",
                block.line
            );
            examples
        })
    }

    /// What a line says that its example answers.
    fn said(&self, line: usize) -> Option<&str> {
        self.lines[line - 1].split_once(ARROW).map(|(_, said)| said)
    }

    /// The lines of a block that name a segment: the line's number and the segment's id.
    pub fn segment_lines(&self, block: &Block) -> Vec<(usize, String)> {
        let named = |(at, line): (usize, &str)| {
            let id = line.trim().strip_prefix("- id: ")?;
            let id = id.split_whitespace().next()?;
            Some((block.line + at + 1, id.to_string()))
        };
        block.body.lines().enumerate().filter_map(named).collect()
    }

    /// The tables of the example studio.
    pub fn tables(&self) -> Vec<Table> {
        let cells = |line: &str| -> Vec<String> {
            let inner = line.trim().trim_matches('|');
            inner.split('|').map(|c| c.trim().to_string()).collect()
        };
        let mut tables = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let Some(name) = line.strip_prefix("#### Table ") else {
                continue;
            };
            let rows = self.lines[at + 1..]
                .iter()
                .skip_while(|l| !l.starts_with('|'));
            let mut rows = rows.take_while(|l| l.starts_with('|')).map(|l| cells(l));
            let columns = rows.next().unwrap();
            tables.push(Table {
                name: name.trim_matches('`').to_string(),
                columns,
                rows: rows.skip(1).collect(),
            });
        }
        tables
    }

    /// The lines of the first table under a heading in which functions stand; `top` and `bottom` are none.
    fn places_of_rows(&self, heading: &str) -> Vec<usize> {
        let under = self.lines.iter().position(|line| line == heading).unwrap();
        let lines = self.lines.iter().enumerate().skip(under);
        let table = lines.skip_while(|(_, line)| !line.starts_with('|'));
        let rows = table.take_while(|(_, line)| line.starts_with('|')).skip(2);
        let functions =
            rows.filter(|(_, line)| !line.starts_with("| `top") && !line.starts_with("| `bottom"));
        functions.map(|(at, _)| at).collect()
    }

    /// The rows of the functions under a heading.
    pub fn rows(&self, heading: &str) -> Vec<&str> {
        let places = self.places_of_rows(heading);
        places.iter().map(|at| self.lines[*at].as_str()).collect()
    }

    /// Writes the rows of the functions under a heading.
    pub fn write_rows(&mut self, path: &str, heading: &str, rows: &[String]) {
        let before = self.lines.clone();
        let places = self.places_of_rows(heading);
        self.lines
            .splice(places[0]..=places[places.len() - 1], rows.iter().cloned());
        self.save(path, &before);
    }

    /// Tests that bless run side by side: one that changes nothing leaves the file to the others.
    fn save(&self, path: &str, before: &[String]) {
        if self.lines != before {
            std::fs::write(path, self.lines.join("\n") + "\n").unwrap();
        }
    }

    /// Each answer stands behind its arrow, or is written there where that is asked for.
    pub fn hold(&mut self, path: &str, answers: &BTreeMap<usize, String>) {
        if std::env::var_os("MUSTER_BLESS").is_some() {
            self.write(path, answers);
        }
        for (line, answer) in answers {
            let said = self
                .said(*line)
                .unwrap_or_else(|| panic!("line {line} says nothing: {answer}"));
            assert_eq!(said, answer, "line {line}");
        }
    }

    /// Writes answers behind their arrows.
    fn write(&mut self, path: &str, answers: &BTreeMap<usize, String>) {
        let before = self.lines.clone();
        for (line, answer) in answers {
            let line = &mut self.lines[line - 1];
            let code = line
                .split_once(ARROW)
                .map_or(line.as_str(), |(code, _)| code);
            *line = format!("{code}{ARROW}{answer}");
        }
        self.save(path, &before);
    }
}
