//! Tests of rules: people made up for them, a clock that stands still, and what must be true then.
//!
//! Test files are read beside config and rules ([`load`]), and run over a compiled project ([`run`]): the same IR and
//! the same evaluation as in a run, over tables in memory. The database is not needed, and nothing is written.

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

/// What came of the tests.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// The tests, in the order of the files.
    pub tests: Vec<Tested>,
    /// What the tests ask of the conditions.
    pub coverage: Coverage,
    /// Which changes of the rules the tests notice; none where that was not asked, or a test failed.
    pub mutation: Option<Mutation>,
}

/// What is wanted of the tests.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only the tests of these names, or where one is no name, those whose names or files' names hold it; all of them where
    /// there are none.
    pub names: Vec<String>,
    /// Whether to change the rules, once all tests pass.
    pub mutate: bool,
}

/// One test and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tested {
    /// The file, as it is shown.
    pub file: String,
    /// The line of its name, from 1.
    pub line: usize,
    /// What it shows.
    pub name: String,
    /// Whom it is about.
    pub person: String,
    /// What is not as it says; none where it passed.
    pub failures: Vec<Failure>,
}

/// Why no test was run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The test files are wrong.
    #[error("the tests are wrong")]
    Wrong(Vec<Finding>),
    /// A test that was made does not hold.
    #[error("the test that was made does not hold; this should not happen")]
    Unlike,
    /// The people cannot be evaluated.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Report {
    /// How many tests failed.
    pub fn failed(&self) -> usize {
        let failed = self.tests.iter().filter(|test| !test.failures.is_empty());
        failed.count()
    }
}

/// Runs the tests. From now on the project reads every column plainly.
///
/// # Errors
/// Something in the test files is wrong, or nothing can be evaluated.
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

/// What is wrong with test files, held against a project. From now on it reads every column plainly.
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
