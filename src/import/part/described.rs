//! How a file is written: in words, and in the form that config takes.

use std::collections::BTreeMap;

use super::Part;
use crate::config::{Decimal, Encoding, FileForm, Separator};
use crate::import::encoding;
use crate::import::separator;
use crate::import::source::Source;
use crate::import::survey::Survey;

impl Part<'_> {
    /// How it is written, in words.
    pub(super) fn facts(&self, found: &Survey) -> Vec<String> {
        let mut facts = Vec::new();
        if let Some(separator) = self.separator {
            facts.push(separator::name(separator).to_owned());
        }
        let is_usual = found.letters.iter().eq([&encoding::name(Encoding::Utf8)]);
        if self.separator.is_some() && !(self.is_series() && is_usual) {
            let letters: Vec<&str> = found.letters.iter().copied().collect();
            facts.push(letters.join(" and "));
        }
        let mut sources = self.sources.iter();
        let sheet = sources.find_map(|source| source.sheet.as_ref());
        let is_told = self.is_sheet() && !self.is_together();
        facts.extend(
            sheet
                .filter(|_| is_told)
                .map(|sheet| format!("sheet `{sheet}`")),
        );
        match (found.layout.headed, found.layout.above) {
            _ if self.is_series() => {}
            (None, _) => facts.push("no headings".to_owned()),
            (Some(_), 0) => {}
            (Some(place), _) => facts.push(format!("headings in {} {place}", self.counted)),
        }
        facts.extend((found.decimal == Some(Decimal::Comma)).then(|| "decimal commas".to_owned()));
        facts.extend(found.is_grouped.then(|| "thousands set apart".to_owned()));
        let dates = found.dates.iter();
        facts.extend(dates.map(|words| format!("dates as {words}")));
        let columns = found.of_several_forms.iter();
        facts.extend(columns.map(|column| format!("some of `{column}` in another form")));
        let stem = self
            .source()
            .and_then(|source| source.file.path.file_stem());
        let stem = stem.unwrap_or_default().to_string_lossy();
        facts.extend((stem != self.table).then(|| format!("as table `{}`", self.table)));
        facts
    }

    /// What config should say of its files from now on, by its names for them, so that a file that looks different one day is not read differently.
    pub(super) fn forms(&self, found: &Survey) -> BTreeMap<String, FileForm> {
        let form = self.form(found);
        let forms = self.sources.iter().map(|Source { file, .. }| {
            // Text files may share a table with sheets.
            let sheets = file.form.sheets;
            (
                file.named.clone(),
                FileForm {
                    sheets,
                    ..form.clone()
                },
            )
        });
        forms.collect()
    }

    fn form(&self, found: &Survey) -> FileForm {
        let said = self.form.clone();
        let separator = self
            .separator
            .filter(|separator| *separator != Separator::Comma);
        let decimal = found.decimal.filter(|decimal| *decimal != Decimal::Point);
        let headings = found
            .layout
            .headed
            .map_or(0, |place| u32::try_from(place).unwrap_or(u32::MAX));
        match self.separator {
            None => {
                // What config says of all sheets of a workbook covers more than what holds for one.
                let file = self.source().map(|source| source.file);
                let of_sheets = file.filter(|file| file.form.sheets.is_some());
                of_sheets.map_or(said, |file| file.form.clone())
            }
            // Titles and encodings are particular to each file.
            Some(_) if self.is_series() => FileForm {
                separator,
                decimal,
                ..said
            },
            Some(_) => FileForm {
                encoding: Some(found.encoding).filter(|encoding| *encoding != Encoding::Utf8),
                separator,
                decimal,
                headings: Some(headings).filter(|place| *place != 1),
                ..said
            },
        }
    }
}
