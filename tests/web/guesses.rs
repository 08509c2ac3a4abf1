//! Ten thousand passwords.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::site::{Site, ten_clients, user};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

/// Whoever guesses is slowed down, and nobody else is.
#[test]
fn ten_thousand_guesses_are_refused_and_keep_nobody_out() {
    const PASSWORD: &str = "correct horse battery";
    let scratch = ten_clients("page: { auth: { users: page-users } }", RULES);
    for name in ["ana", "ben"] {
        user(&scratch, &["add", name, "--role", "view"], PASSWORD);
    }
    let site = Site::open(&scratch);
    let (_, ben) = site.sign_in("ben", PASSWORD);
    let (checked, told_to_wait) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for guesser in 0..8 {
            let (site, checked, told_to_wait) = (&site, &checked, &told_to_wait);
            scope.spawn(move || {
                for guess in 0..1_250 {
                    let (answer, cookie) = site.sign_in("ana", &format!("guess {guesser} {guess}"));
                    assert_eq!(cookie, "");
                    match answer.status {
                        403 => checked.fetch_add(1, Ordering::Relaxed),
                        429 => told_to_wait.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other}: {}", answer.body),
                    };
                }
            });
        }
        let asked = Instant::now();
        assert_eq!(site.get("/clients", &ben).status, 200);
        assert!(asked.elapsed() < Duration::from_secs(10));
    });
    // Five are free, then each doubles the wait; some were on their way already.
    let (checked, waited) = (checked.into_inner(), told_to_wait.into_inner());
    assert_eq!(checked + waited, 10_000);
    let most = 5 + 8 + began.elapsed().as_secs() as usize;
    assert!(checked <= most, "{checked} of 10,000 were checked");
    // Not even the right one is taken before the wait is over.
    assert_eq!(site.sign_in("ana", PASSWORD).0.status, 429);
    assert_eq!(site.sign_in("ben", PASSWORD).0.status, 303);
    assert!(site.peak() < 400, "{} MB", site.peak());
}
