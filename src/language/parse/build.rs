//! The tree of the grammar turned into [`Expr`].
//!
//! Recursion is bounded twice: parentheses by the prescan, operations in a row here.

use std::cell::RefCell;
use std::ops::Range;

use super::chain::{self, FilterPlace};
use super::{Slip, slips};
use crate::language::ast::{
    Arg, BinaryOp, Call, Expr, ExprKind, Name, NumberLiteral, Span, TextTest, Top, WindowExpr,
    WindowKind,
};
use crate::language::grammar::{ARITHMETIC, LOGIC, Node, Nodes, Rule};

/// The deepest tree, counted in operations that hold each other.
const MAX_LEVELS: usize = 256;

/// Where in the tree a node stands.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// Operations around it.
    level: usize,
    /// The `where` that it is the outermost condition of.
    pub filter: Option<FilterPlace>,
}

impl Frame {
    fn inside(self) -> Self {
        Self {
            level: self.level + 1,
            filter: None,
        }
    }
}

/// Builds a tree and collects what is wrong with it. A part that has no tree has a slip.
pub(super) struct Builder<'t> {
    pub text: &'t str,
    slips: RefCell<Vec<Slip>>,
}

/// The bytes of a node, without the blanks that may follow its last terminal.
pub(super) fn range(node: &Node) -> Range<usize> {
    let start = node.as_span().start();
    let mut last = node.clone();
    while let Some(inner) = last.clone().into_inner().next_back() {
        last = inner;
    }
    start..last.as_span().end()
}

fn span(range: Range<usize>) -> Span {
    Span {
        start: range.start,
        end: range.end,
    }
}

fn expr(kind: ExprKind, range: Range<usize>) -> Expr {
    Expr {
        kind,
        span: span(range),
    }
}

/// The next node if it is of this rule.
fn take<'t>(nodes: &mut Nodes<'t>, rule: Rule) -> Option<Node<'t>> {
    nodes.peek().filter(|n| n.as_rule() == rule)?;
    nodes.next()
}

