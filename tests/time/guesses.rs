//! What texts and numbers look like, and which forms are proposed for them.

use muster::time::{Guess, Plausible, Remedy, Samples, parse_instant};

fn guess(values: &[&str]) -> String {
    let now = parse_instant("2026-06-15", chrono_tz::UTC).unwrap();
    let plausible = Plausible::at(now);
    let of = Samples {
        column: "x",
        plausible: &plausible,
    };
    match Guess::of_texts(of, values) {
        None => "-".to_owned(),
        Some(Guess { remedy, words, .. }) => match remedy {
            Remedy::Read(forms) => forms.to_string(),
            Remedy::Either([(_, one), (_, other)]) => format!("{one} or {other}"),
            Remedy::OneOrder(_) | Remedy::Neither | Remedy::Other(_) => format!("({words})"),
        },
    }
}

/// Values, and the forms that are proposed.
const VALUES: &str = r#"
    17/10/1967                                    | "%d/%m/%Y"
    10/17/1967                                    | "%m/%d/%Y"
    03/04/2026                                    | "%d/%m/%Y" or "%m/%d/%Y"
    03/04/2026; 05/06/2026; 17/1/2026             | "%d/%m/%Y"
    3/4/26 9:05; 12/31/25 18:00                   | "%m/%d/%y %H:%M"
    3/4/2026 9:05 AM; 12/31/2025 6:00 PM          | "%m/%d/%Y %I:%M %p"
    3/4/2026 9:05 a.m.; 12/31/2025 6:00 p.m.      | "%m/%d/%Y %I:%M %p"
    31.12.2025 18:00                              | "%d.%m.%Y %H:%M"
    31.12.2025; 31.12.2025 18:00:05               | ["%d.%m.%Y", "%d.%m.%Y %H:%M:%S"]
    31.12.2025 um 18.00 Uhr                       | "%d.%m.%Y um %H.%M Uhr"
    31.12.2025, abends                            | (a day in numbers with something else behind it)
    31-12-2025T18:00:00Z                          | "%d-%m-%YT%H:%M:%S%z"
    31/12/2025 18:00 +0200; 1/2/2025 9:00 -05:00  | "%d/%m/%Y %H:%M %z"
    2025/12/31                                    | "%Y/%m/%d"
    2025/31/12; 2025/05/06                        | "%Y/%d/%m"
    2025-6-1; 2025-12-3                           | "%Y-%m-%d"
    1990-13-01; 29.02.1980                        | ["%Y-%d-%m", "%d.%m.%Y"]
    1990-13-45                                    | (dates that are in no calendar)
    03.04.2026                                    | "%d.%m.%Y"
    01.01.26; 09.02.26                            | "%d.%m.%y"
    01.25.26                                      | "%m.%d.%y"
    01/10/26; 02/10/26; 03/10/26; 04/10/26; 05/10/26; 06/10/26; 07/10/26; 08/10/26; 09/10/26; 10/10/26; 11/10/26; 12/10/26; 14/10/26 | "%d/%m/%y"
    26/10/01; 26/10/02; 26/10/03; 26/10/04; 26/10/05; 26/10/06; 26/10/07; 26/10/08; 26/10/09; 26/10/10; 26/10/11; 26/10/12; 26/10/13 | "%y/%m/%d"
    26/10/24; 26/11/25                            | "%d/%m/%y" or "%y/%m/%d"
    25-12-31                                      | "%d-%m-%y" or "%y-%m-%d"
    31-12-2025; 2025/12/30                        | ["%d-%m-%Y", "%Y/%m/%d"]
    3 Mar 2026; 17 Oct 2025                       | "%d %b %Y"
    3 May 2026; 17 October 2025; 1 June 2026      | "%d %B %Y"
    Mar 3, 2026; Oct 17, 2025                     | "%b %d, %Y"
    Tue, 3 Mar 2026 18:30:00 +0000                | "%a, %d %b %Y %H:%M:%S %z"
    3-Mar-26                                      | "%d-%b-%y"
    20251231T180500                               | "%Y%m%dT%H%M%S"
    20251231; 20260101                            | yyyymmdd
    202512311830                                  | "%Y%m%d%H%M"
    1774981800                                    | unix
    1774981800000                                 | unix_ms
    1774981800000000                              | unix_us
    2461131.27                                    | julian
    46112.77                                      | excel
    17/10/1967; 10/17/1967                        | (day/month/year beside month/day/year)
    17/10/1967; 18/10/1967; soon                  | "%d/%m/%Y"
    31/02/2025                                    | (dates that are in no calendar)
    1.234.567                                     | -
    2025-12-31 18:00 EST                          | (ISO with the name of a zone)
    3 März 2026                                   | (a day with the name of its month)
    18:30                                         | (times of day without a day)
    08:01:07; 09:12:14; 10:02:21                  | (times of day without a day)
    2026:03:31; 2026:03:14                        | "%Y:%m:%d"
    31:03:2026; 14:03:2026                        | "%d:%m:%Y"
    2025-12; 2026-01                              | (a month without a day)
    2025-161; 2025-003                            | (a year and the day of it)
    2025-13                                       | -
    2026-00001; 2026-00002                        | -
    2026-01; 2026-02; 2026-57                     | -
    2025                                          | (years alone)
    soon                                          | -
