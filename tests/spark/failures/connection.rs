//! A connection that is cut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::world;
use crate::support::database::query;

/// Cuts connections after so many bytes of the server, and refuses further ones if it is not to mend them.
struct Cutting {
    port: u16,
    cuts: Arc<AtomicUsize>,
}

fn cutting(server: &str, after: usize, mends: bool) -> Cutting {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let cuts = Arc::new(AtomicUsize::new(0));
    let server = server
        .strip_prefix("sc://")
        .unwrap()
        .replace("localhost", "127.0.0.1");
    let count = Arc::clone(&cuts);
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let is_cut = count.load(Ordering::SeqCst) == 0;
            if !is_cut && !mends {
                continue;
            }
            let upstream = TcpStream::connect(&server).unwrap();
            let most = if is_cut { after } else { usize::MAX };
            let of_client = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
            let count = Arc::clone(&count);
            thread::spawn(move || passed(of_client.0, of_client.1, usize::MAX));
            thread::spawn(move || {
                if passed(upstream, client, most) {
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    Cutting { port, cuts }
}

/// Passes bytes on, so many at most: whether there would have been more.
fn passed(mut from: TcpStream, mut to: TcpStream, most: usize) -> bool {
    let mut bytes = [0; 4096];
    let mut left = most;
    let is_cut = loop {
        match from.read(&mut bytes) {
            Ok(read) if read > 0 && left > 0 => {
                let now = read.min(left);
                left -= now;
                if to.write_all(&bytes[..now]).is_err() {
                    break false;
                }
            }
            Ok(read) => break read > 0,
            Err(_) => break false,
        }
    };
    from.shutdown(Shutdown::Both).ok();
    to.shutdown(Shutdown::Both).ok();
    is_cut
}

#[test]
fn a_connection_that_is_cut_anywhere_fails_the_run_or_leaves_it_right() {
    let Some(world) = world() else {
        return;
    };
    let config = world.spark.config();
    let mut failed = 0;
    for after in (500..40_000).step_by(7_401) {
        let proxy = cutting(&world.spark.url(), after, after % 2 == 0);
        let through = format!("sc://127.0.0.1:{}", proxy.port);
        world.configure(&config.replace(&world.spark.url(), &through));
        let started = Instant::now();
        let said = world.scratch.muster(&["run"]);
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{after}: {said:?}"
        );
        match said.code {
            0 => {}
            3 => {
                failed += 1;
                assert!(
                    said.err.contains("connection was lost"),
                    "{after}: {said:?}"
                );
            }
            _ => panic!("{after}: {said:?}"),
        }
        let sql = "select segment_id || ' ' || count(*) from muster_memberships group by segment_id order by 1";
        let members = query(&world.scratch.path("results.db"), sql);
        assert_eq!(members, ["here 9", "often 9"], "{after}: {said:?}");
        assert!(said.code == 0 || proxy.cuts.load(Ordering::SeqCst) > 0);
    }
    assert!(failed > 0, "some of them were cut in the middle");
}
