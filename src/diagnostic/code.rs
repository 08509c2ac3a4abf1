//! The registry of codes: one line each, stable for ever. The meaning of each is documented on its page in
//! `docs/codes/`.

use serde::Serialize;

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident;)*) => {
        /// The kind of a finding. The text of a code never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(
                #[doc = include_str!(concat!("../../docs/codes/", $name, ".md"))]
                $variant,
            )*
        }

        impl Code {
            /// Every code, in registry order.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The stable kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The effect of a finding with this code on the run.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The page shown by `muster check --explain`.
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
    FileUnreadable "file-unreadable" Error;
    PathOutside "path-outside" Error;
    YamlSyntax "yaml-syntax" Error;
    CutValue "cut-value" Error;
    TooLarge "too-large" Error;
    TooDeep "too-deep" Error;
    UnknownKey "unknown-key" Error;
    MissingKey "missing-key" Error;
    InvalidValue "invalid-value" Error;
    UnsetVariable "unset-variable" Error;
    UnknownTimezone "unknown-timezone" Error;
    DuplicateId "duplicate-id" Error;
    NoSegments "no-segments" Warning;
    UnreadRules "unread-rules" Warning;
    UnknownBucket "unknown-bucket" Error;
    LadderRest "ladder-rest" Error;
    UnknownFilterField "unknown-filter-field" Error;
    UnknownFieldValue "unknown-field-value" Error;
    NeverDue "never-due" Error;
    ClockChange "clock-change" Warning;
    IdleSchedule "idle-schedule" Warning;
    EitherDay "either-day" Warning;
    IdleReport "idle-report" Warning;
    OpenPassword "open-password" Warning;
    UnusedLabel "unused-label" Warning;
    UnreplacedVariable "unreplaced-variable" Warning;
    // Syntax of conditions
    Syntax "syntax" Error;
    DoubleEquals "double-equals" Error;
    ReversedComparison "reversed-comparison" Error;
    ForeignOperator "foreign-operator" Error;
    MissingQuote "missing-quote" Error;
    SwallowedLine "swallowed-line" Error;
    CurlyQuotes "curly-quotes" Error;
    UnclosedParenthesis "unclosed-parenthesis" Error;
    StrayParenthesis "stray-parenthesis" Error;
    WindowAfterWhere "window-after-where" Error;
    BareLast "bare-last" Error;
    IsWithoutMissing "is-without-missing" Error;
    ChainedComparison "chained-comparison" Error;
    InvalidDate "invalid-date" Error;
    InvalidNumber "invalid-number" Error;
    // Names
    UnknownName "unknown-name" Error;
    UnknownField "unknown-field" Error;
    UnknownFunction "unknown-function" Error;
    UnknownScope "unknown-scope" Error;
    UnknownSegment "unknown-segment" Error;
    UnknownList "unknown-list" Error;
    ShadowedName "shadowed-name" Warning;
    // Types
    WrongType "wrong-type" Error;
    NotACondition "not-a-condition" Error;
    WrongArguments "wrong-arguments" Error;
    UndeclaredType "undeclared-type" Error;
    UnitMismatch "unit-mismatch" Error;
    InstantDifference "instant-difference" Error;
    UnknownDay "unknown-day" Error;
    MisplacedDuration "misplaced-duration" Error;
    // Shape
    Cycle "circle" Error;
    NoTimeColumn "no-time-column" Error;
    NoFiscalYear "no-fiscal-year" Error;
    NoRowKey "no-row-key" Error;
    AggregateInFilter "aggregate-in-filter" Error;
    NestedAggregate "nested-aggregate" Error;
    TruthInPopulation "truth-in-population" Error;
    BareByClause "bare-by-clause" Error;
    OutOfRange "out-of-range" Warning;
    PastDate "past-date" Warning;
    LetterOrder "letter-order" Warning;
    PercentNumber "percent-number" Warning;
    NeverTrue "never-true" Warning;
    AlwaysTrue "always-true" Warning;
    DeadClause "dead-clause" Warning;
    InsideSegment "inside-segment" Warning;
    EqualSegment "equal-segment" Warning;
    // People
    StaleSegment "stale-segment" Warning;
    NoMembers "no-members" Warning;
    IdleRung "idle-rung" Warning;
    AllMembers "all-members" Warning;
    MissingTrap "missing-trap" Warning;
    IdleClause "idle-clause" Warning;
    Cliff "cliff" Warning;
    Flapping "flapping" Warning;
    IdleAllow "idle-allow" Warning;
    PerMemberValue "per-member-value" Error;
    RowAsValue "row-as-value" Error;
    // The database
    MissingTable "missing-table" Stale;
    MissingColumn "missing-column" Stale;
    UtcDefault "utc-default" Warning;
    HeadingRow "heading-row" Warning;
    RepeatedKey "repeated-key" Warning;
    RepeatedRow "repeated-row" Warning;
    SplitTable "split-table" Warning;
    StrayRows "stray-rows" Warning;
    HiddenRows "hidden-rows" Warning;
    SeveralCurrencies "several-currencies" Warning;
    MisreadColumn "misread-column" Warning;
    AbsentValue "absent-value" Warning;
    OtherSpelling "other-spelling" Warning;
    UnmatchedEntry "unmatched-entry" Warning;
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Code {
    /// Whether a finding with this code concerns a part of the files that was not read, so that its content is unknown.
    pub fn leaves_unread(self) -> bool {
        matches!(
            self,
            Code::FileUnreadable
                | Code::PathOutside
                | Code::YamlSyntax
                | Code::CutValue
                | Code::TooLarge
                | Code::TooDeep
                | Code::UnknownKey
                | Code::MissingKey
                | Code::InvalidValue
                | Code::DuplicateId
                | Code::UnreadRules
        )
    }
}
