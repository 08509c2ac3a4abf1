//! Findings that are allowed, in config or by a comment at their place.

use super::{LINTS, Needs, weight};
use crate::config::Config;
use crate::diagnostic::{Code, Edit, Finding, Fix, Severity, quoted, suggest};
use crate::language::without_comments;
use crate::rules::{ALLOW, RuleSet, allows as comments, line_of_comment, lines};
use crate::source::{FileId, Location, Sources, line_end, line_start, parse, replaced};

/// How to write an allow.
const FORM: &str = "write it as `# muster: allow CODE`, with a code that `muster lint` shows; \
                    anything else you want to say goes in parentheses after it";

/// Where findings can be allowed.
pub struct Allowing<'a> {
    pub sources: &'a Sources,
    pub config: &'a Config,
    pub rules: &'a RuleSet,
}

/// One allowed code.
struct Allow {
    code: Code,
    /// Where the allow is written.
    location: Location,
    /// Where it applies; everywhere if it is in config.
    range: Option<Location>,
}

/// The fix that allows a finding by a comment, on a line of its own above what the finding is about. `None` if the finding is not a warning, or if
/// a comment there would be part of a value.
pub fn allow_fix(finding: &Finding, sources: &Sources) -> Option<Fix> {
    let place = finding.location?;
    // An allow that allows nothing is not itself allowed, but taken out or rewritten.
    let is_warning = finding.severity == Severity::Warning
        && finding.code.severity() == finding.severity
        && finding.code != Code::IdleAllow;
    let file = sources.get(place.file).filter(|_| is_warning)?;
    let start = line_start(&file.text, place.start);
    let line = file.text.get(start..)?;
    let indent = line.get(..line.len() - line.trim_start_matches(' ').len())?;
    let code = finding.code.name();
    let text = format!("{indent}{}{code}{}", ALLOW, line_end(&file.text));
    let edited = replaced(&file.text, vec![(start..start, text.clone())]);
    let read = |text: &str| -> Option<Vec<String>> {
        let tree = parse(place.file, text).ok()?;
        let scalars = tree.scalars().into_iter();
        Some(scalars.map(|one| without_comments(&one.value)).collect())
    };
    let is_comment = || read(&file.text).is_some_and(|before| read(&edited) == Some(before));
    is_comment().then(|| Fix {
        title: format!("allow `{code}` here"),
        is_sure: false,
        edits: vec![Edit {
            location: Location {
                start,
                end: start,
                ..place
            },
            text,
        }],
    })
}

/// The findings without those that are allowed. Adds findings for allows that name no code of a warning, and, if `findings` are `all` that there
/// can be, for allows that allow nothing.
pub fn allowed(findings: Vec<Finding>, allowing: &Allowing<'_>, all: bool) -> Vec<Finding> {
    let (allows, mut wrong) = allows(allowing);
    let mut used = vec![false; allows.len()];
    let mut kept = findings;
    kept.retain(|finding| {
        let mut is_allowed = false;
        for (allow, used) in allows.iter().zip(&mut used) {
            let covers = allow.code == finding.code
                && finding.severity == Severity::Warning
                && allow
                    .range
                    .is_none_or(|range| finding.location.is_some_and(|place| range.touches(place)));
            *used |= covers;
            is_allowed |= covers;
        }
        !is_allowed
    });
    let idle = allows.iter().zip(&used);
    let idle = idle.filter(|(allow, used)| all && !**used && !comes_and_goes(allow.code));
    wrong.extend(idle.map(|(allow, _)| {
        let message = format!(
            "this allows nothing: there is no `{}` here",
            allow.code.name()
        );
        Finding::new(Code::IdleAllow, message)
            .at(allow.location)
            .help("take it out, so that it does not hide one some day")
    }));
    kept.extend(wrong);
    kept
}

/// Whether findings of a code depend on today's data, so that the allow may be needed again tomorrow.
fn comes_and_goes(code: Code) -> bool {
    let lints = LINTS.iter().filter(|lint| lint.code == code);
    let mut needs = lints.map(|lint| &lint.needs);
    needs.all(|needs| matches!(needs, Needs::Data(_) | Needs::Gathered | Needs::People))
}

fn allows(allowing: &Allowing<'_>) -> (Vec<Allow>, Vec<Finding>) {
    let config = allowing.config.allow.iter().map(|allowed| Allow {
        code: allowed.code,
        location: allowed.location,
        range: None,
    });
    let mut allows: Vec<Allow> = config.collect();
    let mut wrong = Vec::new();
    let segments = segments(allowing.rules);
    let files = allowing.rules.files.iter().chain([&allowing.config.file]);
    for file in files {
        let text = allowing
            .sources
            .get(*file)
            .map_or("", |file| file.text.as_str());
        let others = lines(text).filter(|(_, line)| !line.contains(ALLOW));
        wrong.extend(others.filter_map(|(start, line)| misspelt(line, *file, start)));
        for comment in comments(text) {
            let line = Location {
                file: *file,
                start: comment.line.start,
                end: comment.line.end,
            };
            let range = whole_segment(&segments, line);
            let mut at = comment.at;
            // The text in parentheses is for people.
            let codes = comment.codes.split('(').next().unwrap_or_default();
            for word in codes.split(',') {
                let name = word.trim();
                let first = at + word.len() - word.trim_start().len();
                at += word.len() + 1;
                let location = Location {
                    file: *file,
                    start: first,
                    end: first + name.len(),
                };
                match code_of(name) {
                    Ok(code) => allows.push(Allow {
                        code,
                        location,
                        range: Some(range),
                    }),
                    Err(finding) => wrong.push(finding.at(location)),
                }
            }
        }
    }
    (allows, wrong)
}

