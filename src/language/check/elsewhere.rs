//! Functions that spreadsheets, SQL and other languages have, and how what they do is written here.
//!
//! In what is written here, `$1`, `$2` and so on stand for the arguments of the call, `$rows` for the
//! collection that the first of them names, `$own2` for an argument as it stands inside that collection's
//! `where`. The first that nothing is wrong with is shown, else the remark.

use super::advice::Place;
use super::calls::{OVER_POPULATION, OVER_ROWS};
use super::checker::Checker;
use super::compare_slips::month_of;
use super::{population, signatures};
use crate::language::ast::{Arg, Call, Expr, ExprKind, Name, Span};

/// Functions of other languages that do the same.
struct Row {
    names: &'static [&'static str],
    here: &'static [&'static str],
    remark: &'static str,
}

const fn row(
    names: &'static [&'static str],
    here: &'static [&'static str],
    remark: &'static str,
) -> Row {
    Row {
        names,
        here,
        remark,
    }
}

/// Arguments that say what is understood here: the unit and the other end of a length of time.
const UNDERSTOOD: [&str; 16] = [
    "now", "today", "now()", "today()", "day", "days", "dd", "d", "\"day\"", "\"days\"", "\"d\"",
    "\"D\"", "'day'", "'days'", "'d'", "'D'",
];

