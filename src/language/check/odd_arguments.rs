//! Arguments of aggregates that are neither a collection nor a field of one, with what they may mean.

use super::advice::Place;
use super::calls::given;
use super::checker::{Checker, did_you_mean, listed};
use super::fields::find;
use super::templates::own;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Arg, BinaryOp, Call, Expr, ExprKind, Span};
use crate::language::functions::rows::takes_share;
use crate::language::number_of_several;
use crate::language::typed::Typed;

impl Checker<'_> {
    /// `sum(amount)`: a field of rows without its collection.
    pub fn field_alone(&mut self, call: &Call) -> Option<Typed> {
        let [arg] = call.args.as_slice() else {
            return None;
        };
        let ExprKind::Path(path) = &arg.expr.kind else {
            return None;
        };
        let [field] = path.as_slice() else {
            return None;
        };
        let owners = self.owners_of(&field.text);
        if self.names_a_value(&field.text) || owners.is_empty() || self.factor.is_some() {
            return None;
        }
        let finding = Finding::new(
            Code::UnknownName,
            format!("nothing is called `{}`", field.text),
        );
        let help = format!("it is a field: write {}", owners.join(" or "));
        Some(self.refuse(field.span, finding.help(help)))
    }

    /// `count(visits, kind = "a")`, `last(visits, 2)`, `max(a, b)`
    pub fn several_arguments(&mut self, call: &Call, span: Span) -> Typed {
        let name = call.name.text.as_str();
        let args: Vec<String> = call.args.iter().map(|a| self.argument_text(a)).collect();
        let rows = call.args.first().and_then(|arg| self.rows_in(&arg.expr));
        let mut written = Vec::new();
        if let ([first, second], Some((rows, _))) = (args.as_slice(), &rows) {
            written.push(format!("{name}({first} where {})", own(second, rows)));
        }
        // `where amount > 1.000,50`: the comma has started a second argument.
        written.extend(number_of_several(&self.quote(span)));
        if let ([first, _], [_, second]) = (args.as_slice(), call.args.as_slice())
            && let ExprKind::Duration(_) = second.expr.kind
        {
            let length = self.quote(second.expr.span);
            written.push(format!("{name}({first} in last {length})"));
        }
        let of_each: Vec<String> = call
            .args
            .iter()
            .zip(&args)
            .map(|(arg, text)| match self.rows_in(&arg.expr) {
                Some(_) => format!("{name}({text})"),
                None => text.clone(),
            })
            .collect();
        match name {
            "sum" | "count" if call.args.iter().all(|a| self.rows_in(&a.expr).is_some()) => {
                written.push(of_each.join(" + "));
            }
            "max" => written.extend([
                format!("greatest({})", args.join(", ")),
                format!("greatest({})", of_each.join(", ")),
            ]),
            "min" => written.extend([
                format!("least({})", args.join(", ")),
                format!("least({})", of_each.join(", ")),
            ]),
            _ => {}
        }
        let takes = match takes_share(name) {
            true => "a share and a field",
            false => "one collection",
        };
        let finding = Finding::new(
            Code::WrongArguments,
            format!("`{name}` takes {takes}, and {}", given(args.len())),
        );
        let example = self.example(name);
        let place = match name {
            "first" | "last" => Place::Any,
            _ => Place::Value,
        };
        let finding = self.write(finding, written, place, || {
            Some(match name {
                "first" | "last" if args.len() > 1 => format!(
                    "it is the one row of the {}, as in `{example}`; there is none between the \
                     first and the last",
                    if name == "first" {
                        "earliest time"
                    } else {
                        "latest time"
                    }
                ),
                _ => format!("for example {}", quoted(&example)),
            })
        });
        self.refuse(span, finding)
    }

    /// `count(visits.kind = "a")`: neither rows nor a field of them.
    pub fn no_collection(&mut self, name: &str, arg: &Arg, span: Span) -> Typed {
        let text = self.argument_text(arg);
        let catalog = self.catalog;
        let names = || catalog.collections.iter().map(|c| c.name.as_str());
        if let ExprKind::Path(path) = &bare(&arg.expr).kind
            && let Some(head) = path.first()
            && !self.names_a_value(&head.text)
        {
            let finding = Finding::new(
                Code::UnknownName,
                format!(
                    "`{name}` needs a collection, and none is called `{}`",
                    head.text
                ),
            );
            let fields = self.owners_of(&head.text);
            let finding = match fields.as_slice() {
                [] => did_you_mean(finding, &head.text, names(), || {
                    Some(format!("the collections are {}", listed(names())))
                }),
                fields => finding.help(format!("it is a field: write {}", fields.join(" or "))),
            };
            return self.refuse(head.span, finding);
        }
        let mut written = Vec::new();
        if let Some((rows, _)) = self.rows_in(&arg.expr) {
            written.push(format!("{name}({rows} where {})", own(&text, &rows)));
            match &arg.expr.kind {
                ExprKind::Between(false, of, low, high) if matches!(of.kind, ExprKind::Path(_)) => {
                    let (low, high) = (self.quote(low.span), self.quote(high.span));
                    written.push(format!("{name}({rows} from {low} to {high})"));
                }
                ExprKind::Binary(BinaryOp::And, left, right) => {
                    let (left, right) = (self.quote(left.span), self.quote(right.span));
                    written.push(format!("{name}({left} where {})", own(&right, &rows)));
                }
                _ => {}
            }
        }
        match (&arg.expr.kind, name) {
            (ExprKind::Call(call), "count") if call.name.text == "distinct" => {
                let of: Vec<String> = call.args.iter().map(|a| self.argument_text(a)).collect();
                written.push(format!("count(distinct {})", of.join(", ")));
            }
            (_, "count") if !arg.distinct => written.push(format!("sum(if({text}, 1, 0))")),
            (_, "exists") => written.push(format!("{text} is present")),
            _ => {}
        }
        let finding = Finding::new(
            Code::WrongArguments,
            format!("`{name}` takes a collection, and `{text}` is not one"),
        );
        let example = self.example(name);
        let finding = self.write(finding, written, Place::Value, || {
            Some(format!(
                "the collections are {}, as in `{example}`",
                listed(names())
            ))
        });
        self.refuse(span, finding)
    }

    /// A field, written with each collection that has a column of this name.
    pub fn owners_of(&self, column: &str) -> Vec<String> {
        let collections = self.catalog.collections.iter();
        let owners = collections.filter(|c| find(&c.entity.columns, column).is_some());
        owners.map(|c| format!("`{}.{column}`", c.name)).collect()
    }
}

/// The expression inside windows and parentheses.
fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) | ExprKind::InWindow(_, inner, _) => bare(inner),
        _ => expr,
    }
}
