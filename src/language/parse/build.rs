//! Turns the grammar's parse tree into [`Expr`].
//!
//! Recursion is bounded twice: parentheses by the prescan, and chained operations here. Results are boxed, and each
//! function does little, to keep the frames of the recursion small.

use std::cell::RefCell;

use super::chain::{self, FilterPlace};
use super::nodes::{expr, range};
use super::{Slip, slips};
use crate::language::ast::{Arg, BinaryOp, Expr, ExprKind};
use crate::language::grammar::{ARITHMETIC, LOGIC, Node, Nodes, Rule};

/// The deepest tree, counted in nested operations.
const MAX_LEVELS: usize = 256;

/// A part of the tree; `None` if it has a slip.
pub(super) type Built = Option<Box<Expr>>;

/// The position of a node in the tree.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    /// The number of operations around it.
    level: usize,
    /// The `where` whose outermost condition it is.
    pub filter: Option<FilterPlace>,
}

/// The position of the whole tree.
const OUTERMOST: Frame = Frame {
    level: 0,
    filter: None,
};

impl Frame {
    /// One operation deeper.
    pub(super) fn inside(self) -> Self {
        Self {
            level: self.level + 1,
            filter: None,
        }
    }

    /// The outermost condition of a `where`.
    pub(super) fn filtered(self, place: FilterPlace) -> Self {
        Self {
            filter: Some(place),
            ..self
        }
    }
}

/// Builds a tree and collects the slips in it.
pub(super) struct Builder<'t> {
    pub text: &'t str,
    slips: RefCell<Vec<Slip>>,
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

    /// Builds the whole text.
    pub(super) fn condition(&self, mut nodes: Nodes<'t>) -> Option<Expr> {
        self.expr(nodes.next()?, OUTERMOST).map(|expr| *expr)
    }

    /// Builds the whole text, which names rows.
    pub(super) fn rows(&self, mut nodes: Nodes<'t>) -> Option<Arg> {
        let argument = nodes.next()?.into_inner();
        self.argument(argument, OUTERMOST.inside()).map(|arg| *arg)
    }

    pub(super) fn expr(&self, node: Node<'t>, frame: Frame) -> Built {
        let frame = self.descend(&node, frame)?;
        LOGIC
            .map_primary(|node| self.comparison(node, frame))
            .map_prefix(|not, inner| prefixed(&not, inner, ExprKind::Not))
            .map_infix(binary)
            .parse(node.into_inner())
    }

    pub(super) fn sum(&self, node: Node<'t>, frame: Frame) -> Built {
        let frame = self.descend(&node, frame)?;
        ARITHMETIC
            .map_primary(|node| self.term(node, frame))
            .map_prefix(|minus, inner| prefixed(&minus, inner, ExprKind::Negate))
            .map_infix(binary)
            .parse(node.into_inner())
    }

    /// Counts the operations in a row, all of which may be nested.
    fn descend(&self, node: &Node<'t>, frame: Frame) -> Option<Frame> {
        let count = node.clone().into_inner().filter(is_operation).count();
        let level = frame.level + count;
        if level > MAX_LEVELS {
            self.slip(slips::too_long_chain(range(node), MAX_LEVELS));
            return None;
        }
        Some(Frame { level, ..frame })
    }

    fn comparison(&self, node: Node<'t>, frame: Frame) -> Built {
        let mut inner = node.into_inner();
        let operand = inner.next()?;
        if inner.peek().is_none() {
            return self.operand(operand, frame);
        }
        self.tested(operand, inner.collect(), frame)
    }

    fn tested(&self, operand: Node<'t>, mut tests: Vec<Node<'t>>, frame: Frame) -> Built {
        if let Some(slip) = chain::window_after_where(self.text, &operand, &tests, frame.filter) {
            self.slip(slip);
            tests.pop();
        }
        if let Some(slip) = chain::chained(self.text, &operand, &tests) {
            self.slip(slip);
        }
        let frame = frame.inside();
        let mut built = self.operand(operand, frame);
        let mut tests = tests.into_iter();
        if let Some(first) = tests.next() {
            built = self.test(built, first, frame);
        }
        for extra in tests {
            // Only to find slips: a chain has no tree.
            self.test(None, extra, frame);
        }
        built
    }

    fn operand(&self, node: Node<'t>, frame: Frame) -> Built {
        match node.as_rule() {
            Rule::top => self.top(node, frame),
            Rule::in_segment | Rule::listed => self.named_set(node),
            _ => self.sum(node, frame),
        }
    }

    fn term(&self, node: Node<'t>, frame: Frame) -> Built {
        match node.as_rule() {
            Rule::paren => self.paren(node, frame),
            Rule::call | Rule::plain_call => self.call(node, frame),
            _ => self.word(node),
        }
    }

    fn paren(&self, node: Node<'t>, frame: Frame) -> Built {
        let whole = range(&node);
        let inner = self.expr(node.into_inner().nth(1)?, frame.inside())?;
        Some(expr(ExprKind::Paren(inner), whole))
    }
}

fn is_operation(node: &Node) -> bool {
    matches!(
        node.as_rule(),
        Rule::and
            | Rule::or
            | Rule::not
            | Rule::add
            | Rule::subtract
            | Rule::multiply
            | Rule::divide
            | Rule::minus
    )
}

fn prefixed(sign: &Node, inner: Built, kind: fn(Box<Expr>) -> ExprKind) -> Built {
    let inner = inner?;
    let whole = range(sign).start..inner.span.end;
    Some(expr(kind(inner), whole))
}

fn binary(left: Built, op: Node, right: Built) -> Built {
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
    Some(expr(ExprKind::Binary(op, left, right), whole))
}
