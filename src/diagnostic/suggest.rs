//! The near name: what was probably meant.

/// Most slips of the finger that still count as near.
const MAX_DISTANCE: usize = 2;

/// The candidate that is nearest to a name: the same but for case first, then by edit distance (under
/// 3, and less than the name's length, so that `x` does not suggest `at`). Of equals the first.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= MAX_DISTANCE && *distance < length)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
