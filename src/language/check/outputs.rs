//! What is requested besides the rules: columns of exports, the filters of reports, how fresh the data is.

use super::checker::Checker;
use super::fields::find;
use super::text_reader::TextReader;
use super::{MetricDefinition, unknown};
use crate::catalog::Catalog;
use crate::language::Expr;
use crate::language::ast::{Arg, Call, ExprKind, Name, Span};
use crate::source::Scalar;

/// An output requested besides the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The text that requests it; mistakes are reported there.
    pub text: Scalar,
    /// What the text means.
    pub form: OutputForm,
}

/// What the text of an output means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputForm {
    /// An expression.
    Expression,
    /// A column of the subject by its name in the database, or an expression.
    Column,
    /// A collection: the time of a subject's newest row.
    NewestOf,
    /// Nothing any more: it was reported as wrong.
    LeftOut,
}

impl Output {
    /// The output as a tree; `None` if it cannot be parsed.
    pub(super) fn read(&self, catalog: &Catalog, reader: &mut TextReader<'_>) -> Option<Expr> {
        let text = &self.text.value;
        let made = match self.form {
            OutputForm::Expression => None,
            OutputForm::Column => find(&catalog.subject.columns, text)
                .map(|(column, _)| ExprKind::Path(vec![self.name(column)])),
            OutputForm::NewestOf => Some(ExprKind::Call(Call {
                name: self.name("max"),
                args: vec![Arg {
                    distinct: false,
                    expr: self.made(ExprKind::Path(vec![self.name(text), self.name("at")])),
                    filter: None,
                }],
                within: None,
            })),
            OutputForm::LeftOut => return None,
        };
        let Some(made) = made else {
            return reader.read(&self.text);
        };
        let mut tree = self.made(made);
        reader.source_map.add(self.text.clone(), &mut tree);
        Some(tree)
    }

    fn made(&self, kind: ExprKind) -> Expr {
        Expr {
            span: self.span(),
            ..Expr::made(kind)
        }
    }

    fn name(&self, name: &str) -> Name {
        Name {
            text: name.to_owned(),
            span: self.span(),
        }
    }

    /// The span of the whole text.
    fn span(&self) -> Span {
        Span {
            text: None,
            start: 0,
            end: self.text.value.len(),
        }
    }
}

impl Checker<'_> {
    /// The checked outputs; a row for one that is not a value.
    pub fn outputs(&mut self, trees: &[Option<Expr>]) -> Vec<MetricDefinition> {
        let checked = trees.iter().map(|tree| match tree {
            Some(tree) => self.definition(tree),
            None => MetricDefinition::Value(unknown(Span::default())),
        });
        checked.collect()
    }
}
