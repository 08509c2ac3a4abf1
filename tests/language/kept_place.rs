//! What is written in place of a part keeps its place in the tree: a text with slips, corrected, means what it would mean in
//! the language that the slips come from.

use muster::diagnostic::{Finding, Instead};
use muster::language::ast::{BinaryOp, Expr, ExprKind};
use muster::language::parse;

/// A condition that is told in two ways: as somebody writes it who knows another language, and as it is meant.
#[derive(Clone)]
struct Told {
    slip: String,
    /// How tightly the slip's text holds together there.
    tight: u8,
    /// With all parentheses.
    meant: String,
}

const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const TEST: u8 = 4;
/// `&` and `|` of Python.
const BITS: u8 = 5;
const SUM: u8 = 6;
const PRODUCT: u8 = 7;
const MINUS: u8 = 8;
const TERM: u8 = 9;

impl Told {
    fn new(tight: u8, slip: String, meant: String) -> Self {
        Self { slip, tight, meant }
    }

    /// Its text where it must hold as tightly as that.
    fn within(&self, least: u8) -> String {
        match self.tight < least {
            true => format!("({})", self.slip),
            false => self.slip.clone(),
        }
    }
}

/// Numbers without a pattern, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    fn number(&mut self, depth: usize) -> Told {
        let kind = if depth == 0 {
            self.below(2)
        } else {
            self.below(11)
        };
        let inner = depth.saturating_sub(1);
        match kind {
            0 | 1 => {
                let text = self.one(&["a", "b", "c", "visits.minutes", "7", "12"]);
                Told::new(TERM, text.into(), text.into())
            }
            2 | 3 => {
                let sign = self.one(&["+", "-", "–"]);
                self.two(SUM, sign, &sign.replace('–', "-"), inner)
            }
            4 | 5 => {
                let sign = self.one(&["*", "/", "×", "÷"]);
                self.two(
                    PRODUCT,
                    sign,
                    &sign.replace('×', "*").replace('÷', "/"),
                    inner,
                )
            }
            6 => {
                let of = self.number(inner);
                let slip = of.within(TERM);
                Told::new(MINUS, format!("-{slip}"), format!("(-({}))", of.meant))
            }
            7 => {
                let name = self.one(&["a", "b", "visits.minutes"]);
                let sign = self.one(&["**", " ** ", "^"]);
                // Nobody knows what `-a ^ 2` is: it is written as a term.
                let tight = if sign == "^" { MINUS } else { TERM };
                Told::new(
                    tight,
                    format!("{name}{sign}2"),
                    format!("({name} * {name})"),
                )
            }
            8 => {
                let of = self.number(inner);
                let sign = self.one(&["%", "mod"]);
                let slip = format!("{} {sign} 3", of.within(PRODUCT));
                Told::new(PRODUCT, slip, format!("mod({}, 3)", of.meant))
            }
            9 => {
                let of = self.one(&["a", "b", "(a + b)", "round(c, 2)"]);
                let words = self.one(&["50% of", "50 percent of", "half of"]);
                Told::new(TERM, format!("{words} {of}"), format!("(50% * {of})"))
            }
            _ => {
                let (of, other) = (self.number(inner), self.number(inner));
                let when = self.truth(inner);
                let call = |when: &str, of: &str, other: &str| format!("if({when}, {of}, {other})");
                let case = format!(
                    "case when {} then {} else {} end",
                    when.slip, of.slip, other.slip
                );
                let slip = match self.below(2) {
                    0 => case,
                    _ => call(&when.slip, &of.slip, &other.slip),
                };
                Told::new(TERM, slip, call(&when.meant, &of.meant, &other.meant))
            }
        }
    }

    /// An operation that is read from the left.
    fn two(&mut self, tight: u8, sign: &str, meant: &str, depth: usize) -> Told {
        let (left, right) = (self.number(depth), self.number(depth));
        let slip = format!("{} {sign} {}", left.within(tight), right.within(tight + 1));
        Told::new(
            tight,
            slip,
            format!("({} {meant} {})", left.meant, right.meant),
        )
    }

    fn sign(&mut self) -> (&'static str, &'static str) {
        let signs = [
            ("<", "<"),
            (">", ">"),
            ("==", "="),
            ("=>", ">="),
            ("=<", "<="),
            ("<>", "!="),
            ("≥", ">="),
        ];
        signs[self.below(signs.len())]
    }

    fn truth(&mut self, depth: usize) -> Told {
        let kind = if depth == 0 {
            self.below(4)
        } else {
            self.below(14)
        };
        let inner = depth.saturating_sub(1);
        match kind {
            0 => {
                let name = self.one(&["t", "u"]);
                Told::new(TERM, name.into(), name.into())
            }
            1..=3 => {
                let (left, right, (sign, meant)) =
                    (self.number(inner), self.number(inner), self.sign());
                let slip = format!("{} {sign} {}", left.within(SUM), right.within(SUM));
                Told::new(
                    TEST,
                    slip,
                    format!("({} {meant} {})", left.meant, right.meant),
                )
            }
            4 | 5 => {
                let (left, middle, right) =
                    (self.number(inner), self.number(inner), self.number(inner));
                let sign = self.one(&["<", "<=", "=", "!="]);
                let other = self.one(&["<", "<=", "="]);
                let slip = format!(
                    "{} {sign} {} {other} {}",
                    left.within(SUM),
                    middle.within(SUM),
                    right.within(SUM)
                );
                let (left, middle, right) = (left.meant, middle.meant, right.meant);
                Told::new(
                    TEST,
                    slip,
                    format!("(({left} {sign} {middle}) and ({middle} {other} {right}))"),
                )
            }
            6 | 7 => {
                let (left, right) = (self.truth(inner), self.truth(inner));
                let sign = self.one(&["and", "&&", "AND"]);
                let slip = format!("{} {sign} {}", left.within(AND), right.within(AND));
                Told::new(AND, slip, format!("({} and {})", left.meant, right.meant))
            }
            8 => {
                let (left, right) = (self.truth(inner), self.truth(inner));
                let sign = self.one(&["or", "||", "oder"]);
                let slip = format!("{} {sign} {}", left.within(OR), right.within(OR));
                Told::new(OR, slip, format!("({} or {})", left.meant, right.meant))
            }
            9 => {
                let of = self.truth(inner);
                let slip = match self.below(2) {
                    0 => format!("!{}", of.within(TERM)),
                    _ => format!("not {}", of.within(NOT)),
                };
                Told::new(NOT, slip, format!("(not {})", of.meant))
            }
            10 => {
                let (left, right) = (self.truth(inner), self.truth(inner));
                let (sign, meant) = [("&", "and"), ("|", "or")][self.below(2)];
                let slip = format!("{} {sign} {}", left.within(SUM), right.within(SUM));
                Told::new(
                    BITS,
                    slip,
                    format!("({} {meant} {})", left.meant, right.meant),
                )
            }
            11 => {
                let of = self.number(inner);
                let slip = format!("{} is null", of.within(SUM));
                Told::new(TEST, slip, format!("({} is missing)", of.meant))
            }
            12 => {
                let of = self.one(&["name", "lower(name)"]);
                let (slip, meant) = [
                    (
                        format!("{of} like \"A%\""),
                        format!("({of} starts with \"A\")"),
                    ),
                    (
                        format!("{of} is one of (1, 2)"),
                        format!("({of} in (1, 2))"),
                    ),
                    (
                        "name contains all of (\"a\", \"b\")".into(),
                        "(name contains \"a\" and name contains \"b\")".into(),
                    ),
                    ("between(a, 1, 5)".into(), "(a between 1 and 5)".into()),
                    ("neither t nor u".into(), "((not t) and (not u))".into()),
                ][self.below(5)]
                .clone();
                Told::new(
                    if meant.contains("not t") { TERM } else { TEST },
                    slip,
                    meant,
                )
            }
            _ => {
                let (one, other) = (self.truth(inner), self.truth(inner));
                let (word, sign) = [("and", "and"), ("or", "or")][self.below(2)];
                let slip = format!("{word}({}, {})", one.slip, other.slip);
                Told::new(
                    TERM,
                    slip,
                    format!("({} {sign} {})", one.meant, other.meant),
                )
            }
        }
    }

    fn condition(&mut self) -> Told {
        let of = self.truth(3);
        match self.below(5) {
            0 => {
                let rows = |of: &str| format!("count(visits where {of}) > 3");
                Told::new(TEST, rows(&of.slip), rows(&of.meant))
            }
            1 => {
                let item = self.number(2);
                let list = |item: &str| format!("a in (1, {item})");
                Told::new(TEST, list(&item.slip), list(&item.meant))
            }
            2 => {
                let bound = self.number(2);
                let between = |bound: &str| format!("a between 1 and {bound} or t");
                Told::new(OR, between(&bound.within(SUM)), between(&bound.meant))
            }
            _ => of,
        }
    }
}

