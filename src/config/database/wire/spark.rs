//! The shape of `database: { spark: … }` as people write it. The doc comments are shown by editors.

use std::path::Path;

use super::host_and_port;
use crate::config::database::spark::{PORT, SparkServer, SparkTls};
use crate::config::value::OneFile;
use crate::decode::{Entries, Reader, Text, choice, record};
use crate::source::Scalar;

/// The scheme of a Spark server's URL.
pub(super) const SCHEME: &str = "sc://";

record! {
    /// An Apache Spark server, whose tables are only read.
    pub(in crate::config) struct SparkFile {
        /// The server, by Spark Connect: `sc://spark.example.com:15002`.
        spark: Text,
        /// A file that holds the token which the server asks for, relative to this file; it is read at each connection.
        token_file: Option<OneFile>,
        /// How the connection is protected: `verify-full` or `off`. Default: `verify-full`; on this machine `off`.
        tls: Option<SparkTls>,
        /// A file with the certificate of your own authority (PEM), relative to this file. Default: the system's authorities.
        ca_file: Option<OneFile>,
        /// The schema of the server's catalog whose tables and views are read. Default: the server's own, or none where there are `tables`.
        schema: Option<Text>,
        /// Tables that are Parquet files: by name the path of a file or a folder, as the server finds it (`s3://shop/visits`).
        tables: Option<Entries<Scalar, Text>>,
    }
}

choice!(SparkTls);

impl SparkFile {
    /// A server that is given only by its URL.
    pub(super) fn named(spark: Text) -> Self {
        Self {
            spark,
            token_file: None,
            tls: None,
            ca_file: None,
            schema: None,
            tables: None,
        }
    }

    /// The host and port in its URL; `key` says where that is. `None`, with a finding, if the URL cannot be read.
    pub(super) fn place(&self, key: &str, reader: &mut Reader<'_>) -> Option<Place> {
        let url = &self.spark.scalar;
        match parsed(&url.value) {
            Ok(place) => Some(place),
            Err(why) => {
                let message =
                    format!("`{key}` must be a URL such as `sc://spark.example.com:15002`");
                reader.object(url.location, message, &why);
                None
            }
        }
    }

    /// Resolves relative paths from `folder`; `key` names the section of the config.
    pub(super) fn into_server(
        self,
        key: &str,
        (host, port): Place,
        folder: &Path,
        reader: &mut Reader<'_>,
    ) -> SparkServer {
        let authority = self.ca_file.as_ref().map(|file| file.0.location);
        let named = |file: OneFile| folder.join(file.0.value);
        let tables = self.tables.into_iter().flat_map(|tables| tables.0);
        let tables = tables.map(|(name, path)| (name.value, path.scalar.value));
        let server = SparkServer {
            host,
            port,
            token_file: self.token_file.map(named),
            tls: self.tls,
            ca_file: self.ca_file.map(named),
            schema: self.schema.map(|schema| schema.scalar.value),
            tables: tables.collect(),
        };
        if let Some(at) = authority.filter(|_| !server.is_encrypted()) {
            let message = format!(
                "`{key}:` must not have `ca_file:` here, since the connection is not encrypted"
            );
            let help = "leave `ca_file:` out, or write `tls: verify-full`";
            reader.object(at, message, help);
        }
        if server.token_file.is_some() && !server.is_encrypted() && !server.is_here() {
            let message =
                format!("`{key}:` must not have `tls: off` here, since there is `token_file:`");
            let help = "leave out `tls: off`: anyone listening in would get the token";
            reader.object(self.spark.scalar.location, message, help);
        }
        server
    }
}

/// A host and a port.
pub(super) type Place = (String, u16);

/// The host and port, or what is wrong, without quoting what may be a token.
fn parsed(text: &str) -> Result<Place, String> {
    let rest = text
        .strip_prefix(SCHEME)
        .ok_or("it begins with `sc://`".to_owned())?;
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains(['/', ';', '?', '#', '@']) {
        let keys = "what other programs write after the port has its own keys here: `tls:`, `ca_file:`, \
                    `token_file:`, `schema:`, beside `spark:`";
        return Err(keys.to_owned());
    }
    let (host, port) = host_and_port(rest, PORT)?;
    match host.is_empty() {
        true => Err("the server's name comes after `sc://`".to_owned()),
        false => Ok((host.to_ascii_lowercase(), port)),
    }
}
