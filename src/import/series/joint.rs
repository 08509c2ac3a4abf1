//! The first reading of several files: what each of them holds, and what they hold together.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Mutex;

use csv::ByteRecord;

use super::amounts::Amounts;
use super::headings::{admit, are_alike, decisive, listed, place_in};
use super::renamed::called;
use super::times::Times;
use super::turned::Dates;
use super::{Member, Series, Span, arrange};
use crate::config::{Copies, Encoding, FileForm};
use crate::engine::Watch;
use crate::import::ImportError;
use crate::import::encoding::letters;
use crate::import::layout::Layout;
use crate::import::limits::Limits;
use crate::import::meant::disorder;
use crate::import::notes::Oddity;
use crate::import::reading::Reading;
use crate::import::repeats::Repeats;
use crate::import::rows::{Row, Rows};
use crate::import::source::{Source, Unit, dated_names, files_of};
use crate::import::survey::{Survey, Table, concluded, survey};
use crate::import::tally::Tally;

/// A file, or a sheet of one, that is to be joined with others.
pub(in crate::import) struct Input<'f> {
    pub(in crate::import) source: Source<'f>,
    pub(in crate::import) rows: Box<dyn Rows + 'f>,
    /// What config says of it.
    pub(in crate::import) form: FileForm,
    /// What its rows are counted by: `line` or `row`.
    pub(in crate::import) counted: &'static str,
    /// What is known of its encoding; `None` if the bytes have to tell.
    pub(in crate::import) said: Option<Encoding>,
}

/// A file before its rows are read.
struct Opened<'f> {
    input: Input<'f>,
    layout: Layout,
    /// For each column of the series, its index in this file.
    places: Vec<Option<usize>>,
}

impl<'f> Series<'f> {
    /// Surveys files, in their order, and what they hold together.
    ///
    /// # Errors
    /// A file cannot be read, has no headings, or has other ones than the first.
    pub(in crate::import) fn of(
        inputs: Vec<Input<'f>>,
        table: Table<'_>,
        watch: &'f dyn Watch,
    ) -> Result<(Self, Survey), ImportError> {
        let sources = inputs.iter().map(|input| input.source.clone());
        let sources: Vec<Source<'_>> = sources.collect();
        let unit = Unit::of(sources.iter());
        let (opened, headings) = opened(inputs, unit)?;
        let key = table.form.key.as_deref();
        key.map_or(Ok(()), |key| have_key(&opened, key))?;
        let layout = Layout::headed_by(&headings);
        let mut repeats = Repeats::of(&layout, table.name, (table.form, table.key))?;
        let mut series = Self {
            spans: Mutex::new(vec![Span::default(); opened.len()]),
            members: Vec::new(),
            headings,
            is_keyed: table.form.key.is_some(),
            unit,
            disorder: disorder(&dated_names(&sources)),
            differing: BTreeMap::new(),
            of_numbers: Vec::new(),
            watch,
        };
        let (mut joint, mut at) = (
            Reading::default(),
            Position {
                before: 0,
                number: 1,
            },
        );
        for file in opened {
            let before = at.before;
            let (reading, member) = read(file, table.table, &mut at, &mut repeats, watch)?;
            series.take_in(&mut joint, &reading, &member, before);
            series.members.push(member);
        }
        let said = Some(Encoding::Utf8);
        let mut found = match series.is_as_read() {
            true => {
                let mut found = concluded(&joint, layout, repeats, table, said)?;
                found.tell_copies(&series, watch)?;
                found
            }
            // How the cells are written is known only now.
            false => {
                let files = files_of(&sources).into_iter();
                let limits = Limits::of(table.name, files, watch);
                let form = FileForm {
                    headings: Some(1),
                    ..table.form.clone()
                };
                survey(
                    &series,
                    Table {
                        form: &form,
                        ..table
                    },
                    said,
                    &joint.tallies,
                    &limits,
                )?
            }
        };
        let columns = found.columns.iter();
        let of_numbers = columns.filter(|column| column.is_of_numbers());
        series.differing = found
            .keyed
            .as_ref()
            .map_or_else(BTreeMap::new, |keyed| keyed.differing().clone());
        series.of_numbers = of_numbers.map(|column| column.place).collect();
        let letters = series.members.iter();
        found.letters = letters
            .flat_map(|member| member.found.letters.clone())
            .collect();
        let of_files = series.told_of_files(&found.told);
        found.told.extend(of_files);
        Ok((series, found))
    }

