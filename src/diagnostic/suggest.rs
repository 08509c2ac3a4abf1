//! The near name: what was probably meant.

/// Two slips change the length of a name by so many bytes at most, even where small letters take more than capitals.
const MOST_BYTES: usize = 64;

/// The candidate that is nearest to a name: the same but for case first, then by edit distance. A slip of the
/// pen changes one letter of a short name and two of a longer one, and seldom the first; `x` does not
/// suggest `at`, nor `nth` `month`. Of equals the first.
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
        // What is longer or shorter by more than the slips cannot be as near, and a text of the data may be endless.
        .filter(|candidate| {
            *candidate != name && candidate.len().abs_diff(name.len()) <= MOST_BYTES
        })
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            let shorter = length.min(candidate.chars().count());
            // Two slips in a short word leave too little of a word that begins otherwise.
            let same_start = || {
                let first = |text: &str| text.to_lowercase().chars().next();
                first(name) == first(candidate)
            };
            *distance <= slips && (*distance < 2 || shorter > 5 || same_start())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
