//! A message as the bytes to be sent: headers, both bodies, files.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body as Encoded, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::address::mailbox;
use super::crlf::Crlf;
use super::files::File;
use super::list;
use super::render::Body;

/// The parts of a message other than its body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    /// The sender: an address, or `Name <address>`.
    pub from: &'a str,
    /// The recipient's address.
    pub to: &'a str,
    /// The Reply-To address; `None` for the sender.
    pub reply_to: Option<&'a str>,
    /// The address for unsubscribing.
    pub leave: &'a Address,
    /// The subject line.
    pub subject: &'a str,
    /// The report's id.
    pub report: &'a str,
    /// The due instant that the message is for, in microseconds UTC.
    pub period: i64,
    /// When it was written, in microseconds UTC.
    pub written_at: i64,
}

/// A message, encoded.
pub(super) struct EncodedMessage {
    /// Its Message-ID, which is the same for the same report, period and recipient.
    pub id: String,
    pub bytes: Vec<u8>,
}

/// Encodes a message.
///
/// # Errors
/// An address cannot be parsed; the words do not show it.
pub(super) fn encode(
    head: &Head<'_>,
    body: &Body,
    files: &[File],
) -> Result<EncodedMessage, String> {
    let from = mailbox(head.from, "the sender, `from:` under `mail:`,")?;
    let hash = hash(head.report, head.period, head.to);
    let id = format!("<{hash}@{}>", from.email.domain());
    let list = list::id(head.report, from.email.domain());
    let leave = list::unsubscribe(head.leave.user(), head.leave.domain(), head.report);
    let mut builder = Message::builder()
        .from(from)
        .to(mailbox(head.to, "a recipient")?)
        .subject(head.subject)
        .date(UNIX_EPOCH + Duration::from_micros(head.written_at.unsigned_abs()))
        .message_id(Some(id.clone()));
    if let Some(reply_to) = head.reply_to {
        builder = builder.reply_to(mailbox(reply_to, "`reply_to:`")?);
    }
    let of_list = [("List-Id", list), ("List-Unsubscribe", leave)];
    let of_list = of_list.map(|(name, value)| header(name, value));
    for header in of_list.into_iter().chain(automatic()) {
        builder = builder.raw_header(header);
    }
    // Our own boundaries make the same message the same bytes. `=_` occurs in no encoded part.
    let both = MultiPart::alternative()
        .boundary(format!("alternative-{hash}=_"))
        .singlepart(text(ContentType::TEXT_PLAIN, &body.text)?)
        .singlepart(text(ContentType::TEXT_HTML, &body.html)?);
    let whole = if files.is_empty() {
        both
    } else {
        let mixed = MultiPart::mixed().boundary(format!("mixed-{hash}=_"));
        let csv = ContentType::parse("text/csv; charset=utf-8").map_err(|e| e.to_string())?;
        let mut whole = mixed.multipart(both);
        for file in files {
            let content = encoded(file.content.clone(), ContentTransferEncoding::Base64)?;
            let attachment = Attachment::new(file.name.clone());
            whole = whole.singlepart(attachment.body(content, csv.clone()));
        }
        whole
    };
    let message = builder
        .multipart(whole)
        .map_err(|error| error.to_string())?;
    Ok(EncodedMessage {
        id,
        bytes: Crlf::new(message.formatted()).into_bytes(),
    })
}

/// The minimum size of files in a message, in bytes: Base64 needs four for every three, not counting line ends and
/// headers.
pub(super) fn least_size(files: &[File]) -> u64 {
    let encoded = files.iter().map(|file| file.content.len().div_ceil(3) * 4);
    encoded.sum::<usize>() as u64
}

/// Quoted-printable: no line is long, whatever the text contains, and people can read it in a file.
pub(super) fn text(content_type: ContentType, text: &str) -> Result<SinglePart, String> {
    let lines = Crlf::new(text.into()).into_bytes();
    let body = encoded(lines, ContentTransferEncoding::QuotedPrintable)?;
    Ok(SinglePart::builder().header(content_type).body(body))
}

/// A part's content in an encoding that we choose. The one that lettre would choose may be none at all, and then the
/// lines of the content are lines of the mail.
fn encoded(content: Vec<u8>, encoding: ContentTransferEncoding) -> Result<Encoded, String> {
    let encoded = Encoded::new_with_encoding(content, encoding);
    encoded.map_err(|_| "the text cannot be encoded".to_owned())
}

/// Headers that tell programs that the mail was generated automatically, and that nobody reads an automatic answer.
pub(super) fn automatic() -> [HeaderValue; 2] {
    [
        header("Auto-Submitted", "auto-generated"),
        header("X-Auto-Response-Suppress", "All"),
    ]
}

fn header(name: &'static str, value: impl Into<String>) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.into())
}

/// The same for the same report, period and recipient: 32 hexadecimal digits.
pub(super) fn hash(report: &str, period: i64, to: &str) -> String {
    let text = format!("{report}\0{period}\0{to}");
    let hex = blake3::hash(text.as_bytes()).to_hex();
    hex.chars().take(32).collect()
}