const ELSEWHERE: &[Row] = &[
    // Missing values
    row(
        &[
            "coalesce", "ifnull", "nvl", "isnull", "ifna", "iferror", "if_null",
        ],
        &[
            "default($1, $2)",
            "default($1, default($2, $3))",
            "$1 is missing",
            "default($1, 0)",
        ],
        "`default(x, y)` is y where x is missing",
    ),
    row(
        &["zeroifnull", "zn", "fillna", "nz"],
        &["default($1, 0)", "default($1, $2)"],
        "`default(x, y)` is y where x is missing",
    ),
    row(
        &[
            "isblank",
            "is_null",
            "is_missing",
            "isempty",
            "is_empty",
            "empty",
            "isna",
            "is_blank",
            "ismissing",
            "blank",
        ],
        &["$1 is missing", "not exists($1)"],
        "`x is missing` asks whether there is no value",
    ),
    row(
        &[
            "present",
            "is_present",
            "is_not_null",
            "notnull",
            "isnotnull",
            "not_null",
            "is_set",
        ],
        &["$1 is present", "exists($1)"],
        "`x is present` asks whether there is a value",
    ),
    row(
        &["nullif"],
        &["if($1 != $2, $1)"],
        "`if(condition, x)` is missing where the condition is not true",
    ),
    // Conditions
    row(
        &[
            "iif", "iff", "case", "ifelse", "if_else", "cond", "ternary", "when", "switch", "ifs",
            "decode", "choose",
        ],
        &["if($1, $2, $3)", "if($1, $2)", "if($1, $2, if($3, $4))"],
        "`if(condition, a, b)` is a or b, and a further `if` can stand in place of b",
    ),
    row(
        &["and", "or", "xor"],
        &[],
        "`and` and `or` stand between conditions: `a and b`",
    ),
    row(
        &["in", "isin", "one_of", "any_of"],
        &["$1 in ($2, $3)"],
        "a list stands behind `in`: `x in (1, 2)`",
    ),
    // Rows
    row(
        &[
            "countif",
            "countifs",
            "count_if",
            "countwhere",
            "count_where",
            "dcount",
        ],
        &[
            "count($1 where $2)",
            "count($rows where $own1 = $2)",
            "count($rows where $own1)",
            "count($rows where $own2)",
            "count($rows where $own1 = $2 and $own3 = $4)",
            "sum(if($1, 1, 0))",
        ],
        "rows are chosen by `where`, as in `count({rows} where …)`",
    ),
    row(
        &["sumif", "sumifs", "sum_if", "sumwhere", "sum_where", "dsum"],
        &[
            "sum($1 where $own2)",
            "sum($1 where $own2 = $3)",
            "sum($3 where $own1 = $2)",
        ],
        "rows are chosen by `where`, as in `sum({rows}.… where …)`",
    ),
    row(
        &[
            "avgif",
            "avg_if",
            "avgifs",
            "averageif",
            "averageifs",
            "average_if",
        ],
        &["avg($1 where $own2)", "avg($1 where $own2 = $3)"],
        "rows are chosen by `where`, as in `avg({rows}.… where …)`",
    ),
    row(
        &["maxif", "maxifs", "max_if"],
        &["max($1 where $own2)", "max($1 where $own2 = $3)"],
        "rows are chosen by `where`, as in `max({rows}.… where …)`",
    ),
    row(
        &["minif", "minifs", "min_if"],
        &["min($1 where $own2)", "min($1 where $own2 = $3)"],
        "rows are chosen by `where`, as in `min({rows}.… where …)`",
    ),
    row(
        &[
            "count_distinct",
            "countdistinct",
            "distinct_count",
            "countd",
            "countunique",
            "count_unique",
            "distinct",
            "nunique",
            "uniq",
            "dcountd",
        ],
        &["count(distinct $1)"],
        "`count(distinct …)` counts the different values of a field",
    ),
    row(
        &[
            "unique",
            "is_unique",
            "isunique",
            "duplicated",
            "is_duplicate",
        ],
        &[],
        "no test compares a value with those of the others; `count(distinct …)` counts the different values of a field of one's own rows",
    ),
    row(
        &[
            "counta",
            "countrows",
            "rows",
            "row_count",
            "num",
            "number_of",
        ],
        &["count($1)"],
        "`count(…)` counts the rows of a collection",
    ),
    row(
        &["any", "some", "has", "have", "exist", "contains_any"],
        &["exists($1)", "exists($rows where $own1)"],
        "`exists(…)` asks whether there is a row",
    ),
    row(
        &["none", "no", "not_exists", "notexists"],
        &["not exists($1)", "not exists($rows where $own1)"],
        "`not exists(…)` asks whether there is no row",
    ),
    row(
        &["all", "every", "forall"],
        &[],
        "all of them is none that is not: `not exists({rows} where not (…))`",
    ),
    row(
        &["average", "mean"],
        &["avg($1)"],
        "`avg(…)` is the average",
    ),
    row(
        &["total", "sumproduct"],
        &["sum($1)"],
        "`sum(…)` adds up a field as it stands",
    ),
    row(
        &["maximum", "max_of"],
        &["max($1)", "greatest($1, $2)"],
        "`max(…)` goes over rows, `greatest(a, b)` over values",
    ),
    row(
        &["minimum", "min_of"],
        &["min($1)", "least($1, $2)"],
        "`min(…)` goes over rows, `least(a, b)` over values",
    ),
    row(
        &[
            "latest",
            "newest",
            "most_recent",
            "mostrecent",
            "last_value",
            "lastvalue",
            "latest_value",
            "last_date",
            "lastdate",
        ],
        &["last($1)", "last($rows).$field"],
        "`last(…)` is the row of the latest time, as in `last({rows}).at`",
    ),
    row(
        &[
            "earliest",
            "oldest",
            "first_value",
            "firstvalue",
            "first_date",
            "firstdate",
        ],
        &["first($1)", "first($rows).$field"],
        "`first(…)` is the row of the earliest time, as in `first({rows}).at`",
    ),
    row(
        &[
            "nth",
            "nth_value",
            "nthvalue",
            "second",
            "third",
            "index",
            "offset",
            "lag",
            "lead",
            "element_at",
            "item",
            "get",
        ],
        &[],
        "there are the first row and the last, `first({rows})` and `last({rows})`, and none between them; `count({rows})` says how many there are",
    ),
    row(
        &[
            "vlookup", "hlookup", "xlookup", "lookup", "dlookup", "related", "join", "match",
        ],
        &[],
        "a table that is looked up has a name under `lookups:` in config, and its columns stand behind a point, as in `{lookup}`",
    ),
    row(
        &["filter", "where", "query"],
        &[],
        "rows are chosen by `where` inside a function, as in `count({rows} where …)`",
    ),
    // Over everybody
    row(
        &["dense_rank", "denserank"],
        &["rank($1)"],
        "`rank(x)` is 1 for the largest",
    ),
    row(
        &["row_number", "rownum", "rownumber"],
        &["position($1)"],
        "`position(x)` is the place from the smallest on",
    ),
    row(
        &[
            "percent_rank",
            "percentrank",
            "percentrank_inc",
            "cume_dist",
        ],
        &["percentile($1)"],
        "`percentile(x)` is the share of those below",
    ),
    row(
        &[
            "percentile_cont",
            "percentile_disc",
            "approx_percentile",
            "percentile_inc",
            "quartile",
            "decile",
        ],
        &["quantile($1, $2)", "quantile($2, $1)"],
        "`quantile(90%, x)` is the value below which 90% lie",
    ),
    row(
        &["quintile"],
        &["ntile(5, $1)"],
        "`ntile(5, x)` makes five groups of one size",
    ),
    row(
        &["top", "limit", "largest", "large"],
        &["top $1 by $2", "top $2 by $1"],
        "`top 10 by x` are those with the largest x, `top 20% by x` the upper fifth",
    ),
    row(
        &["bottom", "smallest", "small"],
        &["bottom $1 by $2", "bottom $2 by $1"],
        "`bottom 10 by x` are those with the smallest x",
    ),
    // Time
    row(
        &[
            "datediff",
            "date_diff",
            "datedif",
            "dateddiff",
            "timestampdiff",
            "timestamp_diff",
            "days",
            "days_between",
            "daysbetween",
            "days360",
            "day_diff",
            "daysince",
            "dayssince",
            "days_ago_of",
            "time_since",
            "since",
        ],
        &["days_since($1)"],
        "`days_since(x)` counts the days from a point in time until now, `elapsed(start, end)` is the share of a time that has passed",
    ),
    row(
        &["hour_diff", "hourssince", "hours_between"],
        &["hours_since($1)"],
        "`hours_since(x)` counts the hours from a point in time until now",
    ),
    row(
        &[
            "months_since",
            "weeks_since",
            "quarters_since",
            "month_diff",
            "months_between",
            "weeks_between",
            "monthssince",
            "minutes_since",
            "seconds_since",
        ],
        &[],
        "compare with a point in time, as in `first({rows}).at < 3 months ago`, or count the days with `days_since(x)`",
    ),
    row(
        &[
            "years_since",
            "year_diff",
            "years_between",
            "yearfrac",
            "get_age",
        ],
        &["age($1)"],
        "`age(date)` counts whole years",
    ),
    row(
        &[
            "dateadd",
            "date_add",
            "datesub",
            "date_sub",
            "edate",
            "add_months",
            "adddate",
            "subdate",
            "timestampadd",
            "add_days",
        ],
        &[],
        "a date is moved by `+` and `-`, as in `today - 30 days` or `first({rows}).at + 1 month`",
    ),
    row(
        &["ago"],
        &["$1 ago"],
        "a point in time is written `30 days ago`",
    ),
    row(
        &["days_ago"],
        &["$1 days ago"],
        "a point in time is written `30 days ago`",
    ),
    row(
        &[
            "current_date",
            "curdate",
            "currentdate",
            "sysdate",
            "todays_date",
        ],
        &["today"],
        "the day of the run is `today`",
    ),
    row(
        &[
            "getdate",
            "current_timestamp",
            "sysdatetime",
            "getutcdate",
            "utcnow",
            "localtimestamp",
            "systimestamp",
            "clock",
        ],
        &["now"],
        "the instant of the run is `now`",
    ),
    row(
        &[
            "weekday",
            "dow",
            "dayname",
            "dayofweek",
            "day_name",
            "weekday_name",
            "week_day",
            "isodow",
        ],
        &["day_of_week($1)"],
        "`day_of_week(x)` gives \"Mon\" to \"Sun\"",
    ),
    row(
        &["monthname", "month_number", "month_of_year"],
        &["month($1)"],
        "`month(x)` gives 1 to 12",
    ),
    row(
        &[
            "todate",
            "to_date",
            "datevalue",
            "str_to_date",
            "parse_date",
            "datetime",
            "timestamp",
            "trunc_date",
            "dateonly",
            "as_date",
            "make_date",
            "datefromparts",
        ],
        &["date($1)"],
        "a date is written `2025-06-01`; a column of texts that are dates is given its type in config, under `types:`",
    ),
    row(
        &[
            "day",
            "dayofmonth",
            "day_of_month",
            "hour",
            "minute",
            "second_of",
            "quarter",
            "week",
            "weeknum",
            "isoweek",
            "week_of_year",
            "day_of_year",
            "date_trunc",
            "datetrunc",
            "trunc_month",
            "date_part",
            "datepart",
            "extract",
            "strftime",
            "date_format",
            "eomonth",
            "last_day",
            "startofmonth",
            "to_char",
        ],
        &[],
        "of a point in time there are `year(x)`, `month(x)`, `day_of_week(x)` and `date(x)`; calendar windows are `in this month`, `in last calendar month` and the like",
    ),
    // Texts
    row(
        &[
            "len",
            "char_length",
            "character_length",
            "strlen",
            "nchar",
            "textlength",
        ],
        &["length($1)"],
        "`length(x)` counts the characters of a text",
    ),
    row(
        &["lcase", "lowercase", "tolower", "to_lower", "casefold"],
        &["lower($1)"],
        "`lower(x)` is a text in small letters",
    ),
    row(
        &[
            "upper",
            "ucase",
            "uppercase",
            "toupper",
            "to_upper",
            "proper",
            "initcap",
            "capitalize",
        ],
        &[],
        "there are small letters: compare `lower(x)` with a text in small letters, as in `lower(name) = \"ada\"`",
    ),
    row(
        &[
            "startswith",
            "starts_with",
            "begins_with",
            "beginswith",
            "hasprefix",
        ],
        &["$1 starts with $2"],
        "a text is tested with `starts with`, as in `name starts with \"A\"`",
    ),
    row(
        &["endswith", "ends_with", "hassuffix"],
        &["$1 ends with $2"],
        "a text is tested with `ends with`, as in `name ends with \"a\"`",
    ),
    row(
        &[
            "includes",
            "contain",
            "regexp_contains",
            "contains_text",
            "like",
            "ilike",
            "regexp_like",
            "regexmatch",
        ],
        &["$1 contains $2"],
        "a text is tested with `contains`, `starts with` and `ends with`",
    ),
    row(
        &["left", "prefix"],
        &[],
        "`starts with` asks how a text begins, as in `name starts with \"A\"`",
    ),
    row(
        &["right", "suffix"],
        &[],
        "`ends with` asks how a text ends, as in `name ends with \"a\"`",
    ),
    row(
        &[
            "mid",
            "substr",
            "substring",
            "find",
            "instr",
            "search",
            "charindex",
            "position_of",
            "strpos",
            "locate",
            "indexof",
            "split",
            "split_part",
            "regexp_extract",
            "regexp_replace",
        ],
        &[],
        "a part of a text is asked for with `contains`, `starts with` and `ends with`, as in `name contains \"a\"`",
    ),
    row(
        &[
            "trim",
            "ltrim",
            "rtrim",
            "replace",
            "substitute",
            "concat",
            "concatenate",
            "concat_ws",
            "textjoin",
            "join_text",
            "reverse",
            "repeat",
            "lpad",
            "rpad",
            "clean",
        ],
        &[],
        "texts are compared as they stand in the data, and not changed; there are `lower(x)` and `length(x)`",
    ),
    row(
        &[
            "cast",
            "convert",
            "int",
            "integer",
            "to_number",
            "tonumber",
            "value_of",
            "number",
            "numeric",
            "float",
            "decimal",
            "str",
            "text",
            "string",
            "tostring",
            "to_text",
            "bool",
            "boolean",
            "safe_cast",
            "try_cast",
        ],
        &[],
        "the type of a column is said in config, under `types:`; `floor(x)` and `round(x)` give whole numbers",
    ),
    row(
        &[
            "hash",
            "md5",
            "sha",
            "sha1",
            "sha2",
            "sha256",
            "crc32",
            "checksum",
            "rand",
            "random",
            "uuid",
            "newid",
            "rnd",
            "randbetween",
        ],
        &[],
        "nothing here is drawn by lot or hashed: the same data gives the same segments",
    ),
    // Numbers
    row(
        &["ceiling", "roundup"],
        &["ceil($1)"],
        "`ceil(x)` goes up to the next whole number",
    ),
    row(
        &["rounddown", "trunc", "truncate"],
        &["floor($1)"],
        "`floor(x)` goes down to the next whole number",
    ),
    row(
        &["mod", "modulo", "remainder"],
        &["($1 - floor($1 / $2) * $2)"],
        "there is no remainder; `floor(x)` goes down to the next whole number",
    ),
    row(
        &["div", "divide", "safe_divide", "quotient"],
        &["$1 / $2"],
        "`/` divides; by zero the result is missing",
    ),
    row(&["add", "plus"], &["$1 + $2"], "`+` adds"),
    row(&["subtract", "minus"], &["$1 - $2"], "`-` subtracts"),
    row(
        &["multiply", "times", "product"],
        &["$1 * $2"],
        "`*` multiplies",
    ),
    row(
        &["absolute"],
        &["abs($1)"],
        "`abs(x)` is a number without its sign",
    ),
    row(
        &["clamp"],
        &["greatest($2, least($3, $1))"],
        "`least` and `greatest` bound a value",
    ),
    row(
        &["width_bucket", "bucket", "cut", "bins"],
        &[],
        "`band(x, 10, 20)` counts how many boundaries are reached, `bin(5, x)` and `ntile(5, x)` make groups of everybody",
    ),
    row(
        &[
            "sqrt",
            "power",
            "pow",
            "exp",
            "log",
            "ln",
            "log10",
            "log2",
            "sign",
            "sin",
            "cos",
            "pi",
            "stddev",
            "stdev",
            "stddev_pop",
            "stddev_samp",
            "std",
            "variance",
            "var",
            "var_pop",
            "corr",
            "mode",
            "median_of",
            "skew",
        ],
        &[],
        "there are `+ - * /`, `abs`, `round`, `floor`, `ceil`, `least` and `greatest`, and over many `avg`, `sum`, `min`, `max`, `median` and `quantile`",
    ),
];

