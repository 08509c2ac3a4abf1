//! The shipped rules over the bench's tables, once and ten times, and what somebody asks between two runs.

use std::path::Path;

/// The ids of the shipped segments.
pub const SEGMENTS: [&str; 14] = [
    "expiring_packages",
    "decreasing_frequency",
    "lead",
    "intro_offer_expiring",
    "new_client",
    "intro_offer_new_visited_once",
    "birthday",
    "low_utilization",
    "increasing_frequency",
    "high_utilization",
    "high_attend",
    "high_spend",
    "classpass_high_frequency",
    "classpass_general",
];

const CONFIG: &str = "\
database: DATABASE
results: sqlite:VARIANT.db
rules: VARIANT/*.yaml
timezone: America/New_York
subject:
  name: client
  table: clients
  key: id
  label: name
  types: { birthday: date }
  lookups:
    studio: { table: studios, key: id, by: studio_id }
scopes:
  studio: studio_id
  network: studio.network_id
collections:
  visits:       { table: visits, subject: client_id, at: attended_at }
  packages:     { table: packages, subject: client_id, at: purchased_at, types: { expires_at: instant } }
  payments:     { table: payments, subject: client_id, at: paid_at, types: { amount: money } }
  reservations: { table: reservations, subject: client_id, at: reserved_at }
";

/// So many conditions that somebody tries one after the other.
pub const DRAFTS: u32 = 5;

/// One condition with two aggregates over visits, with other thresholds and windows each time.
fn draft(n: u32) -> String {
    let days = 200 + 20 * n;
    format!(
        "segments:
  - id: draft
    name: Draft
    when: count(visits in last {days} days) >= {n} and last(visits).at < {n} days ago\n"
    )
}

/// What is added where more than segments are asked for: values, a health score, a report.
const TOLD: &str = r#"
values: { preset: visits, money: { from: payments, amount: amount, period: last 12 months } }
health:
  churn: { among: exists(visits in last 90 days), when: not exists(visits in next 90 days) }
  factors:
    - { id: recency, value: days_since(last(visits).at), zero: 60, full: 7, weight: 3, reason: "last visit {value | today | # day | # days} ago" }
    - { id: trend, value: count(visits in last 30 days) / count(visits in last 90 days), zero: 0, full: 0.33, weight: 2, reason: "comes less" }
    - { id: often, value: count(visits in last 90 days), zero: 0, full: 12, weight: 2, reason: "{value | no visits | visit | visits} in the last 90 days" }
    - { id: package, value: "if(exists(packages), days_since(last(packages).expires_at))", zero: 14, full: -14, weight: 2, reason: "package ended" }
    - { id: spent, value: "if(exists(payments), sum(payments.amount in last 90 days))", zero: 0, full: 300, weight: 1, reason: "spent {value} in 90 days" }
reports:
  - { id: managers, to: [managers@example.com], segments: all, names: 20, attach: one, when_empty: send }
mail: { from: Segments <segments@example.com>, file: outbox }
"#;

/// Writes a config each for the shipped segments, for ten times other thresholds, for ten times other
/// windows, for the shipped segments and ladder with a report, and for each draft. The results of each are in a
/// file of their own, so that phases do not find each other's.
pub fn write(folder: &Path) {
    let [shipped, ladder] = ["engagement.yaml", "rfm.yaml"].map(shipped);
    variant(folder, "fourteen", "", &[&shipped]);
    variant(folder, "told", TOLD, &[&shipped, &ladder]);
    for windows in [false, true] {
        let name = if windows { "windows" } else { "thresholds" };
        let others: Vec<String> = (1..=9).map(|n| other(&shipped, n, windows)).collect();
        let others = others.iter().map(String::as_str);
        let files: Vec<&str> = [shipped.as_str()].into_iter().chain(others).collect();
        variant(folder, name, "", &files);
    }
    for n in 1..=DRAFTS {
        variant(folder, &format!("draft_{n}"), "", &[&draft(n)]);
    }
}

/// A rule file as it is shipped.
fn shipped(name: &str) -> String {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    std::fs::read_to_string(rules.join(name)).unwrap()
}

/// A config of the fourteen for another database.
pub fn write_for(folder: &Path, name: &str, database: &str) {
    variant_of(folder, name, database, "", &[&shipped("engagement.yaml")]);
}

/// A config of the SQLite file, with what is added to it, and its rule files.
fn variant(folder: &Path, name: &str, more: &str, files: &[&str]) {
    variant_of(folder, name, "sqlite:studio.db", more, files);
}

fn variant_of(folder: &Path, name: &str, database: &str, more: &str, files: &[&str]) {
    let config = CONFIG
        .replace("VARIANT", name)
        .replace("DATABASE", database)
        + more;
    std::fs::write(folder.join(format!("{name}.yaml")), config).unwrap();
    let rules = folder.join(name);
    std::fs::create_dir_all(&rules).unwrap();
    for (n, file) in files.iter().enumerate() {
        std::fs::write(rules.join(format!("{n}.yaml")), file).unwrap();
    }
}

/// The rules again under other names, with other thresholds or other windows.
fn other(shipped: &str, n: u64, windows: bool) -> String {
    let start = shipped.find("metrics:").unwrap();
    let segments = shipped.find("segments:\n").unwrap();
    let (metrics, segments) = (&shipped[start..segments], &shipped[segments..]);
    let names: Vec<&str> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| !name.contains([' ', '#', '"']))
        .collect();
    let rename = |before: &str, word: &str| {
        let defined = before.ends_with("id: ") || before.ends_with("in segment ");
        let own = SEGMENTS.contains(&word) && defined || windows && names.contains(&word);
        own.then(|| format!("{word}_{n}"))
    };
    if windows {
        let moved = |text: &str| {
            let text = numbers(text, n, " days");
            words(
                &text.replace("2 months", &format!("{} months", 2 + n)),
                &rename,
            )
        };
        return format!("{}{}", moved(metrics), moved(segments)).replace("name: ", "name: Other ");
    }
    words(&numbers(segments, n, "%"), &rename)
}

/// Adds `n` to every whole number before `unit`, outside descriptions and comments.
fn numbers(text: &str, n: u64, unit: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let rule = !line.trim_start().starts_with('#')
            && (line.contains("when:") || line.contains("_") || line.contains("and "));
        let mut digits = String::new();
        for (place, c) in line.char_indices() {
            if c.is_ascii_digit()
                && (!digits.is_empty()
                    || !line[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            {
                digits.push(c);
                continue;
            }
            match digits.parse::<u64>() {
                Ok(number) if rule && line[place..].starts_with(unit) => {
                    out += &(number + n).to_string()
                }
                _ => out += &digits,
            }
            digits.clear();
            out.push(c);
        }
        out += &digits;
    }
    out
}

/// Puts other words for some; `rename` is given what stands before each.
fn words(text: &str, rename: &dyn Fn(&str, &str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            out += &rename(&out, &word).unwrap_or_else(|| word.clone());
            word.clear();
            out.push(c);
        }
    }
    out
}
