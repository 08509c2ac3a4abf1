//! How the parts of a rule are spelled in a fingerprint. Each spelling is written out here, so a stored digest stays
//! the same if a name in this code changes. When you change a spelling, raise
//! [`FINGERPRINT_VERSION`](super::FINGERPRINT_VERSION). Functions of values have their spelling in their registry.

use chrono_tz::Tz;

use crate::language::ast::TextTest;
use crate::language::reason::{Form, Piece, Reason};
use crate::language::typed::{Arithmetic, Comparison, PopulationFunction};
use crate::time::{
    Direction, Duration, Moment, Period, TimeForm, TimeForms, Unit, Window, YearStart,
};
use crate::value::{ColumnType, Notation, Truth, Value};

/// A text, preceded by its length, so that no two sequences of texts have the same spelling.
pub(super) fn text(text: &str) -> String {
    format!("{}:{text}", text.len())
}

/// An optional part.
pub(super) fn optional(spelling: Option<String>) -> String {
    spelling.unwrap_or_else(|| "-".to_owned())
}

/// The bits of a double: no rounding, and only one spelling for each number.
fn double(number: f64) -> String {
    format!("{:016x}", number.to_bits())
}

pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Missing => "missing".to_owned(),
        Value::Number(number) => format!("number {}", double(*number)),
        Value::Money(amount) => format!("money {}", amount.0),
        Value::Text(words) => format!("text {}", text(words)),
        Value::Truth(Truth::Yes) => "yes".to_owned(),
        Value::Truth(Truth::No) => "no".to_owned(),
        Value::Truth(Truth::Unknown) => "unknown".to_owned(),
        Value::Date(days) => format!("date {days}"),
        Value::Instant(micros) => format!("instant {micros}"),
    }
}

pub(super) fn column_type(ty: ColumnType) -> String {
    match ty {
        ColumnType::Number => "number".to_owned(),
        ColumnType::NumberAs(notation) => format!("number_as {}", self::notation(notation)),
        ColumnType::Money => "money".to_owned(),
        ColumnType::MoneyAs(notation) => format!("money_as {}", self::notation(notation)),
        ColumnType::Cents => "cents".to_owned(),
        ColumnType::Text => "text".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::DateAs(forms) => format!("date_as {}", time_forms(forms)),
        ColumnType::Instant => "instant".to_owned(),
        ColumnType::InstantIn(Tz::UTC) => "utc".to_owned(),
        ColumnType::InstantIn(zone) => format!("instant_in {}", text(zone.name())),
        ColumnType::InstantAs(forms, zone) => {
            let zone = zone.map(|zone| text(zone.name()));
            format!("instant_as {} {}", time_forms(forms), optional(zone))
        }
        ColumnType::Unix => "unix".to_owned(),
        ColumnType::UnixMs => "unix_ms".to_owned(),
    }
}

fn notation(notation: Notation) -> &'static str {
    match notation {
        Notation::Point => "point",
        Notation::Comma => "comma",
    }
}

fn time_forms(forms: TimeForms) -> String {
    let forms = forms.all().iter().map(|form| match form {
        TimeForm::Iso => "iso".to_owned(),
        TimeForm::Unix => "unix".to_owned(),
        TimeForm::UnixMs => "unix_ms".to_owned(),
        TimeForm::UnixUs => "unix_us".to_owned(),
        TimeForm::Julian => "julian".to_owned(),
        TimeForm::Excel => "excel".to_owned(),
        TimeForm::Pattern(pattern) => match pattern.last_year() {
            None => text(pattern.as_str()),
            Some(last) => format!("({} up_to {last})", text(pattern.as_str())),
        },
    });
    format!("({})", forms.collect::<Vec<_>>().join(" "))
}

pub(super) fn duration(duration: Duration) -> String {
    let unit = match duration.unit {
        Unit::Minute => "minute",
        Unit::Hour => "hour",
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    };
    format!("{} {unit}", duration.count)
}

pub(super) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Later => "later",
        Direction::Earlier => "earlier",
    }
}

