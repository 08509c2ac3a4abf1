//! The embedded documentation pages, for editors that request texts of the server's own URI scheme.

use gen_lsp_types::{TextDocumentContentParams, TextDocumentContentResult, Uri};

use super::view::{Refusal, View};
use crate::diagnostic::Code;

/// The scheme of their URIs.
pub const SCHEME: &str = "muster";

/// The prefix of the URI of a code's page.
const CODES: &str = "muster:/codes/";

/// The URI of a code's page.
pub fn of_code(code: Code) -> Uri {
    Uri(format!("{CODES}{}.md", code.name()))
}

/// The text of a page.
pub fn content(
    _: &View<'_>,
    params: TextDocumentContentParams,
) -> Result<TextDocumentContentResult, Refusal> {
    let uri = params.uri.0;
    let name = uri
        .strip_prefix(CODES)
        .and_then(|name| name.strip_suffix(".md"));
    let code = name.and_then(Code::parse);
    let code = code.ok_or_else(|| Refusal::because(format!("there is no page `{uri}`")))?;
    Ok(TextDocumentContentResult::new(code.page().to_owned()))
}