impl<'t> Builder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            slips: RefCell::default(),
        }
    }

    pub(super) fn into_slips(self) -> Vec<Slip> {
        self.slips.into_inner()
    }

    pub(super) fn slip(&self, slip: Slip) {
        self.slips.borrow_mut().push(slip);
    }

    /// The whole text.
    pub(super) fn condition(&self, mut nodes: Nodes<'t>) -> Option<Expr> {
        let frame = Frame {
            level: 0,
            filter: None,
        };
        self.expr(nodes.next()?, frame)
    }

    fn expr(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        let frame = self.descend(&node, frame)?;
        LOGIC
            .map_primary(|node| self.comparison(node, frame))
            .map_prefix(|not, inner| prefixed(&not, inner, ExprKind::Not))
            .map_infix(binary)
            .parse(node.into_inner())
    }

    fn sum(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        let frame = self.descend(&node, frame)?;
        ARITHMETIC
            .map_primary(|node| self.term(node, frame))
            .map_prefix(|minus, inner| prefixed(&minus, inner, ExprKind::Negate))
            .map_infix(binary)
            .parse(node.into_inner())
    }

    /// Counts the operations of a row, which may all hold each other.
    fn descend(&self, node: &Node<'t>, frame: Frame) -> Option<Frame> {
        let is_operation = |n: &Node| {
            matches!(
                n.as_rule(),
                Rule::and
                    | Rule::or
                    | Rule::not
                    | Rule::add
                    | Rule::subtract
                    | Rule::multiply
                    | Rule::divide
                    | Rule::minus
            )
        };
        let count = node.clone().into_inner().filter(is_operation).count();
        let level = frame.level + count + 1;
        if level > MAX_LEVELS {
            self.slip(slips::too_long_chain(range(node), MAX_LEVELS));
            return None;
        }
        Some(Frame { level, ..frame })
    }

    fn comparison(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        let mut inner = node.into_inner();
        let operand = inner.next()?;
        let mut tests: Vec<_> = inner.collect();
        if let Some(slip) = chain::window_after_where(self.text, &operand, &tests, frame.filter) {
            self.slip(slip);
            tests.pop();
        }
        if let Some(slip) = chain::chained(self.text, &operand, &tests) {
            self.slip(slip);
        }
        let frame = frame.inside();
        let operand = self.operand(operand, frame);
        let mut tests = tests.into_iter();
        let Some(first) = tests.next() else {
            return operand;
        };
        let built = self.test(operand, first, frame);
        for extra in tests {
            // Only for the slips in it: a chain has no tree.
            self.test(Some(expr(ExprKind::Missing, range(&extra))), extra, frame);
        }
        built
    }

    fn operand(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        match node.as_rule() {
            Rule::top => self.top(node, frame),
            Rule::in_segment => {
                let range = range(&node);
                let name = node.into_inner().last()?;
                Some(expr(ExprKind::InSegment(self.name(name)?), range))
            }
            _ => self.sum(node, frame),
        }
    }

    /// What a test says of its operand. Builds its own parts first, so that their slips are told
    /// whether or not the operand could be built.
    fn test(&self, operand: Option<Expr>, node: Node<'t>, frame: Frame) -> Option<Expr> {
        let end = range(&node).end;
        let rule = node.as_rule();
        if rule == Rule::odd_is_test || rule == Rule::spare_is_test {
            let slip = chain::is_without_missing(self.text, operand.as_ref(), &node);
            self.slip(slip);
            return self.test_parts(node, frame);
        }
        let mut inner = node.into_inner();
        let kind: Box<dyn FnOnce(Box<Expr>) -> ExprKind> = match rule {
            Rule::compare_test => {
                let op = compare(inner.next()?.as_str());
                let right = Box::new(self.sum(inner.next()?, frame)?);
                Box::new(move |left| ExprKind::Binary(op, left, right))
            }
            Rule::is_test => {
                inner.next()?;
                let not = take(&mut inner, Rule::not).is_some();
                let missing = inner.next()?.as_rule() == Rule::missing;
                Box::new(move |left| ExprKind::Is(not, missing, left))
            }
            _ => {
                let not = take(&mut inner, Rule::not).is_some();
                self.negatable(rule, not, inner, frame)?
            }
        };
        let operand = operand?;
        let start = operand.span.start;
        Some(expr(kind(Box::new(operand)), start..end))
    }

    /// The tests that `not` can stand inside of.
    fn negatable(
        &self,
        rule: Rule,
        not: bool,
        mut inner: Nodes<'t>,
        frame: Frame,
    ) -> Option<Box<dyn FnOnce(Box<Expr>) -> ExprKind>> {
        Some(match rule {
            Rule::text_test => {
                let test = match inner.next()?.as_rule() {
                    Rule::contains => TextTest::Contains,
                    Rule::starts_with => TextTest::StartsWith,
                    _ => TextTest::EndsWith,
                };
                let right = Box::new(self.sum(inner.next()?, frame)?);
                Box::new(move |left| ExprKind::TextTest(test, not, left, right))
            }
            Rule::between_test => {
                let mut sums = inner.filter(|n| n.as_rule() == Rule::sum);
                let low = self.sum(sums.next()?, frame).map(Box::new);
                let high = Box::new(self.sum(sums.next()?, frame)?);
                let low = low?;
                Box::new(move |left| ExprKind::Between(not, left, low, high))
            }
            Rule::list_test => {
                let items: Vec<_> = inner
                    .filter(|n| n.as_rule() == Rule::sum)
                    .map(|n| self.sum(n, frame))
                    .collect();
                let items = items.into_iter().collect::<Option<Vec<_>>>()?;
                Box::new(move |left| ExprKind::InList(not, left, items))
            }
            _ => {
                let window = self.window(inner.next()?, frame)?;
                Box::new(move |left| ExprKind::InWindow(not, left, window))
            }
        })
    }

    /// The slips in the parts of a test that has itself been told.
    fn test_parts(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::sum => drop(self.sum(part, frame)),
                Rule::is | Rule::not => {}
                _ => drop(self.test(Some(expr(ExprKind::Missing, range(&part))), part, frame)),
            }
        }
        None
    }

    fn window(&self, node: Node<'t>, frame: Frame) -> Option<WindowExpr> {
        let whole = range(&node);
        let inner: Vec<_> = node.into_inner().collect();
        if let Some(the) = inner.iter().find(|n| n.as_rule() == Rule::the) {
            self.slip(slips::spare_the(range(the)));
        }
        let form = inner.into_iter().next_back()?;
        let kind = match form.as_rule() {
            Rule::today => WindowKind::Today,
            Rule::rolling => self.rolling(form)?,
            Rule::within_rolling => {
                self.slip(slips::within_window(self.text, &range(&form)));
                return None;
            }
            Rule::bare_rolling => {
                let mut parts = form.clone().into_inner();
                let (direction, unit) = (parts.next()?, parts.next()?);
                self.slip(slips::bare_last(
                    direction.as_str(),
                    unit.as_str(),
                    range(&form),
                ));
                return None;
            }
            Rule::this_period => WindowKind::This(self.period(&form.into_inner().last()?)?),
            Rule::last_calendar => {
                WindowKind::LastCalendar(self.period(&form.into_inner().last()?)?)
            }
            Rule::from_to => {
                let mut sums = form.into_inner().filter(|n| n.as_rule() == Rule::sum);
                let from = self.sum(sums.next()?, frame);
                let to = self.sum(sums.next()?, frame)?;
                WindowKind::FromTo(Box::new(from?), Box::new(to))
            }
            _ => WindowKind::Since(Box::new(self.sum(form.into_inner().last()?, frame)?)),
        };
        Some(WindowExpr {
            kind,
            span: span(whole),
        })
    }

    fn rolling(&self, node: Node<'t>) -> Option<WindowKind> {
        let mut inner = node.into_inner();
        let direction = inner.next()?.as_str().to_ascii_lowercase();
        let duration = self.duration(inner.next()?)?;
        Some(match direction.as_str() {
            "last" => WindowKind::Last(duration),
            "previous" => WindowKind::Previous(duration),
            _ => WindowKind::Next(duration),
        })
    }

    fn term(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        let whole = range(&node);
        let kind = match node.as_rule() {
            Rule::paren => {
                let inner = node.into_inner().nth(1)?;
                ExprKind::Paren(Box::new(self.expr(inner, frame.inside())?))
            }
            Rule::moment => self.moment(node)?,
            Rule::amount => ExprKind::Number(self.amount(node)?),
            Rule::date => ExprKind::Date(self.date(&node)?),
            Rule::text => ExprKind::Text(super::literals::unquoted(node.as_str())),
            Rule::truth => ExprKind::Truth(super::literals::truth(node.as_str())),
            Rule::missing => ExprKind::Missing,
            Rule::now => ExprKind::Now,
            Rule::today => ExprKind::Today,
            Rule::path => ExprKind::Path(self.names(node)?),
            _ => return self.call(node, frame),
        };
        Some(expr(kind, whole))
    }

    fn call(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        let start = range(&node).start;
        let mut inner = node.into_inner();
        let callee = inner.next()?;
        let name = Name {
            text: callee.as_str().to_lowercase(),
            span: span(range(&callee)),
        };
        let mut args = Some(Vec::new());
        let mut within = None;
        let mut fields = None;
        let mut end = start;
        for node in inner {
            match node.as_rule() {
                Rule::argument => {
                    let arg = self.argument(node, frame.inside());
                    args = args.zip(arg).map(|(mut args, arg)| {
                        args.push(arg);
                        args
                    });
                }
                Rule::close => end = range(&node).end,
                Rule::scope => {
                    end = range(&node).end;
                    within = Some(self.name(node.into_inner().last()?)?);
                }
                Rule::fields => fields = Some((range(&node).end, self.names(node)?)),
                _ => {}
            }
        }
        let call = expr(
            ExprKind::Call(Call {
                name,
                args: args?,
                within,
            }),
            start..end,
        );
        Some(match fields {
            Some((end, fields)) => expr(ExprKind::Field(Box::new(call), fields), start..end),
            None => call,
        })
    }

    fn argument(&self, node: Node<'t>, frame: Frame) -> Option<Arg> {
        let mut inner = node.into_inner();
        let distinct = take(&mut inner, Rule::distinct).is_some();
        let of = inner.next()?;
        let of_range = range(&of);
        let built = self.expr(of, frame);
        let filter = match inner.next() {
            Some(filter) => {
                let condition = filter.into_inner().last()?;
                let place = FilterPlace::new(of_range, range(&condition));
                let frame = Frame {
                    filter: Some(place),
                    ..frame
                };
                Some(self.expr(condition, frame)?)
            }
            None => None,
        };
        Some(Arg {
            distinct,
            expr: built?,
            filter,
        })
    }

    fn top(&self, node: Node<'t>, frame: Frame) -> Option<Expr> {
        let whole = range(&node);
        let mut inner = node.into_inner();
        let bottom = inner.next()?.as_str().eq_ignore_ascii_case("bottom");
        let amount = inner.next()?;
        let amount_span = range(&amount);
        let amount = self.share_or_count(amount);
        let by = self.sum(inner.nth(1)?, frame);
        let within = match inner.next() {
            Some(scope) => Some(self.name(scope.into_inner().last()?)?),
            None => None,
        };
        let top = Top {
            bottom,
            amount: amount?,
            amount_span: span(amount_span),
            by: Box::new(by?),
            within,
        };
        Some(expr(ExprKind::Top(top), whole))
    }

    /// The names of a path or of a call's fields.
    fn names(&self, node: Node<'t>) -> Option<Vec<Name>> {
        node.into_inner().map(|name| self.name(name)).collect()
    }

    fn name(&self, node: Node<'t>) -> Option<Name> {
        let inner = node.into_inner().next()?;
        Some(Name {
            text: match inner.as_rule() {
                Rule::quoted_name => super::literals::unquoted(inner.as_str()),
                _ => inner.as_str().to_string(),
            },
            span: span(range(&inner)),
        })
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
}

fn prefixed(sign: &Node, inner: Option<Expr>, kind: fn(Box<Expr>) -> ExprKind) -> Option<Expr> {
    let inner = inner?;
    let whole = range(sign).start..inner.span.end;
    Some(expr(kind(Box::new(inner)), whole))
}

fn binary(left: Option<Expr>, op: Node, right: Option<Expr>) -> Option<Expr> {
    let (left, right) = (left?, right?);
    let op = match op.as_rule() {
        Rule::or => BinaryOp::Or,
        Rule::and => BinaryOp::And,
        Rule::add => BinaryOp::Add,
        Rule::subtract => BinaryOp::Subtract,
        Rule::multiply => BinaryOp::Multiply,
        _ => BinaryOp::Divide,
    };
    let whole = left.span.start..right.span.end;
    Some(expr(
        ExprKind::Binary(op, Box::new(left), Box::new(right)),
        whole,
    ))
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
