//! The keys of the page as people write them. The doc comments are shown by editors.

use schemars::json_schema;

use super::{PageUrl, Role};
use crate::config::quantity::Listen;
use crate::config::value::{OneFile, text_value};
use crate::decode::{Entries, Read, Reader, Several, Text, inline_schema, record};
use crate::source::{Node, Scalar};

record! {
    /// The page in the browser.
    pub(in crate::config) struct PageFile {
        /// Where `muster serve` shows it, such as `127.0.0.1:8080`. Default: nowhere; `muster page` shows it by itself.
        listen: Option<Listen>,
        /// How readers reach it, such as `https://segments.example.com`: for links in mail, and the only name that it answers to
        /// beside those of this machine.
        url: Option<Url>,
        /// Who may see what. Needed where anybody but this machine reaches it.
        auth: Option<AuthFile>,
    }
}

record! {
    /// Who may see what on the page: `users` or `proxy`.
    pub(in crate::config) struct AuthFile {
        /// A file of names, roles and hashed passwords, which `muster page user add` writes.
        users: Option<OneFile>,
        /// A proxy in front that knows who asks.
        proxy: Option<ProxyFile>,
    }
}

record! {
    /// A proxy in front of the page that knows who asks.
    pub(in crate::config) struct ProxyFile {
        /// The header that has the name of who asks, such as `X-Forwarded-User`.
        header: Header,
        /// The header that has their groups, separated by commas, such as `X-Forwarded-Groups`.
        groups: Option<Header>,
        /// Where the proxy is, such as `127.0.0.1` or `10.0.0.0/8`: the header counts from there only.
        networks: Several<Network>,
        /// What the members of each group may: `counts`, `view`, `edit` or `operate`.
        roles: Option<Entries<Scalar, Role>>,
        /// What everybody else may whom the proxy lets through. Default: nothing.
        default: Option<Role>,
    }
}

text_value! {
    /// How readers reach the page.
    Url(PageUrl) = url, { "type": "string", "examples": ["https://segments.example.com"] };
    /// The name of a header.
    Header(String) = header, { "type": "string", "pattern": "^[A-Za-z0-9-]+$" };
    /// An address or a network.
    Network(ipnet::IpNet) = network, { "type": "string", "examples": ["127.0.0.1", "10.0.0.0/8"] };
}

fn url(text: Text, reader: &mut Reader<'_>) -> Option<PageUrl> {
    let parts = text.scalar.value.trim().split_once("://");
    let parts = parts.map(|(scheme, host)| (scheme, host.trim_end_matches('/')));
    let fits = parts.filter(|(scheme, host)| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        matches!(*scheme, "http" | "https") && !host.is_empty() && host.chars().all(plain)
    });
    let url = fits.map(|(scheme, host)| PageUrl {
        scheme: scheme.to_owned(),
        host: host.to_ascii_lowercase(),
    });
    let expected = "an address without a path, such as `https://segments.example.com`";
    reader.expect(url, text.scalar.location, expected)
}

fn header(text: Text, reader: &mut Reader<'_>) -> Option<String> {
    let name = text.scalar.value;
    let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let expected = "the name of a header, such as `X-Forwarded-User`";
    reader.expect(
        fits.then(|| name.to_ascii_lowercase()),
        text.scalar.location,
        expected,
    )
}

fn network(text: Text, reader: &mut Reader<'_>) -> Option<ipnet::IpNet> {
    let value = text.scalar.value.trim();
    let one = || value.parse::<std::net::IpAddr>().ok().map(Into::into);
    let network = value.parse().ok().or_else(one);
    let expected = "an address such as `127.0.0.1`, or a network such as `10.0.0.0/8`";
    reader.expect(network, text.scalar.location, expected)
}