    /// Adds the counts of one member's reading to those of all members, with rows counted on from `before`.
    fn take_in(&self, joint: &mut Reading, reading: &Reading, member: &Member<'_>, before: u64) {
        let own = member.found.layout.written.len();
        let further = (own..reading.tallies.len()).map(Some);
        let places = member.places.iter().copied().chain(further);
        for (column, place) in places.enumerate() {
            while joint.tallies.len() <= column {
                joint.tallies.push(Tally::default());
            }
            let tally = place.and_then(|place| reading.tallies.get(place));
            if let Some((tally, all)) = tally.zip(joint.tallies.get_mut(column)) {
                all.extend(tally, before);
            }
        }
        joint.count += reading.count;
        // What may have cost rows is reported for the file, with its own lines. A row that is short lacks columns as its file may.
        let notes = reading.notes.clone().parted().1.without(Oddity::Short);
        joint.notes.extend(notes.moved(before));
    }

    /// Whether the cells of all files are passed on as they were read: they share one decimal mark, and each cell tells its encoding.
    fn is_as_read(&self) -> bool {
        let mark = self.mark();
        self.members.iter().all(|member| {
            let mut decimals = member
                .found
                .columns
                .iter()
                .filter_map(|column| column.decimal());
            member.is_told_by_cells && decimals.all(|own| Some(own) == mark)
        })
    }
}

/// How far the rows of a series have been read: the number from which lines are counted on, and the number of the next row.
struct Position {
    before: u64,
    number: u64,
}

