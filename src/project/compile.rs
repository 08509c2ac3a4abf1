//! Compiles texts, a database's columns and what the last run left into a [`Project`]. Pure: it opens nothing and reads
//! no clock. If something is wrong, it still returns what could be understood.

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

/// Config and rules as written, typed as far as they can be read. They are read through [`Sources`], from disk or from
/// memory, and have not been checked against a database.
#[derive(Debug)]
pub struct Written {
    /// The files, for quoting.
    pub sources: Sources,
    /// The configuration.
    pub config: Config,
    /// The rules.
    pub rules: RuleSet,
    /// The contents of config's lists.
    pub lists: Vec<List>,
    /// The problems found so far.
    pub findings: Vec<Finding>,
    /// Whether config itself is wrong, so that nothing can be run.
    config_is_wrong: bool,
}

/// What the last published run left that affects the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    /// The columns that it read.
    pub columns: RememberedColumns,
    /// The type of its keys.
    pub keys: Option<KeyType>,
    /// The ids of its segments.
    pub segments: BTreeSet<String>,
}

/// What is requested besides the rules.
#[derive(Debug, Default)]
pub struct Asked {
    /// What a command needs, checked and lowered like everything else.
    pub outputs: Outputs,
    /// Whether what the reports need is lowered too; it is checked in any case.
    pub with_reports: bool,
}

/// Nothing can be evaluated: the files, to quote from, and everything that was found.
pub type Refused = (Sources, Vec<Finding>);

impl Written {
    /// Reads config and the rule files that it names. A draft counts as if it were already written. `env` resolves
    /// `${NAME}`.
    ///
    /// # Errors
    /// If config cannot be understood at all.
    pub fn read(
        mut sources: Sources,
        config: &Path,
        env: Environment<'_>,
        draft: Option<&Draft>,
    ) -> Result<Self, Refused> {
        let read = config::read(config, &mut sources, env);
        Self::with_config(sources, read, draft)
    }

    /// The same, with config and its findings already read.
    ///
    /// # Errors
    /// If config cannot be understood at all.
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

    /// What was read before and has no errors.
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

    /// Removes findings, for example if only half of what is written is known.
    pub fn forgive(&mut self, is_forgiven: impl Fn(&Finding, &Sources) -> bool) {
        let sources = &self.sources;
        self.findings
            .retain(|finding| !is_forgiven(finding, sources));
        let file = self.config.file;
        let of_config = |f: &Finding| f.location.is_none_or(|place| place.file == file);
        let mut errors = self.findings.iter().filter(|f| f.is_error());
        self.config_is_wrong &= errors.any(of_config);
    }

    /// Whether config itself is wrong, so that it is unknown which database is meant.
    pub fn is_without_config(&self) -> bool {
        self.config_is_wrong
    }

    /// Whether something could not be read, so that anything that refers to it would be reported as missing.
    fn is_incomplete(&self) -> bool {
        self.config_is_wrong || self.findings.iter().any(is_unread)
    }
}

/// Compiles what is written against a database's columns. If the findings include errors, the project holds the
/// segments and metrics that are right, without those that are wrong or refer to something wrong.
///
/// # Errors
/// If config is wrong, or a condition that it applies to all subjects: then nothing can be evaluated.
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
    // What reports and exports need is checked, whatever is requested.
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

/// Removes everything that is broken at once; false if nothing of it can be removed.
fn leave_out(broken: &Broken, rules: &mut RuleSet, outputs: &mut Outputs) -> bool {
    let from_rules = rules.leave_out(&broken.metrics, &broken.segments);
    outputs.leave_out(&broken.outputs) || from_rules
}

/// Adds to the finding about rule files without segments what a run would do.
fn missed(findings: &mut [Finding], before: usize) {
    let told = findings.iter_mut().find(|f| f.code == Code::NoSegments);
    if let Some(told) = told.filter(|_| before > 0) {
        let help = told.help.take().unwrap_or_default();
        told.help = Some(format!(
            "{help}; the last run had {before}, and one without any is held until `muster run --accept` publishes it"
        ));
    }
}
