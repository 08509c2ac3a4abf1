//! Ten thousand passwords.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::browser::{Browser, ten_clients};
use super::doors::{Guest, PASSWORD, USERS, add, sign_in};

const RULES: &str = "segments:\n  - { id: gold, name: Gold, when: tier = \"gold\" }\n";

/// Whoever guesses is slowed down, and nobody else is.
#[test]
fn ten_thousand_guesses_are_refused_and_keep_nobody_out() {
    let scratch = ten_clients(USERS, RULES);
    for name in ["ana", "ben"] {
        add(&scratch, name, "view");
    }
    let browser = Browser::outside(scratch);
    let ben = Guest::new(&browser, "ben");
    let (checked, told_to_wait) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for guesser in 0..8 {
            let (browser, checked, told_to_wait) = (&browser, &checked, &told_to_wait);
            scope.spawn(move || {
                for guess in 0..1_250 {
                    let guess = format!("guess {guesser} {guess}");
                    let answer = sign_in(browser, "ana", &guess);
                    assert_eq!(answer.header("set-cookie"), None);
                    match answer.status {
                        403 => checked.fetch_add(1, Ordering::Relaxed),
                        429 => told_to_wait.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other}: {}", answer.body),
                    };
                }
            });
        }
        let asked = Instant::now();
        assert_eq!(ben.get("/clients").status, 200);
        assert!(asked.elapsed() < Duration::from_secs(10));
    });
    // Five are free, then each doubles the wait; some were on their way already.
    let (checked, waited) = (checked.into_inner(), told_to_wait.into_inner());
    assert_eq!(checked + waited, 10_000);
    let most = 5 + 8 + began.elapsed().as_secs() as usize;
    assert!(checked <= most, "{checked} of 10,000 were checked");
    // Not even the right one is taken before the wait is over.
    assert_eq!(sign_in(&browser, "ana", PASSWORD).status, 429);
    assert_eq!(sign_in(&browser, "ben", PASSWORD).status, 303);
    assert!(browser.peak() < 400, "{} MB", browser.peak());
}