/// Reads the headings of the files, and returns those of all files together.
fn opened(
    inputs: Vec<Input<'_>>,
    unit: Unit,
) -> Result<(Vec<Opened<'_>>, Vec<String>), ImportError> {
    let (mut opened, mut headings): (Vec<Opened<'_>>, Vec<String>) = Default::default();
    let mut looked = Vec::new();
    for input in inputs {
        let layout = Layout::of(&*input.rows, &input.source.name(), &input.form)?;
        looked.push((input, layout));
    }
    let all = looked
        .iter()
        .map(|(input, layout)| (layout.headings(), input.source.is_sure()));
    let all: Vec<(Vec<String>, bool)> = all.collect();
    let deciding = decisive(&all).and_then(|at| all.get(at));
    let deciding = deciding.map_or(&[][..], |(headings, _)| headings);
    let mut own_headings: Vec<Vec<String>> = Vec::new();
    for (input, layout) in looked {
        let name = &input.source.name();
        let own = layout.headings();
        match opened.first() {
            Some(_) if are_alike(&own, deciding) => {}
            Some(first) => admit(&own, &headings, (name, &first.input.source.name()), unit)?,
            None if own.is_empty() => {
                let words = format!(
                    "its first line looks like data; headings are needed to match its columns with the table's other {}: {}",
                    unit.several(),
                    unit.with_headings()
                );
                return Err(ImportError::of(name, words));
            }
            None => {}
        }
        for heading in &own {
            if place_in(&headings, heading).is_none() {
                headings.push(heading.clone());
            }
        }
        own_headings.push(own);
        opened.push(Opened {
            input,
            layout,
            places: Vec::new(),
        });
    }
    for (file, own) in opened.iter_mut().zip(&own_headings) {
        file.places = headings
            .iter()
            .map(|heading| place_in(own, heading))
            .collect();
    }
    Ok((opened, headings))
}

/// Checks that each file has the key column: rows without it belong to nobody, and none of them would replace an earlier one.
fn have_key(files: &[Opened<'_>], key: &str) -> Result<(), ImportError> {
    let has_key = |file: &&Opened<'_>| place_in(&file.layout.headings(), key).is_some();
    let lacking = files.iter().find(|file| !has_key(file));
    let Some((file, first)) = lacking.zip(files.iter().find(has_key)) else {
        return Ok(());
    };
    let known = first.layout.headings();
    let own = file.layout.headings().into_iter();
    let others: Vec<String> = own
        .filter(|name| place_in(&known, name).is_none())
        .collect();
    let has = match others.as_slice() {
        [] => String::new(),
        others => format!(", but it has {}, which that one does not", listed(others)),
    };
    let columns = match others.as_slice() {
        [other] => called(other, key),
        _ => "columns:".to_owned(),
    };
    let words = format_args!(
        "it has no column `{key}`, which {} has and which is the `key:` of their table{has}: {}, or write `{}` for {} if the column has another \
         name there",
        first.input.source.name(),
        file.input.source.unit().like_the_others(),
        columns,
        file.input.source.unit().said_of(),
    );
    Err(ImportError::of(&file.input.source.name(), words))
}

/// Reads a file of a table once: what it holds on its own, and its rows after those of the files before.
fn read<'f>(
    file: Opened<'f>,
    table: &str,
    at: &mut Position,
    repeats: &mut Repeats,
    watch: &'f dyn Watch,
) -> Result<(Reading, Member<'f>), ImportError> {
    let Opened {
        input:
            Input {
                source,
                rows,
                form,
                counted,
                said,
            },
        layout,
        places,
    } = file;
    let name = source.name();
    let limits = Limits::of(&name, std::iter::once(source.file), watch);
    repeats.begin_file(at.number);
    let (headed, first) = (layout.written.len(), at.number);
    let (mut last, mut cells, mut numbers) = (0, ByteRecord::new(), Vec::new());
    let reading = Reading::of(&*rows, &name, &layout, &limits, &mut |row, admitted| {
        last = row.place;
        match admitted {
            Ok(()) => {
                arrange(
                    (&places, headed),
                    row,
                    &mut cells,
                    &mut numbers,
                    |cell, _| by_itself(cell),
                );
                repeats.see(&Row {
                    number: at.number,
                    place: at.before + row.place,
                    cells: &cells,
                    numbers: &numbers,
                });
                at.number += 1;
            }
            // Such a row is passed on, and left out later as blank.
            Err(Some(Oddity::Blank)) => at.number += 1,
            Err(_) => {}
        }
    })?;
    at.before += last;
    // What is to be reported about rows is reported for the whole table.
    let form = FileForm {
        key: None,
        copies: Some(Copies::All),
        ..form
    };
    let of_file = Table {
        table,
        name: &name,
        form: &form,
        key: None,
    };
    let times = times(&reading, &layout, &places, of_file);
    let none = Repeats::of(&layout, &name, (&form, None))?;
    let found = concluded(&reading, layout, none, of_file, said)?;
    let dates = |place: &Option<usize>| {
        let tally = place.and_then(|place| reading.tallies.get(place));
        tally.map_or_else(Dates::default, |tally| Dates::of(&tally.dates))
    };
    let member = Member {
        dates: places.iter().map(dates).collect(),
        amounts: places
            .iter()
            .map(|place| {
                let tally = place.and_then(|place| reading.tallies.get(place));
                tally.map_or_else(Amounts::default, |tally| Amounts::of(&tally.dates))
            })
            .collect(),
        times,
        is_told_by_cells: reading.letters.are_told_by_cells(found.encoding),
        is_total: is_total(&reading, headed),
        newest: newest(&reading, &places),
        rows,
        first,
        places,
        found,
        stem: source.dated_name(),
        source,
        name,
        counted,
    };
    Ok((reading, member))
}

/// For each column of a series, how many of its times config's types can read.
fn times(
    reading: &Reading,
    layout: &Layout,
    places: &[Option<usize>],
    of: Table<'_>,
) -> Vec<Times> {
    let headings = layout.headings();
    let places = places.iter();
    let times = places.map(|place| {
        let place = (*place)?;
        let types = of.form.times_of(of.table, headings.get(place)?);
        Some(Times::of(&reading.tallies.get(place)?.dates, &types))
    });
    times.map(Option::unwrap_or_default).collect()
}

/// The newest date in each column of a series.
fn newest(reading: &Reading, places: &[Option<usize>]) -> Vec<Option<i32>> {
    let places = places.iter().copied();
    let tallies = places.map(|place| reading.tallies.get(place?));
    tallies.map(|tally| tally?.dates.newest()).collect()
}

/// Whether the only row of a file with this many columns looks like a total below a list: it is empty in most of them.
fn is_total(reading: &Reading, headed: usize) -> bool {
    let filled = reading.tallies.iter().filter(|tally| tally.filled > 0);
    reading.count == 1 && filled.count() * 2 < headed
}

/// The text of a cell that tells its own encoding: see [`crate::import::letters_seen`].
fn by_itself(cell: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(cell) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => letters(cell, Encoding::Windows1252),
    }
}