/// Words that stand for a value elsewhere, and what is written here; a remark where that hangs on more.
const WORDS: &[(&[&str], &str)] = &[
    (&["yesterday"], "write `today - 1 day`"),
    (&["tomorrow"], "write `today + 1 day`"),
    (
        &[
            "current_date",
            "curdate",
            "currentdate",
            "sysdate",
            "todays_date",
        ],
        "write `today`",
    ),
    (
        &[
            "current_timestamp",
            "getdate",
            "sysdatetime",
            "localtimestamp",
            "current_time",
        ],
        "write `now`",
    ),
    (&["on"], "write `yes`"),
    (&["off"], "write `no`"),
    (&["monday", "mon"], "write `\"Mon\"`"),
    (&["tuesday", "tue"], "write `\"Tue\"`"),
    (&["wednesday", "wed"], "write `\"Wed\"`"),
    (&["thursday", "thu"], "write `\"Thu\"`"),
    (&["friday", "fri"], "write `\"Fri\"`"),
    (&["saturday", "sat"], "write `\"Sat\"`"),
    (&["sunday", "sun"], "write `\"Sun\"`"),
    (
        &["segment", "segments"],
        "membership is written `in segment` and the id of the segment",
    ),
    (
        &["average", "mean", "median", "total"],
        "what everybody has is a function, such as `avg(x)` or `median(x)`; of a group, `avg(x) within` and its name",
    ),
    (
        &["null", "none", "nil"],
        "ask with `is missing` or `is present` whether there is a value",
    ),
];

