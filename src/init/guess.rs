//! Guesses who is segmented, and by which actions.

mod told;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::collection::{Beside, Collection, collection, is_detail, is_detail_of_people};
use super::counted::Counted;
use super::currency::{Currency, InOne, currency};
use super::data::{Data, Guessed};
use super::exclude::{self, Exclusion};
use super::field::{FieldGuess, fields};
use super::key::of_rows;
use super::lexicon::Spoken;
use super::lookup::{LookupGuess, lookups};
use super::more_people;
use super::names::{Names, plain};
use super::part::{part, place_by_lookup};
use super::people::{People, one_of, people};
use super::private::private;
use super::reached::{Matched, by_mail, match_lookups, matched};
use super::tables::{Seen, tables};
use super::text::in_line;
use super::time::proven::proven;
use super::totals::{Kept, Total, kept};
use super::types::{Types, types};
use super::undecided::Undecided;
use super::{Refused, Wishes, wished};
use crate::catalog::column_type;
use crate::config::{HEALTH, several_called};
use crate::value::{ColumnType, Type};

pub(super) struct Guess {
    /// The languages of the names of tables and columns.
    pub(super) spoken: Spoken,
    pub(super) subject: Subject,
    /// The collections, with the most informative first.
    pub(super) collections: Vec<Collection>,
    /// The tables that are not used, with the reasons, as lines.
    left_out: Vec<String>,
    /// The currency of the amounts; none where there are no amounts.
    pub(super) currency: Option<Currency>,
    /// Whether the people's own table has a column with the name of the health score, so that no score is written.
    pub(super) has_health: bool,
    /// Whether the database contains results of Muster, so that they stay in it.
    pub(super) is_of_muster: bool,
    /// Names that rules cannot use for anything else.
    pub(super) taken: Vec<String>,
}

impl Guess {
    /// The collection that the first rules use: the most informative one, if its rows have a time.
    pub(super) fn main(&self) -> Option<&Collection> {
        self.collections.first().filter(|rows| rows.tells_when())
    }

    /// The columns whose type cannot be determined.
    pub(super) fn undecided(&self) -> impl Iterator<Item = &Undecided> {
        let collections = self.collections.iter();
        let theirs = collections.flat_map(|collection| &collection.undecided);
        self.subject.undecided.iter().chain(theirs)
    }
}

/// The table of people.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) table: String,
    pub(super) key: String,
    /// Whether rows of other tables write its keys in other forms as well.
    pub(super) matched: Matched,
    /// Rows of the table that are totals rather than people.
    totals: Vec<Total>,
    /// How totals with keys are kept from being read as people.
    pub(super) kept: Kept,
    /// The plural for the people, where it is not an English word.
    pub(super) plural: Option<String>,
    /// The columns for their label; empty to use the key.
    pub(super) label: Vec<String>,
    pub(super) types: Vec<(String, ColumnType)>,
    /// Columns whose type cannot be determined.
    pub(super) undecided: Vec<Undecided>,
    /// Columns whose reading other columns decide, as lines for people.
    decided: Vec<String>,
    /// Who is included; empty for everyone.
    pub(super) excluded: Vec<Exclusion>,
    /// Conditions that would exclude at least half of them, which are only reported.
    pub(super) doubted: Vec<Exclusion>,
    /// Status columns that exclude nobody, with their values.
    states: Vec<(String, Counted)>,
    /// Who may be mailed.
    pub(super) mail: Option<Exclusion>,
    /// Private columns.
    pub(super) private: Vec<String>,
    pub(super) fields: Vec<FieldGuess>,
    pub(super) lookups: Vec<LookupGuess>,
}

