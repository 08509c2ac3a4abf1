//! From texts, a database's columns and what the last run left to a [`Project`]: pure. It opens nothing and knows
//! no clock, and where something is wrong it gives what could be understood all the same.

use std::collections::BTreeSet;
use std::path::Path;

use super::unread::{Unread, is_unread};
use super::{Outputs, Project, columns, reports, unfilled};
use crate::catalog::{self, RememberedColumns, Schema};
use crate::config::{self, Config};
use crate::decode::Environment;
use crate::diagnostic::{Code, Finding, sort};
use crate::ir::Request;
use crate::language::check::{self, Broken};
use crate::lint::{self, ConfigFile};
use crate::lists::{self, List};
use crate::rules::{Draft, RuleSet};
use crate::source::Sources;
use crate::value::KeyType;
use crate::{ir, rules};

/// Config and rules as they are written, typed as far as they can be read. Read through [`Sources`], from the disk
/// or from memory; nothing has been held against a database.
#[derive(Debug)]
pub struct Written {
    /// The files, for quoting.
    pub sources: Sources,
    /// The configuration.
    pub config: Config,
    /// The rules.
    pub rules: RuleSet,
    /// What config's lists hold.
    pub lists: Vec<List>,
    /// What is wrong so far.
    pub findings: Vec<Finding>,
    /// Whether config itself is wrong: then it is never enough to run.
    config_is_wrong: bool,
}

/// What the last published run left that matters to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    /// The columns that it read.
    pub columns: RememberedColumns,
    /// What its keys were.
    pub keys: Option<KeyType>,
    /// The ids of its segments.
    pub segments: BTreeSet<String>,
}

/// What is asked for beside the rules.
#[derive(Debug, Default)]
pub struct Asked {
    /// What a command needs, checked and lowered like all else.
    pub outputs: Outputs,
    /// Whether what the reports need is lowered; it is checked in any case.
    pub with_reports: bool,
}

/// Nothing can be evaluated: the files, to quote, and everything that was found.
pub type Refused = (Sources, Vec<Finding>);

impl Written {
    /// Reads config and the rule files that it names, as if a draft were written already. `env` answers `${NAME}`.
    ///
    /// # Errors
    /// Nothing can be made of config.
    pub fn read(
        mut sources: Sources,
        config: &Path,
        env: Environment<'_>,
        draft: Option<&Draft>,
    ) -> Result<Self, Refused> {
        let read = config::read(config, &mut sources, env);
        Self::with_config(sources, read, draft)
    }

    /// The same, with config and its findings as they were read.
    ///
    /// # Errors
    /// Nothing can be made of config.
    pub(super) fn with_config(
        mut sources: Sources,
        (config, mut findings): (Option<Config>, Vec<Finding>),
        draft: Option<&Draft>,
    ) -> Result<Self, Refused> {
        let Some(config) = config else {
            return Err((sources, findings));
        };
        let config_is_wrong = findings.iter().any(Finding::is_error);
        findings.extend(lint::of_config(&ConfigFile {
            config: &config,
            sources: &sources,
            is_wrong: config_is_wrong,
        }));
        let (rules, found) = rules::load_with(&config, &mut sources, draft);
        findings.extend(found);
        let (lists, found) = lists::load(&config, &mut sources);
        findings.extend(found);
        Ok(Self {
            sources,
            config,
            rules,
            lists,
            findings,
            config_is_wrong,
        })
    }

    /// What was read before, and is right.
    pub fn of(sources: Sources, config: Config, rules: RuleSet, lists: Vec<List>) -> Self {
        Self {
            sources,
            config,
            rules,
            lists,
            findings: Vec::new(),
            config_is_wrong: false,
        }
    }

    /// Leaves out findings, as where the half of what is written is not known.
    pub fn forgive(&mut self, is_forgiven: impl Fn(&Finding, &Sources) -> bool) {
        let sources = &self.sources;
        self.findings
            .retain(|finding| !is_forgiven(finding, sources));
        let file = self.config.file;
        let of_config = |f: &Finding| f.location.is_none_or(|place| place.file == file);
        let mut errors = self.findings.iter().filter(|f| f.is_error());
        self.config_is_wrong &= errors.any(of_config);
    }

