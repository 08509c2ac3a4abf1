//! Builds names, calls, `top … by …`, `in segment …` and `in list …`.

use std::ops::Range;

use super::build::{Builder, Built, Frame};
use super::chain::FilterPlace;
use super::literals::unquoted;
use super::nodes::{expr, range, span, take};
use super::slips;
use crate::language::ast::{Arg, Call, ExprKind, Name, NumberLiteral, Top};
use crate::language::grammar::{Node, Nodes, Rule};

impl<'t> Builder<'t> {
    /// `count(visits in last 30 days where …) within studio`, `first(visits).at`
    pub(super) fn call(&self, node: Node<'t>, frame: Frame) -> Built {
        let args = self.arguments(node.clone().into_inner(), frame);
        self.called(node, args?)
    }

    fn called(&self, node: Node<'t>, args: Vec<Arg>) -> Built {
        let whole = range(&node);
        let mut inner = node.into_inner();
        let name = callee(&inner.next()?);
        let (mut within, mut fields) = (None, None);
        let mut end = whole.end;
        for node in inner {
            match node.as_rule() {
                Rule::close => end = range(&node).end,
                Rule::scope => within = self.scope(node),
                Rule::fields => fields = self.names(node),
                _ => {}
            }
        }
        let end = if within.is_some() { whole.end } else { end };
        let call = expr(
            ExprKind::Call(Call { name, args, within }),
            whole.start..end,
        );
        Some(match fields {
            Some(fields) => expr(ExprKind::Field(call, fields), whole),
            None => call,
        })
    }

    /// The arguments among a call's nodes; collects the slips in each.
    fn arguments(&self, nodes: Nodes<'t>, frame: Frame) -> Option<Vec<Arg>> {
        let mut args = Some(Vec::new());
        for node in nodes.filter(|n| n.as_rule() == Rule::argument) {
            let arg = self.argument(node.into_inner(), frame.inside());
            args = args.zip(arg).map(push);
        }
        args
    }

    pub(super) fn argument(&self, mut inner: Nodes<'t>, frame: Frame) -> Option<Box<Arg>> {
        let distinct = take(&mut inner, Rule::distinct).is_some();
        let of = inner.next()?;
        let of_range = range(&of);
        let built = self.expr(of, frame);
        match inner.next() {
            Some(filter) => {
                let filter = self.filter(filter, of_range, frame);
                argument(distinct, built, Some(filter?))
            }
            None => argument(distinct, built, None),
        }
    }

    fn filter(&self, filter: Node<'t>, of: Range<usize>, frame: Frame) -> Built {
        let condition = filter.into_inner().last()?;
        let place = FilterPlace::new(of, range(&condition));
        self.expr(condition, frame.filtered(place))
    }

    /// `top 20% by x within network`
    pub(super) fn top(&self, node: Node<'t>, frame: Frame) -> Built {
        let whole = range(&node);
        let mut inner = node.into_inner();
        let bottom = inner.next()?.as_str().eq_ignore_ascii_case("bottom");
        let amount = inner.next()?;
        let amount_span = span(range(&amount));
        let amount = self.share_or_count(amount);
        let by = self.sum(inner.nth(1)?, frame);
        let within = inner.next().and_then(|scope| self.scope(scope));
        let top = Top {
            bottom,
            amount: amount?,
            amount_span,
            by: by?,
            within,
        };
        Some(expr(ExprKind::Top(top), whole))
    }

    fn share_or_count(&self, node: Node<'t>) -> Option<NumberLiteral> {
        let whole = range(&node);
        let amount = self.amount(node)?;
        if let Some(slip) = slips::odd_top(&amount, whole) {
            self.slip(slip);
            return None;
        }
        Some(amount)
    }

    /// `in segment loyal`, `in list vip`
    pub(super) fn named_set(&self, node: Node<'t>) -> Built {
        let whole = range(&node);
        let kind = match node.as_rule() {
            Rule::listed => ExprKind::Listed,
            _ => ExprKind::InSegment,
        };
        let name = name(node.into_inner().last()?)?;
        Some(expr(kind(name), whole))
    }

    /// `within studio`
    fn scope(&self, node: Node<'t>) -> Option<Name> {
        name(node.into_inner().last()?)
    }

    /// The names of a path or of a call's fields.
    pub(super) fn names(&self, node: Node<'t>) -> Option<Vec<Name>> {
        node.into_inner().map(name).collect()
    }
}

fn argument(distinct: bool, of: Built, filter: Built) -> Option<Box<Arg>> {
    Some(Box::new(Arg {
        distinct,
        expr: *of?,
        filter: filter.map(|filter| *filter),
    }))
}

fn push((mut args, arg): (Vec<Arg>, Box<Arg>)) -> Vec<Arg> {
    args.push(*arg);
    args
}

fn callee(node: &Node) -> Name {
    Name {
        text: node.as_str().to_lowercase(),
        span: span(range(node)),
    }
}

fn name(node: Node) -> Option<Name> {
    let inner = node.into_inner().next()?;
    Some(Name {
        text: match inner.as_rule() {
            Rule::quoted_name => unquoted(inner.as_str()),
            _ => inner.as_str().to_string(),
        },
        span: span(range(&inner)),
    })
}
