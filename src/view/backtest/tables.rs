//! The numbers behind the sentences.

use super::verdict::hundred;
use super::{Wording, date};
use crate::backtest::Backtest;
use crate::validation::{Interval, Judged};
use crate::view::values::health_cell;
use crate::view::{Cell, Heading, Table};

/// The tables of a backtest, each with its title.
pub fn backtest_tables(backtest: &Backtest, wording: &Wording<'_>) -> Vec<(String, Table)> {
    let subjects = &wording.subject.plural;
    let mut tables = vec![
        (
            "How often each tells the one that left from the one that stayed".to_owned(),
            measures(backtest, subjects),
        ),
        (
            "Who left, by tenth: on each date in order of health, equal scores together".to_owned(),
            deciles(backtest, subjects),
        ),
        (
            format!("What a score meant: of the {subjects} that had it, how many left"),
            bands(backtest, subjects),
        ),
    ];
    if backtest.proof.dates.len() > 1 {
        tables.push((
            "Each date alone".to_owned(),
            dates(backtest, wording, subjects),
        ));
    }
    tables.retain(|(_, table)| !table.rows.is_empty());
    tables
}

/// The factors that were left out, with the reasons, in sentences.
pub fn left_out(backtest: &Backtest) -> Vec<String> {
    let factors = backtest.factors.iter();
    factors
        .filter_map(|factor| {
            let reason = factor.left_out.as_ref()?;
            Some(format!("`{}` was left out: {reason}", factor.id))
        })
        .collect()
}

fn measures(backtest: &Backtest, subjects: &str) -> Table {
    let proof = &backtest.proof;
    let known = proof.score.auc.is_some() || proof.recency.auc.is_some();
    let recency = format!("days since the last of {}", backtest.recency_of);
    let own = [
        ("health".to_owned(), &proof.score),
        (recency, &proof.recency),
    ];
    let factors = backtest.factors.iter().filter(|f| f.left_out.is_none());
    let factors = factors.zip(&proof.factors);
    let factors = factors.map(|(factor, judged)| (format!("factor {}", factor.id), judged));
    let rows: Vec<(String, &Judged)> = own.into_iter().chain(factors).filter(|_| known).collect();
    Table::of(&rows)
        .column(Heading::left("measure", "measure"), |(name, _)| {
            name.clone()
        })
        .column(
            Heading::right("of_100", "of 100 pairs").spare(30),
            |(_, judged)| judged.auc.map(hundred),
        )
        .column(Heading::right("auc", "AUC"), |(_, judged)| area(judged.auc))
        .column(Heading::right("low", "from").spare(20), |(_, judged)| {
            area(low(judged.interval))
        })
        .column(Heading::right("high", "to").spare(20), |(_, judged)| {
            area(high(judged.interval))
        })
        .column(
            Heading::right("customers", subjects).spare(40),
            |(_, judged)| judged.customers,
        )
        .done()
}

fn deciles(backtest: &Backtest, subjects: &str) -> Table {
    let deciles = backtest.proof.deciles.iter().filter(|d| d.customers > 0);
    Table::of(&deciles.collect::<Vec<_>>())
        .column(Heading::right("decile", "tenth"), |decile| decile.decile)
        .column(Heading::right("lowest", "health from"), |decile| {
            health_cell(decile.lowest)
        })
        .column(Heading::right("highest", "to"), |decile| {
            health_cell(decile.highest)
        })
        .column(Heading::right("customers", subjects).spare(40), |decile| {
            decile.customers
        })
        .column(Heading::right("lost", "left"), |decile| decile.lost)
        .column(Heading::right("share", "share").spare(25), |decile| {
            share(decile.share())
        })
        .done()
}

fn bands(backtest: &Backtest, subjects: &str) -> Table {
    let bands = backtest.proof.bands.iter().filter(|b| b.customers > 0);
    Table::of(&bands.collect::<Vec<_>>())
        .column(Heading::left("health", "health"), |band| {
            format!("{}–{}", band.from, band.to)
        })
        .column(Heading::right("customers", subjects).spare(40), |band| {
            band.customers
        })
        .column(Heading::right("lost", "left"), |band| band.lost)
        .column(Heading::right("share", "share").spare(25), |band| {
            share(band.share())
        })
        .column(Heading::right("low", "from").spare(20), |band| {
            share(low(band.interval))
        })
        .column(Heading::right("high", "to").spare(20), |band| {
            share(high(band.interval))
        })
        .done()
}

fn dates(backtest: &Backtest, wording: &Wording<'_>, subjects: &str) -> Table {
    let proofs = backtest.dates.iter().zip(&backtest.proof.dates);
    Table::of(&proofs.collect::<Vec<_>>())
        .column(Heading::left("date", "date"), |(now, _)| {
            Cell::Date(date(**now, wording.zone))
        })
        .column(
            Heading::right("customers", subjects).spare(40),
            |(_, date)| date.customers,
        )
        .column(Heading::right("lost", "left"), |(_, date)| date.lost)
        .column(Heading::right("share", "share").spare(25), |(_, date)| {
            share((date.customers > 0).then(|| date.lost as f64 / date.customers as f64))
        })
        .column(Heading::right("auc", "AUC of health"), |(_, date)| {
            area(date.auc)
        })
        .column(
            Heading::right("recency_auc", "of days away").spare(30),
            |(_, date)| area(date.recency_auc),
        )
        .done()
}

fn area(auc: Option<f64>) -> Cell {
    auc.map(|auc| Cell::Number(auc, 3)).into()
}

fn share(share: Option<f64>) -> Cell {
    share.map(Cell::Percent).into()
}

fn low(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.low)
}

fn high(interval: Option<Interval>) -> Option<f64> {
    interval.map(|interval| interval.high)
}
