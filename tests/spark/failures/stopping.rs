//! Somebody stops a run.

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use muster::engine::EngineError;

use super::world;

#[test]
fn a_run_is_stopped_at_once() {
    let Some(world) = world() else {
        return;
    };
    let started = Instant::now();
    let error = world.gather(|| true).unwrap_err();
    assert!(matches!(error, EngineError::Cancelled), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_run_of_the_program_is_stopped_by_a_signal() {
    let Some(world) = world() else {
        return;
    };
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    // Takes connections and never answers.
    let config = world.spark.config();
    world.configure(&config.replace(&world.spark.url(), &format!("sc://127.0.0.1:{port}")));
    let started = Instant::now();
    let mut running = world.scratch.command(&["run"]).spawn().unwrap();
    let _held = silent.accept().unwrap();
    thread::sleep(Duration::from_millis(300));
    let id = running.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &id])
        .status()
        .unwrap();
    running.wait().unwrap();
    assert!(started.elapsed() < Duration::from_secs(30));
}
