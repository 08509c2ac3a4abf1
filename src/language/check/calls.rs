//! Decides which of the three kinds of function a call is: over rows, over the population, or of values.

use super::advice::Place;
use super::checker::{Checker, Frame, Meaning, did_you_mean, unknown};
use super::depends::rows_of_call;
use super::fields::find;
use super::templates::with_other_arguments;
use crate::diagnostic::{Code, Finding, quoted};
use crate::language::ast::{Arg, Call, Expr, ExprKind, Span};
use crate::language::functions::{self, of_values, over_population, over_rows};
use crate::language::typed::{Function, Typed};

impl Checker<'_> {
    /// A call. Its kind is open until its name, and what its first argument names, are resolved.
    pub fn call(&mut self, call: &Call, span: Span) -> Meaning {
        let name = call.name.text.as_str();
        let of_rows = rows_of_call(call, self.catalog);
        let (of_subject, of_everyone) = (over_rows(name), over_population(name));
        let is_over_many = of_everyone.is_some() && (of_subject.is_none() || of_rows.is_none());
        if is_over_many && self.among_rows() || of_subject.is_some() && self.in_config {
            return Meaning::Value(self.aggregate_in_filter(call, span));
        }
        if let Some(function) = of_subject {
            if of_rows.is_some() || of_everyone.is_none() {
                let look = |checker: &mut Self| checker.aggregate(function, call, of_rows, span);
                return match self.frame {
                    Frame::Segment => Meaning::Value(self.of_each_member(span, look)),
                    _ => look(self),
                };
            }
            if let Some(told) = self.field_alone(call) {
                return Meaning::Value(told);
            }
        }
        if let Some(function) = of_everyone {
            return Meaning::Value(match self.frame {
                Frame::Segment => self.of_members(function, call, span),
                Frame::Member => self.many_among_members(span),
                _ => self.population(function, call, span),
            });
        }
        if self.frame == Frame::Segment && name == Function::Sample.name() {
            let look = |checker: &mut Self| Meaning::Value(checker.value_function(call, span));
            return Meaning::Value(self.of_each_member(span, look));
        }
        Meaning::Value(self.value_function(call, span))
    }

    /// Whether the current text is evaluated one row at a time: inside `where`, and in what an aggregate takes from
    /// rows.
    pub fn among_rows(&self) -> bool {
        self.in_config || matches!(self.frame, Frame::Row(_) | Frame::Taken(_))
    }

    /// What is evaluated one row at a time here, in words.
    pub fn one_row(&self) -> &'static str {
        match self.frame {
            Frame::Taken(_) => "an aggregate looks at one row at a time",
            _ => "`where` looks at one row at a time",
        }
    }

    fn aggregate_in_filter(&mut self, call: &Call, span: Span) -> Typed {
        let name = &call.name.text;
        let subject = &self.catalog.subject_name;
        let finding = if self.in_config {
            let many = &self.config.subject.plural;
            Finding::new(
                Code::AggregateInFilter,
                format!("`{name}` cannot be used in config's `where:`"),
            )
            .help(format!(
                "it looks at one row at a time; put the condition on the {many} into a rule file"
            ))
        } else {
            Finding::new(
                Code::AggregateInFilter,
                format!("`{name}` looks at every {subject}, and {}", self.one_row()),
            )
            .help(match self.of_this_collection(call) {
                Some(code) => format!("over the rows of its {subject} it is {}", quoted(&code)),
                None => format!(
                    "compare it outside the parentheses; inside `where`, use the row's columns and what is known of its {subject}, such as `{}`",
                    self.example(if name == "sum" { name } else { "count" })
                ),
            })
        };
        self.refuse(span, finding)
    }

    /// `avg(orders.amount)` for `avg(amount)` inside the `where` of orders.
    fn of_this_collection(&self, call: &Call) -> Option<String> {
        let (Frame::Row(id), [arg]) = (self.frame, call.args.as_slice()) else {
            return None;
        };
        let ExprKind::Path(path) = &arg.expr.kind else {
            return None;
        };
        let collection = self.catalog.collections.get(id)?;
        find(&collection.entity.columns, &path.first()?.text)?;
        let (name, field) = (&call.name.text, self.quote(arg.expr.span));
        over_rows(name).map(|_| format!("{name}({}.{field})", collection.name))
    }

    fn value_function(&mut self, call: &Call, span: Span) -> Typed {
        let name = call.name.text.as_str();
        let Some((function, definition)) = of_values(name) else {
            return self.unknown_function(call, span);
        };
        if let Some(scope) = &call.within {
            let finding = Finding::new(
                Code::WrongArguments,
                format!(
                    "`{name}` looks at one {} and has no `within`",
                    self.catalog.subject_name
                ),
            )
            .help("`within` belongs to functions over many, such as `avg`, `rank` or `top`");
            self.tell(scope.span, finding);
        }
        let Some(args) = self.plain_args(call) else {
            return unknown(span);
        };
        if !definition.takes.accepts(args.len()) {
            let finding = Finding::new(
                Code::WrongArguments,
                format!(
                    "`{name}` takes {}, and {}",
                    definition.takes.count(),
                    given(args.len())
                ),
            );
            let texts: Vec<String> = args.iter().map(|a| self.quote(a.span).to_owned()).collect();
            let written = with_other_arguments(name, &texts);
            if let Some(text) = self.first_that_fits(written, Place::Value) {
                return self.refuse(span, finding.help(format!("write {}", quoted(&text))));
            }
            for arg in &args {
                self.value(arg);
            }
            let help = format!("for example `{}`", definition.entry.example);
            return self.refuse(span, finding.help(help));
        }
        self.apply((function, definition), &args, span)
    }

    fn unknown_function(&mut self, call: &Call, span: Span) -> Typed {
        let name = call.name.text.as_str();
        let finding = Finding::new(
            Code::UnknownFunction,
            format!("there is no function `{name}`"),
        );
        // A metric can have the name of such a function and call it.
        if let Some(help) = self.known_elsewhere(call) {
            let whole = help.starts_with("write ");
            let place = if whole { span } else { call.name.span };
            return self.refuse(place, finding.help(help));
        }
        let finding = match self.metrics.contains_key(name) && !self.in_config {
            true => finding.help(format!(
                "`{name}` is a metric: write it without parentheses"
            )),
            false => did_you_mean(finding, name, functions::names(), || {
                Some("the language reference lists every function".to_owned())
            }),
        };
        self.refuse(
            Span {
                end: call.name.span.end,
                ..span
            },
            finding,
        )
    }

    /// The arguments of a function that accepts neither `distinct` nor `where`.
    pub fn plain_args<'e>(&mut self, call: &'e Call) -> Option<Vec<&'e Expr>> {
        let name = &call.name.text;
        for Arg {
            distinct,
            expr,
            filter,
        } in &call.args
        {
            let word = if *distinct {
                "distinct"
            } else if filter.is_some() {
                "where"
            } else {
                continue;
            };
            self.tell(
                expr.span,
                Finding::new(
                    Code::WrongArguments,
                    format!("`{word}` does not belong in `{name}` here"),
                )
                .help(match word {
                    "distinct" => {
                        "`distinct` counts different values: `count(distinct visits.class_id)`"
                    }
                    _ => "`where` chooses rows of a collection: `count(visits where …)`",
                }),
            );
            return None;
        }
        Some(call.args.iter().map(|arg| &arg.expr).collect())
    }
}

/// How many arguments a call has, in words.
pub(super) fn given(count: usize) -> String {
    match count {
        0 => "none is given".to_owned(),
        1 => "one is given".to_owned(),
        _ => format!("{count} are given"),
    }
}
