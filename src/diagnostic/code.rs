//! The registry of codes: one line each, stable for ever.

use serde::Serialize;

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $title:literal;)*) => {
        /// What kind of thing is wrong. The text of a code never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the registry.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The stable kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What a finding of this code does to the run.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The heading of its page.
            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }

            /// The page that `muster check --explain` shows.
            pub fn page(self) -> &'static str {
                match self { $(Code::$variant => include_str!(concat!("../../docs/codes/", $name, ".md")),)* }
            }

            pub fn parse(name: &str) -> Option<Code> {
                match name { $($name => Some(Code::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    // Files and YAML
    FileUnreadable "file-unreadable" Error "A file cannot be read";
    PathOutside "path-outside" Error "`rules:` leads out of the config's folder";
    YamlSyntax "yaml-syntax" Error "The YAML cannot be read";
    CutValue "cut-value" Error "A comma that ends a text without quotes";
    TooLarge "too-large" Error "A file, list or condition is too long";
    TooDeep "too-deep" Error "A condition is nested too deeply";
    UnknownKey "unknown-key" Error "A key that Muster does not know";
    MissingKey "missing-key" Error "A required key is missing";
    InvalidValue "invalid-value" Error "A value that does not fit its key";
    UnsetVariable "unset-variable" Error "An environment variable is not set";
    UnknownTimezone "unknown-timezone" Error "A time zone that does not exist";
    DuplicateId "duplicate-id" Error "Two things with one name";
    NoSegments "no-segments" Warning "No rule file defines a segment";
    UnreadRules "unread-rules" Warning "A file among the rules that is not read";
    UnknownBucket "unknown-bucket" Error "A bucket that no `buckets:` list names";
    LadderRest "ladder-rest" Error "A rung without `when:` that is not the last";
    UnknownFilterField "unknown-filter-field" Error "A filter by a field that config does not define";
    UnknownFieldValue "unknown-field-value" Error "A filter by a value that its field cannot have";
    NeverDue "never-due" Error "A schedule that is never due";
    ClockChange "clock-change" Warning "Runs that a change of the clocks skips or doubles";
    IdleSchedule "idle-schedule" Warning "A schedule that does nothing";
    EitherDay "either-day" Warning "A schedule by two kinds of days, of which either will do";
    IdleReport "idle-report" Warning "A report that nobody gets, or that tells of nothing";
    OpenPassword "open-password" Warning "A password that everybody on this machine can read";
    UnusedLabel "unused-label" Warning "A label for a column that is not exported";
    // Syntax of conditions
    Syntax "syntax" Error "The condition cannot be read";
    DoubleEquals "double-equals" Error "`==` where `=` is meant";
    ReversedComparison "reversed-comparison" Error "`=>` or `=<` where `>=` or `<=` is meant";
    ForeignOperator "foreign-operator" Error "An operator of another language";
    MissingQuote "missing-quote" Error "A text without its closing quote";
    CurlyQuotes "curly-quotes" Error "Typographic quotes where straight ones are meant";
    UnclosedParenthesis "unclosed-parenthesis" Error "A parenthesis that is never closed";
    StrayParenthesis "stray-parenthesis" Error "A closing parenthesis too many";
    WindowAfterWhere "window-after-where" Error "A window stands before `where`, not after it";
    BareLast "bare-last" Error "`last month` can mean two things";
    IsWithoutMissing "is-without-missing" Error "`is` only goes with `missing` and `present`";
    ChainedComparison "chained-comparison" Error "Comparisons cannot be chained";
    InvalidDate "invalid-date" Error "A date that does not exist";
    InvalidNumber "invalid-number" Error "A number out of its range";
    // Names
    UnknownName "unknown-name" Error "A name that is not defined";
    UnknownField "unknown-field" Error "A field that its table does not have";
    UnknownFunction "unknown-function" Error "A function that does not exist";
    UnknownScope "unknown-scope" Error "A scope that config does not define";
    UnknownSegment "unknown-segment" Error "A segment that no rule file defines";
    ShadowedName "shadowed-name" Warning "One name, two meanings";
    // Types
    WrongType "wrong-type" Error "A value of the wrong type";
    NotACondition "not-a-condition" Error "A condition must answer yes or no";
    WrongArguments "wrong-arguments" Error "A function called with the wrong arguments";
    UndeclaredType "undeclared-type" Error "A column whose type the database does not tell";
    UnitMismatch "unit-mismatch" Error "Units that cannot be mixed";
    InstantDifference "instant-difference" Error "The difference of two instants needs a unit";
    UnknownDay "unknown-day" Error "A text that is no day of the week";
    MisplacedDuration "misplaced-duration" Error "A duration where none can stand";
    // Shape
    Cycle "circle" Error "Definitions that need each other";
    NoTimeColumn "no-time-column" Error "A window on a collection without a time column";
    NoRowKey "no-row-key" Error "`first` and `last` need a key to break ties";
    AggregateInFilter "aggregate-in-filter" Error "An aggregate inside `where`";
    NestedAggregate "nested-aggregate" Error "A row's field where a number per subject is meant";
    TruthInPopulation "truth-in-population" Error "A yes or no where a number is meant";
    BareByClause "bare-by-clause" Error "A population function inside `by` without parentheses";
    OutOfRange "out-of-range" Warning "A comparison that is true for everybody or for nobody";
    PastDate "past-date" Warning "A date of birth where its return is meant";
    PerMemberValue "per-member-value" Error "A value of each member where one for the segment is meant";
    RowAsValue "row-as-value" Error "A row or collection used as a value";
    // The database
    MissingTable "missing-table" Stale "A table that is not in the database";
    MissingColumn "missing-column" Stale "A column that is no longer in the database";
    UtcDefault "utc-default" Warning "A time that SQLite stamps in UTC, read as one of another zone";
    AbsentValue "absent-value" Warning "A value that the data does not have";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
