//! Results of rule tests: lines for display, JUnit for build servers.

use std::fmt::Write;

use super::Marks;
use super::explanation::{answer_lines, metric_lines};
use crate::chart::escaped;
use crate::testing::{Coverage, Failure, Mutation, Report, Tested};
use crate::value::Share;

/// The tests by file; failed ones with the reason.
pub fn test_lines(report: &Report, marks: &Marks) -> Vec<String> {
    let mut lines = Vec::new();
    let mut file = None;
    for test in &report.tests {
        if file != Some(&test.file) {
            file = Some(&test.file);
            lines.push(test.file.clone());
        }
        if test.failures.is_empty() {
            lines.push(format!("  ✓ {}", test.name));
            continue;
        }
        lines.push(format!("  ✗ {} (line {})", test.name, test.line));
        let failures = test.failures.iter();
        lines.extend(failures.flat_map(|failure| failure_lines(failure, marks)));
    }
    lines.push(String::new());
    let tests = marks.counted(report.tests.len(), "test");
    lines.push(match report.failed() {
        0 => format!("{tests}, all passed"),
        failed => format!("{tests}, {} failed", marks.number(failed as f64, 0)),
    });
    lines
}

/// How much of the conditions the tests cover and, if wanted, what they do not cover.
pub fn coverage_lines(coverage: &Coverage, with_gaps: bool, marks: &Marks) -> Vec<String> {
    let mut lines = vec![format!(
        "coverage {}%: {} of {} answers",
        percent(coverage.covered, coverage.possible, marks),
        marks.whole(coverage.covered),
        marks.whole(coverage.possible)
    )];
    for gap in coverage.gaps.iter().filter(|_| with_gaps) {
        let answer = gap.answer.word();
        lines.push(format!(
            "  {} `{}` is never {answer}",
            gap.place, gap.condition
        ));
        lines.push(format!("      {}; add {}", gap.reason, gap.suggestion));
    }
    lines
}

/// The rule changes that no test detects.
pub fn mutation_lines(mutation: &Mutation, marks: &Marks) -> Vec<String> {
    let noticed = mutation.mutants.saturating_sub(mutation.survivors.len());
    let mut lines = vec![format!(
        "mutation {}%: {} of {} changes of the rules are noticed",
        percent(noticed, mutation.mutants, marks),
        marks.whole(noticed),
        marks.whole(mutation.mutants)
    )];
    let survivors = mutation.survivors.iter();
    lines.extend(survivors.map(|one| format!("  {} no test fails if {}", one.place, one.change)));
    lines
}

/// A part as a percentage of the whole with one decimal, rounded down, so that 100 means all. If the whole is 0, it is
/// 100.
fn percent(part: usize, whole: usize, marks: &Marks) -> String {
    let tenths = (part * 1_000).checked_div(whole).unwrap_or(1_000);
    marks.grouped(&format!("{}.{}", tenths / 10, tenths % 10))
}

fn failure_lines(failure: &Failure, marks: &Marks) -> Vec<String> {
    let explained = failure.explained.iter().flat_map(|segment| {
        let metrics = metric_lines(std::slice::from_ref(segment));
        answer_lines(segment, marks).into_iter().chain(metrics)
    });
    let explained = explained.filter(|line| !line.is_empty());
    let explained = explained.map(|line| format!("        {line}"));
    let message = format!("      {}", failure.message);
    std::iter::once(message).chain(explained).collect()
}

/// The tests as JUnit XML: one suite per file, plus a failing one if the coverage is below the required share.
pub fn junit(report: &Report, least: Option<Share>, marks: &Marks) -> String {
    let lacks = least.filter(|least| !report.coverage.reaches(*least));
    let more = usize::from(lacks.is_some());
    let mut files: Vec<(&str, Vec<&Tested>)> = Vec::new();
    for test in &report.tests {
        match files.last_mut() {
            Some((file, tests)) if *file == test.file => tests.push(test),
            _ => files.push((&test.file, vec![test])),
        }
    }
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "<testsuites tests=\"{}\" failures=\"{}\">",
        report.tests.len() + more,
        report.failed() + more
    );
    for (file, tests) in files {
        let failed = tests.iter().filter(|test| !test.failures.is_empty());
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">",
            escaped(file),
            tests.len(),
            failed.count()
        );
        tests
            .into_iter()
            .for_each(|test| test_case(&mut text, test, marks));
        text.push_str("  </testsuite>\n");
    }
    if let Some(least) = lacks {
        let coverage = &report.coverage;
        let share = percent(coverage.covered, coverage.possible, marks);
        let least = marks.grouped(&least.in_percent());
        let _ = writeln!(
            text,
            "  <testsuite name=\"coverage\" tests=\"1\" failures=\"1\">\n    <testcase name=\"coverage\" classname=\"coverage\">\n      <failure message=\"{share}% of the answers are covered, {least}% are asked for\"/>\n    </testcase>\n  </testsuite>"
        );
    }
    text.push_str("</testsuites>\n");
    text
}

fn test_case(text: &mut String, test: &Tested, marks: &Marks) {
    let head = format!(
        "    <testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\"",
        escaped(&test.name),
        escaped(&test.person),
        escaped(&test.file),
        test.line
    );
    if test.failures.is_empty() {
        let _ = writeln!(text, "{head}/>");
        return;
    }
    let _ = writeln!(text, "{head}>");
    for failure in &test.failures {
        let lines = failure_lines(failure, marks);
        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        let _ = writeln!(
            text,
            "      <failure message=\"{}\">{}</failure>",
            escaped(&failure.message),
            lines.join("\n")
        );
    }
    text.push_str("    </testcase>\n");
}
