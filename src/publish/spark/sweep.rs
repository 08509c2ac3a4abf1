//! Which partitions stay. Pure.

use crate::publish::identity::Published;

/// How long a query that has begun to read a publication may continue after the next one takes effect, in microseconds.
const GRACE: i64 = 3_600_000_000;

/// A publication: its number, the time at which it takes effect, in microseconds since 1970, and what it was published
/// from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Publication {
    pub number: i64,
    pub counts: i64,
    pub of: Published,
}

/// Whether history was rewritten since an older publication. That publication may contain an erased client, so it is
/// kept for nobody.
pub(super) fn is_rewritten(publications: &[Publication]) -> bool {
    let newest = publications.last();
    newest.is_some_and(|newest| {
        publications
            .iter()
            .any(|one| one.of.rewritten != newest.of.rewritten)
    })
}

/// The numbers of the publications that stay, out of all publications, oldest first: readers read each until the next
/// one takes effect, and for a while after.
pub(super) fn staying(publications: &[Publication], now: i64) -> Vec<i64> {
    let Some(newest) = publications.last() else {
        return Vec::new();
    };
    let followed = publications.iter().zip(publications.iter().skip(1));
    let staying = followed.filter(|(one, next)| {
        let is_same = one.of.rewritten == newest.of.rewritten;
        next.counts > now || is_same && next.counts > now.saturating_sub(GRACE)
    });
    let staying = staying.map(|(one, _)| one.number);
    staying.chain([newest.number]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publication(number: i64, rewritten: i64) -> Publication {
        let of = Published {
            run: 1,
            rewritten: Some(rewritten),
            results: None,
            token: None,
        };
        // Writing it takes two hours.
        let counts = number + 2 * GRACE;
        Publication { number, counts, of }
    }

    #[test]
    fn what_was_followed_long_ago_goes() {
        let all = [1, 2, 2 + GRACE, 4 + GRACE].map(|number| publication(number, 7));
        assert_eq!(staying(&all, 3 + 3 * GRACE), [2, 2 + GRACE, 4 + GRACE]);
        assert_eq!(staying(&all, 9 + 5 * GRACE), [4 + GRACE]);
        assert!(!is_rewritten(&all));
        assert!(staying(&[], 3).is_empty());
    }

    #[test]
    fn nothing_stays_that_has_somebody_who_was_erased() {
        let all = [publication(1, 7), publication(2, 8), publication(3, 8)];
        assert!(is_rewritten(&all));
        assert_eq!(staying(&all, 3 + 2 * GRACE), [2, 3]);
        // It is read until the next one takes effect.
        assert_eq!(staying(&all, 1 + 2 * GRACE), [1, 2, 3]);
    }
}
