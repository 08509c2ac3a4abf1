//! Every slip: where it is found, under which code, in which words.

use std::fmt::Write;

use muster::language::{ParseFailure, parse};

/// The slips of the cases in a file, one under the other.
fn told(cases: &str) -> String {
    let mut out = String::new();
    for text in cases.split("\n---\n") {
        match parse(text) {
            Ok(expr) => panic!("`{text}` is read as `{expr}`"),
            Err(failure) => tell(text, &failure, &mut out),
        }
    }
    out
}

fn tell(text: &str, failure: &ParseFailure, out: &mut String) {
    assert!(!failure.slips.is_empty());
    writeln!(
        out,
        "━━ {}",
        text.escape_debug()
            .to_string()
            .replace("\\\"", "\"")
            .replace("\\'", "'")
    )
    .unwrap();
    for slip in &failure.slips {
        let place = text.get(slip.span.start..slip.span.end).unwrap();
        assert!(!slip.message.ends_with('.'), "{}", slip.message);
        writeln!(
            out,
            "{} ‹{}›: {}",
            slip.code.name(),
            place
                .escape_debug()
                .to_string()
                .replace("\\\"", "\"")
                .replace("\\'", "'"),
            slip.message
        )
        .unwrap();
        if let Some(label) = &slip.label {
            writeln!(out, "    ^ {label}").unwrap();
        }
        if let Some(help) = &slip.help {
            writeln!(out, "    = {help}").unwrap();
        }
    }
}

#[test]
fn slips_by_name() {
    insta::assert_snapshot!(told(include_str!("slips_by_name.txt").trim_end()));
}

#[test]
fn other_syntax_errors() {
    insta::assert_snapshot!(told(include_str!("other_syntax_errors.txt").trim_end()));
}

#[test]
fn too_large_and_too_deep() {
    let code = |text: &str| parse(text).unwrap_err().slips[0].code.name();
    assert_eq!(code(&"a".repeat(65 * 1024)), "too-large");
    let deep = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert!(parse(&deep(120)).is_ok());
    assert_eq!(code(&deep(129)), "too-deep");
    let chain = |n: usize| vec!["a = 1"; n].join(" or ");
    assert!(parse(&chain(200)).is_ok());
    assert_eq!(code(&chain(5_000)), "too-deep");
    assert!(parse(&format!("x in ({})", vec!["1"; 9_000].join(","))).is_ok());
}

/// On the stack of a spawned thread, 2 MB, as small as any that parses.
#[test]
fn no_depth_exhausts_the_stack() {
    std::thread::spawn(|| {
        for part in [
            "(",
            "not ",
            "-",
            "f(",
            "not (",
            "-(",
            "a <",
            "a +",
            "x in (",
            "top 1 by (",
            "if(a, ",
            "!",
            "a = not ",
        ] {
            for count in [127, 128, 129, 1_000, 10_000, 100_000] {
                let open = part.repeat(count);
                assert!(parse(&open).is_err(), "{part} {count}");
                let closed = format!("{open}a{}", ")".repeat(part.matches('(').count() * count));
                if let Ok(expr) = parse(&closed) {
                    assert!(count < 256);
                    assert_eq!(parse(&expr.to_string()), Ok(expr));
                }
            }
        }
    })
    .join()
    .unwrap();
}