impl Checker<'_> {
    /// What is said of a name that nothing has, and that means something elsewhere or as a function.
    pub fn word_of_elsewhere(&mut self, name: &str) -> Option<String> {
        let lower = name.to_lowercase();
        let word = WORDS
            .iter()
            .find(|(words, _)| words.contains(&lower.as_str()));
        if let Some((_, help)) = word {
            return Some((*help).to_owned());
        }
        if let Some(month) = month_of(&lower).filter(|_| lower.len() > 3) {
            return Some(format!("write `{month}`: months are numbers"));
        }
        let owners = self.owners_of(name);
        if let (Some(first), false) = (owners.first(), self.in_config) {
            let rows = first.trim_matches('`').split('.').next().unwrap_or("");
            let written = [
                format!("last({rows}).{name}"),
                format!("exists({rows} where {name} is present)"),
            ];
            let shown = self.that_fit(written, Place::Value);
            let shown: Vec<String> = shown.iter().map(|text| format!("`{text}`")).collect();
            return Some(match shown.is_empty() {
                true => format!("it is a field of rows, {}", owners.join(" and ")),
                false => format!(
                    "it is a field of rows, and one value is needed: for example {}",
                    shown.join(" or ")
                ),
            });
        }
        let example = match signatures::signature(&lower) {
            Some(signature) => signature.example.to_owned(),
            None if OVER_ROWS.contains(&lower.as_str()) => self.example(&lower),
            None if OVER_POPULATION.contains(&lower.as_str()) => population::example(&lower),
            None => return None,
        };
        Some(format!(
            "it is a function and takes parentheses, as in `{example}`"
        ))
    }

    /// What to do instead of calling a function that other languages have.
    pub fn known_elsewhere(&mut self, call: &Call) -> Option<String> {
        let name = call.name.text.as_str();
        let row = ELSEWHERE.iter().find(|row| row.names.contains(&name))?;
        let args: Vec<String> = call
            .args
            .iter()
            .map(|arg| self.argument_text(arg))
            .collect();
        let shorter = args
            .iter()
            .filter(|arg| !UNDERSTOOD.contains(&arg.as_str()));
        let shorter: Vec<String> = shorter.cloned().collect();
        let rows = call.args.first().and_then(|arg| self.rows_in(&arg.expr));
        let mut written = Vec::new();
        for template in row.here {
            for args in [&args, &shorter] {
                written.extend(filled(template, args, rows.as_ref()));
            }
        }
        written.dedup();
        let help = match self.first_that_fits(written, Place::Any) {
            Some(text) => format!("write `{text}`"),
            None => self.in_own_words(row.remark),
        };
        Some(help)
    }

    /// A remark with a collection and a lookup that config has.
    fn in_own_words(&self, remark: &str) -> String {
        let collections = &self.catalog.collections;
        let timed = collections
            .iter()
            .find(|c| c.at.is_some() && c.key.is_some());
        let rows = timed.or(collections.first());
        let rows = rows.map_or("visits", |c| c.name.as_str());
        let lookups = self.catalog.subject.lookups.iter();
        let looked_up = lookups.filter_map(|(name, lookup)| {
            let column = lookup.columns.keys().find(|c| **c != lookup.key)?;
            Some(format!("{name}.{column}"))
        });
        let lookup = looked_up.min().unwrap_or_else(|| "studio.name".to_owned());
        remark.replace("{rows}", rows).replace("{lookup}", &lookup)
    }

    /// An argument as written, its `where` included.
    pub fn argument_text(&self, arg: &Arg) -> String {
        let end = arg.filter.as_ref().unwrap_or(&arg.expr).span.end;
        let text = self.quote(Span {
            end,
            ..arg.expr.span
        });
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match arg.distinct {
            true => format!("distinct {text}"),
            false => text,
        }
    }

    /// The collection of which the first field in an expression is, and that field.
    pub fn rows_in(&self, expr: &Expr) -> Option<(String, Option<String>)> {
        let mut rest = vec![expr];
        while let Some(expr) = rest.pop() {
            match &expr.kind {
                ExprKind::Path(path) => {
                    let (head, fields) = path.split_first()?;
                    if self.collection(&head.text).is_some() && !self.names_a_value(&head.text) {
                        let field = fields.first().map(ToString::to_string);
                        return Some((head.text.clone(), field));
                    }
                }
                ExprKind::Binary(_, left, right) | ExprKind::TextTest(_, _, left, right) => {
                    rest.extend([&**right, &**left]);
                }
                ExprKind::Call(call) => rest.extend(call.args.iter().rev().map(|arg| &arg.expr)),
                ExprKind::Between(_, inner, ..)
                | ExprKind::InList(_, inner, _)
                | ExprKind::InWindow(_, inner, _)
                | ExprKind::Is(_, _, inner)
                | ExprKind::Not(inner)
                | ExprKind::Negate(inner)
                | ExprKind::Paren(inner) => rest.push(inner),
                _ => {}
            }
        }
        None
    }
}