pub(super) fn guess(
    data: &Data,
    wishes: &Wishes,
    is_of_server: bool,
    now: i64,
) -> Result<Guess, Refused> {
    let mut tables = tables(data);
    let order = proven(&tables, now);
    for seen in &mut tables {
        seen.key = of_rows(data, seen);
        seen.order.clone_from(&order);
    }
    let People {
        place,
        key,
        label,
        pointers,
        strangers,
        totals,
    } = people(data, &tables, wishes)?;
    if let Some(of) = tables.get_mut(place) {
        of.nobody = totals.iter().map(|total| total.place).collect();
    }
    let Some(of) = tables.get(place) else {
        return Err(Refused::NoPeople(Vec::new()));
    };
    let alike = more_people::alike(of, &tables);
    if let Some(why) = wished::label_refused(wishes, of, &key) {
        return Err(Refused::Wish(why));
    }
    let subject_name = Names::default().take(&one_of(&of.called), "client");
    let columns = of.table.columns.iter().map(|column| column.name.as_str());
    let mut names = Names::beside(columns.chain([subject_name.as_str()]));
    let lookups = lookups(data, of, &tables, of.name, &subject_name);
    let lookups = lookups.into_iter().map(|lookup| LookupGuess {
        name: names.take(&lookup.name, &format!("{}_row", lookup.name)),
        ..lookup
    });
    let Types {
        known,
        undecided,
        decided: told,
    } = types(of, &label, None, wishes, now);
    let judged = exclude::of_people(of, &known);
    let excluded = judged.excluded;
    let decided = excluded.iter().map(|excluded| &excluded.column);
    let typed = known.iter().map(|(column, _)| column);
    let decided: Vec<&String> = decided.chain(typed).chain(&label).chain([&key]).collect();
    let mut subject = Subject {
        lookups: lookups.collect(),
        fields: fields(of, &decided),
        excluded,
        doubted: judged.doubted,
        states: judged.undecided,
        mail: exclude::of_mail(of, &known),
        private: private(of, &label.iter().chain([&key]).collect::<Vec<_>>()),
        name: subject_name.clone(),
        table: of.name.to_owned(),
        types: known,
        undecided,
        decided: told,
        kept: kept(data, of, &key, &totals),
        totals,
        matched: Matched::default(),
        plural: plural(&of.called, &subject_name),
        key,
        label,
    };
    subject
        .lookups
        .retain(|lookup| !alike.contains(&lookup.table.as_str()));
    let pointing: Vec<(&Seen<'_>, String)> = pointers
        .into_iter()
        .filter_map(|(place, column)| Some((tables.get(place)?, column)))
        .collect();
    let listed = pointing.iter().filter(|(seen, column)| {
        !is_repeated(seen, &pointing)
            && !tells_of_people(seen, column, of.name)
            && !is_detail_of_people(seen)
            && !alike.contains(&seen.name)
    });
    let beside = Beside {
        data,
        tables: &tables,
        people: of.name,
        who: &subject.name,
        wishes,
        is_of_server,
        now,
    };
    subject.matched = matched(&beside, of, &subject.key, &pointing);
    let mut collections: Vec<Collection> = listed
        .map(|(seen, column)| {
            let times = beside.times(seen);
            collection(seen, column.clone(), times, &mut names, &beside)
        })
        .collect();
    let others = tables.iter().filter(|seen| {
        let is_pointing = |(known, _): &(&Seen<'_>, String)| known.name == seen.name;
        let is_known = pointing.iter().any(is_pointing) || alike.contains(&seen.name);
        seen.name != of.name && !is_known && !is_detail(seen)
    });
    let parts: Vec<Collection> = others
        .filter_map(|seen| part(seen, &collections, &mut names, &beside))
        .collect();
    collections.extend(parts);
    let told: Vec<&str> = collections.iter().map(|of| of.table.as_str()).collect();
    let others = tables.iter().filter(|seen| {
        let is_pointing = |(known, _): &(&Seen<'_>, String)| known.name == seen.name;
        let is_known = told.contains(&seen.name)
            || pointing.iter().any(is_pointing)
            || alike.contains(&seen.name);
        seen.name != of.name && !is_known && !is_detail(seen)
    });
    let mailed = others.filter_map(|seen| by_mail(seen, (of, &subject.key), &mut names, &beside));
    let mailed: Vec<Collection> = mailed.collect();
    collections.extend(mailed);
    for of in &mut collections {
        of.lookups
            .retain(|lookup| !alike.contains(&lookup.table.as_str()));
        place_by_lookup(of, &beside);
    }
    if let Some(why) = wished::times_refused(&collections, &pointing, &beside) {
        return Err(Refused::Wish(why));
    }
    match_lookups(of, &mut subject.lookups, &beside);
    for rows in &mut collections {
        let seen = tables.iter().find(|seen| seen.name == rows.table);
        seen.into_iter()
            .for_each(|seen| match_lookups(seen, &mut rows.lookups, &beside));
    }
    read_alike(&beside, &mut collections, &mut subject.lookups);
    let lookups = collections.iter().flat_map(|of| &of.lookups);
    let looked_up = lookups.chain(&subject.lookups).map(|lookup| &lookup.table);
    let used: BTreeSet<&str> = collections
        .iter()
        .map(|of| &of.table)
        .chain(looked_up)
        .map(String::as_str)
        .chain([of.name])
        .collect();
    let left_out = tables
        .iter()
        .filter(|seen| !used.contains(seen.name) && !alike.contains(&seen.name));
    let stranger = |seen: &Seen<'_>| {
        let mut strangers = strangers.iter();
        let is_it = |place: usize| tables.get(place).is_some_and(|of| of.name == seen.name);
        let (_, why) = strangers.find(|(place, _)| is_it(*place))?;
        Some(format!(
            "left out: {}: {}",
            in_line(seen.name),
            in_line(why)
        ))
    };
    let (strange, left_out): (Vec<&Seen<'_>>, Vec<&Seen<'_>>) =
        left_out.partition(|seen| stranger(seen).is_some());
    let strange = strange.into_iter().filter_map(stranger);
    let (repeating, foreign): (Vec<&Seen<'_>>, Vec<&Seen<'_>>) = left_out
        .into_iter()
        .partition(|seen| pointing.iter().any(|(known, _)| known.name == seen.name));
    let left_out = [
        (foreign, "no column says whom their rows belong to"),
        (repeating, "they only add details to rows of other tables"),
    ];
    let left_out = left_out.iter().filter(|(tables, _)| !tables.is_empty());
    let left_out = left_out.map(|(tables, why)| {
        let names: Vec<String> = tables.iter().map(|seen| in_line(seen.name)).collect();
        format!("left out, as {why}: {}", names.join(", "))
    });
    let left_out = left_out.chain(strange).chain(more_people::told(of, &alike));
    let left_out = left_out.collect();
    let paid = collections.iter().filter(|of| of.amount.is_some());
    let paid: Vec<String> = paid.map(|of| of.table.clone()).collect();
    // Rows with a time are more informative, and so are rows with money unless they are the lines of a payment. Of
    // two equal tables, the larger one wins.
    collections.sort_by_key(|of| {
        let timed = of.tells_when();
        let is_line = of.lookups.iter().any(|lookup| paid.contains(&lookup.table));
        let paid = of.amount.is_some() && !of.is_unpaid() && !is_line;
        Reverse((timed && of.rows > 0, timed, paid, !of.is_part, of.rows))
    });
    spread_currency(&mut collections);
    let columns = of
        .table
        .columns
        .iter()
        .map(|column| column.name.to_lowercase());
    let mut taken: Vec<String> = columns.chain([subject.name.clone()]).collect();
    taken.extend(subject.lookups.iter().map(|lookup| lookup.name.clone()));
    let has_health = taken.iter().any(|name| name == HEALTH);
    taken.extend(collections.iter().map(|collection| collection.name.clone()));
    let main = collections
        .first()
        .and_then(|main| tables.iter().find(|seen| seen.name == main.table));
    taken.extend(main.iter().flat_map(|seen| {
        seen.table
            .columns
            .iter()
            .map(|column| column.name.to_lowercase())
    }));
    divide(&mut collections, &mut taken);
    let currency = shown_in(of, &subject, &collections);
    let schema = data.schema().tables.iter();
    let names = schema.flat_map(|(name, table)| {
        let columns = table.columns.iter().map(|column| column.name.as_str());
        columns.chain([name.as_str()])
    });
    Ok(Guess {
        spoken: Spoken::of(names),
        subject,
        collections,
        currency,
        left_out,
        has_health,
        is_of_muster: data
            .schema()
            .tables
            .keys()
            .any(|name| name.starts_with("muster_")),
        taken,
    })
}

/// The currency in which all amounts are displayed: that of the most informative collection, else of others, else of
/// the people's own amounts.
fn shown_in(of: &Seen<'_>, subject: &Subject, collections: &[Collection]) -> Option<Currency> {
    let mut own = subject.types.iter();
    let own = own.find(|(_, ty)| ty.value_type() == Type::Money);
    let own = own.map(|(column, _)| currency(of, Some(column)));
    let all = || {
        let theirs = collections.iter().filter(|rows| rows.has_amounts());
        let theirs = theirs.map(|rows| rows.currency.clone());
        theirs.chain(own.clone())
    };
    all()
        .find(|one| *one != Currency::Unknown)
        .or_else(|| all().next())
}

/// Amounts in several currencies are only added up over the rows in the most common one, which form a collection of
/// their own.
fn divide(collections: &mut [Collection], taken: &mut Vec<String>) {
    for of in collections.iter_mut().filter(|of| of.has_amounts()) {
        let Currency::Several(several) = &of.currency else {
            continue;
        };
        let Some(condition) = several.condition() else {
            continue;
        };
        let mut names = Names::beside(taken.iter().map(String::as_str));
        let wanted = format!("{}_{}", of.name, plain(&several.commonest));
        let name = names.take(&wanted, &format!("{wanted}_rows"));
        taken.push(name.clone());
        of.in_one = Some(InOne { name, condition });
    }
}

/// Amounts of unknown currency are assumed to be in the currency that all others share.
fn spread_currency(collections: &mut [Collection]) {
    let told = collections
        .iter()
        .filter(|of| of.currency != Currency::Unknown);
    let told: Vec<Currency> = told.map(|of| of.currency.clone()).collect();
    let (Some(first @ Currency::One(_)), true) = (
        told.first(),
        told.windows(2).all(|two| two.first() == two.last()),
    ) else {
        return;
    };
    for of in collections
        .iter_mut()
        .filter(|of| of.currency == Currency::Unknown)
    {
        of.currency = first.clone();
    }
}

/// The plural for the people, from the name of their table, where the singular has no known plural.
fn plural(table: &str, one: &str) -> Option<String> {
    let several = plain(table);
    let is_unknown = several_called(&one.replace('_', " ")) == one.replace('_', " ");
    (is_unknown && several != one).then(|| several.replace('_', " "))
}

/// Gives lookups the types that a collection reads from the same table, so that a column is the same wherever it is
/// named. For other tables, lookups get the types that a collection would read.
fn read_alike(beside: &Beside<'_>, collections: &mut [Collection], of_people: &mut [LookupGuess]) {
    let seen = |table: &String| beside.tables.iter().find(|seen| seen.name == *table);
    let read = collections.iter().map(|of| {
        let at = of.times.at.as_ref().filter(|_| !of.is_part);
        let at = at.and_then(|at| seen(&of.table)?.column(at)).filter(|at| {
            let is_told = of.types.iter().any(|(column, _)| *column == at.name);
            let declared = column_type(&at.declared);
            !is_told && !matches!(declared, Some(ColumnType::Instant | ColumnType::Date))
        });
        let at = at.map(|at| (at.name.clone(), ColumnType::Instant));
        (
            of.table.clone(),
            of.types.iter().cloned().chain(at).collect::<Vec<_>>(),
        )
    });
    let mut read: BTreeMap<String, Vec<(String, ColumnType)>> = read.collect();
    let lookups = collections.iter_mut().flat_map(|of| &mut of.lookups);
    for lookup in lookups.chain(of_people) {
        let types = read.entry(lookup.table.clone()).or_insert_with(|| {
            let is_read = |of: &&Seen<'_>| of.name != beside.people && of.profile.view.is_none();
            let of = seen(&lookup.table).filter(is_read);
            of.map_or_else(Vec::new, |of| {
                types(of, &[], None, beside.wishes, beside.now).known
            })
        });
        lookup.types.clone_from(types);
    }
}

/// Whether this is a view of rows that are already listed.
fn is_repeated(seen: &Seen<'_>, pointing: &[(&Seen<'_>, String)]) -> bool {
    pointing
        .iter()
        .any(|(other, _)| other.name != seen.name && seen.is_made_of(other.name))
}

/// Whether this is a view that only adds information about the people, with a row for each, rather than actions.
fn tells_of_people(seen: &Seen<'_>, column: &str, people: &str) -> bool {
    let keys: Vec<_> = seen
        .filled(column)
        .iter()
        .filter_map(|cell| cell.key())
        .collect();
    let different: BTreeSet<&String> = keys.iter().collect();
    seen.is_made_of(people) && keys.len() > 1 && different.len() == keys.len()
}
