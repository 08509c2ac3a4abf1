//! Functions over all subjects or over a group of them, and `top`.

use super::advice::Place;
use super::amounts::fits_as_literal;
use super::calls::{OVER_POPULATION, OVER_ROWS, given, is_ordered};
use super::checker::{Checker, Frame, did_you_mean, gone, listed, unknown};
use super::depends::collection_of;
use super::expression::a;
use super::gone::reason;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Call, Expr, ExprKind, Name, Span, Top};
use crate::language::typed::{Kind, Population, PopulationFunction, Typed};
use crate::value::Type;

/// `within studio` resolved: the scope's place, none for everyone.
type Scope = Option<usize>;

impl Checker<'_> {
    /// A call that is one of the functions over the population.
    pub fn population(&mut self, call: &Call, span: Span) -> Typed {
        let name = call.name.text.as_str();
        let scope = self.scope(call.within.as_ref());
        let Some(args) = self.plain_args(call) else {
            return unknown(span);
        };
        let takes = match name {
            "size" => 0,
            "quantile" | "bin" | "ntile" => 2,
            _ => 1,
        };
        if args.len() != takes {
            let finding = Finding::new(
                Code::WrongArguments,
                format!(
                    "`{name}` takes {}, and {}",
                    numbered(takes),
                    given(args.len())
                ),
            );
            let texts: Vec<String> = args.iter().map(|a| self.quote(a.span).to_owned()).collect();
            let written = instead(name, &texts);
            let finding = self.write(finding, written, Place::Value, || {
                Some(format!("for example `{}`", example(name)))
            });
            return self.refuse(span, finding);
        }
        if let ("quantile" | "bin" | "ntile", [first, second]) = (name, args.as_slice())
            && !fits_as_literal(name, first)
        {
            let (first, second) = (self.quote(first.span), self.quote(second.span));
            let written = [
                format!("{name}({second}, {first})"),
                format!("{name}({first}%, {second})"),
                format!("{name}({second}%, {first})"),
            ];
            if let Some(text) = self.first_that_fits(written, Place::Value) {
                let finding = Finding::new(
                    Code::WrongArguments,
                    format!("`{name}` takes a number as written, and then what it is taken of"),
                );
                return self.refuse(span, finding.help(format!("write {}", quoted(&text))));
            }
        }
        let literal = match (takes, args.first()) {
            (2, Some(literal)) => match self.population_literal(name, literal) {
                Some(literal) => literal,
                None => {
                    if let Some(of) = args.get(1) {
                        self.value(of);
                    }
                    return unknown(span);
                }
            },
            _ => 0.0,
        };
        let function = match name {
            "size" => PopulationFunction::Size,
            "avg" => PopulationFunction::Avg,
            "sum" => PopulationFunction::Sum,
            "min" => PopulationFunction::Min,
            "max" => PopulationFunction::Max,
            "median" => PopulationFunction::Quantile(0.5),
            "quantile" => PopulationFunction::Quantile(literal),
            "rank" => PopulationFunction::Rank,
            "percentile" => PopulationFunction::Percentile,
            "bin" => PopulationFunction::Bin(literal as u32),
            "ntile" => PopulationFunction::Ntile(literal as u32),
            _ => PopulationFunction::Position,
        };
        let of = match args.last() {
            Some(of) => match self.population_value(name, of) {
                Some(of) => Some(of),
                None => return unknown(span),
            },
            None => None,
        };
        let ty = match (&of, name) {
            (Some(of), "avg" | "sum" | "min" | "max" | "median" | "quantile") => of.ty,
            _ => Type::Number,
        };
        self.over(function, of, scope, ty, span)
    }

    /// `top 20% by x within network`
    pub fn top(&mut self, top: &Top, span: Span) -> Typed {
        let name = if top.bottom { "bottom" } else { "top" };
        if self.frame == Frame::Segment {
            return self.place_of_member(name, span);
        }
        if self.frame == Frame::Member {
            return self.many_among_members(span);
        }
        if self.among_rows() {
            let finding = Finding::new(
                Code::AggregateInFilter,
                format!("`{name}` looks at everyone, and `where` looks at one row at a time"),
            )
            .help(format!(
                "put it beside the aggregate: `{name} 20% by … and …`"
            ));
            return self.refuse(span, finding);
        }
        let scope = self.scope(top.within.as_ref());
        let function = self.amount(top, name);
        if let Some(bare) = bare_population(self, &top.by) {
            let text = self.quote(bare.span);
            let finding = Finding::new(
                Code::BareByClause,
                format!("`{text}` inside `by` must stand in parentheses"),
            )
            .help(format!(
                "write `({text})`, or `({text} within …)`, so that readers see to which of the two \
                 a `within` belongs"
            ));
            return self.refuse(bare.span, finding);
        }
        let by = self.population_value(name, &top.by);
        let (Some(function), Some(by)) = (function, by) else {
            return unknown(span);
        };
        self.over(function, Some(by), scope, Type::Truth, span)
    }

    fn over(
        &mut self,
        function: PopulationFunction,
        of: Option<Typed>,
        scope: Option<Scope>,
        ty: Type,
        span: Span,
    ) -> Typed {
        let Some(scope) = scope else {
            return unknown(span);
        };
        let scope_gone = scope
            .and_then(|place| self.scopes.get(place))
            .and_then(reason);
        if let Some(reason) = scope_gone.or_else(|| of.as_ref().and_then(reason)) {
            return gone(reason, span);
        }
        Typed::new(
            Kind::Population(Box::new(Population {
                function,
                of,
                scope,
            })),
            ty,
            span,
        )
    }

    /// What the function is taken of; `None` after telling that it does not fit.
    fn population_value(&mut self, name: &str, expr: &Expr) -> Option<Typed> {
        let before = self.frame;
        if before == Frame::Segment {
            self.frame = Frame::Member;
        }
        let typed = self.value(expr);
        self.frame = before;
        let text = self.quote(expr.span);
        let numbers_only = matches!(
            name,
            "avg" | "sum" | "median" | "quantile" | "percentile" | "bin"
        );
        let finding = match typed.ty {
            Type::Unknown | Type::Number | Type::Money => return Some(typed),
            Type::Missing => {
                return Some(Typed {
                    ty: Type::Number,
                    ..typed
                });
            }
            ty if is_ordered(ty) && !numbers_only => return Some(typed),
            Type::Truth if matches!(name, "top" | "bottom") => Finding::new(
                Code::TruthInPopulation,
                format!("`{name} … by` needs a number to order by, and `{text}` is a yes or no"),
            )
            .help(format!(
                "order by the number itself and compare outside: `{name} 20% by x and …`"
            )),
            Type::Truth => Finding::new(
                Code::TruthInPopulation,
                format!("`{name}` needs a number, and `{text}` is a yes or no"),
            )
            .help(format!("write `{name}(if({text}, 1, 0))`")),
            Type::Date | Type::Instant => Finding::new(
                Code::WrongType,
                format!("`{name}` cannot be taken of {}", a(typed.ty)),
            )
            .help(format!(
                "take it of a number of days: `{name}(days_since({text}))`"
            )),
            ty => Finding::new(
                Code::WrongType,
                format!("`{name}` needs a number, and `{text}` is {}", a(ty)),
            ),
        };
        self.tell(expr.span, finding);
        None
    }

    /// The scope after `within`; the outer `None` after telling that there is none.
    fn scope(&mut self, within: Option<&Name>) -> Option<Scope> {
        let Some(name) = within else {
            return Some(None);
        };
        let catalog = self.catalog;
        if let Some(place) = catalog.scopes.iter().position(|(s, _)| *s == name.text) {
            return Some(Some(place));
        }
        if name.text.eq_ignore_ascii_case("everyone") {
            return Some(None);
        }
        let names = || {
            catalog
                .scopes
                .iter()
                .map(|(s, _)| s.as_str())
                .chain(["everyone"])
        };
        let finding = Finding::new(
            Code::UnknownScope,
            format!("config defines no scope `{}`", name.text),
        );
        let finding = did_you_mean(finding, &name.text, names(), || {
            Some(format!("the scopes are {}", listed(names())))
        });
        self.tell(name.span, finding);
        None
    }
}