/// What a tree says, without its parentheses; it does not matter how `and` and `or` are put into groups.
fn said(expr: &Expr) -> String {
    fn chain(op: BinaryOp, expr: &Expr, parts: &mut Vec<String>) {
        match &expr.kind {
            ExprKind::Paren(inner) => chain(op, inner, parts),
            ExprKind::Binary(same, left, right) if *same == op => {
                chain(op, left, parts);
                chain(op, right, parts);
            }
            _ => parts.push(said(expr)),
        }
    }
    match &expr.kind {
        ExprKind::Paren(inner) => said(inner),
        ExprKind::Not(inner) => format!("(not {})", said(inner)),
        ExprKind::Negate(inner) => format!("(minus {})", said(inner)),
        ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), ..) => {
            let mut parts = Vec::new();
            chain(*op, expr, &mut parts);
            format!("({op:?} {})", parts.join(" "))
        }
        ExprKind::Binary(op, left, right) => format!("({op:?} {} {})", said(left), said(right)),
        ExprKind::InList(not, of, items) => {
            let items: Vec<String> = items.iter().map(said).collect();
            format!("({not} {} in {})", said(of), items.join(" "))
        }
        ExprKind::Between(not, of, low, high) => {
            format!("({not} {} between {} {})", said(of), said(low), said(high))
        }
        ExprKind::Is(not, missing, of) => format!("({not} {missing} {})", said(of)),
        ExprKind::TextTest(test, not, of, text) => {
            format!("({test:?} {not} {} {})", said(of), said(text))
        }
        ExprKind::Call(call) => {
            let args = call.args.iter().map(|arg| {
                let filter = arg.filter.as_ref().map(said);
                format!("{} {}", said(&arg.expr), filter.unwrap_or_default())
            });
            format!(
                "({} {})",
                call.name.text,
                args.collect::<Vec<_>>().join(" ")
            )
        }
        other => Expr::made(other.clone()).to_string(),
    }
}

