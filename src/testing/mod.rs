//! Tests of rules: made-up people, a fixed clock, and what must be true then.
//!
//! Test files are read along with config and rules ([`load`]), and run over a compiled project ([`run`]): the IR and
//! the evaluation are those of a run, over tables in memory. The database is not needed, and nothing is written.

mod bench;
mod columns;
mod coverage;
mod events;
mod given;
mod judge;
mod load;
mod moments;
mod mutation;
mod naming;
mod people;
mod plain;
mod possible;
mod real;
mod rows;
mod tables;
mod values;
mod wire;

use serde::Serialize;

pub use columns::tables_file;
pub use coverage::{Answer, Coverage, Gap};
pub use judge::Failure;
pub use load::{Suites, load};
pub use mutation::{Mutation, Survivor};
pub use naming::naming;
pub use real::{Made, NotMade, Real, of_client};

use crate::diagnostic::Finding;
use crate::engine::{EngineError, Evaluation, Keep};
use crate::project::Project;
use bench::Bench;
use coverage::coverage;
use judge::judge;
use mutation::mutation;

/// The results of the tests.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// The tests, in file order.
    pub tests: Vec<Tested>,
    /// How much of the conditions the tests cover.
    pub coverage: Coverage,
    /// Which rule changes the tests detect; `None` if not requested, or if a test failed.
    pub mutation: Option<Mutation>,
}

/// Which tests to run, and how.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only the tests with these names; an entry that is no test's name selects all tests whose name or file name
    /// contains it. Empty means all.
    pub names: Vec<String>,
    /// Whether to mutate the rules, once all tests pass.
    pub mutate: bool,
}

/// One test with its result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tested {
    /// The display name of the file.
    pub file: String,
    /// The line of its name, from 1.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// The person that it is about.
    pub person: String,
    /// The mismatches; empty if it passed.
    pub failures: Vec<Failure>,
}

/// Why no test was run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The test files have errors.
    #[error("the tests are wrong")]
    Wrong(Vec<Finding>),
    /// A generated test does not pass.
    #[error("the test that was made does not hold; this should not happen")]
    Unlike,
    /// The people cannot be evaluated.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Report {
    /// The number of failed tests.
    pub fn failed(&self) -> usize {
        let failed = self.tests.iter().filter(|test| !test.failures.is_empty());
        failed.count()
    }
}

/// Runs the tests. From then on the project reads every column plainly.
///
/// # Errors
/// The test files have errors, or nothing can be evaluated.
pub fn run(project: &mut Project, suites: &Suites, wanted: &Wanted) -> Result<Report, TestError> {
    project.read_plainly();
    let project = &*project;
    let bench = Bench::new(project, suites, &wanted.names)?;
    let situations = bench.situations.iter();
    let evaluations = situations.map(|situation| situation.evaluate(&project.ir, Keep::Everything));
    let evaluations: Vec<Evaluation> = evaluations.collect::<Result<_, _>>()?;
    let tests = bench.cases.iter().filter_map(|case| {
        let evaluation = evaluations.get(case.situation)?;
        let (line, _) = project.sources.line_column(case.test.name.location);
        Some(Tested {
            file: case.suite.path.display().to_string(),
            line,
            name: case.test.name.value.clone(),
            person: case.test.person.value.clone(),
            failures: judge(project, evaluation, case),
        })
    });
    let mut report = Report {
        tests: tests.collect(),
        coverage: coverage(project, &bench, &evaluations)?,
        mutation: None,
    };
    if wanted.mutate && report.failed() == 0 {
        report.mutation = Some(mutation(project, &bench)?);
    }
    Ok(report)
}

/// The errors in test files, checked against a project. From then on it reads every column plainly.
pub fn findings(project: &mut Project, suites: &Suites) -> Vec<Finding> {
    project.read_plainly();
    match Bench::new(project, suites, &[]) {
        Err(TestError::Wrong(findings)) => findings,
        _ => Vec::new(),
    }
}

/// The JSON Schema of a test file.
pub fn schema() -> String {
    crate::decode::schema_of::<wire::TestFile>()
}