/// What may be meant by a call of one of our own functions with too few or too many arguments.
pub(super) fn with_other_arguments(name: &str, args: &[String]) -> Vec<String> {
    let needed = args
        .iter()
        .filter(|arg| !UNDERSTOOD.contains(&arg.as_str()));
    let needed: Vec<String> = needed.cloned().collect();
    let mut written = Vec::new();
    if needed.len() < args.len() {
        written.push(format!("{name}({})", needed.join(", ")));
    }
    match (name, args) {
        ("default", [x]) => written.push(format!("default({x}, 0)")),
        ("default", [x, y, z]) => written.push(format!("default({x}, default({y}, {z}))")),
        ("greatest", [x]) => written.push(format!("max({x})")),
        ("least", [x]) => written.push(format!("min({x})")),
        ("date", [year, month, day]) => written.push(format!("{year}-{month:0>2}-{day:0>2}")),
        _ => {}
    }
    written
}

/// A text as it stands inside the `where` of a collection.
pub(super) fn own(text: &str, rows: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let owner = format!("{rows}.");
    while let Some((before, behind)) = rest.split_once(owner.as_str()) {
        out.push_str(before);
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
            out.push_str(&owner);
            rest = behind;
            continue;
        }
        let end = behind.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (field, behind) = behind.split_at(end.unwrap_or(behind.len()));
        if !field.is_empty() {
            let name = Name {
                text: field.to_owned(),
                span: Span::default(),
            };
            out.push_str(&name.to_string());
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A template with the arguments of a call; none where they are too many or too few for it.
fn filled(
    template: &str,
    args: &[String],
    rows: Option<&(String, Option<String>)>,
) -> Option<String> {
    let mut out = template.to_owned();
    let (owner, field) = match rows {
        Some((owner, field)) => (Some(owner.as_str()), field.as_deref()),
        None => (None, None),
    };
    for (place, arg) in args.iter().enumerate() {
        let (plain, inside) = (format!("${}", place + 1), format!("$own{}", place + 1));
        if !out.contains(&plain)
            && !out.contains(&inside)
            && !(template.contains("$rows") && place == 0)
        {
            return None;
        }
        let own = own(arg, owner.unwrap_or("\u{0}"));
        out = out.replace(&inside, &own).replace(&plain, arg);
    }
    if let Some(owner) = owner {
        out = out.replace("$rows", owner);
    }
    if let Some(field) = field {
        out = out.replace("$field", field);
    }
    (!out.contains('$')).then_some(out)
}
