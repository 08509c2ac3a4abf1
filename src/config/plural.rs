//! Singular and plural of English nouns. Config may name things in any language, so only words from the lists here are
//! changed.

/// Words for people and organisations, in the singular.
const PEOPLE: &str = "account adult artist associate attendee borrower branch business buyer candidate child citizen client \
     clinic club colleague company consumer contact contractor customer dealer doctor donor driver employee family fan \
     follower friend group guest holder household individual kid lead learner lender member merchant organisation \
     organization owner parent partner party passenger patient patron payer person pet player practice prospect reader \
     renter reseller resident retailer runner school seller shop shopper site sponsor staffer store student studio \
     subscriber supplier supporter team tenant therapist trainee trainer traveller traveler user vendor viewer visitor \
     volunteer worker";

/// Words for events, in the singular.
const EVENTS: &str = "activity appointment attendance booking call charge checkin class click complaint contract \
     contribution course credit deal delivery deposit donation email entry event game gift interaction invoice issue item \
     lesson loan login mail match meeting membership message note offer order package pass payment plan play pledge point \
     product purchase quote rating receipt redemption referral refund registration rental reservation response return \
     review ride sale session shipment signup stay subscription survey task ticket transaction treatment trip view visit \
     workout";

/// Words for lengths of time.
const LENGTHS: &str = "hour day night week month year";

/// The plural of an English word: `person` to `people`, `company` to `companies`, `class` to `classes`. The case is
/// kept: `Person` to `People`.
pub fn plural_of(one: &str) -> String {
    let lower = one.to_ascii_lowercase();
    let (end, ending) = if lower.ends_with("person") {
        ("erson", "eople")
    } else if lower.ends_with("child") {
        ("", "ren")
    } else if lower.ends_with('y')
        && !["ay", "ey", "oy", "uy"]
            .iter()
            .any(|end| lower.ends_with(end))
    {
        ("y", "ies")
    } else if lower.ends_with(['s', 'x', 'z']) || lower.ends_with("ch") {
        ("", "es")
    } else {
        ("", "s")
    };
    let stem = one.get(..one.len().saturating_sub(end.len()));
    in_case_of(one, stem.unwrap_or(one), ending)
}

/// The singular of an English word in lower case: `categories` to `category`, `people` to `person`, `classes` to
/// `class`. A word that is not a plural is unchanged.
pub fn singular_of(several: &str) -> String {
    let stem = |end: &str, ending: &str| {
        let stem = several.strip_suffix(end)?;
        Some(format!("{stem}{ending}"))
    };
    let irregular = stem("people", "person").or_else(|| stem("children", "child"));
    let of_y = || stem("ies", "y").filter(|one| one.len() > 2);
    let of_ch = || stem("ches", "ch").filter(|one| one.len() > 2);
    if let Some(one) = irregular.or_else(of_y).or_else(of_ch) {
        return one;
    }
    match several.strip_suffix('s') {
        Some(stem) if stem.ends_with("sse") || stem.ends_with("xe") => {
            stem.trim_end_matches('e').to_owned()
        }
        Some(stem) if stem.len() > 1 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => several.to_owned(),
    }
}

/// A stem with an ending, which is in capitals if the whole word was.
fn in_case_of(word: &str, stem: &str, ending: &str) -> String {
    let is_capitals = word.contains(char::is_uppercase) && !word.contains(char::is_lowercase);
    match is_capitals {
        true => format!("{stem}{}", ending.to_uppercase()),
        false => format!("{stem}{ending}"),
    }
}

/// The plural of a name; unchanged unless it is a known English word.
pub fn several_called(one: &str) -> String {
    let lower = one.to_lowercase();
    match known().any(|known| known == last_word(&lower)) {
        true => plural_of(one),
        false => one.to_owned(),
    }
}

/// The singular of a name, in the same case; `None` unless it is a known English word.
pub fn one_called(several: &str) -> Option<String> {
    let lower = several.to_ascii_lowercase();
    let last = last_word(&lower);
    let one = singular_of(last);
    let one = known().find(|known| *known == one && *known != last)?;
    let same = one
        .bytes()
        .zip(last.bytes())
        .take_while(|(one, several)| one == several);
    let same = same.count();
    let stem = several.get(..several.len().checked_sub(last.len())? + same)?;
    Some(in_case_of(several, stem, one.get(same..)?))
}

/// The known words, in the singular.
fn known() -> impl Iterator<Item = &'static str> {
    [PEOPLE, EVENTS, LENGTHS]
        .into_iter()
        .flat_map(str::split_whitespace)
}

/// The last word of a name: `visit` in `class_visit`.
fn last_word(name: &str) -> &str {
    name.rsplit(['_', ' ', '-']).next().unwrap_or(name)
}
