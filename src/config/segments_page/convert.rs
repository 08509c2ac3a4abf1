//! Converts the shape of the segments page's keys to the types that other modules use.

use super::presets;
use super::value::{Preset, Share};
use super::{Export, Field, FieldSource, Formula, ToldValue, ValueDefinition, ValueFormat, wire};
use crate::config::validate::unknown;
use crate::config::{Collection, Subject};
use crate::decode::{Condition, Identifier, Reader, Text};
use crate::diagnostic::{Code, Finding, suggest};
use crate::source::{Location, Scalar};
use crate::time::{Duration, Unit};

/// The default time that history is kept.
const KEEP: Duration = Duration {
    count: 400,
    unit: Unit::Day,
};

impl wire::History {
    /// How long history is kept; `None` for ever.
    pub(in crate::config) fn keep(history: Option<Self>) -> Option<Duration> {
        history
            .and_then(|history| history.keep)
            .map_or(Some(KEEP), |keep| keep.0)
    }
}

impl wire::Field {
    /// A field is either one value or a set of values.
    pub(in crate::config) fn named(
        self,
        name: Identifier,
        reader: &mut Reader<'_>,
    ) -> Option<Field> {
        let id = name.0;
        let source = Self::source(&id, self.one, self.any, self.of, self.share, reader)?;
        let text = |text: Text| text.scalar;
        Some(Field {
            label: self
                .label
                .map_or_else(|| id.value.clone(), |label| label.scalar.value),
            source,
            values: self
                .values
                .map(|list| list.0.into_iter().map(text).collect()),
            id,
        })
    }

    fn source(
        id: &Scalar,
        one: Option<Condition>,
        any: Option<Condition>,
        of: Option<Condition>,
        share: Option<Share>,
        reader: &mut Reader<'_>,
    ) -> Option<FieldSource> {
        let field = format!("the field `{}`", id.value);
        let (code, message, help) = match (one, any, of) {
            (Some(one), None, None) if share.is_none() => return one.0.map(FieldSource::One),
            (None, Some(any), Some(of)) => {
                return Some(FieldSource::Any {
                    rows: any.0?,
                    of: of.0?,
                    share: share.map(|share| share.0.to_f64()),
                });
            }
            (Some(_), None, _) => (
                Code::InvalidValue,
                format!("{field} has `of:` or `share:` beside `one:`"),
                "they go with `any:`, which has a value for each row",
            ),
            (Some(_), Some(_), _) => (
                Code::InvalidValue,
                format!("{field} has both `one:` and `any:`"),
                "give one of the two",
            ),
            (None, Some(_), None) => (
                Code::MissingKey,
                format!("{field} needs the key `of:`"),
                "say which value a row has, such as `of: product`",
            ),
            (None, None, _) => (
                Code::MissingKey,
                format!("{field} needs the key `one:` or `any:`"),
                "`one:` is a value of each subject, `any:` names rows that have values",
            ),
        };
        told(code, message, help, id, reader);
        None
    }
}

fn told(code: Code, message: String, help: &str, at: &Scalar, reader: &mut Reader<'_>) {
    reader.report(Finding::new(code, message).at(at.location).help(help));
}

impl wire::Values {
    /// The values, with the average health score after those that only count, unless config itself has a value of that
    /// name.
    pub(in crate::config) fn with_health(
        mut values: Vec<ValueDefinition>,
        file: Location,
    ) -> Vec<ValueDefinition> {
        let health = presets::average_health(file);
        let named = |value: &ValueDefinition, id: &str| value.id.value == id;
        if !values.iter().any(|value| named(value, &health.id.value)) {
            let counts = |value: &ValueDefinition| named(value, "size") || named(value, "contacts");
            let place = values.iter().rposition(counts).map_or(0, |last| last + 1);
            values.insert(place, health);
        }
        values
    }

