//! Renders comparisons, arithmetic and calls.

use chrono_tz::Tz;

use super::{Nodes, between, is_missing, midnight};
use crate::ir::NodeId;
use crate::language::typed::{Arithmetic, Comparison, Function};
use crate::pushdown::Unsupported;
use crate::pushdown::form::{Bounds, Form, Term, from, whole};
use crate::pushdown::settled::{settled, settled_to_day};
use crate::time::{Clock, DAY, Direction, Duration, Unit, Window};
use crate::value::number;

/// Dates are shifted by at most this many days, so that their midnights still fit in microseconds.
const FARTHEST: i64 = 4_000_000;

impl Nodes<'_> {
    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        a: NodeId,
        b: NodeId,
    ) -> Result<String, Unsupported> {
        if self.is_constant(a) && !self.is_constant(b) {
            return self.compare(comparison.turned(), b, a);
        }
        let one = self.term(a)?;
        if let Some(zone) = one.form.zone()
            && zone != Tz::UTC
            && let Some(bounds) = self.bounds_of_subject(b, zone)
        {
            let one = one.counted(self.dialect);
            return Ok(compared_with(&one.sql, comparison, &bounds));
        }
        if self.is_constant(b) {
            let value = self.value(b);
            if is_missing(&value) {
                return Ok(self.missing(Form::Truth));
            }
            if let Some((one, bounds)) = one.bounds(&value, self.dialect) {
                return Ok(compared_with(&one, comparison, &bounds));
            }
        }
        let one = one.counted(self.dialect);
        let other = self.term(b)?.counted(self.dialect);
        if let (Form::Micros(Tz::UTC), Form::Micros(zone)) = (one.form, other.form)
            && let Some(bounds) = self.bounds_of_subject(a, zone)
        {
            return Ok(compared_with(&other.sql, comparison.turned(), &bounds));
        }
        let by = symbol(comparison);
        let (x, y) = match (one.form, other.form) {
            (Form::Number, Form::Number) => {
                let (x, y) = (one.sql, other.sql);
                let clear = self.dialect.number(number::CLEAR);
                let [nine_x, nine_y] = [&x, &y].map(|x| self.dialect.nine_decimals(x));
                let unclear = [&x, &y].map(|x| self.dialect.is_unclear(x));
                let unclear: Vec<String> = unclear.into_iter().flatten().collect();
                if !unclear.is_empty() {
                    let unclear = unclear.join(" OR ");
                    let doubt =
                        format!("({x} <> {y} AND abs({x} - {y}) <= {clear} AND ({unclear}))");
                    self.doubt(doubt);
                }
                return Ok(format!(
                    "CASE WHEN {x} = {y} OR abs({x} - {y}) > {clear} THEN {x} {by} {y} \
                     ELSE {nine_x} {by} {nine_y} END"
                ));
            }
            (Form::Micros(one_zone), Form::Micros(other_zone)) if one_zone == other_zone => {
                let plausible = self.times.plausible;
                (
                    settled(&one, plausible, self.dialect),
                    settled(&other, plausible, self.dialect),
                )
            }
            (form, other_form) if form == other_form => (one.sql, other.sql),
            _ => return Err(self.refused("times on the clocks of two zones are compared")),
        };
        Ok(format!("({x} {by} {y})"))
    }

    /// Records a condition under which numbers may compare differently.
    fn doubt(&mut self, condition: String) {
        if self.doubts.iter().all(|(known, _)| *known != condition) {
            let why = format!(
                "it compares numbers that {} may round differently",
                self.dialect.name()
            );
            let unsupported = self.refused(why);
            self.doubts.push((condition, unsupported));
        }
    }

    /// Whether a time lies in a window; `None` for anything other than a time.
    pub(super) fn within(&self, x: &Term, window: &Window) -> Option<String> {
        let bounds = self.clock.bounds(window);
        let first = |at: i64| match (x.form.zone(), x.form) {
            (Some(zone), _) => Some(from(at, zone)),
            (None, Form::Days) => Some(first_day(self.clock, at)),
            _ => None,
        };
        first(self.clock.now)?;
        let bounds = [bounds.from, bounds.to];
        Some(between(x, bounds, self.dialect, |at| {
            first(at).unwrap_or(at)
        }))
    }

    pub(super) fn arithmetic(
        &mut self,
        operator: Arithmetic,
        a: NodeId,
        b: NodeId,
    ) -> Result<Term, Unsupported> {
        let (x, y) = (self.term(a)?, self.term(b)?);
        let by = match operator {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
        };
        let (x_sql, y_sql) = (&x.sql, &y.sql);
        let sql = match (operator, x.form, y.form) {
            (Arithmetic::Divide, Form::Number, Form::Number) => {
                let zero = self.dialect.number(0.0);
                // Not every server treats minus zero as zero. Adding zero turns it into zero.
                self.dialect
                    .finite(&format!("({x_sql} / nullif({y_sql} + {zero}, {zero}))"))
            }
            (_, Form::Number, Form::Number) => {
                self.dialect.finite(&format!("({x_sql} {by} {y_sql})"))
            }
            (Arithmetic::Add | Arithmetic::Subtract, Form::Money, Form::Money) => {
                let [x_wide, y_wide] = [x_sql, y_sql].map(|x| self.dialect.wide(x));
                let most = i64::MAX;
                // A result that is too large for an amount is missing.
                format!(
                    "(CASE WHEN {x_wide} {by} {y_wide} BETWEEN {} AND {most} THEN {x_sql} {by} {y_sql} END)",
                    whole(-most)
                )
            }
            _ => return Err(self.refused("money is multiplied or divided row by row")),
        };
        Ok(Term { sql, form: x.form })
    }

    pub(super) fn shift(
        &mut self,
        x: NodeId,
        by: Duration,
        direction: Direction,
    ) -> Result<Term, Unsupported> {
        let Term { sql, form } = self.term(x)?;
        let days = match by.unit {
            Unit::Day => 1,
            Unit::Week => 7,
            _ => 0,
        };
        let days = i64::from(by.count) * days;
        if form != Form::Days || !(1..=FARTHEST).contains(&days) {
            return Err(self.refused("a time of each row is moved"));
        }
        let sign = match direction {
            Direction::Later => "+",
            Direction::Earlier => "-",
        };
        let sql = format!("({sql} {sign} {days})");
        Ok(Term { sql, form })
    }

    pub(super) fn call(
        &mut self,
        function: Function,
        args: &[NodeId],
    ) -> Result<Term, Unsupported> {
        let refused = |nodes: &Self| {
            let name = function.name();
            nodes.refused(format!("SQL's `{name}` of a row can differ from Muster's"))
        };
        let dialect = self.dialect;
        let terms = args.iter();
        let terms = terms.map(|arg| Ok::<_, Unsupported>(self.term(*arg)?.counted(dialect)));
        let terms = terms.collect::<Result<Vec<_>, _>>()?;
        let Some(first) = terms.first() else {
            return Err(refused(self));
        };
        match (function, first.form) {
            (Function::Midnight, Form::Days) => return Ok(midnight(&first.sql, self.clock)),
            (Function::Date, Form::Micros(zone)) if zone == self.clock.zone => {
                let sql = self.dialect.floor_div(
                    &settled_to_day(first, self.times.plausible, self.dialect),
                    DAY,
                );
                return Ok(Term {
                    sql,
                    form: Form::Days,
                });
            }
            _ => {}
        }
        let values = match function {
            Function::If => terms.get(1..).unwrap_or(&[]),
            _ => &terms,
        };
        let form = match (function, values.first()) {
            (Function::Length, _) => Form::Number,
            (_, Some(value)) if values.iter().all(|other| other.form == value.form) => value.form,
            _ => return Err(refused(self)),
        };
        let is_local = matches!(form, Form::Micros(zone) if zone != Tz::UTC);
        let args: Vec<&str> = terms.iter().map(|term| term.sql.as_str()).collect();
        match self.dialect.call(function, &args).filter(|_| !is_local) {
            Some(sql) => Ok(Term { sql, form }),
            None => Err(refused(self)),
        }
    }
}

fn symbol(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

/// A comparison with a constant, given by its bounds.
fn compared_with(x: &str, comparison: Comparison, bounds: &Bounds) -> String {
    let Bounds { from, behind } = bounds;
    match comparison {
        Comparison::Less => format!("({x} < {from})"),
        Comparison::LessOrEqual => format!("({x} < {behind})"),
        Comparison::Greater => format!("({x} >= {behind})"),
        Comparison::GreaterOrEqual => format!("({x} >= {from})"),
        Comparison::Equal => format!("({x} >= {from} AND {x} < {behind})"),
        Comparison::NotEqual => format!("({x} < {from} OR {x} >= {behind})"),
    }
}

/// The first day that does not begin before an instant.
fn first_day(clock: &Clock, at: i64) -> i64 {
    let day = clock.local_date(at);
    let begins = |day: &i32| clock.midnight(*day) >= at;
    let days = (day.saturating_sub(1)..=day.saturating_add(2)).find(begins);
    i64::from(days.unwrap_or(day))
}
