//! Builds the tests of an operand: comparisons, lists, windows, `is missing`.

use super::build::{Builder, Built, Frame};
use super::nodes::{expr, range, span, take};
use super::{slips, states};
use crate::language::ast::{BinaryOp, Expr, ExprKind, Span, TextTest, WindowExpr, WindowKind};
use crate::language::grammar::{Node, Nodes, Rule};
use crate::time::Period;

/// A test that waits for its operand.
type Waiting = Box<dyn FnOnce(Box<Expr>) -> ExprKind>;

impl<'t> Builder<'t> {
    /// A test of an operand. Its own parts are built first, so that their slips are reported whether or not the operand
    /// could be built.
    pub(super) fn test(&self, operand: Built, node: Node<'t>, frame: Frame) -> Built {
        let end = range(&node).end;
        let rule = node.as_rule();
        if rule == Rule::odd_is_test || rule == Rule::spare_is_test {
            self.slip(states::is_without_missing(
                self.text,
                operand.as_deref(),
                &node,
            ));
            return self.parts(node, frame);
        }
        let waiting = self.waiting(rule, node.into_inner(), frame)?;
        let operand = operand?;
        let start = operand.span.start;
        Some(expr(waiting(operand), start..end))
    }

    fn waiting(&self, rule: Rule, mut inner: Nodes<'t>, frame: Frame) -> Option<Waiting> {
        match rule {
            Rule::compare_test => {
                let op = compare(inner.next()?.as_str());
                let right = self.sum(inner.next()?, frame)?;
                Some(Box::new(move |left| ExprKind::Binary(op, left, right)))
            }
            Rule::is_test => {
                inner.next()?;
                let not = take(&mut inner, Rule::not).is_some();
                let missing = inner.next()?.as_rule() == Rule::missing;
                Some(Box::new(move |left| ExprKind::Is(not, missing, left)))
            }
            _ => {
                let not = take(&mut inner, Rule::not).is_some();
                self.negatable(rule, not, inner, frame)
            }
        }
    }

    /// The tests that can contain `not`.
    fn negatable(
        &self,
        rule: Rule,
        not: bool,
        mut inner: Nodes<'t>,
        frame: Frame,
    ) -> Option<Waiting> {
        Some(match rule {
            Rule::text_test => {
                let test = text_test(inner.next()?.as_rule());
                if take(&mut inner, Rule::any_of).is_some() {
                    let items = self.items(inner, frame)?;
                    return Some(Box::new(move |left| {
                        ExprKind::AnyText(test, not, left, items)
                    }));
                }
                let right = self.sum(inner.next()?, frame)?;
                Box::new(move |left| ExprKind::TextTest(test, not, left, right))
            }
            Rule::between_test => {
                let [low, high] = <[Built; 2]>::try_from(self.sums(inner, frame)).ok()?;
                let (low, high) = (low?, high?);
                Box::new(move |left| ExprKind::Between(not, left, low, high))
            }
            Rule::list_test => {
                let items = self.items(inner, frame)?;
                Box::new(move |left| ExprKind::InList(not, left, items))
            }
            _ => {
                let window = self.window(inner.next()?, frame)?;
                Box::new(move |left| ExprKind::InWindow(not, left, window))
            }
        })
    }

    /// A list in parentheses.
    fn items(&self, nodes: Nodes<'t>, frame: Frame) -> Option<Vec<Expr>> {
        let items = self.sums(nodes, frame).into_iter();
        items.map(|item| item.map(|i| *i)).collect()
    }

    /// Builds every sum among the nodes; collects the slips in each.
    fn sums(&self, nodes: Nodes<'t>, frame: Frame) -> Vec<Built> {
        nodes
            .filter(|n| n.as_rule() == Rule::sum)
            .map(|n| self.sum(n, frame))
            .collect()
    }

    /// Collects the slips in the parts of a test that has itself been reported.
    fn parts(&self, node: Node<'t>, frame: Frame) -> Built {
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::sum => drop(self.sum(part, frame)),
                Rule::is | Rule::not => {}
                _ => drop(self.test(None, part, frame)),
            }
        }
        None
    }

    fn window(&self, node: Node<'t>, frame: Frame) -> Option<WindowExpr> {
        let whole = span(range(&node));
        let mut form = None;
        for inner in node.into_inner() {
            if inner.as_rule() == Rule::the {
                self.slip(slips::odd_window(self.text, whole.start..whole.end));
            }
            form = Some(inner);
        }
        Some(WindowExpr {
            kind: self.form(form?, whole, frame)?,
            span: whole,
        })
    }

    fn form(&self, form: Node<'t>, window: Span, frame: Frame) -> Option<WindowKind> {
        let whole = window.start..window.end;
        let rule = form.as_rule();
        let mut inner = form.into_inner();
        Some(match rule {
            Rule::today => WindowKind::Today,
            Rule::this_period => {
                let last = inner.last()?;
                match last.as_rule() {
                    Rule::year => WindowKind::ThisFiscalYear,
                    _ => WindowKind::This(period(&last)),
                }
            }
            Rule::last_calendar => {
                inner.next()?;
                let (number, last) = (take(&mut inner, Rule::number), inner.last()?);
                let count = match number {
                    Some(number) => self.count(&number, &last)?,
                    None => 1,
                };
                match last.as_rule() {
                    Rule::year | Rule::years => WindowKind::LastFiscalYears(count),
                    _ => WindowKind::LastCalendar(count, period(&last)),
                }
            }
            Rule::from_to => {
                let [from, to] = <[Built; 2]>::try_from(self.sums(inner, frame)).ok()?;
                WindowKind::FromTo(from?, to?)
            }
            Rule::since_window => WindowKind::Since(self.sum(inner.last()?, frame)?),
            Rule::rolling => {
                let direction = inner.next()?.as_str().to_ascii_lowercase();
                let duration = self.duration(inner.next()?)?;
                match direction.as_str() {
                    "last" => WindowKind::Last(duration),
                    "previous" => WindowKind::Previous(duration),
                    _ => WindowKind::Next(duration),
                }
            }
            Rule::bare_rolling => {
                let (direction, unit) = (inner.next()?, inner.next()?);
                self.slip(slips::bare_last(direction.as_str(), unit.as_str(), whole));
                return None;
            }
            _ => {
                self.slip(slips::odd_window(self.text, whole));
                return None;
            }
        })
    }
}

/// `week`, `months`
fn period(node: &Node) -> Period {
    let word = node.as_str().to_ascii_lowercase();
    match word.trim_end_matches('s') {
        "week" => Period::Week,
        "month" => Period::Month,
        "quarter" => Period::Quarter,
        _ => Period::Year,
    }
}

fn text_test(rule: Rule) -> TextTest {
    match rule {
        Rule::contains => TextTest::Contains,
        Rule::starts_with => TextTest::StartsWith,
        _ => TextTest::EndsWith,
    }
}

fn compare(sign: &str) -> BinaryOp {
    match sign {
        "!=" | "!==" | "<>" | "≠" => BinaryOp::NotEqual,
        "<" => BinaryOp::Less,
        "<=" | "=<" | "≤" => BinaryOp::LessOrEqual,
        ">" => BinaryOp::Greater,
        ">=" | "=>" | "≥" => BinaryOp::GreaterOrEqual,
        _ => BinaryOp::Equal,
    }
}
