//! How many texts a workbook says its cells share: room for that many is allocated before they are read.

/// The length of the shortest text, `<si/>`, in bytes.
const SHORTEST: u64 = 5;

/// How many bytes of the part are examined; its first tag has to end within these.
pub(super) const HEAD: u64 = 64 * 1024;

/// Whether the part begins as it should, with a count that its size in bytes can hold.
pub(super) fn is_sound(head: &[u8], size: u64) -> bool {
    let Some(tag) = first_tag(&String::from_utf8_lossy(head)).map(str::to_owned) else {
        return false;
    };
    let name = tag.split([' ', '\t', '\r', '\n', '/']).next();
    let is_list = name.is_some_and(|name| name.rsplit(':').next() == Some("sst"));
    let mut counts = tag.split("uniqueCount").skip(1).map(value);
    is_list && counts.all(|count| count.is_some_and(|count| count <= size / SHORTEST))
}

/// The text between the angle brackets of the first element.
fn first_tag(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let tag = rest.strip_prefix('<')?;
    let mut quote = None;
    let end = tag.find(|c| {
        match quote {
            Some(open) if open == c => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            _ => {}
        }
        quote.is_none() && c == '>'
    });
    tag.get(..end?)
}

/// The number in ` = "12"`.
fn value(behind: &str) -> Option<u64> {
    let quoted = behind.trim_start().strip_prefix('=')?.trim_start();
    let quote = quoted.chars().next().filter(|c| ['"', '\''].contains(c))?;
    quoted.split(quote).nth(1)?.parse().ok()
}