/// A text with everything corrected that is corrected unasked; none where that leaves something that cannot be read.
fn corrected(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..40 {
        let Err(failure) = parse(&text) else {
            return Some(text);
        };
        let sure = failure.slips.iter().rev().find_map(|slip| {
            let finding = Finding::new(slip.code, slip.message.as_str());
            let Instead { texts, is_all } = finding.help(slip.help.clone()?).instead();
            let [with] = texts.as_slice() else {
                return None;
            };
            is_all.then(|| (slip.span.start..slip.span.end, with.clone()))
        });
        let (place, with) = sure?;
        text.replace_range(place, &with);
    }
    None
}

#[test]
fn a_correction_means_what_is_meant() {
    let mut dice = Dice(17);
    let mut wrong = Vec::new();
    let mut read = 0;
    for _ in 0..2_000 {
        let Told { slip, meant, .. } = dice.condition();
        let Ok(tree) = parse(&meant) else { continue };
        let Some(now) = corrected(&slip).filter(|now| *now != slip) else {
            continue;
        };
        read += 1;
        if said(&parse(&now).unwrap()) != said(&tree) {
            wrong.push(format!("{slip}\n  → {now}\n  ≠ {meant}"));
        }
    }
    wrong.sort_by_key(String::len);
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 500, "{read}");
}

/// Slips with what is written for them; none where a person must say what is meant.
#[test]
fn parentheses_stand_where_they_are_needed_and_nowhere_else() {
    for (slip, now) in [
        ("not 1 < a < 5", Some("not (1 < a and a < 5)")),
        ("1 < a < 5", Some("1 < a and a < 5")),
        ("t and 1 < a < 5 and u", Some("t and 1 < a and a < 5 and u")),
        ("1 < a < b < 3", None),
        ("not a = b = 3", Some("not (a = b and b = 3)")),
        ("t = u = yes", None),
        ("status = \"a\" = yes", Some("status = \"a\"")),
        ("a / b ** 2 > 1", Some("a / (b * b) > 1")),
        ("a + b ** 2 > 1", Some("a + b * b > 1")),
        ("-a ** 2 < 1", Some("-(a * a) < 1")),
        ("-a ^ 2 < 1", None),
        ("a ** b ** 2 > 1", None),
        ("a ** 2 ** 2 > 1", None),
        (
            "visits.minutes ** 2 > 1",
            Some("visits.minutes * visits.minutes > 1"),
        ),
        ("a * b % 2 = 0", Some("mod(a * b, 2) = 0")),
        ("a / b mod 2 = 0", Some("mod(a / b, 2) = 0")),
        ("a % 2 * c = 0", Some("mod(a, 2) * c = 0")),
        ("a mod 2 * c = 0", None),
        ("a - b % 2 = 0", Some("a - mod(b, 2) = 0")),
        ("-b % 2 = 0", None),
        ("count(visits) % 2 = 0", Some("mod(count(visits), 2) = 0")),
        ("(a + b) % 2 = 0", Some("mod((a + b), 2) = 0")),
        ("a / 50% of b > 1", Some("a / (50% * b) > 1")),
        (
            "a / half of count(visits) > 1",
            Some("a / (50% * count(visits)) > 1"),
        ),
        ("10 % a = 0", None),
        ("a * cast(b + c as int) > 1", Some("a * (b + c) > 1")),
        (
            "not name contains all of (\"a\", \"b\")",
            Some("not (name contains \"a\" and name contains \"b\")"),
        ),
        ("and(t or u, t)", Some("((t or u) and t)")),
        ("t unless u", Some("t and not u")),
        ("t unless u and t", None),
        ("t or u but not t", None),
        ("t & u", Some("t and u")),
        ("not t & u", None),
        ("a is null = no", Some("(a is missing) = no")),
        ("x in last fiscal month", Some("x in last calendar month")),
    ] {
        assert_eq!(corrected(slip).as_deref(), now, "{slip}");
    }
}