    /// The preset's values, then the added ones; only the size if config says nothing.
    pub(in crate::config) fn expanded(
        values: Option<Self>,
        collections: &[Collection],
        file: Location,
        reader: &mut Reader<'_>,
    ) -> Vec<ValueDefinition> {
        let Some(values) = values else {
            return vec![presets::size(file)];
        };
        let (paid, recurring) = (values.money, values.recurring);
        let known = || collections.iter().map(|c| c.name.value.as_str());
        let sources = paid.iter().map(|paid| &paid.from.0);
        let sources = sources.chain(recurring.iter().map(|recurring| &recurring.from.0));
        let sources: Vec<&Scalar> = sources.collect();
        for rows in &sources {
            if !known().any(|name| name == rows.value) {
                unknown("collection", rows, &rows.value, known(), reader);
            }
        }
        let added: Vec<_> = values.add.into_iter().flat_map(|add| add.0).collect();
        let added = added.into_iter().filter_map(wire::Added::defined);
        let Some(Preset(business, name)) = values.preset else {
            for source in &sources {
                let message = "`values.preset` is missing, and nothing else uses these amounts";
                let help = "say `preset: orders`, `donations`, `subscriptions` or `visits`";
                told(Code::MissingKey, message.into(), help, source, reader);
            }
            let mut all: Vec<_> = added.collect();
            if !all.iter().any(|value| value.id.value == "size") {
                all.insert(0, presets::size(file));
            }
            return all;
        };
        let Some(business) = business else {
            return added.collect();
        };
        let needs = |key: &str, example: &str, reader: &mut Reader<'_>| {
            let message = format!("the preset `{}` needs the key `{key}:`", name.value);
            let help = format!("say where the amounts are: `{key}: {{ {example} }}`");
            told(Code::MissingKey, message, &help, &name, reader);
        };
        if business.recurs() && recurring.is_none() {
            let example = "from: subscriptions, amount: price, every: invoice_period";
            needs("recurring", example, reader);
        }
        let Some(paid) = paid else {
            needs("money", "from: payments, amount: amount", reader);
            return added.collect();
        };
        let mut all = presets::values(business, &name, &paid, recurring.as_ref());
        all.extend(added);
        all
    }
}

impl wire::Added {
    fn defined(self) -> Option<ValueDefinition> {
        let Condition(of) = self.of;
        let (of, id) = (of?, self.id.0);
        let label = self
            .label
            .map_or_else(|| id.value.clone(), |l| l.scalar.value);
        let description = self.description.map(|d| d.scalar.value);
        Some(ValueDefinition {
            told: ToldValue {
                label: label.clone(),
                meaning: description.clone(),
                usual: true,
            },
            label,
            description: description.unwrap_or_else(|| of.value.trim().to_owned()),
            format: self.format.unwrap_or(ValueFormat::Number),
            of: Formula::Written(of),
            id,
        })
    }
}

impl wire::Export {
    /// Without `columns:`, an export says who, how important, and since when.
    pub(in crate::config) fn of(
        export: Option<Self>,
        subject: &Subject,
        file: Location,
        reader: &mut Reader<'_>,
    ) -> Export {
        let own = |name: &str| Scalar {
            value: name.to_owned(),
            location: file,
        };
        let usual = || {
            // Subjects without labels show their keys, but only once.
            let shown = subject.label.iter().map(|label| label.value.as_str());
            let shown = shown.filter(|label| *label != subject.key.value);
            let names = std::iter::once(subject.key.value.as_str()).chain(shown);
            names.chain(["score", "entered_at"]).map(own).collect()
        };
        let (columns, labels, bom) = match export {
            Some(wire) => (wire.columns, wire.labels, wire.bom),
            None => (None, None, None),
        };
        let columns: Vec<Scalar> = columns.map_or_else(usual, |columns| {
            columns.0.into_iter().map(|column| column.scalar).collect()
        });
        let labels: Vec<_> = labels.into_iter().flat_map(|labels| labels.0).collect();
        for (column, _) in &labels {
            if !columns
                .iter()
                .any(|chosen| chosen.value.eq_ignore_ascii_case(&column.value))
            {
                unused(column, &columns, reader);
            }
        }
        Export {
            columns,
            labels: labels
                .into_iter()
                .map(|(column, label)| (column.value, label.scalar.value))
                .collect(),
            bom: bom.is_none_or(|bom| bom.0),
        }
    }
}

/// Reports a label for a column that an export does not have by default. It may be meant for `--columns`.
fn unused(column: &Scalar, chosen: &[Scalar], reader: &mut Reader<'_>) {
    let message = format!("`export.columns` does not choose `{}`", column.value);
    let help = match suggest(&column.value, chosen.iter().map(|c| c.value.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "only `--columns` can bring it into a file; choose it, or leave its label out".into()
        }
    };
    let finding = Finding::new(Code::UnusedLabel, message).at(column.location);
    reader.report(finding.help(help));
}
