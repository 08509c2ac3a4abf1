//! A mail server that is no more than its words, byte for byte; it protects nothing.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muster::store::{DeliveryKind, NewDelivery};

use crate::outbox::{MORNING, mail};

/// What a server does at a step.
#[derive(Clone)]
pub enum Then {
    /// Says this.
    Say(Vec<u8>),
    /// Says this and hangs up.
    HangUp(Vec<u8>),
    /// Says these, one after the other, with a pause between.
    Pauses(Vec<Vec<u8>>),
    /// Says this again and again, until nobody listens.
    Flood(Vec<u8>),
    /// Says nothing more.
    Silence,
}

/// A step: `GREETING`, a command's verb, `TEXT` (the answer to it).
pub struct Step<'a> {
    pub verb: &'a str,
    /// Whom the mail in hand is to.
    pub to: &'a str,
    /// The how manieth mail that was announced to this server, from 1.
    pub mail: usize,
}

#[derive(Default)]
struct Heard {
    lines: Vec<String>,
    texts: Vec<(String, Vec<u8>)>,
    connections: usize,
    flooded: usize,
}

/// A running server.
#[derive(Clone)]
pub struct Crude {
    pub port: u16,
    heard: Arc<Mutex<Heard>>,
}

type Rule = dyn Fn(&Step) -> Option<Then> + Send + Sync;

impl Crude {
    /// One that does as it is told at some steps, and as usual at the others.
    pub fn start(rule: impl Fn(&Step) -> Option<Then> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            heard: Arc::default(),
        };
        let (own, rule) = (server.clone(), Arc::new(rule));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (own, rule) = (own.clone(), Arc::clone(&rule));
                std::thread::spawn(move || own.talk(&stream.unwrap(), &*rule));
            }
        });
        server
    }

    /// Every line but those of texts.
    pub fn lines(&self) -> Vec<String> {
        self.heard.lock().unwrap().lines.clone()
    }

    /// How many lines begin so.
    pub fn count(&self, verb: &str) -> usize {
        let lines = self.lines();
        lines.iter().filter(|line| line.starts_with(verb)).count()
    }

    /// The texts that were taken, and whom they were to.
    pub fn texts(&self) -> Vec<(String, Vec<u8>)> {
        self.heard.lock().unwrap().texts.clone()
    }

    pub fn connections(&self) -> usize {
        self.heard.lock().unwrap().connections
    }

    /// How many bytes of floods went into the connection.
    pub fn flooded(&self) -> usize {
        self.heard.lock().unwrap().flooded
    }

    /// Talks until somebody hangs up.
    fn talk(&self, stream: &TcpStream, rule: &Rule) -> Option<()> {
        self.heard.lock().unwrap().connections += 1;
        let mut reader = BufReader::new(stream);
        let (mut to, mut verb) = (String::new(), "GREETING".to_owned());
        loop {
            let mail = self.count("MAIL");
            let step = Step {
                verb: &verb,
                to: &to,
                mail,
            };
            let then = rule(&step).unwrap_or_else(|| usual(&verb));
            let asks = matches!(&then, Then::Say(words) if words.starts_with(b"3"));
            self.act(stream, then)?;
            if verb == "DATA" && asks {
                let text = text(&mut reader)?;
                self.heard.lock().unwrap().texts.push((to.clone(), text));
                verb = "TEXT".to_owned();
                continue;
            }
            let line = line(&mut reader)?;
            verb = line.split([' ', ':']).next().unwrap_or("").to_owned();
            if let Some(address) = line.strip_prefix("RCPT TO:<") {
                to = address.trim_end_matches('>').to_owned();
            }
            self.heard.lock().unwrap().lines.push(line);
        }
    }

    fn act(&self, mut stream: &TcpStream, then: Then) -> Option<()> {
        match then {
            Then::Say(words) => stream.write_all(&words).ok(),
            Then::HangUp(words) => stream.write_all(&words).ok().and(None),
            Then::Pauses(parts) => parts.iter().try_for_each(|words| {
                stream.write_all(words).ok()?;
                std::thread::sleep(Duration::from_millis(30));
                Some(())
            }),
            Then::Flood(words) => loop {
                stream.write_all(&words).ok()?;
                self.heard.lock().unwrap().flooded += words.len();
            },
            Then::Silence => {
                let mut rest = BufReader::new(stream);
                while line(&mut rest).is_some() {}
                None
            }
        }
    }
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line).ok()?;
    let line = line.strip_suffix(b"\r\n")?;
    Some(String::from_utf8_lossy(line).into_owned())
}

fn text(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n.\r\n") {
        let before = text.len();
        reader.read_until(b'\n', &mut text).ok()?;
        (text.len() > before).then_some(())?;
    }
    Some(text)
}

fn usual(verb: &str) -> Then {
    let words = match verb {
        "GREETING" => "220 crude\r\n",
        "EHLO" => "250-crude\r\n250-STARTTLS\r\n250-8bitmime\r\n250 AUTH PLAIN LOGIN\r\n",
        "AUTH" => "235 welcome\r\n",
        "DATA" => "354 go\r\n",
        "QUIT" => return Then::HangUp(b"221 bye\r\n".to_vec()),
        _ => "250 ok\r\n",
    };
    Then::Say(words.into())
}

/// A test mail to anybody: what becomes of it is told to nobody.
pub fn to(recipient: &str) -> NewDelivery {
    NewDelivery {
        kind: DeliveryKind::Test,
        ..mail("managers", MORNING, recipient)
    }
}