fn code_of(name: &str) -> Result<Code, Finding> {
    let known = Code::parse(name);
    let is_warning = |code: &Code| code.severity() == Severity::Warning;
    if let Some(code) = known.filter(is_warning) {
        return Ok(code);
    }
    let message = match known {
        Some(_) => format!("`{name}` is not a warning, so it cannot be allowed"),
        None => format!("there is no code `{name}`"),
    };
    let codes = Code::ALL.iter().filter(|code| is_warning(code));
    let near = suggest(name, codes.map(|code| code.name()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`muster lint` shows the codes of what it finds".to_owned(),
    };
    Err(Finding::new(Code::IdleAllow, message).help(help))
}

/// The finding for a comment that reads like an allow but is not one.
fn misspelt(line: &str, file: FileId, start: usize) -> Option<Finding> {
    let lower = line.to_ascii_lowercase();
    let mut comments = line.match_indices('#');
    // Where the comment begins, and where what it allows begins.
    let (at, behind) = comments.find_map(|(at, _)| {
        let words = lower.get(at + 1..)?.trim_start().strip_prefix("muster")?;
        let rest = words.trim_start_matches([':', ' ']).strip_prefix("allow")?;
        (!rest.starts_with(char::is_alphabetic)).then(|| (at, line.len() - rest.len()))
    })?;
    let allowed = line.get(behind..).unwrap_or_default();
    let allowed = allowed.trim_start_matches([':', ' ']).trim_end();
    let codes = allowed.split('(').next().unwrap_or_default();
    let are_codes = codes.split(',').all(|code| code_of(code.trim()).is_ok());
    let help = match are_codes {
        true => format!("write {}", quoted(&format!("{ALLOW}{allowed}"))),
        false => FORM.to_owned(),
    };
    let location = Location {
        file,
        start: start + at,
        end: start + line.trim_end().len(),
    };
    let finding = Finding::new(
        Code::IdleAllow,
        "this allows nothing: it is not in the right form",
    );
    Some(finding.at(location).help(help))
}

/// The places of the segments, in the order of the files.
fn segments(rules: &RuleSet) -> Vec<Location> {
    let mut places: Vec<Location> = rules.segments.iter().map(|one| one.place).collect();
    places.sort_by_key(|place| (place.file, place.start));
    places
}

/// The place of the whole segment, if a line is the first of one.
fn whole_segment(segments: &[Location], line: Location) -> Location {
    let from_here =
        segments.partition_point(|place| (place.file, place.start) < (line.file, line.start));
    let first = segments
        .get(from_here)
        .filter(|place| line.touches(**place));
    Location {
        end: first.map_or(line.end, |place| place.end.max(line.end)),
        ..line
    }
}

/// Puts findings in the order in which they are worth reading: the segment with the worst finding first, with the findings of a segment together,
/// and those that belong to no segment last.
pub fn by_segment<'f>(
    findings: &'f [Finding],
    rules: &RuleSet,
    sources: &Sources,
) -> Vec<(Option<String>, Vec<&'f Finding>)> {
    let owner = |finding: &Finding| {
        let place = finding.location?;
        // The comment may stand after the values of its segment, or above it.
        let line = (finding.code == Code::IdleAllow).then(|| {
            let text = sources.get(place.file).map_or("", |file| &file.text);
            let line = line_of_comment(text, place.start);
            Location {
                start: line.start,
                end: line.end,
                ..place
            }
        });
        let mut segments = rules.segments.iter();
        let segment = segments.find(|segment| match line {
            Some(line) => segment.place.touches(line) || line.touches(segment.place),
            None => segment.place.touches(place),
        })?;
        Some(segment.id.value.clone())
    };
    let mut groups: Vec<(Option<String>, Vec<&Finding>)> = Vec::new();
    for finding in findings {
        let owner = owner(finding);
        match groups.iter_mut().find(|(known, _)| *known == owner) {
            Some((_, group)) => group.push(finding),
            None => groups.push((owner, vec![finding])),
        }
    }
    let key = |finding: &Finding| (std::cmp::Reverse(finding.severity), weight(finding.code));
    for (_, group) in &mut groups {
        group.sort_by_key(|finding| key(finding));
    }
    groups.sort_by_key(|(owner, group)| (owner.is_none(), group.first().map(|first| key(first))));
    groups
}
