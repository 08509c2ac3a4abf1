//! Checks functions over all subjects or over a group of them, and `top`.

use super::advice::Place;
use super::amounts::fits_as_literal;
use super::calls::given;
use super::checker::{Checker, Frame, did_you_mean, gone, listed, unknown};
use super::coerce::as_type;
use super::depends::rows_of_call;
use super::expression::a;
use super::gone::reason;
use super::templates::with_other_arguments;
use crate::catalog::ScopeId;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Call, Expr, ExprKind, Name, Span, Top};
use crate::language::functions::population::{Gives, Of, OverPopulation};
use crate::language::functions::{is_ordered, over_population, over_rows};
use crate::language::typed::{Kind, Population, PopulationFunction, Typed};
use crate::value::Type;

/// `within studio`, resolved; `None` for everyone.
type Scope = Option<ScopeId>;

impl Checker<'_> {
    /// Checks a call of a function over the population.
    pub fn population(&mut self, function: &OverPopulation, call: &Call, span: Span) -> Typed {
        let name = function.entry.name;
        let scope = self.scope(call.within.as_ref());
        let Some(args) = self.plain_args(call) else {
            return unknown(span);
        };
        if args.len() != function.arity() {
            let finding = Finding::new(
                Code::WrongArguments,
                format!(
                    "`{name}` takes {}, and {}",
                    numbered(function.arity()),
                    given(args.len())
                ),
            );
            let texts: Vec<String> = args.iter().map(|a| self.quote(a.span).to_owned()).collect();
            let written = with_other_arguments(name, &texts);
            let finding = self.write(finding, written, Place::Value, || {
                Some(format!("for example `{}`", function.entry.example))
            });
            return self.refuse(span, finding);
        }
        let literal = match args.as_slice() {
            [literal, of] => match self.literal_before(function, literal, of, span) {
                Some(literal) => literal,
                None => {
                    self.value(of);
                    return unknown(span);
                }
            },
            _ => 0.0,
        };
        let of = match args.last() {
            Some(of) => match self.population_value(name, function.of == Of::Ordered, of) {
                Some(of) => Some(of),
                None => return unknown(span),
            },
            None => None,
        };
        let ty = match &of {
            Some(of) if function.gives == Gives::Shared => of.ty,
            _ => Type::Number,
        };
        self.over((function.with)(literal), of, scope, ty, span)
    }

    /// The number in first place; `None` after reporting that it, or the order of the two arguments, is wrong.
    pub fn literal_before(
        &mut self,
        function: &OverPopulation,
        literal: &Expr,
        of: &Expr,
        span: Span,
    ) -> Option<f64> {
        let name = function.entry.name;
        if !fits_as_literal(function.literal, literal) {
            let (first, second) = (self.quote(literal.span), self.quote(of.span));
            let written = [
                format!("{name}({second}, {first})"),
                format!("{name}({first}%, {second})"),
                format!("{name}({second}%, {first})"),
            ];
            if let Some(text) = self.first_that_fits(written, Place::Value) {
                let finding = Finding::new(
                    Code::WrongArguments,
                    format!(
                        "`{name}` takes a literal number first, and then the value it is taken of"
                    ),
                );
                self.tell(span, finding.help(format!("write {}", quoted(&text))));
                return None;
            }
        }
        self.population_literal(function, literal)
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
                format!("`{name}` looks at everyone, and {}", self.one_row()),
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
                format!("`{text}` inside `by` must be in parentheses"),
            )
            .help(format!(
                "write `({text})`, or `({text} within …)`, so that readers see to which of the two \
                 a `within` belongs"
            ));
            return self.refuse(bare.span, finding);
        }
        let by = self.population_value(name, true, &top.by);
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
            .and_then(|scope| self.scopes.get(scope))
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

    /// The value that the function is computed from; `None` after reporting that it does not fit.
    fn population_value(&mut self, name: &str, of_times: bool, expr: &Expr) -> Option<Typed> {
        let before = self.frame;
        if before == Frame::Segment {
            self.frame = Frame::Member;
        }
        let typed = self.value(expr);
        self.frame = before;
        let text = self.quote(expr.span);
        let finding = match typed.ty {
            Type::Unknown | Type::Number | Type::Money => return Some(typed),
            Type::Missing => return Some(as_type(typed, Type::Number)),
            ty if is_ordered(ty) && of_times => return Some(typed),
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

    /// The scope after `within`; the outer `None` after reporting that there is no such scope.
    fn scope(&mut self, within: Option<&Name>) -> Option<Scope> {
        let Some(name) = within else {
            return Some(None);
        };
        let catalog = self.catalog;
        if let Some(scope) = catalog.scopes.position(|(s, _)| *s == name.text) {
            return Some(Some(scope));
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

/// A population function in `by` that is not in parentheses.
fn bare_population<'e>(checker: &Checker<'_>, by: &'e Expr) -> Option<&'e Expr> {
    let mut rest = vec![by];
    while let Some(expr) = rest.pop() {
        match &expr.kind {
            ExprKind::Top(_) => return Some(expr),
            ExprKind::Call(call) => {
                let name = call.name.text.as_str();
                let of_rows = rows_of_call(call, checker.catalog).is_some();
                let of_subject = of_rows && over_rows(name).is_some();
                if over_population(name).is_some() && !of_subject {
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

fn numbered(count: usize) -> &'static str {
    match count {
        0 => "nothing",
        1 => "one value",
        _ => "two values",
    }
}