fn period(period: Period) -> &'static str {
    match period {
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

fn year_start(begins: YearStart) -> String {
    format!("{:02}-{:02}", begins.month, begins.day)
}

pub(super) fn moment(point: &Moment) -> String {
    match point {
        Moment::Now => "now".to_owned(),
        Moment::Today => "today".to_owned(),
        Moment::Ago(by) => format!("ago({})", duration(*by)),
        Moment::FromNow(by) => format!("from_now({})", duration(*by)),
        Moment::Date(date) => format!("date({date})"),
        Moment::Shifted(from, by, way) => {
            let (from, by, way) = (moment(from), duration(*by), direction(*way));
            format!("shifted({from}, {by}, {way})")
        }
    }
}

pub(super) fn window(window: &Window) -> String {
    match window {
        Window::Last(length) => format!("last({})", duration(*length)),
        Window::Previous(length) => format!("previous({})", duration(*length)),
        Window::Next(length) => format!("next({})", duration(*length)),
        Window::FromTo(from, to) => format!("from_to({}, {})", moment(from), moment(to)),
        Window::Today => "today".to_owned(),
        Window::This(span) => format!("this({})", period(*span)),
        Window::LastCalendar(1, span) => format!("last_calendar({})", period(*span)),
        Window::LastCalendar(count, span) => format!("last_calendar({count} {})", period(*span)),
        Window::ThisFiscalYear(begins) => format!("this_fiscal({})", year_start(*begins)),
        Window::LastFiscalYears(count, begins) => {
            format!("last_fiscal({count} {})", year_start(*begins))
        }
        Window::Since(from) => format!("since({})", moment(from)),
        Window::Past => "past".to_owned(),
    }
}

pub(super) fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "equal",
        Comparison::NotEqual => "not_equal",
        Comparison::Less => "less",
        Comparison::LessOrEqual => "less_or_equal",
        Comparison::Greater => "greater",
        Comparison::GreaterOrEqual => "greater_or_equal",
    }
}

pub(super) fn arithmetic(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => "add",
        Arithmetic::Subtract => "subtract",
        Arithmetic::Multiply => "multiply",
        Arithmetic::Divide => "divide",
    }
}

pub(super) fn text_test(test: TextTest) -> &'static str {
    match test {
        TextTest::Contains => "contains",
        TextTest::StartsWith => "starts_with",
        TextTest::EndsWith => "ends_with",
    }
}

pub(super) fn population(function: PopulationFunction) -> String {
    match function {
        PopulationFunction::Size => "size".to_owned(),
        PopulationFunction::Avg => "avg".to_owned(),
        PopulationFunction::Sum => "sum".to_owned(),
        PopulationFunction::Min => "min".to_owned(),
        PopulationFunction::Max => "max".to_owned(),
        PopulationFunction::Quantile(p) => format!("quantile({})", double(p)),
        PopulationFunction::Rank => "rank".to_owned(),
        PopulationFunction::Percentile => "percentile".to_owned(),
        PopulationFunction::Bin(k) => format!("bin({k})"),
        PopulationFunction::Ntile(k) => format!("ntile({k})"),
        PopulationFunction::Position => "position".to_owned(),
        PopulationFunction::TopShare(p) => format!("top_share({})", double(p)),
        PopulationFunction::TopCount(k) => format!("top_count({k})"),
        PopulationFunction::BottomShare(p) => format!("bottom_share({})", double(p)),
        PopulationFunction::BottomCount(k) => format!("bottom_count({k})"),
    }
}

/// `of` spells a value.
pub(super) fn reason<V>(reason: &Reason<V>, of: &dyn Fn(&V) -> String) -> String {
    let clauses = reason.clauses.iter().map(|clause| {
        let pieces = clause.iter().map(|piece| match piece {
            Piece::Text(words) => text(words),
            Piece::Value(value, form) => format!("{{{} {}}}", of(value), written(form)),
        });
        format!("({})", pieces.collect::<Vec<_>>().join(" "))
    });
    clauses.collect::<Vec<_>>().join(" ")
}

fn written(form: &Form) -> String {
    match form {
        Form::Plain => "plain".to_owned(),
        Form::Percent => "percent".to_owned(),
        Form::Counted { none, one, many } => {
            let none = optional(none.as_deref().map(text));
            format!("counted({none}, {}, {})", text(one), text(many))
        }
    }
}
