//! Whoever is connected to `/healthz` and `/metrics`, and says what he likes: what is due is run.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::studio::{NIGHTLY, Served, Studio, page};

/// `muster serve` with so few files that it may have open.
fn served_with_few_files(studio: &Studio, files: u32) -> Served {
    let serve = studio.muster(&[]);
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!(
            "ulimit -n {files}; exec \"$0\" serve --log-format json --config config.yaml"
        ))
        .arg(serve.get_program())
        .current_dir(studio.path(""))
        .env("MUSTER_CLOCK", studio.path("clock"))
        .process_group(0);
    studio.start(shell)
}

fn connected(port: u16, said: &str) -> Option<TcpStream> {
    let address = ([127, 0, 0, 1], port).into();
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
    stream.write_all(said.as_bytes()).ok()?;
    Some(stream)
}

#[test]
fn connections_of_any_kind_and_number_keep_nothing_from_being_run() {
    let studio = Studio::new(&format!("serve: {{ listen: '127.0.0.1:0' }}\n{NIGHTLY}"));
    let served = served_with_few_files(&studio, 64);
    let port = served.port();
    studio.wait_until_known(1);
    let endless = format!("GET /metrics HTTP/1.1\r\nX: {}", "x".repeat(100_000));
    let kinds = [
        "",
        "GET /met",
        "GET /metrics HTTP/1.1\r\nHost: x\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx",
        "\u{16}\u{3}\u{1}",
        &endless,
    ];
    let begun = Instant::now();
    let mut held: Vec<TcpStream> = Vec::new();
    for kind in kinds.iter().cycle().take(400) {
        held.extend(connected(port, kind));
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait_until_done("2025-06-02T04:00:00Z");
    assert!(page(port, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(page(port, "/metrics").contains("muster_database_readable 1"));
    // A line for the one who reads the log, and none about files that cannot be opened.
    let log = served.stop();
    assert!(!log.contains("cannot"), "{log}");
}

#[test]
fn a_connection_that_trickles_is_closed() {
    let studio = Studio::new(&format!("serve: {{ listen: '127.0.0.1:0' }}\n{NIGHTLY}"));
    let served = studio.serve();
    let port = served.port();
    let mut silent = connected(port, "").unwrap();
    let mut slow = connected(port, "GET /healthz HTTP/1.1\r\n").unwrap();
    let begun = Instant::now();
    while slow.write_all(b"X: y\r\n").is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(200));
    }
    silent
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    assert_eq!(silent.read(&mut [0]).unwrap_or(0), 0);
    assert!(page(port, "/healthz").starts_with("HTTP/1.1 200"));
    served.stop();
}
