//! What one is called and what several are, by the rules of English. They apply to English words alone: what config names
//! may be of any language, and there only words that are known here are changed.

/// What people are called, one of them.
const PEOPLE: &str = "account adult artist associate attendee borrower branch business buyer candidate child citizen client \
     clinic club colleague company consumer contact contractor customer dealer doctor donor driver employee family fan \
     follower friend group guest holder household individual kid lead learner lender member merchant organisation \
     organization owner parent partner party passenger patient patron payer person pet player practice prospect reader \
     renter reseller resident retailer runner school seller shop shopper site sponsor staffer store student studio \
     subscriber supplier supporter team tenant therapist trainee trainer traveller traveler user vendor viewer visitor \
     volunteer worker";

/// What happens to people, one of each.
const EVENTS: &str = "activity appointment attendance booking call charge checkin class click complaint contract \
     contribution course credit deal delivery deposit donation email entry event game gift interaction invoice issue item \
     lesson loan login mail match meeting membership message note offer order package pass payment plan play pledge point \
     product purchase quote rating receipt redemption referral refund registration rental reservation response return \
     review ride sale session shipment signup stay subscription survey task ticket transaction treatment trip view visit \
     workout";

/// Lengths of time.
const LENGTHS: &str = "hour day night week month year";

/// Several of what one is called, which is an English word: `person` to `people`, `company` to `companies`, `class` to
/// `classes`.
pub fn plural_of(one: &str) -> String {
    if let Some(stem) = one.strip_suffix("person") {
        return format!("{stem}people");
    }
    if let Some(stem) = one.strip_suffix("child") {
        return format!("{stem}children");
    }
    let before = |stem: &str| !stem.ends_with(['a', 'e', 'o', 'u']);
    match one.strip_suffix('y').filter(|stem| before(stem)) {
        Some(stem) => format!("{stem}ies"),
        None if one.ends_with(['s', 'x', 'z']) || one.ends_with("ch") => format!("{one}es"),
        None => format!("{one}s"),
    }
}

/// Several of what somebody calls one: the same word where it is none that is known to be English.
pub fn several_called(one: &str) -> String {
    let lower = one.to_lowercase();
    match known().any(|known| known == last_word(&lower)) {
        true => plural_of(one),
        false => one.to_owned(),
    }
}

/// One of what somebody calls several; none where it is no word that is known to be English.
pub fn one_called(several: &str) -> Option<String> {
    let lower = several.to_lowercase();
    let last = last_word(&lower);
    let one = known().find(|one| plural_of(one) == last)?;
    Some(
        several
            .get(..several.len().checked_sub(last.len())?)?
            .to_owned()
            + one,
    )
}

/// The words for one that are known.
fn known() -> impl Iterator<Item = &'static str> {
    [PEOPLE, EVENTS, LENGTHS]
        .into_iter()
        .flat_map(str::split_whitespace)
}

/// The last of the words of a name: `visit` of `class_visit`.
fn last_word(name: &str) -> &str {
    name.rsplit(['_', ' ', '-']).next().unwrap_or(name)
}