"#;

#[test]
fn values_tell_their_forms() {
    let mut wrong = Vec::new();
    for line in VALUES.lines().filter(|line| !line.trim().is_empty()) {
        let (values, expected) = line.split_once('|').unwrap();
        let values: Vec<&str> = values.split(';').map(str::trim).collect();
        let found = guess(&values);
        if found != expected.trim() {
            wrong.push(format!("{values:?}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn damaged_values_hide_no_form() {
    let mut values = vec!["17/10/1967"; 19];
    values.push("see note");
    assert_eq!(guess(&values), "\"%d/%m/%Y\"");
    values.extend(["?"; 30]);
    assert!(!guess(&values).contains('%'));
    // A value that only the other order reads shows that most days could be either.
    let mut values = vec!["17/10/1967"; 40];
    values.push("10/17/1967");
    assert!(guess(&values).contains("beside"));
}

#[test]
fn two_orders_are_told_by_what_tells_them_apart() {
    let now = parse_instant("2026-06-15", chrono_tz::UTC).unwrap();
    let plausible = Plausible::at(now);
    let of = Samples {
        column: "x",
        plausible: &plausible,
    };
    let guess = Guess::of_texts(of, &["2024-05-02", "03/04/2025"]).unwrap();
    assert_eq!(
        guess.told(false),
        "day/month/year or month/day/year (`03/04/2025` could be both)"
    );
    assert_eq!(guess.told(true), "day/month/year or month/day/year");
}

#[test]
fn dates_with_a_mark_of_their_own_prove_their_own_order() {
    let now = parse_instant("2026-06-15", chrono_tz::UTC).unwrap();
    let plausible = Plausible::at(now);
    let of = Samples {
        column: "x",
        plausible: &plausible,
    };
    let told = |texts: &[&str]| Guess::of_texts(of, texts).unwrap().told(false);
    assert_eq!(
        told(&["28.02.2026", "01.02.2026", "01/02/2026", "01/12/2026"]),
        "day.month.year, beside day/month/year or month/day/year (`01/02/2026` could be both)"
    );
    // Where one of them proves it, and where the mark does.
    for texts in [
        ["28.02.2026", "01.02.2026", "13/02/2026", "01/12/2026"],
        ["28/02/2026", "01/02/2026", "01.02.2026", "01.12.2026"],
        ["28/02/2026", "01/02/2026 10:00", "01/02/2026", "01/12/2026"],
    ] {
        assert!(!told(&texts).contains(" or "), "{texts:?}");
    }
    // Two readings of which each is called otherwise.
    assert_eq!(
        told(&["03-Jan-24", "04-Feb-24"]),
        "a day with the name of its month, the day first or a day with the name of its month, the year first (`03-Jan-24` could be both)"
    );
}

/// Beside a form of config, days in ISO are told as that, and not as if a time of day stood behind them.
#[test]
fn what_is_iso_is_told_as_iso() {
    for (texts, words) in [
        (["2026-11-02", "2026-11-13"], "ISO (2026-11-02)"),
        (
            ["2026-11-02 10.30", "2026-11-13 11.45"],
            "ISO with another time of day behind it",
        ),
    ] {
        let guess = Guess::of_written(&texts).unwrap();
        assert_eq!(guess.told(false), words);
    }
}
