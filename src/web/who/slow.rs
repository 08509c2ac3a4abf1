//! Rate limiting of password guesses: the waits grow longer and longer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The number of wrong passwords for one name that cause no wait.
const FREE: u32 = 5;
/// The same for one address, which several people may share.
const FREE_OF_PEER: u32 = 50;
/// The longest wait: knowing a name must not be enough to lock its owner out.
const LONGEST: Duration = Duration::from_secs(60);
/// The time without an attempt after which attempts are forgotten.
const FORGOTTEN: Duration = Duration::from_secs(3_600);

/// Recent wrong passwords. Names and addresses are hashed to 65,536 slots each, which bounds the memory.
#[derive(Debug, Default)]
pub(super) struct Slow(Mutex<HashMap<Of, Tries>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Of {
    Name(u16),
    Peer(u16),
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    failed: u32,
    last: Instant,
}

impl Slow {
    /// How long the next attempt still has to wait; `None` if it may be made now.
    pub(super) fn wait(&self, name: &str, peer: IpAddr, now: Instant) -> Option<Duration> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = of(name, peer)
            .into_iter()
            .flatten()
            .filter_map(|(of, free)| {
                let tries = all.get(&of)?;
                let beyond = tries.failed.checked_sub(free)?;
                let pause = Duration::from_secs(1 << beyond.min(10)).min(LONGEST);
                pause.checked_sub(now.duration_since(tries.last))
            });
        waits.max()
    }

    /// Records a wrong password.
    pub(super) fn failed(&self, name: &str, peer: IpAddr, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, tries| now.duration_since(tries.last) < FORGOTTEN);
        for (of, _) in of(name, peer).into_iter().flatten() {
            let tries = all.entry(of).or_insert(Tries {
                failed: 0,
                last: now,
            });
            tries.failed = tries.failed.saturating_add(1);
            tries.last = now;
        }
    }

    /// Records the right password.
    pub(super) fn right(&self, name: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&Of::Name(place(name.as_bytes())));
    }
}

/// The slots to count. A proxy on this machine forwards all visitors, so for loopback only names count.
fn of(name: &str, peer: IpAddr) -> [Option<(Of, u32)>; 2] {
    let octets = match peer {
        IpAddr::V4(address) => address.octets().to_vec(),
        // One person may own a whole /64 network.
        IpAddr::V6(address) => address.octets().into_iter().take(8).collect(),
    };
    let peer = (!peer.is_loopback()).then(|| (Of::Peer(place(&octets)), FREE_OF_PEER));
    [Some((Of::Name(place(name.as_bytes())), FREE)), peer]
}

fn place(bytes: &[u8]) -> u16 {
    let digest = blake3::hash(bytes);
    digest
        .as_bytes()
        .first_chunk()
        .map_or(0, |pair| u16::from_le_bytes(*pair))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_password_beyond_the_free_ones_doubles_the_wait() {
        let (slow, now) = (Slow::default(), Instant::now());
        let [here, there] = ["127.0.0.1", "192.0.2.7"].map(|text| text.parse().unwrap());
        for _ in 0..FREE {
            assert_eq!(slow.wait("ana", here, now), None);
            slow.failed("ana", here, now);
        }
        assert_eq!(slow.wait("ana", here, now), Some(Duration::from_secs(1)));
        for _ in 0..20 {
            slow.failed("ana", here, now);
        }
        assert_eq!(slow.wait("ana", there, now), Some(LONGEST));
        assert_eq!(slow.wait("ben", there, now), None);
        assert_eq!(
            slow.wait("ana", here, now + LONGEST + Duration::from_secs(1)),
            None
        );
        slow.right("ana");
        assert_eq!(slow.wait("ana", here, now), None);
    }

    #[test]
    fn one_address_that_tries_many_names_waits() {
        let (slow, now) = (Slow::default(), Instant::now());
        let there = "2001:db8::1".parse().unwrap();
        for at in 0..FREE_OF_PEER {
            slow.failed(&format!("name {at}"), there, now);
        }
        let neighbour = "2001:db8::2".parse().unwrap();
        assert!(slow.wait("somebody else", neighbour, now).is_some());
    }
}