    /// Whether config itself is wrong, so that nobody knows which database is meant.
    pub fn is_without_config(&self) -> bool {
        self.config_is_wrong
    }

    /// Whether something could not be read, so that whatever speaks of it would be missed again.
    fn is_incomplete(&self) -> bool {
        self.config_is_wrong || self.findings.iter().any(is_unread)
    }
}

/// Compiles what is written against a database's columns. Where findings of the project are errors, it holds the
/// segments and metrics that are right, without those that are wrong and whatever speaks of them.
///
/// # Errors
/// Config is wrong, or a condition that it asks of everybody: then nothing can be evaluated.
pub fn compile(
    written: Written,
    schema: &Schema,
    remembered: &Remembered,
    asked: Asked,
) -> Result<Project, Refused> {
    let is_incomplete = written.is_incomplete();
    let Written {
        sources,
        config,
        mut rules,
        lists,
        mut findings,
        config_is_wrong,
    } = written;
    let Asked {
        mut outputs,
        with_reports,
    } = asked;
    // What reports and exports need is checked whatever is asked for.
    let mut unasked = Outputs::default();
    let reports = match with_reports {
        true => reports::planned(&config, &mut outputs),
        false => {
            reports::planned(&config, &mut unasked);
            Vec::new()
        }
    };
    for name in &config.export.columns {
        columns::column(&config, name, &mut unasked);
    }
    let lowered = outputs.len();
    let mut outputs = outputs.and(unasked);
    if rules.segments.is_empty() {
        missed(&mut findings, remembered.segments.len());
    }
    let (mut catalog, found) = catalog::build(&config, schema, &remembered.columns);
    catalog.key_types.before = remembered.keys;
    catalog.fill(&lists);
    unfilled::settle(&mut catalog, schema, |catalog| {
        check::check(&rules, &config, catalog, outputs.all(), &sources).1
    });
    let mut told = Vec::new();
    told.extend(found);
    let check = |rules: &RuleSet, outputs: &Outputs| {
        check::check(rules, &config, &catalog, outputs.all(), &sources)
    };
    let (mut checked, found) = check(&rules, &outputs);
    let names = checked.names();
    let mut is_wrong = found.iter().any(Finding::is_error);
    told.extend(found);
    told.extend(columns::check(&config, outputs.all(), &checked));
    told.extend(reports::check(
        &config,
        &rules,
        &catalog,
        (outputs.all(), &checked),
    ));
    if is_incomplete {
        let unread = Unread::of(&findings, config_is_wrong, &sources);
        told.retain(|finding| !unread.explains(finding));
    }
    findings.append(&mut told);
    while is_wrong && leave_out(&checked.broken, &mut rules, &mut outputs) {
        let (again, found) = check(&rules, &outputs);
        checked = again;
        is_wrong = found.iter().any(Finding::is_error);
    }
    if config_is_wrong || is_wrong {
        sort(&mut findings);
        return Err((sources, findings));
    }
    checked.outputs.truncate(lowered);
    let mut request = Request::rules();
    for output in &checked.outputs {
        request.ask(output);
    }
    let ir = ir::lower(&rules, &checked, &catalog, &request);
    let mut project = Project {
        sources,
        config,
        rules,
        catalog,
        lists,
        checked,
        names,
        ir,
        reports,
        schema: schema.clone(),
        remembered: remembered.clone(),
        findings,
    };
    if !project.findings.iter().any(Finding::is_error) {
        let found = lint::of_schema(&project.compiled(), schema);
        project.findings.extend(found);
    }
    sort(&mut project.findings);
    Ok(project)
}

/// Leaves out what is broken, all at once; false where nothing of it can be left out.
fn leave_out(broken: &Broken, rules: &mut RuleSet, outputs: &mut Outputs) -> bool {
    let from_rules = rules.leave_out(&broken.metrics, &broken.segments);
    outputs.leave_out(&broken.outputs) || from_rules
}

/// Says of rule files that define no segment what a run would make of it.
fn missed(findings: &mut [Finding], before: usize) {
    let told = findings.iter_mut().find(|f| f.code == Code::NoSegments);
    if let Some(told) = told.filter(|_| before > 0) {
        let help = told.help.take().unwrap_or_default();
        told.help = Some(format!(
            "{help}; the last run had {before}, and one without any is held until `muster run --accept` publishes it"
        ));
    }
}
