//! Reports what was guessed, as lines for people.

use super::Guess;
use crate::init::collection::Collection;
use crate::init::currency::Currency;
use crate::init::exclude::{told, told_undecided};
use crate::init::text::in_line;
use crate::init::totals::Kept;
use crate::init::undecided::Undecided;

impl Guess {
    /// The decisions and the alternatives, as lines for people.
    pub(in crate::init) fn told(&self) -> Vec<String> {
        let subject = &self.subject;
        let label: Vec<String> = subject
            .label
            .iter()
            .map(|column| format!("`{}`", in_line(column)))
            .collect();
        let label = match label.is_empty() {
            false => format!("called by {}", label.join(" and ")),
            true => "called by the key: no column tells them apart by name (`--label first,last` names one, or several)".to_owned(),
        };
        let people = format!(
            "{}: the people, by `{}`{}, {label}{}{}{}",
            in_line(&subject.table),
            in_line(&subject.key),
            match subject.matched.is_loose {
                true =>
                    " (`match: loose`, as rows write it in other capitals, with blanks around it or without leading zeros)",
                false => "",
            },
            told(
                "; taking part where",
                &subject.excluded,
                ["take part", "do not"]
            ),
            told(
                "; all take part, not only where",
                &subject.doubted,
                ["would take part", "would not"]
            ),
            told_undecided("taking part", &subject.states),
        );
        let collections = self.collections.iter().map(Collection::told);
        let undecided = self.undecided().map(Undecided::told);
        let theirs = self.collections.iter().flat_map(|of| &of.decided);
        let decided = subject.decided.iter().chain(theirs);
        let decided = decided.map(|line| in_line(line));
        let told = std::iter::once(people).chain(self.told_apart());
        told.chain(collections)
            .chain(self.told_currencies())
            .chain(self.left_out.iter().cloned())
            .chain(decided)
            .chain(undecided)
            .collect()
    }

    /// Remarks about tables whose amounts are in another currency than the one that is displayed.
    fn told_currencies(&self) -> impl Iterator<Item = String> {
        let shown = self.currency.as_ref().and_then(Currency::code);
        self.collections.iter().filter_map(move |of| {
            let (shown, own) = (shown?, of.currency.code()?);
            (of.has_amounts() && own != shown).then(|| {
                let table = in_line(&of.table);
                format!(
                    "{table}: its amounts are in {own}, but config has one currency for everything, {shown}: convert them in a view, or \
                     write no sums that mix the two"
                )
            })
        })
    }

    /// Remarks about rows of the people's table that are not people, and about people whose keys differ only in form.
    fn told_apart(&self) -> impl Iterator<Item = String> {
        let subject = &self.subject;
        let (table, key) = (in_line(&subject.table), in_line(&subject.key));
        let totals = subject.totals.iter().map(move |total| {
            let out = match (total.has_key(), &subject.kept) {
                (true, Kept::Out(_)) => "`where:` leaves it out",
                (true, Kept::Unread) => "its key is not a number, so the row is not read",
                (true, Kept::In) => "it is still counted as one, because no condition can name its key: take it out of the data",
                (false, _) => "it has no key, and a row without a key is not read",
            };
            let (shown, row) = (in_line(&total.shown), total.row);
            format!("{table}: row {row}, `{shown}`, is a total, not a person: {out}")
        });
        let twins = subject.matched.twins.iter();
        totals.chain(twins.map(move |twins| format!("{key}: {twins}")))
    }
}
