//! Suggestions for similar names.

/// The maximum difference in bytes of names that differ by two typos, even if lower-case letters are longer than
/// capitals.
const MOST_BYTES: usize = 64;

/// The candidate closest to a name: first one that differs only in case, then by edit distance. One typo is allowed in
/// a short name and two in a longer one, but rarely in the first letter; `x` does not suggest `at`, nor `nth` `month`.
/// Of equally close candidates, the first one.
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    let slips = match length {
        0 | 1 => 0,
        2..=3 => 1,
        _ => 2,
    };
    candidates
        .into_iter()
        // A larger difference in length rules out a match, and texts from the data may be very long.
        .filter(|candidate| {
            *candidate != name && candidate.len().abs_diff(name.len()) <= MOST_BYTES
        })
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            let shorter = length.min(candidate.chars().count());
            // In a short word with another first letter, two typos leave too little in common.
            let same_start = || {
                let first = |text: &str| text.to_lowercase().chars().next();
                first(name) == first(candidate)
            };
            *distance <= slips && (*distance < 2 || shorter > 5 || same_start())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
