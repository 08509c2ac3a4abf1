//! The numbers behind the sentences.

use super::Tongue;
use super::verdict::hundred;
use crate::backtest::Backtest;
use crate::validation::{Interval, Judged};
use crate::view::{Cell, Heading, Table};

/// The tables of a backtest, each with what it shows.
pub fn backtest_tables(backtest: &Backtest, tongue: &Tongue<'_>) -> Vec<(String, Table)> {
    let subjects = format!("{}s", tongue.subject);
    let mut tables = vec![
        (
            "How often each tells the one that left from the one that stayed".to_owned(),
            measures(backtest, &subjects),
        ),
        (
            "Who left, by tenth: on each date in order of health, equal scores together".to_owned(),
            deciles(backtest, &subjects),
        ),
        (
            format!("What a score meant: of the {subjects} that had it, how many left"),
            bands(backtest, &subjects),
        ),
    ];
    if backtest.proof.dates.len() > 1 {
        tables.push(("Each date alone".to_owned(), dates(backtest, &subjects)));
    }
    tables.retain(|(_, table)| !table.rows.is_empty());
    tables
}

/// The factors that were left out, each with its reason, in sentences.
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
    let mut table = Table::new([
        Heading::left("measure", "measure"),
        Heading::right("of_100", "of 100 pairs").spare(30),
        Heading::right("auc", "AUC"),
        Heading::right("low", "from").spare(20),
        Heading::right("high", "to").spare(20),
        Heading::right("customers", subjects).spare(40),
    ]);
    if proof.score.auc.is_none() && proof.recency.auc.is_none() {
        return table;
    }
    let mut add = |name: String, judged: &Judged| {
        let mut row = vec![
            Cell::Text(name),
            judged
                .auc
                .map_or(Cell::Empty, |auc| Cell::Text(hundred(auc))),
            area(judged.auc),
        ];
        row.extend(ends(judged.interval, area));
        row.push(count(judged.customers));
        table.rows.push(row);
    };
    add("health".to_owned(), &proof.score);
    let recency = format!("days since the last of {}", backtest.recency_of);
    add(recency, &proof.recency);
    let judged = backtest.factors.iter().filter(|f| f.left_out.is_none());
    for (factor, judged) in judged.zip(&proof.factors) {
        add(format!("factor {}", factor.id), judged);
    }
    table
}

fn deciles(backtest: &Backtest, subjects: &str) -> Table {
    let mut table = Table::new([
        Heading::right("decile", "tenth"),
        Heading::right("lowest", "health from"),
        Heading::right("highest", "to"),
        Heading::right("customers", subjects).spare(40),
        Heading::right("lost", "left"),
        Heading::right("share", "share").spare(25),
    ]);
    let score = |score: Option<f64>| score.map_or(Cell::Empty, |score| Cell::Number(score, 1));
    let deciles = backtest.proof.deciles.iter().filter(|d| d.customers > 0);
    table.rows.extend(deciles.map(|decile| {
        vec![
            count(decile.decile),
            score(decile.lowest),
            score(decile.highest),
            count(decile.customers),
            count(decile.lost),
            share(decile.share()),
        ]
    }));
    table
}

fn bands(backtest: &Backtest, subjects: &str) -> Table {
    let mut table = Table::new([
        Heading::left("health", "health"),
        Heading::right("customers", subjects).spare(40),
        Heading::right("lost", "left"),
        Heading::right("share", "share").spare(25),
        Heading::right("low", "from").spare(20),
        Heading::right("high", "to").spare(20),
    ]);
    let bands = backtest.proof.bands.iter().filter(|b| b.customers > 0);
    table.rows.extend(bands.map(|band| {
        let mut row = vec![
            Cell::Text(format!("{}–{}", band.from, band.to)),
            count(band.customers),
            count(band.lost),
            share(band.share()),
        ];
        row.extend(ends(band.interval, share));
        row
    }));
    table
}

fn dates(backtest: &Backtest, subjects: &str) -> Table {
    let mut table = Table::new([
        Heading::left("date", "date"),
        Heading::right("customers", subjects).spare(40),
        Heading::right("lost", "left"),
        Heading::right("share", "share").spare(25),
        Heading::right("auc", "AUC of health"),
        Heading::right("recency_auc", "of days away").spare(30),
    ]);
    table.rows.extend(backtest.proof.dates.iter().map(|date| {
        let part = (date.customers > 0).then(|| date.lost as f64 / date.customers as f64);
        vec![
            Cell::Text(date.date.clone()),
            count(date.customers),
            count(date.lost),
            share(part),
            area(date.auc),
            area(date.recency_auc),
        ]
    }));
    table
}

fn count(number: usize) -> Cell {
    Cell::count(i64::try_from(number).ok())
}

fn area(auc: Option<f64>) -> Cell {
    auc.map_or(Cell::Empty, |auc| Cell::Number(auc, 3))
}

fn share(share: Option<f64>) -> Cell {
    share.map_or(Cell::Empty, Cell::Percent)
}

fn ends(interval: Option<Interval>, cell: fn(Option<f64>) -> Cell) -> [Cell; 2] {
    [
        cell(interval.map(|i| i.low)),
        cell(interval.map(|i| i.high)),
    ]
}
