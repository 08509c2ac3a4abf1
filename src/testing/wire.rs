//! The shape of a test file, as people write it. The doc comments are what editors show.

use schemars::json_schema;
use serde::Deserialize;

use crate::decode::{
    Entries, Identifier, List, Read, Reader, Several, Text, choice, inline_schema, record,
};
use crate::source::{Node, NodeKind, Scalar};

/// The maximum number of copies of one person.
const MAX_COPIES: u32 = 10_000;

/// The maximum jitter, in days.
const MAX_JITTER: u32 = 365;

record! {
    /// Muster: tests of segments, with people made up for them.
    pub(super) struct TestFile {
        /// The instant of the tests, such as `2026-03-15 06:00`, and what `30 days ago` counts from. A test may have its own.
        now: Option<Text>,
        /// The tables and their columns, as `muster schema tables` prints them: what tests go by where the database is not there.
        tables: Option<Entries<Scalar, TableShape>>,
        /// The people, by names of their own: columns, looked-up rows and collections. What is not given is missing.
        given: Option<Entries<Identifier, Person>>,
        /// Copies of people, for averages and for `top 20%`.
        crowd: Option<Crowds>,
        /// The tests.
        tests: Option<List<TestEntry>>,
    }
}

record! {
    /// A table of the database.
    pub(super) struct TableShape {
        /// The columns of its primary key.
        key: Option<Several<Text>>,
        /// Its columns with their declared types.
        columns: Entries<Scalar, Text>,
    }
}

/// What is known of somebody, or of one row: by names, as rules use them.
#[derive(Debug, Clone)]
pub(super) struct Person(pub(super) Vec<(Scalar, Node)>);

impl Read for Person {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let entries = reader.entries(node)?.into_iter();
        let entries = entries.map(|(key, value)| (key.clone(), value.clone()));
        Some(Self(entries.collect()))
    }
}

inline_schema!(Person, |_| {
    let value = || json_schema!({ "type": ["string", "number", "boolean", "null"] });
    let bound = |description: &str| json_schema!({ "type": ["string", "number"], "description": description });
    let row = || {
        json_schema!({
            "type": "object",
            "properties": {
                "every": bound("How far rows of a collection are apart, such as `7 days`: one row, with the columns beside it, every so often."),
                "from": bound("Beside `every:`, when the first row happened: `60 days ago`, or a date."),
                "until": bound("Beside `every:`, when no more rows came. Default: now."),
            },
            "additionalProperties": {
                "type": ["string", "number", "boolean", "null", "object", "array"]
            },
        })
    };
    let rows = json_schema!({ "type": "array", "items": { "anyOf": [value(), row()] } });
    json_schema!({
        "type": ["object", "null"],
        "additionalProperties": { "anyOf": [value(), row(), rows] },
    })
});

/// One crowd, or several.
#[derive(Debug)]
pub(super) struct Crowds(pub(super) Vec<Crowd>);

impl Read for Crowds {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.kind {
            NodeKind::List(_) => List::read(node, reader).map(|list| Self(list.0)),
            _ => Crowd::read(node, reader).map(|crowd| Self(vec![crowd])),
        }
    }
}

inline_schema!(Crowds, |generator| {
    let one = generator.subschema_for::<Crowd>();
    let list = generator.subschema_for::<List<Crowd>>();
    json_schema!({ "anyOf": [one, list] })
});

record! {
    /// Copies of somebody.
    pub(super) struct Crowd {
        /// Whom: a name under `given`.
        copies_of: Identifier,
        /// How many, from 1 to 10000.
        count: Copies,
        /// By how many days the rows of a collection are moved at most, to either side: `{ visits: 2 }`.
        jitter: Option<Entries<Identifier, Days>>,
    }
}

/// Declares a whole number within bounds.
macro_rules! number {
    ($(#[$meta:meta])* $name:ident, $least:expr, $most:expr, $expected:literal) => {
        $(#[$meta])*
        #[derive(Debug)]
        pub(super) struct $name(pub(super) u32);

        impl Read for $name {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let text = Text::read(node, reader)?;
                let number = text.scalar.value.parse().ok();
                let number = number.filter(|number| ($least..=$most).contains(number));
                reader.expect(number, node.location, $expected).map(Self)
            }
        }

        inline_schema!(
            $name,
            |_| json_schema!({ "type": ["integer", "string"], "minimum": $least, "maximum": $most })
        );
    };
}

number!(
    /// How many copies.
    Copies, 1, MAX_COPIES, "a whole number from 1 to 10000: more people make a test slower and show nothing else"
);
number!(
    /// A number of days.
    Days, 0, MAX_JITTER, "a whole number of days from 0 to 365"
);

record! {
    /// A test: a person, and what must be true of them.
    pub(super) struct TestEntry {
        /// What it shows, in plain words.
        name: Text,
        /// Whom it is about: a name under `given`.
        person: Identifier,
        /// Its own instant. What was given stays where it is.
        now: Option<Text>,
        /// `yes`: nobody else is there. Default: everybody under `given` and `crowd`.
        alone: Option<Answer>,
        /// `no`: the person is left out, by `active:` of config or by `where:` or `at:` of its subject.
        active: Option<Answer>,
        /// The segments that the person must be in.
        r#in: Option<Several<Identifier>>,
        /// The segments that the person must not be in; `others` stands for all that are not under `in`.
        not_in: Option<Several<Identifier>>,
        /// What metrics and columns must come to for the person, `score` and `health` included.
        values: Option<Entries<Scalar, Text>>,
    }
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer {
    /// `yes`, which YAML's older readers take for `true`.
    #[serde(alias = "true")]
    Yes,
    /// `no`
    #[serde(alias = "false")]
    No,
}

choice!(Answer);

inline_schema!(
    Answer,
    |_| json_schema!({ "enum": ["yes", "no", true, false] })
);