/// A population function of `by` that no parentheses enclose.
fn bare_population<'e>(checker: &Checker<'_>, by: &'e Expr) -> Option<&'e Expr> {
    let mut rest = vec![by];
    while let Some(expr) = rest.pop() {
        match &expr.kind {
            ExprKind::Top(_) => return Some(expr),
            ExprKind::Call(call) => {
                let name = call.name.text.as_str();
                let over_rows = OVER_ROWS.contains(&name)
                    && call
                        .args
                        .first()
                        .is_some_and(|arg| collection_of(&arg.expr, checker.catalog).is_some());
                if OVER_POPULATION.contains(&name) && !over_rows {
                    return Some(expr);
                }
            }
            ExprKind::Negate(inner) | ExprKind::Not(inner) => rest.push(inner),
            ExprKind::Binary(_, left, right) => rest.extend([&**right, &**left]),
            _ => {}
        }
    }
    None
}

/// What may be meant by a call with too few or too many arguments.
fn instead(name: &str, args: &[String]) -> Vec<String> {
    match (name, args) {
        ("max", [_, _, ..]) => vec![format!("greatest({})", args.join(", "))],
        ("min", [_, _, ..]) => vec![format!("least({})", args.join(", "))],
        ("size", [of]) => vec![format!("length({of})"), format!("count({of})")],
        ("median" | "percentile" | "rank", [one, other]) => vec![
            format!("quantile({one}%, {other})"),
            format!("quantile({other}%, {one})"),
            format!("quantile({one}, {other})"),
            format!("quantile({other}, {one})"),
        ],
        _ => Vec::new(),
    }
}

fn numbered(count: usize) -> &'static str {
    match count {
        0 => "nothing",
        1 => "one value",
        _ => "two values",
    }
}

/// A correct call, for help lines.
pub(super) fn example(name: &str) -> String {
    match name {
        "size" => "size()".to_owned(),
        "quantile" => "quantile(90%, x)".to_owned(),
        "bin" | "ntile" => format!("{name}(5, x)"),
        _ => format!("{name}(x)"),
    }
}
