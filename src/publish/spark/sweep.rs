//! Which partitions stay. Pure.

use crate::publish::identity::Published;

/// A query that has begun to read a publication may go on for so long after the next one, in microseconds.
const GRACE: i64 = 3_600_000_000;

/// A publication: its number, which is the time at which it was begun, in microseconds, and what it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Publication {
    pub number: i64,
    pub of: Published,
}

/// Whether somebody was erased since an older publication, which is kept for nobody then.
pub(super) fn is_erased(publications: &[Publication]) -> bool {
    let newest = publications.last();
    newest.is_some_and(|newest| {
        publications
            .iter()
            .any(|one| one.of.erased != newest.of.erased)
    })
}

/// The numbers of those that stay, of all publications, oldest first.
pub(super) fn staying(publications: &[Publication], now: i64) -> Vec<i64> {
    let Some(newest) = publications.last() else {
        return Vec::new();
    };
    let followed = publications.iter().zip(publications.iter().skip(1));
    let staying = followed.filter(|(one, next)| {
        one.of.erased == newest.of.erased && next.number > now.saturating_sub(GRACE)
    });
    let staying = staying.map(|(one, _)| one.number);
    staying.chain([newest.number]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publication(number: i64, erased: i64) -> Publication {
        let of = Published {
            run: 1,
            erased: Some(erased),
            results: None,
        };
        Publication { number, of }
    }

    #[test]
    fn what_was_followed_long_ago_goes() {
        let all = [1, 2, 2 + GRACE, 4 + GRACE].map(|number| publication(number, 7));
        assert_eq!(staying(&all, 3 + GRACE), [2, 2 + GRACE, 4 + GRACE]);
        assert_eq!(staying(&all, 9 + 3 * GRACE), [4 + GRACE]);
        assert!(!is_erased(&all));
        assert!(staying(&[], 3).is_empty());
    }

    #[test]
    fn nothing_stays_that_has_somebody_who_was_erased() {
        let all = [publication(1, 7), publication(2, 8), publication(3, 8)];
        assert!(is_erased(&all));
        assert_eq!(staying(&all, 4), [2, 3]);
    }
}
