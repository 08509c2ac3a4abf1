//! A relay before a server, which counts what clients send.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// A port of this machine that leads to another one.
pub struct Relay {
    pub port: u16,
    sent: Arc<AtomicU64>,
}

impl Relay {
    pub fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let sent = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&sent);
        thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
                let back = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let count = Arc::clone(&count);
                thread::spawn(move || passed(client, server, &count));
                thread::spawn(move || passed(back.0, back.1, &AtomicU64::new(0)));
            }
        });
        Self { port, sent }
    }

    /// How many bytes clients have sent since this was last asked.
    pub fn sent(&self) -> u64 {
        self.sent.swap(0, Ordering::SeqCst)
    }
}

fn passed(mut from: TcpStream, mut to: TcpStream, count: &AtomicU64) {
    let mut bytes = [0; 16_384];
    while let Ok(read) = from.read(&mut bytes) {
        count.fetch_add(read as u64, Ordering::SeqCst);
        if read == 0 || to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    from.shutdown(Shutdown::Both).ok();
    to.shutdown(Shutdown::Both).ok();
}
